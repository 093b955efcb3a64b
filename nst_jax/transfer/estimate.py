"""How long a run will take, and how much memory: known before it starts."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import DivergedError
from ..images.resizing import resize
from ..losses.building import frozen
from ..networks.geometry import stride
from ..networks.vgg import VGG19
from ..optim.snapshot import Arrays
from .interrupt import interruptible
from .job import Job, measured_layers
from .objective import objective_at
from .plan import state_bytes
from .run import resumed, start_at
from .sharing import optimize_on

OVERHEAD = 14_000  # multiplications a pixel that take as long as what else an evaluation does
CALIBRATION = 6  # evaluations at the first scale; fewer if these would be more than a tenth of the run


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

    Time: two to six evaluations at the first scale to come, about a tenth of the run or less, scaled by pixels and the
    network's multiplications, and its compilation once a scale. The run reuses what was compiled.

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
    steps = job.steps[first:]
    layers = measured_layers(job.settings)
    costs = [
        h * w * _cost(network, layers) * plan.work / plan.at_once
        for (h, w), plan, network in zip(job.shapes[first:], job.plan[first:], job.networks[first:], strict=True)
    ]
    whole = sum(n * cost / costs[0] for n, cost in zip(steps, costs, strict=True))  # in evaluations at this scale
    tried = min(CALIBRATION, sum(steps), max(2, round(whole / 10)))
    plan, objective = job.plan[first], frozen(objective_at(job, first), x0)
    snapshot = None
    try:
        with interruptible() as interrupted:
            for snapshot in optimize_on(plan.devices, objective, x0, plan.optimizer, tried):
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
    running = (whole - min(spent, steps[0])) * per_evaluation
    return Estimate(running + compilation * (len(set(job.sizes[first:])) - 1), memory(job))


def _cost(network: VGG19, layers: Sequence[str]) -> float:
    """What a pixel costs an evaluation that ends at the deepest of the layers, in multiplications of a forward pass."""
    computed = network.layers[: 1 + max(map(network.layers.index, layers), default=-1)]
    kernels = {layer: getattr(network, layer).kernel[...].size for layer in computed}
    return OVERHEAD + sum(size / stride(layer) ** 2 for layer, size in kernels.items())


def memory(job: Job) -> int:
    """Bytes that the run takes at most; this costs no time."""
    return max(each.bytes for each in job.plan)


def disk(job: Job, *, kept: bool) -> int:
    """The most bytes that the result takes on disk.

    Args:
        job: what will run.
        kept: whether it is kept in a run folder, where a new checkpoint stands beside the old one.

    Returns:
        Those of an uncompressed picture, and of two checkpoints.
    """
    picture = job.content.size
    state = state_bytes(job.plan[-1].optimizer, job.shape(-1))
    checkpoint = state + 2 * 4 * picture  # the iterate and the picture kept, in float32
    return picture + (2 * checkpoint if kept else 0)
