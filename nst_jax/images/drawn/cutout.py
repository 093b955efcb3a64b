"""Leaves, seaweed and stars cut from sheets of paper that were painted in gouache, laid over one another."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

from .grain import blurred_noise, fractal, paper, relief, rgb, smoothstep
from .strokes import Brush, paint

PAINTS = {
    "ultramarine": "#2442a0", "sky": "#62a8d4", "emerald": "#15835e", "moss": "#8aa63c", "lemon": "#f2c93a",
    "orange": "#ea7a30", "red": "#c8362f", "rose": "#dd6a98", "plum": "#6b3f7c", "black": "#20202a", "ivory": "#f5eedd",
}  # fmt: skip


def sheet(rng: np.random.Generator, shape: tuple[int, int], colour: str) -> np.ndarray:
    """Paper painted in one `colour`: broad overlapping strokes, colours [h, w, 3] lit by the ridges of the paint."""
    half = (shape[0] // 2, shape[1] // 2)  # broad strokes need no more pixels
    unit = half[0] / 608
    angle = rng.uniform(0, np.pi) + 0.35 * fractal(rng, half, half[0] / 2)
    direction = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    thin = 0.05 * fractal(rng, half, half[0] / 2)[..., None]
    flat = np.clip(rgb(colour) * (1 + thin) + 0.3 * thin, 0, 1)
    brush = Brush(threshold=0, lightness=0.03, hue=0.016, streak=0.04, dryness=0.6, longest=14, opacity=0.85)
    brushes = [brush, replace(brush, grid=2.4, body=0.5)]
    canvas, height = paint(rng, flat, [17 * unit, 10 * unit], direction, brush=brushes)
    painted = relief(canvas, ndimage.gaussian_filter(height, 0.7 * unit), strength=0.22)
    enlarged: Any = ndimage.zoom(painted, (shape[0] / half[0], shape[1] / half[1], 1), order=1)
    return enlarged


def limb(
    pen: ImageDraw.ImageDraw,
    start: Sequence[float] | np.ndarray,
    angle: float,
    length: float,
    bend: float,
    widths: Sequence[float] | np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Draws a bent tapering limb with a round end, and returns the points [n, 2] and angles [n] along it."""
    n = 40
    angles = angle + bend * np.linspace(0, 1, n)
    steps = length / n * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    points = np.array(start) + np.cumsum(steps, axis=0)
    for (x, y), r in zip(points, np.interp(np.linspace(0, 1, n), np.linspace(0, 1, len(widths)), widths), strict=True):
        pen.ellipse([x - r, y - r, x + r, y + r], fill=1)
    return points, angles


def algae(rng: np.random.Generator, pen: ImageDraw.ImageDraw, x: float, y: float, size: float, angle: float) -> None:
    """A wavering stem with round fingers on either side, longest in the middle."""
    bend = rng.uniform(-0.6, 0.6)
    points, angles = limb(pen, (x, y), angle, size, bend, [0.045 * size, 0.04 * size, 0.03 * size])
    pairs = rng.integers(5, 7)
    for i in range(pairs):
        t = 0.16 + 0.76 * i / (pairs - 1)
        for side in (1, -1):
            at = int((t + rng.uniform(-0.03, 0.03)) * 39)
            length = size * (0.16 + 0.26 * np.sin(np.pi * (0.2 + 0.75 * t))) * rng.uniform(0.8, 1.15)
            out = angles[at] + side * rng.uniform(0.85, 1.15)
            widths = np.array([0.030, 0.030, 0.040, 0.046, 0.034]) * size * rng.uniform(0.9, 1.15)
            limb(pen, points[at], out, length, -side * rng.uniform(0.3, 1.0), widths)


def coral(rng: np.random.Generator, pen: ImageDraw.ImageDraw, x: float, y: float, size: float, angle: float) -> None:
    """Fingers that fan out from one foot and fork."""
    for spread in np.linspace(-0.95, 0.95, 6) + rng.uniform(-0.08, 0.08, 6):
        length = size * rng.uniform(0.75, 1.0)
        points, angles = limb(
            pen, (x, y), angle + spread, length, rng.uniform(-0.5, 0.5), np.array([0.07, 0.05, 0.055, 0.035]) * size
        )
        for side in (1, -1):
            at = int(rng.uniform(18, 26))
            limb(
                pen, points[at], angles[at] + side * 0.6, 0.32 * size, -side * 0.5, np.array([0.04, 0.045, 0.03]) * size
            )


def leaf(rng: np.random.Generator, pen: ImageDraw.ImageDraw, x: float, y: float, size: float, angle: float) -> None:
    """One blade, swollen below the middle."""
    limb(pen, (x, y), angle, size, rng.uniform(-0.9, 0.9), np.array([0.02, 0.10, 0.16, 0.15, 0.10, 0.05, 0.012]) * size)


def sprig(rng: np.random.Generator, pen: ImageDraw.ImageDraw, x: float, y: float, size: float, angle: float) -> None:
    """A thin stem with pairs of pointed leaves."""
    points, angles = limb(pen, (x, y), angle, size, rng.uniform(-0.7, 0.7), np.array([0.024, 0.022, 0.016]) * size)
    blade = np.array([0.008, 0.045, 0.055, 0.04, 0.02, 0.003])
    for at in range(6, 40, 11):
        for side in (1, -1):
            length = size * rng.uniform(0.34, 0.42) * (1.1 - at / 70)
            limb(pen, points[at], angles[at] + side * rng.uniform(0.8, 1.0), length, -side * 0.6, blade * size)
    limb(pen, points[-1], angles[-1], 0.32 * size, 0.1, blade * size)


def star(rng: np.random.Generator, pen: ImageDraw.ImageDraw, x: float, y: float, size: float, angle: float) -> None:
    """Waving arms around a middle."""
    for turn in angle + np.arange(7) * 2 * np.pi / 7 + rng.uniform(-0.15, 0.15, 7):
        widths = np.array([0.11, 0.07, 0.06, 0.025]) * size
        limb(pen, (x, y), turn, 0.5 * size * rng.uniform(0.8, 1.1), rng.uniform(-0.8, 0.8), widths)


def panel(
    rng: np.random.Generator, pen: ImageDraw.ImageDraw, x: float, y: float, size: tuple[float, float], angle: float
) -> None:
    """A piece with four almost straight sides; `size` is (width, height)."""
    w, h = size
    corners = np.array([[0, 0], [w, 0], [w, h], [0, h]]) + rng.uniform(-0.014, 0.014, (4, 2)) * (w + h) + (x, y)
    pen.polygon([tuple(c) for c in corners], fill=1)


# shape, paint, x, y, size, angle; x, y and sizes in heights of the picture, y down, angles in turns (0.75 is up)
PIECES = [
    (panel, "ultramarine", -0.03, -0.03, (0.42, 0.64), 0),
    (panel, "orange", 0.38, -0.03, (0.28, 0.36), 0),
    (panel, "sky", 0.65, -0.03, (0.34, 0.47), 0),
    (panel, "rose", 0.98, -0.03, (0.32, 0.34), 0),
    (panel, "lemon", 0.37, 0.32, (0.29, 0.42), 0),
    (panel, "black", 0.65, 0.43, (0.26, 0.33), 0),
    (panel, "emerald", 0.90, 0.30, (0.40, 0.42), 0),
    (panel, "rose", -0.03, 0.60, (0.30, 0.44), 0),
    (panel, "plum", 0.26, 0.72, (0.32, 0.32), 0),
    (panel, "ivory", 0.57, 0.75, (0.30, 0.29), 0),
    (panel, "ultramarine", 0.86, 0.71, (0.44, 0.33), 0),
    (panel, "red", 0.31, 0.58, (0.15, 0.16), 0),
    (panel, "moss", 0.83, 0.62, (0.13, 0.16), 0),
    (panel, "plum", 0.58, 0.25, (0.12, 0.14), 0),
    (algae, "ivory", 0.17, 0.66, 0.58, 0.745),
    (coral, "emerald", 0.52, 0.37, 0.27, 0.75),
    (algae, "ultramarine", 0.83, 0.48, 0.42, 0.76),
    (star, "lemon", 1.13, 0.16, 0.25, 0.1),
    (algae, "red", 0.51, 0.78, 0.38, 0.74),
    (coral, "lemon", 0.77, 0.80, 0.26, 0.75),
    (algae, "ivory", 1.12, 0.74, 0.40, 0.755),
    (algae, "black", 0.12, 1.02, 0.36, 0.75),
    (coral, "orange", 0.41, 1.01, 0.22, 0.75),
    (algae, "emerald", 0.72, 1.03, 0.25, 0.74),
    (coral, "rose", 1.07, 1.02, 0.25, 0.75),
    (sprig, "lemon", 0.04, 0.56, 0.26, 0.73),
    (sprig, "orange", 0.33, 0.44, 0.24, 0.80),
    (sprig, "ivory", 0.62, 0.27, 0.26, 0.70),
    (sprig, "red", 0.96, 0.31, 0.26, 0.78),
    (sprig, "black", 0.41, 0.56, 0.20, 0.70),
    (sprig, "sky", 0.26, 0.92, 0.24, 0.80),
    (sprig, "lemon", 1.24, 0.98, 0.24, 0.72),
    (sprig, "lemon", 0.94, 0.68, 0.22, 0.70),
    (sprig, "sky", 0.89, 0.98, 0.22, 0.78),
    (sprig, "rose", 0.71, 0.70, 0.20, 0.80),
    (star, "orange", 0.31, 0.66, 0.15, 0.3),
    (star, "sky", 0.62, 0.56, 0.13, 0.2),
    (leaf, "rose", 0.05, 0.10, 0.20, 0.95),
    (leaf, "moss", 0.35, 0.10, 0.18, 0.62),
    (leaf, "orange", 0.72, 0.92, 0.15, 0.93),
    (leaf, "sky", 0.20, 0.72, 0.15, 0.10),
]


def lay(rng: np.random.Generator, picture: np.ndarray, mask: np.ndarray, painted: np.ndarray) -> None:
    """Lays a piece of `painted` [h, w, 3] cut to `mask` [h, w] over `picture` [h, w, 3], in place, with its shadow."""
    unit = mask.shape[0] / 1216
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    margin = round(30 * unit)
    part = np.s_[max(rows[0] - margin, 0) : rows[-1] + margin, max(columns[0] - margin, 0) : columns[-1] + margin]
    # blurring rounds the corners as scissors do; the noise is the hand
    soft: Any = ndimage.gaussian_filter(mask[part].astype(float), 3 * unit)
    cut = smoothstep(0.45, 0.55, soft + 0.08 * blurred_noise(rng, soft.shape, 14 * unit))
    shadow = ndimage.shift(ndimage.gaussian_filter(cut, 5 * unit), (6 * unit, 5 * unit), order=1)
    h, w = soft.shape
    top, left = rng.integers(0, mask.shape[0] - h + 1), rng.integers(0, mask.shape[1] - w + 1)
    piece = painted[top : top + h, left : left + w]
    under = picture[part] * (1 - 0.38 * (shadow * (1 - cut))[..., None])
    picture[part] = under + cut[..., None] * (piece - under)


def draw(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """The picture [height, width, 3] in [0, 1]."""
    painted = {name: sheet(rng, (height, width), colour) for name, colour in PAINTS.items()}
    picture = painted["ivory"].copy()
    for cut, name, x, y, size, angle in PIECES:
        image = Image.new("1", (width, height))
        cut(rng, ImageDraw.Draw(image), x * height, y * height, np.multiply(size, height), 2 * np.pi * angle)
        lay(rng, picture, np.asarray(image), painted[name])
    unit = height / 1216
    cockle = ndimage.gaussian_filter(fractal(rng, (height, width), height / 3), 6 * unit) * 5 * unit
    picture = relief(picture, cockle, strength=0.35)
    return np.clip(picture * (1 + 0.8 * (paper(rng, (height, width), 1.5 * unit) - 1))[..., None], 0, 1)
