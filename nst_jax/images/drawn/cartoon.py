"""The cartoon of a mosaic: two fish among waves and weeds, under a rising sun with rings of light."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage
from scipy.interpolate import CubicSpline

# a fish that swims to the right, its length about 1: body, tail, upper and lower fins
BODY = [(0.50, 0.02), (0.42, -0.09), (0.26, -0.175), (0.05, -0.185), (-0.16, -0.115), (-0.32, -0.045), (-0.36, 0.0),
        (-0.31, 0.055), (-0.14, 0.13), (0.06, 0.175), (0.27, 0.155), (0.42, 0.09)]  # fmt: skip
TAIL = [(-0.30, 0.0), (-0.42, -0.10), (-0.60, -0.20), (-0.55, -0.06), (-0.51, 0.01), (-0.57, 0.09), (-0.60, 0.22),
        (-0.42, 0.11)]  # fmt: skip
FINS = [
    [(0.24, -0.15), (0.10, -0.27), (-0.08, -0.29), (-0.17, -0.25), (-0.10, -0.12), (0.08, -0.13)],
    [(0.14, 0.13), (0.05, 0.25), (-0.06, 0.29), (-0.08, 0.20), (-0.02, 0.12)],
    [(-0.10, 0.10), (-0.18, 0.19), (-0.25, 0.20), (-0.22, 0.09)],
]
# x, y of the middle, length, turn in radians, mirrored; the unit is the picture's height
FISH = [(0.80, 0.535, 0.56, -0.20, False), (0.44, 0.785, 0.50, 0.14, True)]
SUN = (0.46, 0.31, 0.135)
# around the sun: glass and number of rows
RINGS = [("coral", 4), ("gold", 3), ("white", 1.2), ("gold", 4), ("coral", 1.2), ("gold", 4), ("white", 1.2),
         ("gold", 5), ("red", 1.2), ("gold", 4), ("white", 1.2), ("gold", 5), ("coral", 1.2), ("gold", 5)]  # fmt: skip
WAVES = ["white", "foam", "sea", "deep", "sea", "green", "deep", "sea", "violet", "deep", "sea", "deep", "violet",
         "deep"]  # fmt: skip
# seaweed: x of the foot, y of the top, lean, glass
WEEDS = [(0.11, 0.55, 0.05, "green"), (0.19, 0.68, -0.03, "foam"), (1.10, 0.58, -0.05, "green"),
         (1.17, 0.50, 0.02, "coral"), (1.02, 0.76, 0.03, "foam")]  # fmt: skip


def closed(points: np.ndarray | Sequence[tuple[float, float]], n: int = 300) -> np.ndarray:
    """A smooth closed curve [n, 2] through `points` [k, 2]."""
    around = np.vstack([points, points[:1]])
    place = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(around, axis=0).T))])
    return CubicSpline(place, around, bc_type="periodic")(np.linspace(0, place[-1], n))


def in_fish(
    fish: tuple[float, float, float, float, bool], x: np.ndarray, y: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """`x` and `y` in the fish's own coordinates, with the body bent like an S."""
    fx, fy, length, turn, mirrored = fish
    dx, dy = (x - fx) / length, (y - fy) / length
    u, v = np.cos(turn) * dx + np.sin(turn) * dy, -np.sin(turn) * dx + np.cos(turn) * dy
    u = -u if mirrored else u
    return u, v - 0.07 * np.sin(4.5 * u + 0.6)


def inside(curve: np.ndarray, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Whether points (u, v) lie in the closed `curve` [n, 2], looked up in a fine mask."""
    scale, size = 800, 1200
    image = Image.new("1", (size, size))
    ImageDraw.Draw(image).polygon([tuple(p) for p in curve * scale + size / 2], fill=1)
    i, j = (np.clip(c * scale + size / 2, 0, size - 1).astype(int) for c in (v, u))
    return np.asarray(image)[i, j]


def design(x: np.ndarray, y: np.ndarray, side: float) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of regions [h, w], whose outlines the rows follow, and names of glass [h, w] at the places x, y [h, w].

    `side` is that of a piece; like x and y it is in heights of the picture.
    """
    regions, glass = np.zeros(x.shape, int), np.full(x.shape, "deep", dtype="<U6")

    def add(mask, kinds):
        """A new region of one kind of glass, or of kinds [h, w]."""
        regions[mask] = regions.max() + 1
        glass[mask] = kinds if isinstance(kinds, str) else kinds[mask]

    # rings of light around a rising sun
    r = np.hypot(x - SUN[0], y - SUN[1])
    add(r > 0, "gold")
    inner = SUN[2]
    for kind, pieces in RINGS:
        add(r > inner, kind)
        inner += pieces * side
    add(r < SUN[2], "red")
    add(r < SUN[2] - 2 * side, "coral")
    add(r < SUN[2] - 4 * side, "gold")
    # waves: bands that swell and thin out
    bend = y + 0.030 * np.sin(6.5 * x + 2) + 0.016 * np.sin(13 * x + 9 * y)
    path = np.abs(x - SUN[0] - 0.02 * np.sin(40 * y)) < 0.10 * (1.1 - y)
    for i, kind in enumerate(WAVES):
        level = 0.37 + 0.052 * i + 0.006 * np.sin(9 * x + 2 * i) - 0.03 * (i > 0)
        add(bend > level, np.where(path & (np.sin(140 * y) > 0.2) & (i > 0), "gold", kind))
    for foot, top, lean, kind in WEEDS:
        t = np.clip((1 - y) / (1 - top), 0, 1)
        middle = foot + lean * t + 0.024 * np.sin(11 * t + 30 * foot)
        add((np.abs(x - middle) < 0.034 * (1.02 - t) ** 0.6) & (y > top), kind)
    for fish, (dark, light) in zip(FISH, [("red", "coral"), ("green", "lime")], strict=True):
        u, v = in_fish(fish, x, y)
        parts = [inside(closed(curve), u, v) for curve in (*FINS, TAIL, BODY)]
        # one row of light pieces sets it off from the water
        away: Any = ndimage.distance_transform_edt(~np.any(parts, axis=0))
        add(away < 1.15 * side * len(x), "foam")
        for curve in FINS:
            add(inside(closed(curve), u, v), np.where(np.sin(70 * u + 30 * v) > 0, dark, "gold"))
        add(inside(closed(TAIL), u, v), np.where(np.sin(30 * np.arctan2(v, -u - 0.1)) > 0, dark, "gold"))
        body = inside(closed(BODY), u, v)
        add(body, np.select([v < -0.07, v < -0.02, v > 0.085], [dark, light, "white"], "gold"))
        add(body & (np.abs(v - 0.02 - 0.02 * np.sin(5 * u)) < 0.026) & (u < 0.27), dark)
        add(body & (u > 0.27 - 1.2 * v * v), np.where(v > 0.03, "white", "gold"))
        add(body & (np.abs(u - 0.27 + 1.2 * v * v) < 0.6 * side / fish[2]), "black")
        add(np.hypot(u - 0.375, v + 0.035) < 0.046, "white")
        add(np.hypot(u - 0.378, v + 0.035) < 0.024, "black")
    margin = np.minimum(np.minimum(x, x.max() - x), np.minimum(y, y.max() - y))
    add(margin < 4.5 * side, "gold")
    add(margin < 3.3 * side, np.where(np.sin(2 * np.pi * (x + y) / 0.12) > 0, "red", "deep"))
    add(margin < 1.15 * side, "white")
    return regions, glass
