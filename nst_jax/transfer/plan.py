"""The plan of a run: at each scale, in how many tiles, and with how many pairs of L-BFGS, so that it fits a budget."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import jax
import jax.numpy as jnp

from ..errors import ImageError, SettingError
from ..images.resizing import fit
from ..losses.shared import devices_for
from ..losses.tiling import Tiles, Tiling, geometry_of
from ..networks.vgg import PRECISIONS, VGG19
from ..optim.first_order import adam
from ..optim.lbfgs import lbfgs
from ..optim.optimizer import Optimizer
from .budget import SHARE, free_memory, gigabytes

# The model of memory, fitted to peaks measured from outside: see benchmarks/large_pictures.py.
PROCESS = 560_000_000  # bytes of Python and the libraries, on the CPU
FEATURES = 2.9  # times the features of what is measured at once: forward, backward, and what convolutions work in
UPDATE, SIMPLE_UPDATE = 6.5, 2.0  # pictures that an update of L-BFGS works in, with its filter; and another's
EVALUATION = 2.0  # pictures that an evaluation works in beside its features
PICTURES = 3.5  # pictures that a run holds outside of JAX: the photo, a snapshot's two, and what is being copied

PAIRS = (30, 25, 20, 15, 12, 10, 8, 6, 5, 4, 3)  # of L-BFGS: as usual, and fewer
FEW = 10  # pairs that are given up for a picture in one piece rather than cut it into tiles
MEASURED = 1024**2  # pixels of a window of content and style pictures, at least, where devices share the picture
DEAR = 2.0  # an evaluation in tiles costs this much of a whole one: fewer pairs are better than smaller tiles


@dataclass(frozen=True)
class ScalePlan:
    """How one scale is run.

    Attributes:
        shape: (height, width) of the picture, in pixels.
        tiling: how pictures are cut into tiles; None for one pass over all of each.
        optimizer: of the picture.
        pairs: those that L-BFGS remembers, where they are fewer than usual; None for what was asked for.
        bytes: peak of memory, on the CPU with what Python and the libraries take; elsewhere of each device.
        devices: that share the picture.
        measuring: how the content and style pictures are cut, if devices share the picture: each is measured on one.
    """

    shape: tuple[int, int]
    tiling: Tiling | None
    optimizer: Optimizer
    pairs: int | None
    bytes: int
    devices: int = 1
    measuring: Tiling | None = None

    @property
    def at_once(self) -> int:
        """Devices that compute at the same time: virtual ones of one CPU take turns."""
        return 1 if jax.default_backend() == "cpu" else self.devices

    @property
    def tiles(self) -> Tiles | None:
        """The tiles of the picture; None for one pass over all of it."""
        return None if self.tiling is None else self.tiling.tiles(self.shape)

    @property
    def work(self) -> float:
        """Cost of an evaluation, relative to that of the whole picture in one piece."""
        return 1.0 if self.tiles is None else self.tiles.work

    def __str__(self) -> str:
        said = [f"{max(self.shape)} pixels: {gigabytes(self.bytes)} of memory"]
        if self.devices > 1:
            each = f", on each of {self.devices} devices"
            said[0] += each if self.at_once > 1 else f" in all, {self.devices} devices share the picture"
        if self.tiling is not None and self.tiles is not None:
            h, w = self.tiles.window
            said.append(f"{self.tiles.number} tiles of {w} × {h} with a halo of {self.tiling.halo}")
            said.append(f"{self.work:.1f} times the work of a picture in one piece")
        if self.pairs is not None:
            said.append(f"L-BFGS remembers {self.pairs} pairs")
        return ", ".join(said)


@dataclass(frozen=True)
class Needs:
    """What decides the memory of a run, whatever its size.

    Attributes:
        network: what computes the features.
        layers: that are measured.
        content_layers: of these, those whose features are kept as targets.
        optimizer: as asked for.
        lowers: whether it is L-BFGS with as many pairs as usual, of which a plan may take fewer.
        held: bytes of pictures and masks at their own sizes, and of the networks of other scales.
        guided: regions that have guides.
        pictures: further pictures that an evaluation works in, for terms that look at the picture alone.
        whole: what cannot be computed in tiles; "" if everything can.
        kept: whether checkpoints are written.
        devices: that may share a picture, where its sides divide.
    """

    network: VGG19
    layers: tuple[str, ...]
    content_layers: tuple[str, ...]
    optimizer: Optimizer
    lowers: bool
    held: int = 0
    guided: int = 0
    pictures: float = 0.0
    whole: str = ""
    kept: bool = False
    devices: int = 1

    def devices_at(self, shape: tuple[int, int]) -> int:
        """How many devices share a picture of this (height, width)."""
        return devices_for(self.devices, shape, self.layers)

    def bytes(self, shape: tuple[int, int], pixels: int, optimizer: Optimizer) -> int:
        """Peak of memory at one scale.

        Args:
            shape: (height, width) of the picture.
            pixels: that are measured at once.
            optimizer: of the picture.

        Returns:
            Bytes.
        """
        cpu = jax.default_backend() == "cpu"  # where devices are virtual, and have one memory
        parts = 1 if cpu else self.devices_at(shape)
        picture = 12 * shape[0] * shape[1]  # three colours in float32
        state = state_bytes(optimizer, shape)
        weights = weight_bytes(self.network)
        targets = sum(4 * h * w * N for h, w, N in self.network.shapes(*shape, self.content_layers).values())
        guides = self.guided * picture * 4 // 9  # one number a position at every layer
        update = (UPDATE if self.lowers else SIMPLE_UPDATE) * picture
        evaluation = (EVALUATION + self.pictures) * picture + self.features(pixels)
        running = state + 2 * picture + max(update, evaluation)
        held = weights + (targets + guides) // parts + self.held
        if cpu:
            held += PROCESS + int(PICTURES * picture)
            running = max(running, 2 * state + 4 * picture) if self.kept else running
        return int(
            held + max(running, state * 3 // 2 + 4 * picture) / parts
        )  # a run starts with a copy of a part of the state

    def features(self, pixels: int) -> float:
        """Bytes in which the features of so many pixels, and their gradient, are computed."""
        last = max(map(self.network.layers.index, self.layers), default=-1)
        side = 1024  # of any picture that all layers measure
        shapes = self.network.shapes(side, side, self.network.layers[: last + 1])
        # The CPU's convolutions convert bfloat16 to float32, and save nothing.
        each = 4 if jax.default_backend() == "cpu" else PRECISIONS[self.network.precision]
        return FEATURES * pixels * sum(each * h * w * N for h, w, N in shapes.values()) / side**2

    def largest_window(self, shape: tuple[int, int], budget: int, optimizer: Optimizer) -> int:
        """The most pixels that may be measured at once at this scale, within the budget; 0 if it is too small."""
        whole, nothing = shape[0] * shape[1], self.bytes(shape, 0, optimizer)
        if nothing > budget or self.bytes(shape, whole, optimizer) <= budget:
            return 0 if nothing > budget else whole
        evaluating = self.bytes(shape, whole, optimizer) - self.features(whole)  # beside the features
        return min(whole, int((budget - evaluating) / self.features(1)))


def weight_bytes(network: VGG19) -> int:
    """Bytes of a network's weights in use."""
    return sum(leaf.size * leaf.dtype.itemsize for leaf in jax.tree.leaves(network))


@cache
def state_bytes(optimizer: Optimizer, shape: tuple[int, int]) -> int:
    """Bytes of an optimiser's state for a picture of this (height, width)."""
    state = jax.eval_shape(optimizer.init, jax.ShapeDtypeStruct((*shape, 3), jnp.float32))
    return sum(leaf.size * leaf.dtype.itemsize for leaf in jax.tree.leaves(state))


def budget_of(memory: int | None) -> int | None:
    """The budget of a run: what was asked for, or a share of what is free; None if that is not known.

    Args:
        memory: the setting.

    Returns:
        Bytes: on the CPU of the process, elsewhere of the device.
    """
    if memory is not None:
        return memory
    if jax.default_backend() == "cpu":
        free = free_memory()
        return None if free is None else int(SHARE * free) + PROCESS
    known = jax.devices()[0].memory_stats() or {}
    free = known.get("bytes_limit", 0) - known.get("bytes_in_use", 0)
    return int(SHARE * free) if free > 0 else None


def plan_scales(
    needs: Sequence[Needs], shapes: Sequence[tuple[int, int]], steps: Sequence[int], budget: int | None
) -> tuple[ScalePlan, ...]:
    """The plan of each scale: the whole picture if it fits, else the largest tiles that do.

    Fewer pairs of L-BFGS are taken where the picture then needs no tiles, or larger ones.

    Args:
        needs: of the run at each scale.
        shapes: (height, width) at each.
        steps: evaluations of each.
        budget: bytes; None for no limit.

    Returns:
        One plan a scale.

    Raises:
        SettingError: if a scale does not fit; it names a size that would, or the memory that it needs.
    """
    known: dict[tuple[tuple[int, int], int], ScalePlan] = {}
    for each, shape, n in zip(needs, shapes, steps, strict=True):
        if (shape, n) not in known:
            found = plan_scale(each, shape, n, budget)
            if found is None:
                raise SettingError(_refusal(each, shape, n, budget or 0))
            known[shape, n] = found
    return tuple(known[each] for each in zip(shapes, steps, strict=True))


def plan_scale(needs: Needs, shape: tuple[int, int], steps: int, budget: int | None) -> ScalePlan | None:
    """The plan of one scale; None if it does not fit.

    Args:
        needs: of the run.
        shape: (height, width).
        steps: evaluations.
        budget: bytes; None for no limit.

    Returns:
        The plan.
    """
    whole = shape[0] * shape[1]
    asked, devices = needs.bytes(shape, whole, needs.optimizer), needs.devices_at(shape)
    grid, halo = geometry_of(needs.layers)
    measuring = Tiling(max(MEASURED, whole // devices), grid, halo) if devices > 1 else None
    if budget is None or asked <= budget:
        return ScalePlan(shape, None, needs.optimizer, None, asked, devices, measuring)
    found = []
    for pairs in _numbers_of_pairs(steps) if needs.lowers else [None]:
        optimizer = needs.optimizer if pairs is None else lbfgs(memory=pairs)
        most = needs.largest_window(shape, budget, optimizer)
        if most >= whole:
            peak = needs.bytes(shape, whole, optimizer)
            found.append(ScalePlan(shape, None, optimizer, pairs, peak, devices, measuring))
        elif not needs.whole and devices == 1:
            height, width = Tiling(most, grid, halo).tiles(shape).window
            if height * width <= most:
                peak = needs.bytes(shape, height * width, optimizer)
                found.append(ScalePlan(shape, Tiling(height * width, grid, halo), optimizer, pairs, peak))
    if not found:
        return None
    enough = [each for each in found if each.tiling is None and (each.pairs or FEW) >= min(FEW, steps)]
    cheap = [each for each in found if each.work <= DEAR]
    return (enough or cheap or [min(found, key=lambda each: each.work)])[0]


def _numbers_of_pairs(steps: int) -> list[int]:
    """Numbers of pairs to try, the most first: a scale cannot have more than it has evaluations."""
    most = max(PAIRS[-1], min(PAIRS[0], steps))
    return [most, *(pairs for pairs in PAIRS if pairs < most)]


def _refusal(needs: Needs, shape: tuple[int, int], steps: int, budget: int) -> str:
    h, w = shape
    low = high = max(budget, 1)  # bytes: too few, and enough
    while plan_scale(needs, shape, steps, high) is None:
        low, high = high, 2 * high
    while high - low > high // 100:
        middle = (low + high) // 2
        low, high = (low, middle) if plan_scale(needs, shape, steps, middle) else (middle, high)
    small, large = 0, max(shape)  # sizes: one that fits, and one that does not
    while large - small > 1:
        middle = (small + large) // 2
        fits = _plan_fits(needs, fit(shape, middle), steps, budget)
        small, large = (middle, large) if fits else (small, middle)
    whole = needs.whole or ("what devices share" if needs.devices_at(shape) > 1 else "")
    why = f", and {whole} cannot be computed in tiles" if whole else ""
    remedy = f"give memory={gigabytes(high * 1.05)}" + (f", or size={small}" if small else "")
    if needs.lowers and plan_scale(replace(needs, optimizer=adam(), lowers=False), shape, steps, budget):
        remedy += ", or optimizer=adam, which remembers less"
    return f"memory={gigabytes(budget)}: a picture of {w} × {h} needs {gigabytes(high)}{why}; {remedy}"


def _plan_fits(needs: Needs, shape: tuple[int, int], steps: int, budget: int) -> bool:
    try:
        return plan_scale(needs, shape, steps, budget) is not None
    except ImageError:  # too small for the network
        return False
