"""Mosaic: square pieces of one colour each, in rows that follow the outlines of the photo's regions."""

from typing import Any

import numpy as np
from jaxtyping import Int
from scipy import ndimage
from skimage.segmentation import felzenszwalb

from ..images.drawn.mosaic import laid, lit
from ..images.picture import Picture
from ..images.resizing import resize
from .chosen import check

FINE = 2  # samples to a pixel, along each side


def mosaic(
    p: Picture,
    a: None = None,
    *,
    seed: int,
    side: float = 9.0,
    regions: float = 200.0,
    uneven: float = 0.04,
    relief: float = 0.6,
    grout: float = 0.35,
) -> Picture:
    """Pieces in rows along the outlines of regions, each of the photo's mean colour under it, with joints between.

    Regions are segments of like colour. Rows run at equal distances from their outlines; each piece then moves to the
    middle of the places that are nearest to it in a metric whose unit circle is a square, turned along the outline,
    and never reaches over an outline.

    Args:
        p: [h, w, 3] in [0, 1], the photo.
        a: no painting.
        seed: of turns, chips, tilts and sand.
        side: of a piece, in pixels.
        regions: how large regions are: Felzenszwalb's scale.
        uneven: deviation of a piece's lightness, as a factor.
        relief: how differently pieces lie to the light; 0 is flat.
        grout: lightness of the joints, in [0, 1].

    Returns:
        [h, w, 3] in [0, 1].

    Departs from the paper: pieces start in rows, and regions keep them apart, where the paper starts at random and
    pushes pieces off the edges.

    Source: Hausner, Simulating Decorative Mosaics, SIGGRAPH 2001; Felzenszwalb and Huttenlocher 2004 for the regions.
    """
    check("side", side, 3, max(3, min(p.shape[:2]) / 3))
    for name, value in (("regions", regions), ("uneven", uneven), ("relief", relief)):
        check(name, value, 0)
    check("grout", grout, 0, 1)
    rng = np.random.default_rng(seed)
    h, w, _ = p.shape
    segments = without_slivers(felzenszwalb(p, scale=regions, sigma=1.2, min_size=round(6 * side**2)), side)
    fine = np.clip(resize(p, (FINE * h, FINE * w)), 0, 1)
    size = FINE * side
    tiles = laid(rng, segments.repeat(FINE, 0).repeat(FINE, 1), size)
    n, under = len(tiles.points), fine.reshape(-1, 3)
    mass = np.maximum(np.bincount(tiles.piece, minlength=n), 1)
    colours = np.stack([np.bincount(tiles.piece, under[:, c], n) for c in range(3)], axis=-1) / mass[:, None]
    colours *= 1 + uneven * rng.standard_normal((n, 1))
    shine = np.where(rng.random(n) < 0.15 * relief, rng.uniform(0.2, 0.8, n), 0.0) * relief
    joints = np.array([1.0, 0.94, 0.86]) * grout
    made = lit(rng, tiles, fine.shape[:2], size, colours, rng.normal(0, 0.28 * relief + 1e-9, (n, 2)), shine, joints)
    return made.reshape(h, FINE, w, FINE, 3).mean((1, 3)).astype(np.float32)


def without_slivers(segments: Int[np.ndarray, "h w"], side: float) -> Int[np.ndarray, "h w"]:
    """Regions without parts narrower than a piece: those fall to the nearest region that is wide enough.

    Args:
        segments: [h, w], numbers of regions.
        side: of a piece, in pixels.

    Returns:
        [h, w]; the same if no region is wide enough.
    """
    same = np.ones(segments.shape, bool)
    for axis in (0, 1):
        changes = np.diff(segments, axis=axis) != 0
        cut = [(0, 1) if i == axis else (0, 0) for i in (0, 1)]
        same &= ~np.pad(changes, cut) & ~np.pad(changes, [pair[::-1] for pair in cut])
    inside = ndimage.distance_transform_edt(same) if not same.all() else np.full(segments.shape, np.inf)
    deep = np.asarray(inside) > side / 2
    if not deep.any():
        return segments
    nearest: Any = ndimage.distance_transform_edt(~deep, return_distances=False, return_indices=True)
    return segments[tuple(nearest)]
