"""Image quilting (Efros and Freeman 2001): blocks of the sample, overlapping, joined along the cheapest cut."""

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.fft import next_fast_len

from ..images.picture import Picture
from .chosen import check
from .samples import checked_sample

ROUNDING = 1e-9  # a squared distance that rounding makes of 0, per squared value summed


def quilt(
    a: Picture,
    shape: tuple[int, int],
    *,
    seed: int = 0,
    block: int = 32,
    overlap: int | None = None,
    tolerance: float = 0.1,
) -> Picture:
    """A texture by image quilting.

    Blocks are laid in raster order. Each is drawn at random from the blocks of the sample whose squared distance to
    what lies already in the overlap is at most (1 + tolerance) times the least. It is joined to its left and upper
    neighbours along the cut where they differ least.

    What it does not see: what is larger than a block. Blocks of the sample are seen again, and where it has a
    perspective or a gradient, some joints show.

    Args:
        a: [H, W, 3] in [0, 1], the sample.
        shape: (h, w) of the texture, in pixels.
        seed: of the draws.
        block: side of a block in pixels, ≥ 3; larger than the texture's elements.
        overlap: of two blocks, in pixels, from 1 to block − 1; None for block // 6.
        tolerance: ≥ 0.

    Returns:
        [h, w, 3] in [0, 1]; every pixel is one of the sample's.

    Raises:
        ImageError: if the sample is smaller than a block.
        SettingError: for a setting out of its range.

    Source: Efros and Freeman, "Image Quilting for Texture Synthesis and Transfer", SIGGRAPH 2001.
    """
    check("block", block, 3)
    overlap = max(1, block // 6) if overlap is None else overlap
    check("overlap", overlap, 1, block - 1)
    check("tolerance", tolerance, 0)
    a = checked_sample(a, shape, block, f"blocks of {block} pixels")
    rng = np.random.default_rng(seed)
    step = block - overlap
    rows, columns = (max(1, -(-(side - overlap) // step)) for side in shape)
    x = np.zeros((rows * step + overlap, columns * step + overlap, 3), np.float32)
    distances = block_distances(a, block)
    for row in range(rows):
        for column in range(columns):
            there = x[row * step : row * step + block, column * step : column * step + block]  # a view
            known = np.zeros((block, block), bool)
            known[: overlap * (row > 0)] = True
            known[:, : overlap * (column > 0)] = True
            i, j = draw(distances(there, known), tolerance, rng)
            new = a[i : i + block, j : j + block]
            taken = cut_mask(((new - there) ** 2).sum(-1), overlap, left=column > 0, top=row > 0)
            there[taken] = new[taken]
    return np.ascontiguousarray(x[: shape[0], : shape[1]])


def minimum_cut(e: Float[np.ndarray, "h w"]) -> Int[np.ndarray, "h"]:
    """The path from the first row to the last, one pixel a row, along which e sums to the least.

    E_ij = e_ij + min(E_{i−1,j−1}, E_{i−1,j}, E_{i−1,j+1}), then back from the least of the last row.

    Args:
        e: [h, w], the cost of each pixel.

    Returns:
        [h], the column in each row; neighbouring ones differ by at most 1.

    Source: Efros and Freeman 2001, section 2.1.
    """
    E = np.array(e, np.float64)
    w = E.shape[1]
    for i in range(1, len(E)):
        padded = np.pad(E[i - 1], 1, constant_values=np.inf)
        E[i] += np.minimum(np.minimum(padded[:-2], padded[1:-1]), padded[2:])
    path = np.empty(len(E), int)
    path[-1] = np.argmin(E[-1])
    for i in range(len(E) - 2, -1, -1):
        low = max(path[i + 1] - 1, 0)
        path[i] = low + np.argmin(E[i, low : min(path[i + 1] + 2, w)])
    return path


def cut_mask(e: Float[np.ndarray, "b b"], overlap: int, *, left: bool, top: bool) -> Bool[np.ndarray, "b b"]:
    """Which pixels of a block are taken from the new block: those beyond the cut of each overlap.

    Args:
        e: [b, b], the squared difference between the new block and what lies there.
        overlap: in pixels.
        left: whether a block lies to the left.
        top: whether a block lies above.

    Returns:
        [b, b]
    """
    taken = np.ones(e.shape, bool)
    if left:
        taken[:, :overlap] &= np.arange(overlap) >= minimum_cut(e[:, :overlap])[:, None]
    if top:
        taken[:overlap] &= np.arange(overlap)[:, None] >= minimum_cut(e[:overlap].T)
    return taken


def block_distances(
    a: Float[np.ndarray, "H W C"], block: int
) -> Callable[[Float[np.ndarray, "b b C"], np.ndarray], Float[np.ndarray, "I J"]]:
    """The weighted squared distance of a block to every block of a picture, by Fourier transforms.

    D_ij = Σ_uv m_uv ‖a_{i+u,j+v} − t_uv‖² = (a² ⋆ m)_ij − 2 (a ⋆ m t)_ij + Σ m t².

    Args:
        a: [H, W, C], the picture.
        block: b, the side of a block.

    Returns:
        (t [b, b, C], m [b, b] ≥ 0) → D [H − b + 1, W − b + 1]. What depends on a or on m alone is computed once.
    """
    H, W, _ = a.shape
    size: Any = [next_fast_len(side, real=True) for side in (H, W)]  # no wrap reaches a whole block
    mean = a.mean((0, 1))  # subtracted, so that less cancels
    centred = np.moveaxis(a - mean, -1, 0).astype(np.float64)
    A, A2 = (np.fft.rfft2(each, size) for each in (centred, (centred**2).sum(0)))  # [C, …], […]
    squares: dict[bytes, np.ndarray] = {}

    def correlation(spectrum: np.ndarray) -> np.ndarray:
        return np.fft.irfft2(spectrum, size)[: H - block + 1, : W - block + 1]

    def distances(t: np.ndarray, m: np.ndarray) -> np.ndarray:
        m = np.asarray(m, np.float64)
        if (key := m.tobytes()) not in squares:
            squares[key] = correlation(A2 * np.fft.rfft2(m, size).conj())
        t = np.moveaxis(t - mean, -1, 0)
        cross = correlation((A * np.fft.rfft2(m * t, size).conj()).sum(0))
        return np.maximum(squares[key] - 2 * cross + (m * t**2).sum(), 0)

    return distances


def draw(D: Float[np.ndarray, "I J"], tolerance: float, rng: np.random.Generator) -> tuple[int, int]:
    """One of the places where D ≤ (1 + tolerance) · min D, each as likely as the others.

    Args:
        D: [I, J] ≥ 0.
        tolerance: ≥ 0.
        rng: draws.

    Returns:
        (i, j)
    """
    bound = (1 + tolerance) * D.min() + ROUNDING * (1 + D.max())
    i, j = np.unravel_index(rng.choice(np.flatnonzero(bound >= D)), D.shape)
    return int(i), int(j)
