"""Texture synthesis pixel by pixel, by non-parametric sampling (Efros and Leung 1999)."""

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy import ndimage

from ..errors import SettingError
from ..images.picture import Picture
from .chosen import check, check_odd
from .samples import checked_sample

SEED = 3  # side of the patch of the sample from which the texture grows
GROW = 1.1  # factor of the greatest distance allowed, where a round fills nothing
ROUNDING = 1e-6  # of squared distances


def efros_leung(
    a: Picture,
    shape: tuple[int, int],
    *,
    seed: int = 0,
    window: int = 11,
    tolerance: float = 0.1,
    most: float = 0.3,
) -> Picture:
    """A texture grown pixel by pixel from a patch of the sample.

    A patch of 3 × 3 pixels of the sample stands in the middle. Round by round, the pixels at the rim are filled, those
    with most filled neighbours first. The filled part of a pixel's window is compared with all windows of the sample:
    d = Σ g (x − a)² / Σ g over its filled pixels and all colours, with Gaussian weights g of σ = window / 6.4. The new
    pixel is the centre of a window drawn from those with d ≤ (1 + tolerance) · min d. If d is not below `most`, the
    pixel waits; after a round that fills nothing, `most` grows by a tenth.

    What it does not see: what is larger than the window. It may copy the sample word by word, or slip into one part of
    it and go on there.

    Args:
        a: [H, W, 3] in [0, 1], the sample; time grows as its pixels.
        shape: (h, w) of the texture, in pixels; time grows as its pixels.
        seed: of the draws.
        window: side of the window in pixels, odd, ≥ 3; as large as the texture's elements.
        tolerance: ≥ 0.
        most: > 0.

    Returns:
        [h, w, 3] in [0, 1]; every pixel is one of the sample's.

    Raises:
        ImageError: if the sample is smaller than the window.
        SettingError: for a setting out of its range.

    Departs from the paper: pixels that lie outside of each other's windows are filled together, which changes nothing
    but the time.

    Source: Efros and Leung, "Texture Synthesis by Non-parametric Sampling", ICCV 1999; the constants are those of the
    pseudocode on the authors' page.
    """
    check_odd("window", window, 3)
    check("tolerance", tolerance, 0)
    if not most > 0:
        raise SettingError(f"most={most}: must be above 0")
    a = checked_sample(a, shape, window, f"windows of {window} pixels")
    rng = np.random.default_rng(seed)
    m = window // 2
    x, filled = _seeded(a, shape, m, rng)  # with a margin of m, which stays empty
    inside = np.zeros(filled.shape, bool)
    inside[m:-m, m:-m] = True
    windows = Windows(a, window)
    while not filled[inside].all():
        rim = np.argwhere(ndimage.binary_dilation(filled, np.ones((3, 3))) & ~filled & inside)
        neighbours = ndimage.uniform_filter(filled.astype(np.float32), window, mode="constant")[tuple(rim.T)]
        rim = rim[np.lexsort((rng.random(len(rim)), -np.round(neighbours * window**2)))]
        before = filled.sum()
        for batch in independent(rim, m):
            values, d = windows.sampled(x, filled, rim[batch], tolerance, rng)
            near = d < most
            i, j = rim[batch][near].T
            x[i, j], filled[i, j] = values[near], True
        if filled.sum() == before:
            most *= GROW
    return np.ascontiguousarray(x[m:-m, m:-m])


class Windows:
    """All windows of the sample, and the search among them."""

    def __init__(self, a: Picture, window: int):
        m = window // 2
        self.mean = a.mean((0, 1))  # subtracted, so that less cancels
        views = np.lib.stride_tricks.sliding_window_view(a - self.mean, (window, window), (0, 1))  # [I, J, 3, n, n]
        self.values = a[m : a.shape[0] - m, m : a.shape[1] - m].reshape(-1, 3)
        flat = views.reshape(len(self.values), -1)  # [N, 3 n²]
        squares = (flat.reshape(len(flat), 3, -1) ** 2).sum(1)  # [N, n²]
        self.rows = np.ascontiguousarray(np.concatenate([squares, -2 * flat], 1).T)  # [4 n², N]
        u = np.arange(window) - m
        self.g = np.exp(-(u[:, None] ** 2 + u**2) / (2 * (window / 6.4) ** 2)).astype(np.float32)
        self.m = m

    def sampled(
        self,
        x: Float[np.ndarray, "h w 3"],
        filled: Bool[np.ndarray, "h w"],
        places: Int[np.ndarray, "B 2"],
        tolerance: float,
        rng: np.random.Generator,
    ) -> tuple[Float[np.ndarray, "B 3"], Float[np.ndarray, "B"]]:
        """A value for each place, drawn from the sample, and its distance d."""
        B = len(places)
        u = np.arange(-self.m, self.m + 1)
        i, j = places[:, 0, None, None] + u[:, None], places[:, 1, None, None] + u
        weight = self.g * filled[i, j]  # [B, n, n]
        weight /= weight.sum((1, 2), keepdims=True)
        t = np.moveaxis(x[i, j] - self.mean, -1, 1)  # [B, 3, n, n]
        weighted = weight[:, None] * t
        D = np.concatenate([weight.reshape(B, -1), weighted.reshape(B, -1)], 1) @ self.rows  # [B, N]
        rest = (weighted * t).sum((1, 2, 3))  # of Σ g (x − a)² = Σ g a² − 2 Σ g x a + Σ g x²
        least = np.maximum(D.min(1) + rest, 0)
        near = ((1 + tolerance) * least + ROUNDING - rest)[:, None] >= D
        _, candidates = np.nonzero(near)  # place by place
        numbers = near.sum(1)
        drawn = np.ceil(rng.random(B) * numbers).clip(1).astype(int) - 1
        chosen = candidates[np.cumsum(numbers) - numbers + drawn]
        return self.values[chosen], np.maximum(D[np.arange(B), chosen] + rest, 0)


def independent(places: Int[np.ndarray, "N 2"], m: int) -> list[Int[np.ndarray, "B"]]:
    """Places in order of precedence, in batches whose places may be filled together.

    Args:
        places: [N, 2], rows and columns from 0.
        m: places that lie no farther apart than this, along both axes, depend on each other.

    Returns:
        Indices of each batch. Whatever a place depends on, and precedes it, is in an earlier batch.
    """
    if not len(places):
        return []
    batch = np.empty(len(places), int)
    last = np.full(places.max(0) + m + 1, -1)  # batch of the places so far
    for k, (i, j) in enumerate(places):
        batch[k] = last[max(i - m, 0) : i + m + 1, max(j - m, 0) : j + m + 1].max() + 1
        last[i, j] = batch[k]
    return np.split(np.argsort(batch, kind="stable"), np.cumsum(np.bincount(batch))[:-1])


def _seeded(
    a: Picture, shape: tuple[int, int], m: int, rng: np.random.Generator
) -> tuple[Float[np.ndarray, "h w 3"], Bool[np.ndarray, "h w"]]:
    x = np.zeros((shape[0] + 2 * m, shape[1] + 2 * m, 3), np.float32)
    filled = np.zeros(x.shape[:2], bool)
    h, w = (min(SEED, side) for side in shape)
    i, j = (int(rng.integers(side - SEED + 1)) for side in a.shape[:2])
    top, left = ((side - s) // 2 + m for side, s in zip(shape, (h, w), strict=True))
    x[top : top + h, left : left + w] = a[i : i + h, j : j + w]
    filled[top : top + h, left : left + w] = True
    return x, filled
