"""The progress bar of a run."""

from collections.abc import Iterator

from tqdm.auto import tqdm


def with_progress(looks, job) -> Iterator:
    """The same looks, shown on a bar with the loss, evaluations a second, and the time left.

    The bar counts evaluations by their pixels, since a scale twice as large takes four times as long.
    """
    costs = [h * w / 1e6 for h, w in map(job.shape, range(len(job.sizes)))]  # megapixels
    total = sum(steps * cost for steps, cost in zip(job.steps, costs, strict=True))
    layout = "{percentage:3.0f}%|{bar:24}| {elapsed}<{remaining} {postfix}"
    with tqdm(total=total, bar_format=layout, dynamic_ncols=True) as bar:
        for i, look in enumerate(looks):
            before = sum(steps * cost for steps, cost in zip(job.steps[: look.scale], costs, strict=False))
            bar.n = before + min(look.frame.evaluations, job.steps[look.scale]) * costs[look.scale]
            if i == 0:  # what a resumed run has behind it says nothing of the time to come
                bar.initial = max(0, bar.n - costs[look.scale])
            seconds = look.frame.losses["seconds"]
            speed = (len(seconds) - 1) / (seconds[-1] - seconds[0]) if len(seconds) > 1 else 0.0
            bar.set_postfix_str(f"{look.size} px, loss {look.frame.loss:.4g}, {speed:.1f} evaluations/s")
            yield look
