"""Litwinowicz's strokes: short lines over the whole picture, clipped where they would cross an edge."""

import numpy as np
from jaxtyping import Float
from scipy import ndimage

from ..images.luminance import luminance
from ..images.picture import Picture
from .brush import lay
from .chosen import check

FLAT = 0.02  # gradients of luminance per pixel below which a direction is taken from around


def litwinowicz(
    p: Picture,
    a: None = None,
    *,
    seed: int,
    spacing: float = 2.0,
    radius: float = 1.75,
    shortest: float = 4.0,
    longest: float = 10.0,
    angle: float = 15.0,
    colour: float = 0.06,
    intensity: float = 0.15,
    clip: bool = True,
) -> Picture:
    """Short strokes of the photo's colours, one every few pixels, in random order, that stop at edges.

    A stroke lies across the gradient of the blurred luminance, and where that is weak, as the strong gradients around
    do. From its middle it grows both ways until Sobel's magnitude falls, which is just past an edge, or to its length.

    Args:
        p: [h, w, 3] in [0, 1], the photo.
        a: no painting.
        seed: of order, lengths, directions and colours.
        spacing: of the middles of the strokes, in pixels.
        radius: of the brush, in pixels.
        shortest: length of a stroke that meets no edge, in pixels, from each side of its middle.
        longest: likewise.
        angle: largest random change of direction, in degrees.
        colour: largest random change of red, green and blue, each for itself, in [0, 1].
        intensity: largest random change of all three, as a factor.
        clip: stop at edges.

    Returns:
        [h, w, 3] in [0, 1].

    Departs from the paper: directions in flat parts are averages over strong gradients instead of a thin-plate spline;
    one radius for all strokes.

    Source: Litwinowicz, Processing Images and Video for an Impressionist Effect, SIGGRAPH 1997.
    """
    check("spacing", spacing, 1)
    check("radius", radius, 0.5)
    check("shortest", shortest, 0, longest)
    check("longest", longest, shortest, 200)
    for name, value in (("angle", angle), ("colour", colour), ("intensity", intensity)):
        check(name, value, 0)
    rng = np.random.default_rng(seed)
    h, w, _ = p.shape
    y, x = (f.ravel() for f in np.meshgrid(np.arange(0, h, spacing), np.arange(0, w, spacing), indexing="ij"))
    order = rng.permutation(len(x))
    middle = np.clip(np.stack([x, y], -1)[order] + rng.uniform(-0.5, 0.5, (len(x), 2)), 0, (w - 1, h - 1))
    Y = ndimage.gaussian_filter(luminance(p).astype(float), 1.5)
    i, j = np.rint(middle[:, 1]).astype(int), np.rint(middle[:, 0]).astype(int)
    turn = directions(Y)[i, j] + np.radians(angle) * rng.uniform(-1, 1, len(x))
    way = np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    sobel = np.hypot(ndimage.sobel(Y, axis=0), ndimage.sobel(Y, axis=1)) if clip else np.zeros_like(Y)
    length = rng.uniform(shortest, longest, len(x))
    ends = [middle + sign * _reach(middle, sign * way, sobel, length)[:, None] * way for sign in (-1, 1)]
    t = np.linspace(0, 1, int(np.ceil(2 * longest / (radius / 2))) + 1)[:, None]
    points = ends[0][:, None] + t * (ends[1] - ends[0])[:, None]
    shift = colour * rng.uniform(-1, 1, (len(x), 3))
    factor = 1 + intensity * rng.uniform(-1, 1, (len(x), 1))
    colours = np.clip((p[i, j] + shift) * factor, 0, 1)
    canvas = p.copy()  # what shows between the strokes
    lay(canvas, points, np.full(len(x), len(t)), radius, colours.astype(np.float32), 1.0)
    return np.clip(canvas, 0, 1)


def directions(Y: Float[np.ndarray, "h w"]) -> Float[np.ndarray, "h w"]:
    """The angle across the gradient at each pixel, in radians; in flat parts that of the strong gradients around.

    Args:
        Y: [h, w], luminance, blurred.

    Returns:
        [h, w]; its sign, or half a turn, has no meaning.
    """
    gy, gx = (ndimage.sobel(Y, axis=axis) / 8 for axis in (0, 1))
    strong = np.hypot(gx, gy) > FLAT
    cos2, sin2 = gx * gx - gy * gy, 2 * gx * gy
    around = np.zeros((2, *Y.shape))
    for sigma in (4, 16, 64):  # the nearest strong gradients count most
        around = 0.02 * around + [ndimage.gaussian_filter(np.where(strong, f, 0), sigma) for f in (cos2, sin2)]
    found = np.where(strong, (cos2, sin2), around)
    return 0.5 * np.arctan2(found[1], found[0]) + np.pi / 2


def _reach(
    middle: Float[np.ndarray, "n 2"],
    way: Float[np.ndarray, "n 2"],
    sobel: Float[np.ndarray, "h w"],
    length: Float[np.ndarray, "n"],
) -> Float[np.ndarray, "n"]:
    """How far strokes grow from their middles along `way`, in pixels: to an edge's crest, or their length."""
    h, w = sobel.shape
    reached, alive, last = np.zeros(len(middle)), np.ones(len(middle), bool), None
    for s in range(int(np.ceil(length.max())) + 1):
        at = middle + s * way
        inside = ((at >= 0) & (at <= (w - 1, h - 1))).all(-1)
        here = ndimage.map_coordinates(sobel, at.T[::-1], order=1, mode="nearest")
        if last is not None:
            alive &= ~((here < last - 1e-6) & (last > 8 * FLAT))
        alive &= inside
        reached = np.where(alive, np.minimum(s, length), reached)
        last = here
    return reached
