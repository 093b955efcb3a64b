"""What a run will take, told before it starts."""

import os
from dataclasses import dataclass
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

from .errors import DivergedError
from .images import resize
from .optimize import optimize
from .stylize import Job, objective_at, start_at

CALIBRATION = 6  # evaluations


@dataclass(frozen=True)
class Estimate:
    seconds: float
    bytes: int  # of memory: on the CPU, with what Python and the libraries take; else, of the device


def estimate(job: Job, resume: dict[str, np.ndarray] | None = None) -> Estimate:
    """Time and memory that `run(job, resume)` will take.

    Time: a few evaluations at the first scale to come, scaled by pixels, and its compilation once a scale. What is
    compiled for them serves the run.
    """
    first, spent = (int(resume["scale"]), len(resume["losses/total"])) if resume else (0, 0)
    x0 = resize(start_at(job, 0), job.shape(first))
    try:
        *_, frame = optimize(objective_at(job, first), x0, job.optimizer, CALIBRATION)
    except DivergedError as error:
        if error.frame is None:
            raise
        frame = error.frame  # the run will meet the same fault, tell of it and keep its picture
    seconds = frame.losses["seconds"]
    compilation = float(seconds[0])
    per_evaluation = float(seconds[-1] - seconds[0]) / max(len(seconds) - 1, 1)
    steps, pixels = job.steps[first:], [h * w for h, w in map(job.shape, range(first, len(job.sizes)))]
    running = sum(n * per_evaluation * M / pixels[0] for n, M in zip(steps, pixels, strict=True))
    running -= min(spent, steps[0]) * per_evaluation
    return Estimate(running + compilation * (len(pixels) - 1), memory(job) + _taken())


def _taken() -> int:
    """Bytes that the process has taken already, where that is the memory that the run takes from."""
    statistics = Path("/proc/self/statm")  # on Linux; elsewhere the estimate leaves this out
    if jax.default_backend() != "cpu" or not statistics.exists():
        return 0
    return int(statistics.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def memory(job: Job) -> int:
    """Bytes that the finest scale adds: features, optimiser's state, network.

    A layer's features count three times (forward, backward, and what the convolutions work in), the state one and a
    quarter times: fitted to the peaks measured at 512 and 1024 pixels with L-BFGS and Adam.
    """
    shape = job.content.shape
    layers = {*job.settings.content_layers, *job.settings.style_layers}
    deepest = max(map(job.network.layers.index, layers), default=-1)
    features = sum(
        4 * h * w * N
        for layer, (h, w, N) in job.network.shapes(*shape[:2], layers=job.network.layers[: deepest + 1]).items()
    )
    state = jax.eval_shape(job.optimizer.init, jax.ShapeDtypeStruct(shape, jnp.float32))
    kept = sum(leaf.size * leaf.dtype.itemsize for leaf in jax.tree.leaves(state))
    weights = sum(leaf.size * leaf.dtype.itemsize for leaf in jax.tree.leaves(job.network))
    return 3 * features + kept * 5 // 4 + weights
