"""A round brush: curved strokes with smooth edges, laid one over the other."""

from collections.abc import Iterator

import numpy as np
from jaxtyping import Float, Int

Paths = Float[np.ndarray, "n k 2"]
Counts = Int[np.ndarray, "n"]

MOST = 3_000_000  # samples of a brush that are held at a time


def spline(paths: Paths, counts: Counts, m: int) -> tuple[Float[np.ndarray, "n s 2"], Counts]:
    """Cubic B-splines with the points of the paths as control points; their ends are the paths' ends.

    Args:
        paths: [n, k, 2], (x, y).
        counts: [n], how many points of each path count, at least 1.
        m: samples between two control points.

    Returns:
        Points [n, (k + 3) m + 1, 2], and how many of each count.
    """
    last = np.take_along_axis(paths, (counts - 1)[:, None, None], axis=1)
    k = np.arange(paths.shape[1])
    inside = np.where((k < counts[:, None])[..., None], paths, last)
    control = np.concatenate([inside[:, :1], inside[:, :1], inside, last, last, last], axis=1)
    t = (np.arange(m) / m)[:, None]
    basis = np.concatenate([(1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3], 1) / 6
    windows = np.stack([control[:, i : control.shape[1] - 3 + i] for i in range(4)], axis=2)  # [n, segments, 4, 2]
    points = np.einsum("mc,nscx->nsmx", basis, windows).reshape(len(paths), -1, 2)
    return np.concatenate([points, last], axis=1), np.where(counts == 1, 1, (counts + 1) * m + 1)


def lay(
    canvas: Float[np.ndarray, "h w 3"],
    points: Float[np.ndarray, "n s 2"],
    counts: Counts,
    radius: float,
    colours: Float[np.ndarray, "n 3"],
    opacity: float,
) -> None:
    """Lay strokes onto a canvas, in place, in their order.

    A stroke covers a pixel by min(1, max(0, radius + ½ − d)), d being the pixel's distance from the nearest of its
    points; it lies over what is there by its coverage times its opacity, and never over itself.

    Args:
        canvas: [h, w, 3].
        points: [n, s, 2], (x, y) along each stroke, half a radius apart or closer.
        counts: [n], how many points of each stroke count.
        radius: of the brush, in pixels.
        colours: [n, 3] in [0, 1].
        opacity: of the paint, in [0, 1].
    """
    reach = int(np.ceil(radius + 0.5))
    h, w, _ = canvas.shape
    padded = np.pad(canvas, ((reach, reach), (reach, reach), (0, 0)))
    points = np.clip(points, 0, (w - 1, h - 1)) + reach
    for i, top, left, cover in _coverages(points, counts, radius, reach):
        under = padded[top : top + cover.shape[0], left : left + cover.shape[1]]
        under += (opacity * cover)[..., None] * (colours[i] - under)
    canvas[...] = padded[reach:-reach, reach:-reach]


def _coverages(points, counts, radius: float, reach: int) -> Iterator[tuple[int, int, int, np.ndarray]]:
    """Number, top, left and coverage [rows, columns] of each stroke, in order; many are measured at once."""
    dy, dx = (d.ravel() for d in np.mgrid[-reach : reach + 1, -reach : reach + 1])
    per_chunk = max(1, MOST // (points.shape[1] * len(dx)))
    s = np.arange(points.shape[1])
    for first in range(0, len(points), per_chunk):
        each, number = points[first : first + per_chunk], counts[first : first + per_chunk]
        at = np.rint(each).astype(int)
        used = s < number[:, None]
        low = np.where(used[..., None], at, at.max()).min(1) - reach  # [n, 2], (left, top)
        size = np.where(used[..., None], at, 0).max(1) + reach + 1 - low
        begin = np.concatenate([[0], np.cumsum(size[:, 0] * size[:, 1])])
        stroke, _ = np.nonzero(used)
        (fx, fy), (x, y) = (each[used] - at[used]).T.astype(np.float32), (at[used] - low[stroke]).T
        covers = np.clip(radius + 0.5 - np.hypot(dx - fx[:, None], dy - fy[:, None]), 0, 1).astype(np.float32)
        places = (begin[stroke] + y * size[stroke, 0] + x)[:, None] + dy * size[stroke, :1] + dx
        flat = np.zeros(begin[-1], np.float32)
        np.maximum.at(flat, places.ravel(), covers.ravel())
        for i, (left, top), (wide, high) in zip(range(len(each)), low.tolist(), size.tolist(), strict=True):
            yield first + i, top, left, flat[begin[i] : begin[i + 1]].reshape(high, wide)
