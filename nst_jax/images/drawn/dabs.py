"""Poplars by a river in the evening, in short dabs of broken colour that lie with the water, the leaves and the air."""

from dataclasses import replace

import numpy as np
from scipy import ndimage

from .grain import blurred_noise, fractal, ramp, relief, smoothstep, weave
from .strokes import Brush, paint

SKY = [(0, "#4f7ab8"), (0.3, "#86a6d4"), (0.5, "#c9bcd8"), (0.66, "#efc4b0"), (0.84, "#f8c98a"), (1, "#ffe59a")]
CLOUD = [(0, "#8f9ac8"), (0.4, "#dcc4d4"), (0.7, "#f8cfb4"), (1, "#ffe6b4")]
LEAVES = [(0, "#2c3668"), (0.22, "#35586a"), (0.42, "#5a7f52"), (0.62, "#a3a44c"), (0.80, "#dea24c"), (1, "#f8d68a")]
BANK = [(0, "#3a3a78"), (0.35, "#4d7a4a"), (0.65, "#a3a548"), (1, "#f0c070")]
WATERLINE = 0.60  # the far bank, in heights of the picture
# x of the foot, y of the foot, y of the top, half width: a row that comes nearer around a bend
POPLARS = [(1.23, 0.605, 0.40, 0.020), (1.175, 0.603, 0.375, 0.022), (1.115, 0.603, 0.35, 0.025),
           (1.05, 0.604, 0.32, 0.028), (0.975, 0.606, 0.285, 0.031), (0.885, 0.61, 0.235, 0.036),
           (0.78, 0.616, 0.175, 0.041), (0.655, 0.624, 0.105, 0.048), (0.505, 0.634, 0.03, 0.056),
           (0.325, 0.647, -0.05, 0.064), (0.12, 0.662, -0.14, 0.074)]  # fmt: skip
SUN = (0.725, 0.505)


def shore(x: np.ndarray) -> np.ndarray:
    """The bank's lower edge: it comes nearer towards the left."""
    return WATERLINE + 0.012 + 0.075 * np.clip(1 - x / 1.1, 0, 1) ** 1.6


def scene(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What stands above the water: colours [h, w, 3] and directions [h, w, 2]."""
    h = x.shape[0]
    clouds = fractal(rng, x.shape, h / 2, 0.7)
    clouds = ndimage.gaussian_filter(clouds, (0, h / 40))
    glow = np.exp(-(np.hypot((x - SUN[0]) / 0.56, (y - SUN[1]) / 0.26) ** 1.3))
    picture = ramp(0.05 + 0.42 * smoothstep(0, 0.6, y) + 0.54 * glow + 0.06 * clouds, SKY)
    # banks of cloud: lit from below, blue above
    bank = smoothstep(0.1, 0.9, clouds + 0.25 * np.sin(14 * y + 3 * x)) * smoothstep(0.62, 0.25, y)
    lit = ramp(0.5 + 1.6 * np.gradient(ndimage.gaussian_filter(clouds, h / 90), axis=0) * h / 100 + 0.3 * y, CLOUD)
    picture += 0.8 * bank[..., None] * (lit - picture)
    sun = np.hypot(x - SUN[0], y - SUN[1])
    picture += smoothstep(0.050, 0.038, sun)[..., None] * (np.array([1.0, 0.96, 0.78]) - picture)
    angle = -0.30 + 0.35 * fractal(rng, x.shape, h / 5) + 0.25 * rng.standard_normal(x.shape)
    # far woods, blue with distance
    woods = y > 0.555 + 0.014 * np.sin(9 * x) + 0.010 * np.sin(23 * x + 1)
    picture[woods] = ramp(0.28 + 0.5 * glow + 0.1 * clouds, [(0, "#4a5fa0"), (0.5, "#8a80b8"), (1, "#e0a890")])[woods]
    angle[woods] = -1.2
    tufts = 0.6 * fractal(rng, x.shape, h / 14, 0.5) + 0.7 * fractal(rng, x.shape, h / 40, 0.5)
    bank = y > WATERLINE - 0.022 + 0.05 * np.clip(1 - x / 1.1, 0, 1) ** 1.5 + 0.003 * tufts
    low = (shore(x) - y) / 0.05
    picture[bank] = ramp(0.15 + 0.45 * low + 0.25 * glow + 0.10 * tufts, BANK)[bank]
    angle[bank] = -0.15
    for foot_x, foot, top, half in POPLARS:
        t = np.clip((foot - y) / (foot - top), 0, 1)
        middle = foot_x + 0.25 * half * np.sin(5 * t + 30 * foot_x) + 0.15 * half * t
        profile = np.sin(np.pi * np.clip(0.06 + 0.94 * t, 0, 1) ** 0.62) ** 0.7
        side = (x - middle) / (half * profile + 1e-6)
        leaves = (np.abs(side) + 0.30 * tufts < 1) & (y < foot - 0.03 * (foot - top)) & (y > top)
        trunk = (np.abs(x - middle) < 0.09 * half) & (y < foot) & (y > top)
        # light from the sun's side, and through the edge
        facing = np.sign(SUN[0] - foot_x) * side
        tone = 0.36 + 0.34 * facing + 0.15 * tufts + 0.10 * np.sin(22 * t + 4 * side) + 0.12 * glow
        picture[trunk] = ramp(0.5 + 0.8 * facing, [(0, "#2a2450"), (1, "#b0705a")])[trunk]
        picture[leaves] = ramp(tone, LEAVES)[leaves]
        angle[leaves | trunk] = (-np.pi / 2 + 0.55 * np.clip(side, -1, 1) + 0.2 * clouds)[leaves | trunk]
    return picture, np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def draw(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """The picture [height, width, 3] in [0, 1]."""
    y, x = (np.mgrid[:height, :width] + 0.5) / height
    picture, direction = scene(rng, x, y)
    # the water mirrors the scene, shaken by ripples that are longer the nearer they are
    edge = shore(x)
    depth = y - edge
    ripple = ndimage.gaussian_filter(rng.standard_normal(x.shape), (height / 220, height / 22))
    near_ripple = ndimage.gaussian_filter(rng.standard_normal(x.shape), (height / 90, height / 9))
    ripple = ripple / ripple.std() * 0.6 + near_ripple / near_ripple.std() * depth * 2.2
    source_y = np.clip((edge - 0.86 * depth + 0.035 * ripple * (0.25 + depth)) * height, 0, height - 1)
    source_x = np.clip(x * height + ripple * (2 + 26 * depth) * height / 1216, 0, width - 1)
    mirrored = np.stack([ndimage.map_coordinates(picture[..., i], [source_y, source_x], order=1) for i in range(3)], -1)
    deep = smoothstep(0, 0.5, depth)[..., None]
    mirrored = mirrored * (0.90 - 0.16 * deep) + (0.02 + 0.07 * deep) * np.array([0.1, 0.45, 1.0])
    crest = smoothstep(0.9, 2.0, ripple)[..., None] * 0.35
    mirrored = mirrored + crest * (np.array([0.99, 0.86, 0.66]) - mirrored)
    water = depth > 0
    picture[water] = mirrored[water]
    angle = 0.10 * blurred_noise(rng, x.shape, height / 30)
    direction[water] = np.stack([np.cos(angle), np.sin(angle)], axis=-1)[water]
    unit = height / 1216
    dab = Brush(shortest=2.2, longest=4, threshold=0, taper=0.3, body=0.5, dryness=0.6, lightness=0.04, hue=0.035)
    brushes = [
        Brush(longest=7, threshold=0, saturation=1.1, lightness=0.03),
        replace(dab, grid=1.3, saturation=1.2, broken=0.06),
        replace(dab, grid=1.7, saturation=1.3, broken=0.10),
        replace(dab, grid=2.4, saturation=1.3, threshold=0.12),
    ]
    canvas, paint_height = paint(rng, picture, [unit * r for r in (24, 15, 10, 6.5)], direction, brush=brushes)
    paint_height = ndimage.gaussian_filter(paint_height, 0.8 * unit) + 0.3 * weave(rng, x.shape, 5 * unit)
    return relief(canvas, paint_height, strength=0.4, gloss=0.15)
