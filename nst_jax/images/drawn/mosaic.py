"""A cartoon laid in tesserae of glass and gold, in rows that follow every outline: two fish under a rising sun."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import ndimage
from scipy.spatial import KDTree
from skimage.measure import find_contours

from .cartoon import design
from .grain import blurred_noise, fractal, rgb, smoothstep

# pieces of glass, dark to light
GLASS = {
    "deep": ["#0d2150", "#142f6b", "#1b3f86", "#16406e"],
    "sea": ["#1f5fa0", "#2a78b4", "#2f8fb8", "#1c6c94", "#3aa0b0"],
    "foam": ["#7cc4c8", "#a8d8d0", "#d6e8da", "#5fb3c4"],
    "gold": ["#b88324", "#d9a63a", "#e9bd4f", "#c8922c", "#f2cf6b", "#a87420"],
    "red": ["#a8231f", "#c8352a", "#8f1d24", "#d9512f"],
    "coral": ["#e0683a", "#ee8a4a", "#d9512f", "#f2a860"],
    "green": ["#1f6b4a", "#2f8a56", "#5aa85a", "#17543f", "#86b84e"],
    "lime": ["#a8c24a", "#c2d060", "#8fb040", "#d6da7a"],
    "white": ["#f2ead2", "#e6dcc0", "#f8f3e2"],
    "black": ["#15151f", "#20202c", "#1a2030"],
    "rose": ["#b04a7a", "#c86a92", "#d98aa8", "#8f3a6a"],
    "violet": ["#4a3a86", "#5d4a9c", "#3a2e6e"],
}
GROUT = rgb("#6b6258")
SIDE = 1 / 76  # of a piece, in heights of the picture


def rows(distance: np.ndarray, size: float) -> np.ndarray:
    """Points [n, 2] (x, y) along curves that keep the middle of each row of pieces, `size` pixels apart."""
    points = []
    for level in np.arange(0.4, distance.max() / size) * size:  # a row is a little narrower next to an outline
        for curve in find_contours(distance, level):
            place = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
            number = round(place[-1] / size)
            at = (np.arange(number) + 0.5) / max(number, 1) * place[-1]
            points.append(np.stack([np.interp(at, place, curve[:, i]) for i in (1, 0)], axis=1))
    points = np.concatenate(points)
    # where rows meet, a piece that would overlap an earlier one is left out
    kept = np.ones(len(points), bool)
    for i, j in sorted(KDTree(points).query_pairs(0.68 * size)):
        kept[j] &= not kept[i]
    return points[kept]


def nearest(
    points: np.ndarray,
    angles: np.ndarray,
    size: float,
    x: np.ndarray,
    y: np.ndarray,
    own: np.ndarray,
    regions: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """For each place: its piece, and how far it is from that piece and from the next, in sides of a piece.

    Distances are measured in the piece's own axes by a norm whose unit circle is a square with round corners, after
    the idea of oriented metrics; a piece of another region counts as far. Also the offsets (a, b) in the piece's axes.
    """
    found: Any = KDTree(points).query(np.stack([x, y], -1), k=7)
    candidates = found[1]
    dx, dy = x[:, None] - points[candidates, 0], y[:, None] - points[candidates, 1]
    c, s = np.cos(angles[candidates]), np.sin(angles[candidates])
    a, b = (c * dx + s * dy) / size, (c * dy - s * dx) / size
    far = (a**6 + b**6) ** (1 / 6)
    far = far + 9 * (own[candidates] != regions[:, None])
    first, second = np.argsort(far, axis=1)[:, :2].T
    i = np.arange(len(x))
    return candidates[i, first], far[i, first], far[i, second], a[i, first], b[i, first]


@dataclass(frozen=True, eq=False)
class Laid:
    """Pieces laid in rows, and what each pixel sees of them; k pixels, in their order.

    Attributes:
        points: [n, 2] (x, y), the middles of the pieces, in pixels.
        angles: [n], their turns, in radians.
        piece: [k], the number of the piece at each pixel.
        inner: [k], how far inside of it, in sides of a piece, 0.5 at most; 0 where joints are widest.
        a: [k], the offset from its middle along the first of its axes, in sides.
        b: [k], along the second.
    """

    points: np.ndarray
    angles: np.ndarray
    piece: np.ndarray
    inner: np.ndarray
    a: np.ndarray
    b: np.ndarray


def laid(rng: np.random.Generator, regions: np.ndarray, size: float) -> Laid:
    """Pieces `size` pixels wide in rows that follow the outlines of `regions` [h, w], numbers."""
    height, width = regions.shape
    edges = (np.diff(regions, axis=0, prepend=-1) != 0) | (np.diff(regions, axis=1, prepend=-1) != 0)
    edges[-1], edges[:, -1] = True, True
    distance = ndimage.distance_transform_edt(~edges)
    gy, gx = np.gradient(ndimage.gaussian_filter(distance, 0.5 * size))
    # averaged as tensors: both sides of a row's middle point away from it
    cos2, sin2 = (ndimage.gaussian_filter(f, 0.5 * size) for f in (gx * gx - gy * gy, 2 * gx * gy))
    turn = 0.5 * np.arctan2(sin2, cos2)
    points = rows(ndimage.gaussian_filter(distance, 0.15 * size), size)

    # every piece moves to the middle of what it covers, and the rows close up
    step = max(1, round(size / 5))
    middle = step // 2
    coarse_y, coarse_x = (f.ravel().astype(float) for f in np.mgrid[middle:height:step, middle:width:step])
    coarse_region = regions[middle::step, middle::step].ravel()
    for _ in range(3):
        piece, *_ = nearest(points, at(turn, points), size, coarse_x, coarse_y, at(regions, points), coarse_region)
        weight = np.bincount(piece, minlength=len(points))
        moved = np.stack([np.bincount(piece, c, len(points)) / np.maximum(weight, 1) for c in (coarse_x, coarse_y)], 1)
        points = moved[weight > 4]
    angles = at(turn, points) + 0.05 * rng.standard_normal(len(points))
    pixel_y, pixel_x = (f.ravel().astype(float) for f in np.mgrid[:height, :width])
    chip = [0.05 * size * blurred_noise(rng, regions.shape, 0.12 * size).ravel() for _ in range(2)]
    piece, far, next_far, a, b = nearest(
        points, angles, size, pixel_x + chip[0], pixel_y + chip[1], at(regions, points), regions.ravel()
    )
    # the gap to the next piece, in sides; the joint is where it closes or where the piece ends
    inner = np.minimum(np.minimum(next_far - far, 1.45 - 2 * far), 0.5)
    return Laid(points, angles, piece, inner, a, b)


def at(field: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Values of `field` [h, w, …] at `places` [n, 2] (x, y)."""
    height, width = field.shape[:2]
    return field[np.clip(places[:, 1], 0, height - 1).astype(int), np.clip(places[:, 0], 0, width - 1).astype(int)]


def lit(
    rng: np.random.Generator,
    tiles: Laid,
    shape: tuple[int, int],
    size: float,
    colours: np.ndarray,
    tilts: np.ndarray,
    shine: np.ndarray,
    grout: np.ndarray = GROUT,
) -> np.ndarray:
    """The picture [*shape, 3] of pieces of `colours` [n, 3], as each is tilted [n, 2] to the light and shines [n]."""
    piece, inner, a, b = tiles.piece, tiles.inner, tiles.a, tiles.b
    lid = smoothstep(0.04, 0.11, inner)
    ca, sa = np.cos(tiles.angles[piece]), np.sin(tiles.angles[piece])
    across, down = ca * a - sa * b, sa * a + ca * b
    towards = -(0.6 * across + 0.8 * down)
    slope = tilts[piece, 0] * across + tilts[piece, 1] * down
    bevel = smoothstep(0.30, 0.10, inner) * towards
    veins = blurred_noise(rng, shape, (0.05 * size, 0.25 * size)).ravel()
    light = 1 + 0.5 * slope + 0.55 * bevel + (0.035 + 0.06 * shine[piece]) * veins
    glint = smoothstep(0.30, 0.42, towards + 0.25 * slope + 0.05 * veins) * shine[piece] * lid
    surface = colours[piece] * light[:, None] + (0.75 * glint)[:, None] * np.array([1.0, 0.97, 0.88])
    sand = 0.10 * blurred_noise(rng, shape, 1.5) + 0.06 * fractal(rng, shape, shape[0] / 4)
    joint = grout * (1 + sand).ravel()[:, None] * (0.75 + 0.25 * smoothstep(-0.3, 0.1, inner))[:, None]
    picture = joint + lid[:, None] * (surface - joint)
    return np.clip(picture, 0, 1).reshape(*shape, 3)


def draw(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """The picture [height, width, 3] in [0, 1]."""
    size = SIDE * height
    y, x = (np.mgrid[:height, :width] + 0.5) / height
    wobble = [0.003 * fractal(rng, x.shape, height / 8, 0.5) for _ in range(2)]
    regions, glass = design(x + wobble[0], y + wobble[1], SIDE)
    tiles = laid(rng, regions, size)
    return lit(rng, tiles, x.shape, size, *cast(rng, at(glass, tiles.points)))


def cast(rng: np.random.Generator, kinds: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For pieces of `kinds` [n]: colours [n, 3], tilts [n, 2] and how much each shines [n]."""
    n = len(kinds)
    colours = np.zeros((n, 3))
    for kind, codes in GLASS.items():
        chosen = kinds == kind
        colours[chosen] = np.array([rgb(code) for code in codes])[rng.integers(0, len(codes), chosen.sum())]
    colours *= 1 + 0.09 * rng.standard_normal((n, 1)) + 0.025 * rng.standard_normal((n, 3))
    gold = kinds == "gold"
    # gold leaf under glass mirrors bright or dark as each piece happens to lie
    colours[gold] *= np.clip(1 + 0.16 * rng.standard_normal((gold.sum(), 1)), 0.5, 1.4)
    shine = np.where(rng.random(n) < np.where(gold, 0.45, 0.16), rng.uniform(0.4, 1.0, n), 0.0)
    return colours, rng.normal(0, 0.28, (n, 2)), shine
