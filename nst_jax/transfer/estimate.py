"""How long a run will take, and how much memory: known before it starts."""

import os
from dataclasses import dataclass
from pathlib import Path

import jax
import jax.numpy as jnp

from ..errors import DivergedError
from ..images.resizing import resize
from ..losses.building import frozen
from ..optim.loop import optimize
from ..optim.snapshot import Arrays
from .interrupt import interruptible
from .job import Job
from .objective import objective_at
from .run import resumed, start_at

CALIBRATION = 6  # evaluations


@dataclass(frozen=True)
class Estimate:
    """What a run will take.

    Attributes:
        seconds: from its start to its end.
        bytes: of memory; on the CPU including Python and the libraries, elsewhere that of the device.
    """

    seconds: float
    bytes: int


def estimate(job: Job, resume: Arrays | None = None) -> Estimate:
    """Time and memory of `run(job, resume)`.

    Time: a few evaluations at the first scale to come, scaled by pixels, and its compilation once a scale. The run
    reuses what was compiled.

    Args:
        job: what will run.
        resume: the checkpoint that it will resume from.

    Returns:
        The estimate.

    Raises:
        DivergedError: if the first evaluation is not finite.
        KeyboardInterrupt: after the evaluation in which Ctrl-C was pressed.
    """
    first, spent = (resumed(job, resume)[0], len(resume.get("losses/total", ()))) if resume else (0, 0)
    x0 = resize(start_at(job, 0), job.shape(first))
    snapshot = None
    try:
        with interruptible() as interrupted:
            for snapshot in optimize(frozen(objective_at(job, first), x0), x0, job.optimizer, CALIBRATION):
                snapshot.release()
                if interrupted():
                    raise KeyboardInterrupt
    except DivergedError as error:
        if error.snapshot is None:
            raise
        snapshot = error.snapshot  # the run will meet the same fault, report it and keep its picture
    assert snapshot is not None  # a run has a last snapshot
    seconds = snapshot.seconds_here
    compilation = float(seconds[0])
    per_evaluation = float(seconds[-1] - seconds[0]) / max(len(seconds) - 1, 1)
    steps, pixels = job.steps[first:], [h * w for h, w in job.shapes[first:]]
    running = sum(n * per_evaluation * M / pixels[0] for n, M in zip(steps, pixels, strict=True))
    running -= min(spent, steps[0]) * per_evaluation
    return Estimate(running + compilation * (len(set(job.sizes[first:])) - 1), memory(job) + _taken())


def _taken() -> int:
    """Bytes that the process has taken already, if the run takes from the same memory."""
    statistics = Path("/proc/self/statm")  # on Linux; elsewhere the estimate leaves this out
    if jax.default_backend() != "cpu" or not statistics.exists():
        return 0
    return int(statistics.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def memory(job: Job) -> int:
    """Bytes that the finest scale adds: features, the optimiser's state, network.

    A layer's features count three times (forward, backward, and what the convolutions work in), the state one and a
    quarter times: fitted to the peaks measured at 512 and 1024 pixels with L-BFGS and Adam.
    """
    h, w, _ = job.content.shape
    layers = {*job.settings.content_layers, *job.settings.style_layers}
    deepest = max(map(job.network.layers.index, layers), default=-1)
    shapes = job.network.shapes(h, w, layers=job.network.layers[: deepest + 1])
    features = sum(4 * h * w * N for h, w, N in shapes.values())
    weights = sum(leaf.size * leaf.dtype.itemsize for leaf in jax.tree.leaves(job.network))
    return 3 * features + _state_bytes(job) * 5 // 4 + weights


def disk(job: Job, *, kept: bool) -> int:
    """The most bytes that the result takes on disk.

    Args:
        job: what will run.
        kept: whether it is kept in a run folder, where a new checkpoint stands beside the old one.

    Returns:
        Those of an uncompressed picture, and of two checkpoints.
    """
    picture = job.content.size
    checkpoint = _state_bytes(job) + 2 * 4 * picture  # the iterate and the picture kept, in float32
    return picture + (2 * checkpoint if kept else 0)


def _state_bytes(job: Job) -> int:
    state = jax.eval_shape(job.optimizer.init, jax.ShapeDtypeStruct(job.content.shape, jnp.float32))
    return sum(leaf.size * leaf.dtype.itemsize for leaf in jax.tree.leaves(state))
