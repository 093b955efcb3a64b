"""Any style in one pass, tile by tile: the statistics are summed over the tiles, the maps applied to each of them.

What `colouring` computes of the whole picture is computed once for each level, up to that level, of each tile, which
adds the sums of its own positions; then once more, up to the picture. So nothing larger than a tile is held but
pictures and masks. A halo that reaches as far as a pixel of the result sees makes both the same up to rounding.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial, reduce
from typing import TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from ..images.picture import Picture
from ..losses.style.statistic import Sums
from ..losses.tiling import Tiling
from ..networks.geometry import reach, stride
from ..networks.vgg import VGG19
from .colouring import STRIDE, Maps, Target, cut, encoded, extended, features_before, maps_to, measured, stacked
from .decoder import LEVELS, STAGES, Weights
from .tiles import Cost, Tile, tiles_of
from .transforms import TRANSFORMS, Transform

T = TypeVar("T")


def seen() -> int:
    """How far a pixel of the result sees through decoder and encoder, in pixels."""
    far, step = reach(LEVELS[0]), stride(LEVELS[0])
    for stage in STAGES.values():
        for i in range(len(stage.convolutions)):
            far += step
            step = step // 2 if i == 0 and stage.enlarges else step
    return far


COST = Cost(each=550.0, grid=STRIDE, halo=seen())


def painted_in_tiles(
    encoder: VGG19,
    decoder: Weights,
    p: Picture,
    targets: Sequence[Target],
    strength: Mapping[str, Array],
    detail: float,
    transform: Transform,
    tiling: Tiling,
) -> Picture:
    """`painted`, tile by tile.

    Args:
        encoder: as in `painted`, and so are the others.
        decoder: likewise.
        p: [h, w, 3].
        targets: one a region.
        strength: level → [h_l, w_l].
        detail: from 0 to 1.
        transform: which map.
        tiling: how pictures are cut; exact with a halo of `seen()` pixels.

    Returns:
        [h, w, 3] in [0, 1].
    """
    x = extended(p)
    guides = {level: np.asarray(t) for level, t in stacked(targets).items()}
    r = {level: np.asarray(each) for level, each in strength.items()}
    maps: dict[str, Maps] = {}

    def before(level: str | None, tile: Tile) -> Array:
        these = [{level: tile.of(each[level], stride(level)) for level in LEVELS} for each in (guides, r)]
        return features_before(encoder, decoder, _window(x, tile), dict(maps), *these, detail, level)

    for level in LEVELS:
        step = stride(level)
        sums = summed(
            measured(before(level, tile), tile.of(guides[level], step) * tile.owned(step))
            for tile in tiles_of(tiling, x.shape)
        )
        maps[level] = maps_to(sums, [target.moments[level] for target in targets], TRANSFORMS[transform])
    y = np.empty_like(x)
    for tile in tiles_of(tiling, x.shape):
        tile.keep(y, np.asarray(before(None, tile)))
    return cut(y, p)


def style_moments_in_tiles(
    encoder: VGG19, a: Picture, guides: Mapping[str, Array] | None, tiling: Tiling
) -> dict[str, Sums]:
    """`style_moments`, tile by tile.

    Args:
        encoder: the network.
        a: [H, W, 3].
        guides: level → [H_l, W_l]; None for 1 everywhere.
        tiling: how pictures are cut.

    Returns:
        level → the sums.
    """

    def of(tile: Tile) -> dict[str, Sums]:
        t = {level: tile.owned(stride(level)) for level in LEVELS}
        if guides is not None:
            t = {level: tile.of(np.asarray(guides[level]), stride(level)) * each for level, each in t.items()}
        F = encoded(encoder, _window(a, tile))
        return {level: measured(F[level], each[None]) for level, each in t.items()}

    return jax.tree.map(lambda leaf: leaf[0], summed(map(of, tiles_of(tiling, a.shape))))


def summed(parts: Iterable[T]) -> T:
    """Σ over tiles, in float64, of each array of their pytrees."""
    return reduce(partial(jax.tree.map, np.add), (jax.tree.map(_float64, part) for part in parts))


def _window(x: Picture, tile: Tile) -> Array:
    return jnp.asarray(x[tile.at()])


def _float64(leaf: Array) -> np.ndarray:
    return np.asarray(leaf, np.float64)
