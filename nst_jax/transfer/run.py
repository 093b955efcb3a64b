"""The run of a job: a generator of snapshots over all scales, and its result."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from ..errors import DivergedError, RunError
from ..images.picture import Picture
from ..images.resizing import resample, resize
from ..losses.conventions import convert, loss_weights
from ..losses.objective import Objective, build_objective
from ..optim.loop import COUNTS, optimize
from ..optim.snapshot import Arrays, Snapshot, are_columns
from .interrupt import interruptible, stop_queued_cells
from .job import Job
from .manifest import plain
from .progress import with_progress
from .result import Result
from .scales import style_shape


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
    first, past = (0, {}) if resume is None else resumed(job, resume)
    snapshot = None
    for scale in range(first, len(job.sizes)):
        x0 = start_at(job, scale) if snapshot is None else carried(job, snapshot.image, scale)
        objective, steps = objective_at(job, scale), job.steps[scale]
        try:
            for here in optimize(
                objective, x0, job.optimizer, steps, every=every, interval=interval, resume=resume, steer=steer
            ):
                snapshot = _after(past, here, scale)
                yield snapshot
        except DivergedError as error:
            error.snapshot = _after(past, error.snapshot, scale) if error.snapshot else snapshot
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


def _after(past: Arrays, here: Snapshot, scale: int) -> Snapshot:
    """The snapshot of a scale as one of the whole run, after the losses of the scales before it."""
    losses = here.losses
    if past and set(past) != set(losses):
        raise RunError("the checkpoint's losses are those of another run, or damaged; start the run again")
    if past:
        counted = {name: losses[name] + past[name][-1] for name in COUNTS}
        losses = {name: np.concatenate([past[name], column]) for name, column in (losses | counted).items()}
    return replace(
        here,
        losses=losses,
        evaluations=int(losses["evaluations"][-1]),
        seconds=float(losses["seconds"][-1]),
        scale=scale,
        before={"scale": np.asarray(scale), **{f"past/{name}": column for name, column in past.items()}},
    )


def start_at(job: Job, scale: int) -> Picture:
    """The picture that a run starts from, if `scale` is its coarsest."""
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


def objective_at(job: Job, scale: int) -> Objective:
    """The objective of one scale: targets from the pictures at its size, weights converted to the paper's terms."""
    s, shape = job.settings, job.shape(scale)
    p = resize(job.content, shape)
    a = resize(job.style, style_shape(job.style.shape[:2], job.sizes[scale]))
    given = loss_weights(s.alpha, s.beta, s.content_layers, s.style_layers)
    of_paper = convert(given, s.convention, "paper", job.network.shapes(*shape))
    return build_objective(job.network, p, a, of_paper.content, of_paper.style, s.tv / p.size)


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
    )
