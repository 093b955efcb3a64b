"""Progress bars; none where NST_MODE is set, since nobody watches then."""

import os
from collections.abc import Iterable, Iterator

from tqdm.auto import tqdm


def bar(items: Iterable | None = None, **how) -> tqdm:
    """A bar of tqdm's, over `items` or moved by hand; how: as in tqdm."""
    return tqdm(items, dynamic_ncols=True, disable=bool(os.environ.get("NST_MODE")), **how)


def with_progress(looks, job) -> Iterator:
    """The same looks, shown on a bar with the loss, evaluations a second, and the time left.

    The bar counts evaluations by their pixels, since a scale twice as large takes four times as long.
    """
    costs = [h * w / 1e6 for h, w in map(job.shape, range(len(job.sizes)))]  # megapixels
    total = sum(steps * cost for steps, cost in zip(job.steps, costs, strict=True))
    layout = "{percentage:3.0f}%|{bar:24}| {elapsed}<{remaining} {postfix}"
    with bar(total=total, bar_format=layout) as shown:
        for i, look in enumerate(looks):
            before = sum(steps * cost for steps, cost in zip(job.steps[: look.scale], costs, strict=False))
            shown.n = before + min(look.frame.evaluations, job.steps[look.scale]) * costs[look.scale]
            if i == 0:  # what a resumed run has behind it says nothing of the time to come
                shown.initial = max(0, shown.n - costs[look.scale])
            seconds = look.frame.losses["seconds"]
            speed = (len(seconds) - 1) / (seconds[-1] - seconds[0]) if len(seconds) > 1 else 0.0
            shown.set_postfix_str(f"{look.size} px, loss {look.frame.loss:.4g}, {speed:.1f} evaluations/s")
            yield look
