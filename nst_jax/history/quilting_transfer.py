"""Transfer by image quilting (Efros and Freeman 2001): the photo laid out in overlapping blocks of the painting."""

from collections.abc import Callable, Iterator
from typing import Literal, get_args

import numpy as np
from jaxtyping import Float
from scipy.ndimage import gaussian_filter

from ..errors import SettingError
from ..images.luminance import luminance
from ..images.picture import Picture
from ..images.recolouring import match_colours
from .analogies import remapped
from .chosen import check
from .patch_fields import fits
from .quilting import block_distances, cut_mask, draw

Correspondence = Literal["luminance", "colour"]

SMALLEST = 6  # pixels of a block, for an overlap that a cut can wind through


def quilting_transfer(
    p: Picture,
    a: Picture,
    *,
    seed: int = 0,
    block: int = 24,
    overlap: int | None = None,
    passes: int = 3,
    tolerance: float = 0.1,
    correspondence: Correspondence = "colour",
    blur: float = 1.0,
) -> Picture:
    """The photo in blocks of the painting, which agree with it and with each other.

    Blocks are laid in raster order and cut together as in texture synthesis. The distance of a block of the painting to
    its place is α (its difference to what lies in the overlap, and to the pass before) + (1 − α) (that of its
    correspondence map to the photo's). One of the blocks up to (1 + tolerance) times the least distance is drawn. From
    pass to pass blocks shrink to 2/3, and α_i = 0.8 (i − 1)/(N − 1) + 0.1 grows.

    Args:
        p: [h, w, 3] in [0, 1], the photo.
        a: [H, W, 3] in [0, 1], the painting.
        seed: of the draws.
        block: side of the blocks of the first pass in pixels, ≥ 6; later ones have 6 pixels at least.
        overlap: of blocks in the first pass in pixels, from 1 to block − 1, shrinking with them; None for block // 3.
        passes: N ≥ 1.
        tolerance: ≥ 0.
        correspondence: "colour", the photo in the painting's colours, beside the painting; or "luminance", the photo's
            with the mean and the spread of the painting's, beside the painting's.
        blur: σ of a Gaussian on both correspondence maps, in pixels, ≥ 0.

    Returns:
        [h, w, 3] in [0, 1]; every pixel is one of the painting's.

    Raises:
        ImageError: if a picture is smaller than a block.
        SettingError: for an invalid setting.

    Departs from the paper: there, maps are of luminance; colour keeps more of the photo and finds the painting's
    palette. Luminance is remapped, so that dark paintings serve bright photos. Blocks overlap by a third and not by a
    sixth: with small blocks, cuts through 2 or 3 pixels leave seams. The last block of a row or column overlaps more,
    and ends at the border.

    Source: Efros and Freeman, "Image Quilting for Texture Synthesis and Transfer", SIGGRAPH 2001.
    """
    if correspondence not in get_args(Correspondence):
        raise SettingError(f"correspondence={correspondence!r}: give {', '.join(get_args(Correspondence))}")
    overlap = block // 3 if overlap is None else overlap
    check("block", block, SMALLEST)
    check("overlap", overlap, 1, block - 1)
    check("passes", passes, 1)
    check("tolerance", tolerance, 0)
    check("blur", blur, 0)
    fits(p, block, "the photo")
    fits(a, block, "the painting")
    rng = np.random.default_rng(seed)
    maps = _maps(p, a, correspondence, blur)
    x = None
    for i in range(passes):
        side = max(SMALLEST, round(block * (2 / 3) ** i))
        shared = min(max(1, round(overlap * side / block)), side - 1)
        α = 0.8 * i / max(passes - 1, 1) + 0.1
        x = quilted(x, a, *maps, block=side, overlap=shared, α=α, tolerance=tolerance, rng=rng)
    assert x is not None
    return x


def _maps(p: Picture, a: Picture, correspondence: Correspondence, blur: float) -> tuple[np.ndarray, np.ndarray]:
    """The correspondence maps of photo and painting, [h, w, N] and [H, W, N], both to count as three channels."""
    if correspondence == "colour":
        maps = match_colours(p, a), a
    else:
        Y, Y_a = luminance(p), luminance(a)
        maps = [np.sqrt(np.float32(3)) * each[..., None] for each in (remapped(Y, Y_a), Y_a)]
    p_, a_ = (gaussian_filter(each, (blur, blur, 0)) if blur else each for each in maps)
    return p_, a_


def quilted(
    before: Float[np.ndarray, "h w 3"] | None,
    a: Float[np.ndarray, "H W 3"],
    map: Float[np.ndarray, "h w N"],
    map_a: Float[np.ndarray, "H W N"],
    *,
    block: int,
    overlap: int,
    α: float,
    tolerance: float,
    rng: np.random.Generator,
) -> Picture:
    """One pass.

    Args:
        before: [h, w, 3], the pass before; None in the first.
        a: [H, W, 3], the painting.
        map: [h, w, N], the correspondence map of the photo.
        map_a: [H, W, N], that of the painting.
        block: side of a block in pixels.
        overlap: of two blocks, in pixels.
        α: from 0 to 1, the weight of the overlap and of the pass before, beside 1 − α of the correspondence.
        tolerance: of the draws.
        rng: draws.

    Returns:
        [h, w, 3]
    """
    x = np.zeros((*map.shape[:2], 3), np.float32)
    painted, corresponding = _laid(block_distances(a, block)), block_distances(map_a, block)
    everywhere = np.ones((block, block))
    for (row, top), (column, left) in _places(x.shape, block, overlap):
        here = slice(row, row + block), slice(column, column + block)
        known = np.zeros((block, block))
        known[:top] = known[:, :left] = 1
        D = (1 - α) * corresponding(map[here], everywhere)
        if known.any() or before is not None:
            D += α * painted(x[here], known, None if before is None else before[here])
        i, j = draw(D, tolerance, rng)
        new = a[i : i + block, j : j + block]
        e = ((new - x[here]) ** 2).sum(-1)
        taken = cut_mask(e, left, left=left > 0, top=False) & cut_mask(e, top, left=False, top=top > 0)
        x[here][taken] = new[taken]
    return x


def _laid(distances: Callable[[np.ndarray, np.ndarray], np.ndarray]):
    """Σ_known |a − there|² + Σ |a − before|², of each block of the painting, as one weighted distance to a mean."""

    def painted(there: np.ndarray, known: np.ndarray, before: np.ndarray | None) -> np.ndarray:
        if before is None:
            return distances(there, known)
        k = known[..., None]
        apart = np.sum(k / (k + 1) * (there - before) ** 2)
        return distances((k * there + before) / (k + 1), known + 1) + apart

    return painted


def _places(shape: tuple[int, ...], block: int, overlap: int) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """((row, overlap above), (column, overlap to the left)) of each block, in raster order."""
    rows, columns = (_starts(side, block, overlap) for side in shape[:2])
    return ((row, column) for row in rows for column in columns)


def _starts(side: int, block: int, overlap: int) -> list[tuple[int, int]]:
    starts = [*range(0, side - block, block - overlap), side - block]
    return [
        (start, max(0, previous + block - start)) for previous, start in zip([-block, *starts], starts, strict=False)
    ]
