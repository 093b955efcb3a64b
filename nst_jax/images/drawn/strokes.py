"""Painting a picture in curved brush strokes of several sizes, large to small.

After Aaron Hertzmann, "Painterly Rendering with Curved Brush Strokes of Multiple Sizes" (SIGGRAPH 1998).
Added to the paper: bristles, tapering ends and a height of the paint, for light to fall on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import ndimage

from .grain import blurred_noise


@dataclass(frozen=True)
class Brush:
    """How strokes are made; lengths are in radii of the brush, colours in [0, 1]."""

    shortest: float = 3.0  # length
    longest: float = 14.0
    grid: float = 1.0  # distance between strokes (f_g in the paper)
    threshold: float = 0.05  # error of the canvas below which no stroke starts (T)
    blur: float = 0.5  # the reference is blurred by this times the radius (f_sigma)
    curvature: float = 0.7  # 1 follows the field at once, less lags behind it (f_c)
    opacity: float = 0.95
    lightness: float = 0.05  # deviation of a stroke's lightness
    hue: float = 0.03  # deviation of a stroke's three channels, each for itself
    saturation: float = 1.0  # colour's distance from grey is multiplied by this
    broken: float = 0.0  # part of the strokes that take the complementary colour, muted
    streak: float = 0.06  # deviation of lightness from bristle to bristle
    dryness: float = 0.5  # how far the bristles run dry towards the end: 0 to 1
    taper: float = 0.6  # part of the width that is lost by the end
    body: float = 0.35  # height of the paint


def gradient_normals(picture: np.ndarray, sigma: float) -> np.ndarray:
    """Unit vectors [h, w, 2] (x, y) along the edges of `picture` [h, w, 3], smoothed over `sigma` pixels.

    The gradient's outer products are averaged, not the gradients: opposite sides of a line agree instead of cancelling.
    """
    luminance = picture @ np.array([0.3, 0.59, 0.11])
    gx, gy = (ndimage.gaussian_filter(luminance, 1.0, order=o) for o in ((0, 1), (1, 0)))  # pyright: ignore[reportArgumentType]
    xx, xy, yy = (ndimage.gaussian_filter(g, sigma) for g in (gx * gx, gx * gy, gy * gy))
    angle = 0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def starts(rng: np.random.Generator, error: np.ndarray, radius: float, brush: Brush) -> np.ndarray:
    """Points [n, 2] (x, y), one in each cell of the grid whose mean error exceeds the threshold: its worst pixel."""
    cell = max(1, round(brush.grid * radius))
    h, w = (n // cell * cell for n in error.shape)
    if not h or not w:
        return np.zeros((0, 2))
    cells = error[:h, :w].reshape(h // cell, cell, w // cell, cell).swapaxes(1, 2).reshape(-1, cell * cell)
    rows, columns = np.divmod(np.arange(len(cells)), w // cell)
    # noise breaks ties, and moves the points off the grid where the error is even
    dy, dx = np.divmod((cells * (1 + 0.5 * rng.random(cells.shape))).argmax(1), cell)
    points = np.stack([columns * cell + dx, rows * cell + dy], axis=1).astype(float)
    return rng.permutation(points[cells.mean(1) >= brush.threshold])


def trace(
    points: np.ndarray,
    reference: np.ndarray,
    canvas: np.ndarray,
    direction: np.ndarray,
    radius: float,
    brush: Brush,
) -> tuple[np.ndarray, np.ndarray]:
    """Paths [n, k, 2] from `points` along `direction`, and their numbers of points [n].

    A path ends where the canvas would suit the reference better than the stroke's colour (the paper's rule).
    """
    step = max(radius / 2, 1.0)
    k = max(3, round(brush.longest * radius / step))
    least = max(2, round(brush.shortest * radius / step))
    h, w = reference.shape[:2]
    paths, alive = [points], np.ones(len(points), bool)
    count = np.ones(len(points), int)
    column, row = points[:, 0].astype(int), points[:, 1].astype(int)
    colour, heading = reference[row, column], direction[row, column]
    for i in range(1, k):
        ahead = direction[row, column]
        # a field of edges has no sign: keep going the way we came
        ahead = ahead * np.where((ahead * heading).sum(1, keepdims=True) < 0, -1, 1)
        heading = brush.curvature * ahead + (1 - brush.curvature) * heading
        heading = heading / (np.linalg.norm(heading, axis=1, keepdims=True) + 1e-9)
        following = paths[-1] + step * heading
        inside = (following >= 0).all(1) & (following[:, 0] < w) & (following[:, 1] < h)
        column, row = np.clip(following[:, 0], 0, w - 1).astype(int), np.clip(following[:, 1], 0, h - 1).astype(int)
        target = reference[row, column]
        worse = np.abs(target - canvas[row, column]).sum(1) < np.abs(target - colour).sum(1)
        alive &= (inside | (i < least)) & ~(worse & (i >= least))
        count += alive
        paths.append(np.where(alive[:, None], following, paths[-1]))
    return np.stack(paths, axis=1), count


def lay(
    canvas: np.ndarray,
    height: np.ndarray,
    path: np.ndarray,
    radius: float,
    colour: np.ndarray,
    bristles: np.ndarray,
    offset: Any,
    brush: Brush,
) -> None:
    """Lays one stroke of `colour` [3] along `path` [k, 2] onto `canvas` [h, w, 3] and `height` [h, w], in place.

    `bristles` [m, n] is a texture of streaks of deviation 1, looked up from `offset` (row, column) on.
    """
    h, w = height.shape
    arc = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    length = arc[-1]
    if length < 2:
        return
    # sampled denser than the pixels, so that the outer side of a bend has no holes
    s = np.arange(0, length, 0.75, dtype=np.float32)
    t = np.linspace(-1, 1, int(2 * radius / 0.75) + 2, dtype=np.float32)
    x, y = (np.interp(s, arc, path[:, i]) for i in (0, 1))
    dx, dy = np.diff(x, append=2 * x[-1] - x[-2]), np.diff(y, append=2 * y[-1] - y[-2])
    # round at the start, thinner towards the end
    width = np.sqrt(1 - np.clip(1 - s / radius, 0, 1) ** 2) * (1 - brush.taper * (s / length) ** 2)
    width *= radius / (np.hypot(dx, dy) + 1e-9)
    j = np.rint(x[:, None] - (dy * width)[:, None] * t).astype(np.int32)
    i = np.rint(y[:, None] + (dx * width)[:, None] * t).astype(np.int32)
    rows = (offset[0] + (t + 1) * radius).astype(int) % bristles.shape[0]
    columns = (offset[1] + s).astype(int) % bristles.shape[1]
    streak = bristles[rows[None], columns[:, None]]
    # bristles run dry one by one, and leave the canvas at different places
    dry = np.clip(1.2 - brush.dryness * 1.6 * (s / length)[:, None] + 0.5 * streak, 0, 1)
    leave = np.clip(((length - s) / (1.25 * radius))[:, None] + brush.dryness * streak, 0, 1)
    alpha = dry * leave * (brush.opacity * np.clip((1 - np.abs(t)) * radius / 1.2, 0, 1))
    inside = (i >= 0) & (i < h) & (j >= 0) & (j < w) & (alpha > 0.02)
    at, alpha, streak = (i * w + j)[inside], alpha[inside], streak[inside]
    flat, flat_height = canvas.reshape(-1, 3), height.reshape(-1)
    under = flat[at]
    flat[at] = under + alpha[:, None] * (colour + brush.streak * streak[:, None] - under)
    # paint is pushed to the sides of the stroke and combed by the bristles
    profile = np.broadcast_to(0.7 + 0.5 * t * t, inside.shape)[inside] + 0.35 * streak
    under = flat_height[at]
    flat_height[at] = under + alpha * (profile * (np.sqrt(radius) * brush.body) - 0.6 * under)


def mix(rng: np.random.Generator, colours: np.ndarray, brush: Brush) -> np.ndarray:
    """The colours [n, 3] of strokes for the `colours` [n, 3] that the reference has at their starts."""
    grey = colours.mean(1, keepdims=True)
    chroma = np.where(rng.random((len(colours), 1)) < brush.broken, -0.7, brush.saturation)
    shift = brush.lightness * rng.standard_normal((len(colours), 1)) + brush.hue * rng.standard_normal(colours.shape)
    return np.clip(grey + chroma * (colours - grey) + shift, 0, 1).astype(np.float32)


def paint(
    rng: np.random.Generator,
    reference: np.ndarray,
    radii: Sequence[float],
    direction: np.ndarray | None = None,
    canvas: np.ndarray | None = None,
    brush: Brush | Sequence[Brush] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Paints `reference` [h, w, 3] in strokes of each of `radii` (pixels); returns the canvas and its height [h, w].

    `direction` [h, w, 2] are unit vectors (x, y) for the strokes to follow; by default the picture's gradient normals.
    `canvas` is what lies there already; by default nothing, and the first brush covers all of it. `brush` is a Brush or
    one for each radius.
    """
    one = Brush() if brush is None else brush
    brushes = [one] * len(radii) if isinstance(one, Brush) else one
    # strokes begin outside the picture too, or its border would stay bare
    margin = round(2 * max(radii))
    around = ((margin, margin), (margin, margin), (0, 0))
    reference = np.pad(reference, around, mode="edge")
    direction = None if direction is None else np.pad(direction, around, mode="edge")
    bare = canvas is None
    if canvas is None:
        canvas = np.broadcast_to(reference.mean((0, 1)), reference.shape)
    else:
        canvas = np.pad(canvas, around, mode="edge")
    canvas, reference = canvas.astype(np.float32), reference.astype(np.float32)
    height = np.zeros(reference.shape[:2], np.float32)
    bristles = blurred_noise(rng, (256, 1024), (1.1, 60)) + 0.5 * blurred_noise(rng, (256, 1024), (4, 90))
    bristles = bristles.astype(np.float32)
    for radius, tool in zip(radii, brushes, strict=True):
        blurred = ndimage.gaussian_filter(reference, (tool.blur * radius, tool.blur * radius, 0))
        field = gradient_normals(blurred, 2 * radius) if direction is None else direction
        seen = np.full_like(canvas, 9.0) if bare else canvas  # a bare canvas is as wrong as can be everywhere
        points = starts(rng, np.sqrt(((blurred - seen) ** 2).sum(-1)), radius, tool)
        paths, counts = trace(points, blurred, seen, field, radius, tool)
        at = points.astype(int)
        colours = mix(rng, blurred[at[:, 1], at[:, 0]], tool)
        offsets = rng.integers(0, 1024, (len(at), 2))
        for path, count, colour, offset in zip(paths, counts, colours, offsets, strict=True):
            lay(canvas, height, path[:count], radius, colour, bristles, offset, tool)
        bare = False
    inner = np.s_[margin:-margin, margin:-margin]
    return np.clip(canvas[inner], 0, 1), height[inner]
