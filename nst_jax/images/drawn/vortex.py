"""A lake at night under a turning sky, in thick strokes that follow the wind, the water, the hills and the trees."""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import ndimage

from .grain import along, blurred_noise, fractal, ramp, relief, rgb, smoothstep, weave
from .strokes import Brush, paint

SKY = [(0, "#0b1238"), (0.2, "#15286a"), (0.4, "#22509a"), (0.56, "#4c86b4"), (0.7, "#9cc0b8"), (0.82, "#ecdf94"),
       (0.92, "#f0b93c"), (1, "#fff3c0")]  # fmt: skip
FIELD = [(0, "#0a1c2c"), (0.3, "#173f47"), (0.5, "#3a6a4c"), (0.7, "#93953f"), (0.85, "#d0a43c"), (1, "#efd27a")]
HILL = [(0, "#0c1640"), (0.4, "#1d3a70"), (0.7, "#3d6f8e"), (1, "#86a99c")]
TREE = [(0, "#04100f"), (0.5, "#0d2a25"), (0.8, "#254a2e"), (1, "#5a6a30")]
LAKE = [(0, "#0a1238"), (0.3, "#163272"), (0.55, "#3a72a6"), (0.75, "#a8bf9c"), (0.88, "#efc452"), (1, "#fff0b0")]
# x, y, radius, sense of rotation; the unit is the picture's height
VORTICES = [(0.47, 0.29, 0.30, 1), (0.99, 0.22, 0.20, -1), (0.80, 0.49, 0.10, 1), (0.07, 0.47, 0.13, -1)]
LIGHTS = [(0.13, 0.13, 0.046), (0.74, 0.10, 0.028), (1.20, 0.43, 0.034), (0.29, 0.06, 0.016), (1.20, 0.07, 0.020),
          (0.17, 0.33, 0.016)]  # fmt: skip
# x of the foot, y of the foot, y of the top, half width
TREES = [(1.02, 1.05, 0.42, 0.058), (1.125, 1.05, 0.55, 0.050), (0.935, 1.02, 0.66, 0.034)]
HOUSES = [0.03, 0.075, 0.11, 0.165, 0.20, 0.235, 0.30, 0.56, 0.61, 0.645, 0.70, 0.735]
SHORE = 0.672


def sky(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Colours and directions of the sky."""
    flow = np.stack([np.ones_like(x), 0.35 * np.sin(5 * x + 3 * y) + 0.1], axis=-1)
    value = 0.20 + 0.28 * smoothstep(0.1, 0.66, y)
    for vx, vy, radius, sense in VORTICES:
        dx, dy = x - vx, y - vy
        r = np.hypot(dx, dy) + 1e-6
        near = np.exp(-((r / radius) ** 2))
        turn = sense * np.stack([-dy, dx], axis=-1) / r[..., None] - 0.15 * np.stack([dx, dy], axis=-1) / r[..., None]
        flow += 5 * near[..., None] * turn
        arms = np.cos(2 * np.arctan2(dy, dx) - sense * 26 * r**0.6 + 1)
        value += near * (0.14 + 0.24 * arms * np.tanh(6 * r / radius)) + 0.5 * np.exp(-((r / (0.2 * radius)) ** 2))
    for lx, ly, radius in LIGHTS:
        dx, dy = x - lx, y - ly
        r = np.hypot(dx, dy) + 1e-6
        near = np.exp(-((r / (2.2 * radius)) ** 2))
        flow += 9 * near[..., None] * np.stack([-dy, dx], axis=-1) / r[..., None]
        value += 0.75 * np.exp(-((r / radius) ** 2)) + 0.14 * near * np.cos(2 * np.pi * r / (0.9 * radius))
    flow /= np.linalg.norm(flow, axis=-1, keepdims=True)
    noise = blurred_noise(rng, x.shape, x.shape[0] / 240).astype(np.float32)
    value += 0.085 * along(noise, flow, x.shape[0] // 8) + 0.03 * fractal(rng, x.shape, x.shape[0] / 3)
    return ramp(value, SKY), flow


def slope_field(ridge: np.ndarray, x: np.ndarray, bend: float) -> np.ndarray:
    """Unit vectors along the curve y = ridge(x), turned by `bend` radians."""
    angle = np.arctan(np.gradient(ridge, axis=1) / np.gradient(x, axis=1)) + bend
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def village(x: np.ndarray, y: np.ndarray, cover: Callable[..., Any]) -> np.ndarray:
    """Houses on the far shore, by way of `cover`; returns how much their windows light each column, [h, w]."""
    glow = np.zeros_like(x)
    for i, left in enumerate(HOUSES):
        wide, tall = 0.026 + 0.008 * np.sin(5 * i), 0.020 + 0.007 * np.sin(3 * i + 1)
        u, v = (x - left) / wide, (SHORE - y) / tall
        wall = (u > 0) & (u < 1) & (v < 1) & (v > -0.5)
        roof = (np.abs(u - 0.5) < 0.62 - 0.55 * (v - 1)) & (v >= 1) & (v < 2)
        lit = (np.abs(u - 0.5) < 0.24) & (v > 0.15) & (v < 0.85) & (i % 4 != 2)
        for mask, code, direction in [
            (wall, ("#3b4f86", "#56659a", "#2c3c74")[i % 3], (0, 1)),
            (roof, ("#7a3a34", "#2a2450", "#93502e")[i % 3], (1, 0)),
            (lit, "#ffc53a", (0, 1)),
        ]:
            cover(mask, np.broadcast_to(rgb(code), (*x.shape, 3)), np.broadcast_to(direction, (*x.shape, 2)))
        glow += (i % 4 != 2) * np.exp(-(((x - left - 0.5 * wide) / 0.007) ** 2))
    return glow


def lake(rng: np.random.Generator, x: np.ndarray, y: np.ndarray, windows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Colours and directions of the water: the sky's lights in broken columns that widen towards us."""
    depth = y - SHORE
    ripple = blurred_noise(rng, x.shape, (x.shape[0] / 260, x.shape[0] / 28))
    value = 0.34 - 0.5 * depth + 0.07 * ripple
    for lx, _, radius, _ in VORTICES:
        column = np.exp(-(((x - lx) / (0.16 * radius + 0.35 * radius * depth / 0.25)) ** 2))
        value += column * (0.30 + 0.26 * ripple) * radius / 0.25
    value += windows * np.exp(-depth / 0.10) * (0.42 + 0.3 * ripple)
    angle = 0.10 * np.sin(30 * x + 40 * y) + 0.06 * ripple
    return ramp(value, LAKE), np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def draw(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """The picture [height, width, 3] in [0, 1]."""
    y, x = (np.mgrid[:height, :width] + 0.5) / height
    picture, flow = sky(rng, x, y)
    noise = blurred_noise(rng, x.shape, height / 300).astype(np.float32)

    def cover(mask, colours, direction):
        picture[mask], flow[mask] = colours[mask], direction[mask]

    def hills(base, swing, phase, tone, stops):
        ridge = base + swing * np.sin(4.2 * x + phase) + 0.4 * swing * np.sin(9.7 * x + 2.1 * phase)
        depth = y - ridge
        direction = slope_field(ridge, x, 0.55 * np.sin(6 * x + 14 * depth + phase))
        furrows = along(noise, direction, height // 10)
        lit = 0.30 * np.exp(-depth / 0.02) + 0.16 * np.cos(60 * depth + 8 * np.sin(5 * x + phase))
        cover(depth > 0, ramp(tone + lit + 0.10 * furrows, stops), direction)

    hills(0.575, 0.045, 0.3, 0.62, HILL)
    hills(0.635, 0.040, 2.2, 0.36, HILL)
    windows = village(x, y, cover)
    cover(y > SHORE, *lake(rng, x, y, windows))
    hills(0.93 - 0.17 * x, 0.045, 3.4, 0.52, FIELD)
    hills(1.02 - 0.12 * x, 0.045, 5.6, 0.40, FIELD)
    for foot_x, foot, top, half in TREES:
        t = np.clip((foot - y) / (foot - top), 0, 1)
        middle = foot_x + 0.018 * np.sin(9 * t + 20 * foot_x)
        side = (x - middle) / (half * (0.25 + t) ** 0.5 * (1 - t) ** 0.8 * 1.5 + 1e-6)
        ragged = 1 + 0.22 * np.sin(40 * y + 6 * np.sign(side) + 30 * foot_x)
        angle = -np.pi / 2 + 0.5 * np.sin(18 * y + 3 * side)
        direction = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
        tone = 0.38 - 0.28 * side + 0.2 * along(noise, direction, height // 16)
        cover((np.abs(side) < ragged) & (y > top) & (y < foot + 0.1), ramp(tone, TREE), direction)
    unit = height / 1216
    brushes = [
        Brush(threshold=0, lightness=0.03, longest=8),
        Brush(threshold=0.03, grid=1.3, longest=12, body=0.45),
        Brush(threshold=0.09, grid=1.6, longest=15, body=0.6),
        Brush(threshold=0.15, grid=2.0, longest=16, body=0.7),
    ]
    radii = [unit * r for r in (24, 15, 9, 5.5)]
    canvas, paint_height = paint(rng, picture, radii, flow, brush=brushes)
    paint_height = ndimage.gaussian_filter(paint_height, 0.8 * unit) + 0.25 * weave(rng, x.shape, 5 * unit)
    return relief(canvas, paint_height, strength=0.55, gloss=0.5)
