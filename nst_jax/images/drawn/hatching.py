"""A street with arches in pen and ink: trembling strokes that follow every wall, crossed where it is dark."""

from collections.abc import Sequence

import numpy as np
from scipy import ndimage

from .grain import blurred_noise, fractal, paper, rgb, smoothstep
from .street import EYE, people, view

PAPER, INK = rgb("#f0e2c6"), rgb("#2a2018")
# for each layer of strokes: darkness at which it begins, distance of its lines there and in the dark (thousandths of
# the picture's height), and the turn between the surface's two directions (0 along the first, 1 along the second)
LAYERS = [(0.10, 8.0, 3.4, 0.0), (0.38, 6.5, 3.3, 0.42), (0.56, 5.5, 3.2, -0.38), (0.72, 4.6, 3.0, 1.0)]


def on_screen(p: np.ndarray, tangent: np.ndarray) -> np.ndarray:
    """Unit directions [h, w, 2] in the picture of `tangent` [h, w, 3] at the points p [h, w, 3]."""
    q = p - EYE
    z = np.maximum(q[..., 2:], 0.1)
    flat = (tangent[..., :2] - q[..., :2] / z * tangent[..., 2:]) * np.array([1, -1])
    return flat / (np.linalg.norm(flat, axis=-1, keepdims=True) + 1e-9)


def tangents(normal: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Two unit tangents [h, w, 3] of a surface: around it as seen along the street, and the other one."""
    first = np.cross(normal, np.array([0.0, 0.0, 1.0]))
    size = np.linalg.norm(first, axis=-1, keepdims=True)
    first = np.where(size > 0.2, first / (size + 1e-9), np.array([1.0, 0.0, 0.0]))  # a wall that faces us
    return first, np.cross(normal, first)


def masonry(rng: np.random.Generator, p: np.ndarray, normal: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Darkness [h, w] of the upright and of the level joints between stones, where they are not worn away."""
    x, y, z = np.moveaxis(p, -1, 0)
    flat = np.abs(normal[..., 1]) > 0.7
    along = np.where(np.abs(normal[..., 0]) > 0.6, z, x)
    up, across, tall, wide = np.where(flat, z, y), np.where(flat, x, along), 0.42, 0.85
    course = np.floor(up / tall)
    offset = across / wide + 0.5 * (course % 2) + 0.13 * np.sin(course * 7.3)
    level = np.abs(up / tall - course - 0.5)
    upright = np.abs(offset - np.floor(offset) - 0.5)
    worn = smoothstep(-0.5, 0.6, fractal(rng, x.shape, x.shape[0] / 5, 0.6))
    near = smoothstep(40, 8, z)
    return 0.35 * near * worn * smoothstep(0.45, 0.5, upright), 0.6 * near * worn * smoothstep(0.40, 0.48, level)


def heavens(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Darkness and direction of the sky: piled clouds, shaded below, and long strokes between them."""
    h = x.shape[0]
    billow = fractal(rng, x.shape, h / 2.5, 0.9)
    billow = np.abs(ndimage.gaussian_filter(billow, h / 60))
    cloud = smoothstep(0.15, 0.9, fractal(rng, x.shape, h / 1.6, 1.0) + 0.4 * billow)
    gy = np.gradient(ndimage.gaussian_filter(billow, h / 80), axis=0)
    angle = -0.28 + 0.5 * cloud * np.clip(billow, 0, 2)
    shade = np.clip(0.5 * cloud * (0.5 + 25 * gy * h / 600), 0, 0.34)
    dark = np.where(cloud > 0.3, shade, 0.26 - 0.30 * y)
    return dark, np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def stroke_paths(
    points: np.ndarray, direction: np.ndarray, walkable: np.ndarray, limits: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Paths [n, k, 2] through `points` [n, 2], both ways along `direction` for `limits` [n] steps, and masks [n, k]."""
    h, w = walkable.shape
    halves = []
    for sign in (1, -1):
        at, alive, way = points.copy(), np.ones(len(points), bool), None
        path, mask = [], []
        for i in range(int(limits.max())):
            row, column = np.clip(at[:, 1], 0, h - 1).astype(int), np.clip(at[:, 0], 0, w - 1).astype(int)
            ahead = direction[row, column]
            way = sign * ahead if way is None else ahead * np.where((ahead * way).sum(1, keepdims=True) < 0, -1, 1)
            following = at + 2.0 * way
            inside = (following >= 0).all(1) & (following[:, 0] < w) & (following[:, 1] < h)
            new_row, new_column = (np.clip(following[:, c], 0, n - 1).astype(int) for c, n in ((1, h), (0, w)))
            # never over an edge of the form, nor round a corner
            bend = np.abs((direction[new_row, new_column] * way).sum(1)) > 0.9
            alive &= inside & walkable[new_row, new_column] & bend & (i < limits)
            at = np.where(alive[:, None], following, at)
            path.append(at)
            mask.append(alive.copy())
        halves.append((np.stack(path, 1), np.stack(mask, 1)))
    (ahead, ahead_mask), (back, back_mask) = halves
    path = np.concatenate([back[:, ::-1], points[:, None], ahead], axis=1)
    return path, np.concatenate([back_mask[:, ::-1], np.ones((len(points), 1), bool), ahead_mask], axis=1)


def hatch(
    rng: np.random.Generator,
    darkness: np.ndarray,
    direction: np.ndarray,
    walkable: np.ndarray,
    start: float,
    wide: float,
    close: float,
    unit: float,
) -> list[np.ndarray]:
    """One layer of strokes: a list of paths [k, 2], spaced by the darkness between `wide` and `close` pixels."""
    h, w = darkness.shape
    spacing = np.interp(darkness, [start, 1], [wide, close])
    seeds = rng.random((int(3 * h * w / wide**2), 2)) * (w, h)
    dark = darkness[seeds[:, 1].astype(int), seeds[:, 0].astype(int)]
    seeds = seeds[dark > start]
    if not len(seeds):
        return []
    limits = rng.uniform(10, 50, len(seeds)) * unit
    paths, masks = stroke_paths(seeds, direction, walkable & (darkness > start - 0.03), limits)
    taken = np.zeros((h, w), bool)
    strokes = []
    for path, mask in zip(paths, masks, strict=True):
        path = path[mask]
        row, column = path[:, 1].astype(int), path[:, 0].astype(int)
        middle = len(path) // 2
        used = np.flatnonzero(taken[row, column])
        if len(used):  # keep the part around the middle that is clear of other strokes
            if taken[row[middle], column[middle]]:
                continue
            before, after = used[used < middle], used[used > middle]
            first, last = before.max() + 1 if len(before) else 0, after.min() if len(after) else len(path)
            path, row, column = path[first:last], row[first:last], column[first:last]
        if len(path) < 5:
            continue
        strokes.append(path)
        r = spacing[row, column] * 0.9
        near = np.arange(-int(r.max()), int(r.max()) + 1)
        dy, dx = (d.ravel() for d in np.meshgrid(near, near, indexing="ij"))
        disc = dx[None] ** 2 + dy[None] ** 2 <= r[:, None] ** 2
        i, j = np.clip(row[:, None] + dy, 0, h - 1), np.clip(column[:, None] + dx, 0, w - 1)
        taken[i[disc], j[disc]] = True
    return strokes


def inked(
    rng: np.random.Generator, strokes: Sequence[np.ndarray], shape: tuple[int, int], widths: np.ndarray, unit: float
) -> np.ndarray:
    """Coverage [h, w] by ink of `strokes`, a list of paths, with pens of `widths` [n] pixels: pressed, then lifted."""
    h, w = shape
    fine = 2  # samples to a pixel
    sheet = np.zeros((fine * h, fine * w), bool)
    # a hand trembles slowly and a little
    slow, quick = (
        [a * unit * blurred_noise(rng, shape, b * unit) for _ in range(2)] for a, b in ((0.9, 14), (0.35, 4))
    )
    for path, width in zip(strokes, widths, strict=True):
        row, column = path[:, 1].astype(int), path[:, 0].astype(int)
        x, y = (path[:, c] + slow[c][row, column] + quick[c][row, column] for c in (0, 1))
        n = int(2.8 * fine * len(path)) + 2  # a path's points are 2 pixels apart
        s = np.linspace(0, 1, n)
        place = np.linspace(0, 1, len(path))
        x, y = np.interp(s, place, x), np.interp(s, place, y)
        dx, dy = np.gradient(x), np.gradient(y)
        norm = np.hypot(dx, dy) + 1e-9
        press = np.minimum(np.clip(s / 0.10, 0.45, 1), np.clip((1 - s) / 0.35, 0.12, 1) ** 0.6)
        t = np.linspace(-0.5, 0.5, int(width * fine * 1.5) + 2)[:, None]
        i = ((y + dx / norm * press * width * t) * fine).astype(int)
        j = ((x - dy / norm * press * width * t) * fine).astype(int)
        inside = (i >= 0) & (i < fine * h) & (j >= 0) & (j < fine * w)
        sheet[i[inside], j[inside]] = True
    return sheet.reshape(h, fine, w, fine).mean((1, 3))


def outlines(p: np.ndarray, normal: np.ndarray, sky: np.ndarray) -> np.ndarray:
    """A mask [h, w] where the depth jumps or a surface turns."""
    depth = np.where(sky, 80, np.linalg.norm(p - EYE, axis=-1))
    jump = ndimage.morphological_laplace(np.log(depth), 3)
    turn = sum(ndimage.morphological_gradient(normal[..., i], 3) for i in range(3))
    # what is far has fewer lines, or they would run together
    jumps = np.abs(jump) > np.interp(depth, [5, 13, 20], [0.014, 0.018, 0.05])
    return jumps | ((turn > np.interp(depth, [8, 16], [0.75, 1.2])) & ~sky)


def draw(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """The picture [height, width, 3] in [0, 1]."""
    unit = height / 1216
    p, normal, light, sky = (np.repeat(np.repeat(f, 2, 0), 2, 1) for f in view(width // 2, height // 2))
    y, x = (np.mgrid[:height, :width] + 0.5) / height
    tone = np.clip(light / 0.62, 0, 1) ** 0.95
    upright, level = masonry(rng, p, normal)
    darkness = 1.06 * (1 - tone) + upright
    darkness += 0.05 * fractal(rng, x.shape, height / 8)
    # far things fade
    darkness *= np.interp(p[..., 2], [6, 40], [1, 0.55])
    air, wind = heavens(rng, x, y)
    darkness = np.clip(np.where(sky, air, darkness), 0, 1)
    darkness = ndimage.gaussian_filter(darkness, 1.5 * unit)
    edges = outlines(p, normal, sky)
    walkable = ~edges
    first, second = tangents(normal)
    level_joint = np.cross(normal, np.array([0.0, 1.0, 0.0])) + np.array([1e-3, 0.0, 0.0])
    layers = [(np.where(sky, 0, level), level_joint, 0.3, 9.0, 9.0)]
    for start, wide, close, turn in LAYERS:
        tangent = first * np.cos(turn * np.pi / 2) + second * np.sin(turn * np.pi / 2)
        layers.append((darkness, tangent, start, wide, close))
    coverage = np.zeros(x.shape)
    for dark, tangent, start, wide, close in layers:
        field = np.where(sky[..., None], wind, on_screen(p, tangent))
        strokes = hatch(rng, dark, field, walkable, start, wide * height / 1000, close * height / 1000, unit)
        middles = np.array([path[len(path) // 2] for path in strokes]).astype(int)
        widths = (1.1 + 1.9 * darkness[middles[:, 1], middles[:, 0]]) * rng.uniform(0.75, 1.2, len(strokes)) * unit
        coverage = 1 - (1 - coverage) * (1 - 0.92 * inked(rng, strokes, x.shape, widths, unit))
    bend = [1.6 * unit * blurred_noise(rng, x.shape, 18 * unit) for _ in range(2)]
    pressure = smoothstep(-2.2, 0.5, blurred_noise(rng, x.shape, 25 * unit))
    line = ndimage.gaussian_filter(edges.astype(float), 1.0 * unit)
    line = ndimage.map_coordinates(line, np.mgrid[:height, :width] + np.array(bend), order=1, mode="nearest")
    coverage = np.maximum(coverage, smoothstep(0.25, 0.6, line * (0.5 + 0.5 * pressure)))
    figures = ndimage.gaussian_filter((people(p) < 0.03).astype(float), unit)  # filled with the brush
    coverage = np.maximum(coverage, 0.95 * figures)
    sheet = PAPER * paper(rng, x.shape, 2 * unit)[..., None]
    pooled = 0.04 * fractal(rng, x.shape, 60 * unit) - 0.10 * np.abs(blurred_noise(rng, x.shape, 1.5 * unit))
    flow = np.clip(1 + pooled, 0, 1)
    return sheet + (coverage * flow)[..., None] * (INK - sheet)
