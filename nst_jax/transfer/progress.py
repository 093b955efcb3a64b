"""The progress bar of a run."""

from collections.abc import Iterable, Iterator

from ..optim.snapshot import Snapshot
from ..progress import bar
from .job import Job


def with_progress(snapshots: Iterable[Snapshot], job: Job, *, shown: bool = True) -> Iterator[Snapshot]:
    """The same snapshots, shown on a bar with the loss, evaluations per second, and the time left.

    The bar counts evaluations by their pixels, since a scale twice as large takes four times as long.

    Args:
        snapshots: of the job's run.
        job: what is run.
        shown: whether the bar is.

    Yields:
        The snapshots.
    """
    costs = [h * w * plan.work / 1e6 for (h, w), plan in zip(job.shapes, job.plan, strict=True)]  # megapixels
    total = sum(steps * cost for steps, cost in zip(job.steps, costs, strict=True))
    layout = "{percentage:3.0f}%|{bar:24}| {elapsed}<{remaining} {postfix}"
    with bar(total=total, bar_format=layout, visible=shown) as each:
        for i, snapshot in enumerate(snapshots):
            before = sum(steps * cost for steps, cost in zip(job.steps[: snapshot.scale], costs, strict=False))
            each.n = before + min(snapshot.spent_here, job.steps[snapshot.scale]) * costs[snapshot.scale]
            if i == 0:  # what a resumed run did earlier says nothing about the time left
                each.initial = max(0, each.n - costs[snapshot.scale])
            seconds = snapshot.seconds_here
            speed = (len(seconds) - 1) / (seconds[-1] - seconds[0]) if len(seconds) > 1 else 0.0
            each.set_postfix_str(f"{snapshot.size} px, loss {snapshot.loss:.4g}, {speed:.1f} evaluations/s")
            yield snapshot
