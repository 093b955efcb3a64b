"""Texture synthesis by coherent search (Ashikhmin 2001): each pixel continues the piece of one of its neighbours."""

import numpy as np
from jaxtyping import Int

from ..images.picture import Picture
from .chosen import check, check_odd
from .samples import checked_sample

ABSENT = -1  # source of what lies outside of the texture


def ashikhmin(
    a: Picture,
    shape: tuple[int, int],
    *,
    seed: int = 0,
    window: int = 5,
    passes: int = 2,
) -> Picture:
    """A texture of pieces of the sample, whose irregular borders run where the pieces match.

    Pixels are made in raster order; each remembers the pixel of the sample that it is copied from. Its candidates are
    the sources of its neighbours in the window, shifted as it lies to them; one whose window would leave the sample is
    replaced by a random one. It takes the candidate whose window in the sample differs least from its own window in the
    texture. In the first pass that is the part above and to the left, with random pixels above the first row; in later
    passes it is the whole window.

    What it does not see: what is larger than the window. Pieces reach down to the border of the sample, so that smooth
    objects are cut, and columns of the sample are seen again.

    Args:
        a: [H, W, 3] in [0, 1], the sample.
        shape: (h, w) of the texture, in pixels.
        seed: of the random sources.
        window: side of the window in pixels, odd, ≥ 3.
        passes: ≥ 1.

    Returns:
        [h, w, 3] in [0, 1]; every pixel is one of the sample's.

    Raises:
        ImageError: if the sample is smaller than the window.
        SettingError: for a setting out of its range.

    Source: Ashikhmin, "Synthesizing Natural Textures", Symposium on Interactive 3D Graphics, 2001.
    """
    check_odd("window", window, 3)
    check("passes", passes, 1)
    a = checked_sample(a, shape, window, f"windows of {window} pixels")
    rng = np.random.default_rng(seed)
    m, (h, w), (H, W) = window // 2, shape, a.shape[:2]
    low, high = np.array([m, m]), np.array([H - m, W - m])  # sources whose windows lie inside of the sample
    source = np.full((h + 2 * m, w + 2 * m, 2), ABSENT)
    source[:m, m:-m] = rng.integers(low, high, (m, w, 2))
    x = a[source[..., 0], source[..., 1]]
    u, v = np.mgrid[-m : m + 1, -m : m + 1].reshape(2, -1)
    causal = (u < 0) | ((u == 0) & (v < 0))
    for turn in range(passes):
        seen = causal if turn == 0 else np.ones(len(u), bool)
        steps = np.stack([u[seen], v[seen]], -1)  # [n, 2]
        compared = steps.any(-1)  # not the pixel itself
        for i, j in wave_fronts(h, w, m):
            here = np.stack([i, j], -1)[:, None] + m + steps  # [B, n, 2]
            sources = source[here[..., 0], here[..., 1]]
            candidates = sources - steps
            random = rng.integers(low, high, candidates.shape)
            usable = ((candidates >= low) & (candidates < high)).all(-1) & (sources[..., 0] != ABSENT)
            candidates = np.where(usable[..., None], candidates, random)
            theirs = candidates[:, :, None] + steps[compared]  # [B, n, n', 2]
            difference = a[theirs[..., 0], theirs[..., 1]] - x[here[..., 0], here[..., 1]][:, None, compared]
            known = sources[:, None, compared, 0] != ABSENT
            d = (known * (difference**2).sum(-1)).sum(-1)  # [B, n]
            best = candidates[np.arange(len(i)), d.argmin(1)]
            source[i + m, j + m] = best
            x[i + m, j + m] = a[best[:, 0], best[:, 1]]
        source[:m] = ABSENT
    return np.ascontiguousarray(x[m:-m, m:-m])


def wave_fronts(h: int, w: int, m: int) -> list[tuple[Int[np.ndarray, "B"], Int[np.ndarray, "B"]]]:
    """Rows and columns of the pixels of each step j + (m + 1) i = 0, 1, …

    Pixels of one step lie outside of each other's windows of half width m. What precedes a pixel in raster order and
    lies in its window belongs to an earlier step, what follows it to a later one: so the steps are raster order.
    """
    fronts = []
    for t in range(w + (m + 1) * (h - 1)):
        i = np.arange(max(0, -(-(t - w + 1) // (m + 1))), min(h - 1, t // (m + 1)) + 1)
        fronts.append((i, t - (m + 1) * i))
    return fronts
