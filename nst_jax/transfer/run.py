"""The run of a job: a generator of snapshots over all scales, and its result."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from ..errors import DivergedError, RunError
from ..images.picture import Picture
from ..images.resizing import resample, resize
from ..losses.building import frozen
from ..losses.objective import Objective
from ..networks.device import plainly_each
from ..optim.loop import COUNTS
from ..optim.snapshot import Arrays, Snapshot, are_columns
from .compiled import give_up_programs
from .interrupt import interruptible, stop_queued_cells
from .job import Job
from .manifest import plain
from .objective import objective_at, painted_at
from .progress import with_progress
from .result import Result
from .scene import shown
from .sharing import optimize_on


@plainly_each
def run(
    job: Job,
    resume: Arrays | None = None,
    every: int | None = None,
    *,
    interval: float = 0.5,
    steer: Callable[[Objective, int], Objective] | None = None,
) -> Iterator[Snapshot]:
    """Run a job and yield snapshots on the way.

    Args:
        job: what to run.
        resume: a snapshot's `checkpoint()`, from a run of the same job.
        every: take a snapshot also at each multiple of this many evaluations of a scale.
        interval: seconds between two snapshots, about.
        steer: as in `optimize`.

    Yields:
        Snapshots, one of them at the end of each scale.

    Raises:
        DivergedError: as soon as a loss or gradient is not finite; it holds the last good snapshot.
        RunError: if the checkpoint does not fit the job.
    """
    give_up_programs()
    first, past = (0, {}) if resume is None else resumed(job, resume)
    snapshot = x = at_size = None
    for scale in range(first, len(job.sizes)):
        x0 = start_at(job, scale, resume) if x is None else carried(job, x, scale)
        if at_size is None or job.sizes[scale] != job.sizes[scale - 1]:
            at_size = objective_at(job, scale), shown_at(job, scale)
        measured, show = at_size
        objective, optimizer, steps = frozen(measured, x0), job.plan[scale].optimizer, job.steps[scale]
        devices = job.plan[scale].devices
        start = {} if job.statistic.freeze is None else {"start": x0}
        try:
            for here in optimize_on(
                devices, objective, x0, optimizer, steps, every=every, interval=interval, resume=resume, steer=steer
            ):
                snapshot, x = _after(past, here, scale, show, start), here.image
                yield snapshot
        except DivergedError as error:
            error.snapshot = _after(past, error.snapshot, scale, show, start) if error.snapshot else snapshot
            raise
        assert snapshot is not None  # every scale ends with one
        past, resume = snapshot.losses, None


def resumed(job: Job, checkpoint: Arrays) -> tuple[int, Arrays]:
    """The scale of a checkpoint, and the losses of the scales before it."""
    scale = checkpoint.get("scale", np.asarray(-1))
    past = {name.removeprefix("past/"): column for name, column in checkpoint.items() if name.startswith("past/")}
    known = scale.shape == () and scale.dtype.kind == "i" and 0 <= scale < len(job.sizes)
    if not known or bool(past) != (scale > 0) or (past and not are_columns(past)):
        raise RunError("the checkpoint is of another run, or damaged; delete it to start the run from its beginning")
    return int(scale), past


def _after(past: Arrays, here: Snapshot, scale: int, show: Callable[[Picture], Picture], start: Arrays) -> Snapshot:
    """The snapshot of a scale as one of the whole run, after the losses of the scales before it."""
    losses = here.losses
    if past and set(past) != set(losses):
        raise RunError("the checkpoint's losses are those of another run, or damaged; start the run again")
    if past:
        counted = {name: losses[name] + past[name][-1] for name in COUNTS}
        losses = {name: np.concatenate([past[name], column]) for name, column in (losses | counted).items()}
    return replace(
        here,
        image=show(here.image),
        losses=losses,
        evaluations=int(losses["evaluations"][-1]),
        seconds=float(losses["seconds"][-1]),
        scale=scale,
        before={"scale": np.asarray(scale), **start, **{f"past/{name}": column for name, column in past.items()}},
    )


def start_at(job: Job, scale: int, resume: Arrays | None = None) -> Picture:
    """The picture that a run starts from, if `scale` is its coarsest; or that a stage started from, if it resumes."""
    if resume is not None and "start" in resume:
        start = resume["start"]
        if start.shape != (*job.shape(scale), 3) or start.dtype != np.float32:
            raise RunError(
                "the checkpoint is of another run, or damaged; delete it to start the run from its beginning"
            )
        return start
    if job.start is None:
        noise = np.random.default_rng(job.settings.seed).uniform(size=(*job.shape(scale), 3))
        return noise.astype(np.float32)
    return resize(job.start, job.shape(scale))


def carried(job: Job, x: Picture, scale: int) -> Picture:
    """The picture that a scale starts from, after the scale before it.

    The change, p + up(x − down(p)): it brings strokes and colours along, and the content picture brings the detail that
    the coarse scale could not hold. Or the picture itself, enlarged, with the coarse scale's pixels.

    Args:
        job: its setting `carry` says which.
        x: [h, w, 3], the result of the scale before.
        scale: the scale to start.

    Returns:
        [h_scale, w_scale, 3] in [0, 1].
    """
    shape = job.shape(scale)
    if job.settings.carry == "picture":
        return resize(x, shape)
    change = resample(x - resize(job.content, x.shape[:2]), shape)
    return np.clip(resize(job.content, shape) + change, 0, 1)


def shown_at(job: Job, scale: int) -> Callable[[Picture], Picture]:
    """What a run shows of the pictures that it optimises at a scale.

    Args:
        job: what is run.
        scale: its number.

    Returns:
        x [h, w, 3] → the picture in its colours, with what is not painted as it was.
    """
    p, T = resize(job.photo, job.shape(scale)), painted_at(job, scale)
    return lambda x: shown(x, p, job.colours, None if T is None else T[..., 0])


def ended(job: Job, snapshot: Snapshot) -> bool:
    """Whether this is the last snapshot of the run."""
    return snapshot.scale == len(job.sizes) - 1 and scale_ended(job, snapshot)


def scale_ended(job: Job, snapshot: Snapshot) -> bool:
    """Whether this is the last snapshot of its scale."""
    return snapshot.stalled or snapshot.spent_here >= job.steps[snapshot.scale]


def finish(job: Job, *, progress: bool = False) -> Result:
    """Run a job to its end, or to Ctrl-C.

    Args:
        job: what to run.
        progress: show a progress bar.

    Returns:
        The result.

    Raises:
        DivergedError: if the loss is no longer finite; the last good picture is in `error.result`.
        Interrupted: in a notebook, if it was interrupted; it holds the result.
    """
    snapshot = None
    with interruptible() as interrupted:
        try:
            for snapshot in with_progress(run(job), job, shown=progress):
                snapshot.release()
                if interrupted() and not ended(job, snapshot):
                    stopped = result_of(job, snapshot, stopped="interrupted")
                    stop_queued_cells(stopped, "the picture so far")
                    return stopped
        except DivergedError as error:
            error.result = result_of(job, error.snapshot, stopped=str(error)) if error.snapshot else None
            raise
    assert snapshot is not None  # a run has a last snapshot
    return result_of(job, snapshot)


def result_of(job: Job, snapshot: Snapshot, stopped: str = "") -> Result:
    """The result of a run that ends with this snapshot; stopped: why it ended early, or ""."""
    losses = snapshot.losses
    return Result(
        image=snapshot.image,
        loss=snapshot.loss,
        losses=losses,
        settings=plain(vars(job.settings)),
        inputs=job.inputs,
        scales=[{"size": size, "evaluations": n} for size, n in zip(job.sizes, job.steps, strict=True)],
        evaluations=snapshot.evaluations,
        seconds=snapshot.seconds,
        failures=int(losses["failures"][-1]),
        stopped=stopped,
        alpha=job.alpha,
        notes=job.notes,
    )
