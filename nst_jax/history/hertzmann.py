"""Hertzmann's curved strokes of several sizes, large to small, in four manners of painting."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from jaxtyping import Float
from scipy import ndimage
from skimage.color import hsv2rgb, rgb2hsv

from ..images.drawn.strokes import Brush, gradient_normals, starts
from ..images.luminance import luminance
from ..images.picture import Picture
from ..images.recolouring import match_colours
from .brush import Counts, Paths, lay, spline
from .chosen import check

FIRST = 1e9  # the error of a bare canvas, which any threshold but inf is below


@dataclass(frozen=True)
class Manner:
    """A manner of painting: the parameters of the paper's figures.

    Attributes:
        threshold: T, mean error of the canvas above which a stroke begins, in 255ths.
        radii: R, of the brushes, large to small, in pixels.
        curvature: f_c, 1 follows the gradient's normals at once, less lags behind them.
        blur: f_σ, the reference is blurred by this times R.
        opacity: α, of the paint.
        grid: f_g, distance of the strokes, in R.
        shortest: length of a stroke, in R.
        longest: likewise.
        jitter_hue: of a stroke's hue, in turns.
        jitter_value: of its value, in [0, 1].
        jitter_rgb: of its red, green and blue, each for itself.
    """

    threshold: float = 100
    radii: tuple[float, ...] = (8, 4, 2)
    curvature: float = 1
    blur: float = 0.5
    opacity: float = 1
    grid: float = 1
    shortest: int = 4
    longest: int = 16
    jitter_hue: float = 0
    jitter_value: float = 0
    jitter_rgb: float = 0


MANNERS = {
    "impressionist": Manner(),
    "expressionist": Manner(threshold=50, curvature=0.25, opacity=0.7, shortest=10, jitter_value=0.5),
    "wash": Manner(threshold=200, opacity=0.5, jitter_rgb=0.3),
    "pointillist": Manner(radii=(4, 2), grid=0.5, shortest=0, longest=0, jitter_value=1, jitter_hue=0.3),
}


def hertzmann(
    p: Picture,
    a: Picture | None = None,
    *,
    seed: int,
    manner: Literal["impressionist", "expressionist", "wash", "pointillist"] = "impressionist",
    threshold: float | None = None,
    radii: tuple[float, ...] | None = None,
    curvature: float | None = None,
    opacity: float | None = None,
    longest: int | None = None,
    smooth: float = 1.0,
    ground: Literal["photo", "white"] = "photo",
) -> Picture:
    """A picture of curved strokes, each of one colour, laid with large brushes first and small ones where they matter.

    For each brush R, large to small, the reference is the photo blurred by f_σ R. In each cell of a grid of f_g R
    whose mean error |reference − canvas| exceeds T, a stroke begins at the worst pixel, in random order. It goes on in
    steps of R along d = f_c n + (1 − f_c) d_last, n being the normal of the luminance's gradient, and ends after the
    shortest length where |reference − canvas| < |reference − colour|, or at the longest.

    Args:
        p: [h, w, 3] in [0, 1], the photo.
        a: [H, W, 3] in [0, 1], a painting whose colours the photo takes first; None keeps its own.
        seed: of order and colours.
        manner: impressionist; expressionist, long bent strokes; wash, thin paint; pointillist, dots of random colour.
        threshold: T, in 255ths; inf leaves the ground bare; by default the manner's.
        radii: R of each brush, in pixels, large to small; by default the manner's, 8 4 2, of pointillists 4 2.
        curvature: f_c in [0, 1]; by default the manner's.
        opacity: of the paint, in [0, 1]; by default the manner's.
        longest: length of a stroke, in R; by default the manner's, 16.
        smooth: the gradient's normals are averaged over this times R; 0 takes them as they are, and ends a stroke
            where there is no gradient, as the paper does.
        ground: photo, the mean of its colours; or white.

    Returns:
        [h, w, 3] in [0, 1].

    Departs from the paper: normals are averaged (`smooth`), since the gradient of flat parts is noise and leaves dots
    there; edges of strokes are smooth; colours change by up to a quarter of a jitter, with more of which dots hide the
    photo.

    Source: Hertzmann, Painterly Rendering with Curved Brush Strokes of Multiple Sizes, SIGGRAPH 1998.
    """
    given = {"threshold": threshold, "radii": radii, "curvature": curvature, "opacity": opacity, "longest": longest}
    how = replace(MANNERS[manner], **{name: value for name, value in given.items() if value is not None})
    check("radii", min(how.radii), 0.5)
    check("curvature", how.curvature, 0, 1)
    check("opacity", how.opacity, 0, 1)
    check("longest", how.longest, 0)
    check("smooth", smooth, 0)
    rng = np.random.default_rng(seed)
    if a is not None:
        p = np.clip(match_colours(p, a), 0, 1)
    margin = int(np.ceil(2 * max(how.radii)))  # strokes begin outside the picture too, or its border would stay bare
    p = np.pad(p, ((margin, margin), (margin, margin), (0, 0)), mode="edge")
    colour = p.mean((0, 1)) if ground == "photo" else np.ones(3)
    canvas = np.broadcast_to(colour, p.shape).astype(np.float32)
    for i, R in enumerate(how.radii):
        reference = ndimage.gaussian_filter(p, (how.blur * R, how.blur * R, 0)).astype(np.float32)
        error = np.linalg.norm(reference - canvas, axis=-1) if i else np.full(p.shape[:2], FIRST)
        at = starts(rng, error, R, Brush(grid=how.grid, threshold=how.threshold / 255))
        if not len(at):
            continue
        tangents = gradient_normals(reference, smooth * R) if smooth else normals(reference)
        paths, counts = trace(at, reference, canvas, tangents, R, how)
        colours = jittered(rng, reference[at[:, 1].astype(int), at[:, 0].astype(int)], how)
        points, samples = spline(paths, counts, 3)
        lay(canvas, points, samples, R, colours, how.opacity)
    return np.clip(canvas[margin : p.shape[0] - margin, margin : p.shape[1] - margin], 0, 1)


def normals(reference: Picture) -> Float[np.ndarray, "h w 2"]:
    """Unit normals (x, y) of the luminance's gradient by Sobel's filter; 0 in flat places."""
    Y = luminance(reference).astype(float)
    n = np.stack([-ndimage.sobel(Y, axis=0), ndimage.sobel(Y, axis=1)], axis=-1)
    length = np.linalg.norm(n, axis=-1, keepdims=True)
    return np.where(length > 1e-6, n / np.maximum(length, 1e-6), 0)


def trace(
    at: Float[np.ndarray, "n 2"],
    reference: Picture,
    canvas: Picture,
    tangents: Float[np.ndarray, "h w 2"],
    R: float,
    how: Manner,
) -> tuple[Paths, Counts]:
    """The control points of the strokes that begin at `at`, and how many each has: the paper's makeSplineStroke."""
    h, w, _ = reference.shape
    x, y = at[:, 0].astype(int), at[:, 1].astype(int)
    colour, last = reference[y, x], np.zeros_like(at)
    alive, paths, counts = np.ones(len(at), bool), [at], np.ones(len(at), int)
    for i in range(1, how.longest + 1):
        r = reference[y, x]
        better = np.linalg.norm(r - canvas[y, x], axis=-1) < np.linalg.norm(r - colour, axis=-1)
        d = tangents[y, x]
        alive &= ~(better & (i > how.shortest)) & d.any(-1)
        if not alive.any():
            break
        d = np.where((d * last).sum(-1, keepdims=True) < 0, -d, d)
        d = how.curvature * d + (1 - how.curvature) * last
        last = d / np.maximum(np.linalg.norm(d, axis=-1, keepdims=True), 1e-9)
        paths.append(np.where(alive[:, None], paths[-1] + R * last, paths[-1]))
        counts += alive
        x, y = np.clip(paths[-1][:, 0], 0, w - 1).astype(int), np.clip(paths[-1][:, 1], 0, h - 1).astype(int)
    return np.stack(paths, axis=1), counts


def jittered(rng: np.random.Generator, colours: Float[np.ndarray, "n 3"], how: Manner) -> Float[np.ndarray, "n 3"]:
    """Colours changed at random, each by up to a quarter of the manner's jitters."""
    hsv, shift = rgb2hsv(colours), rng.uniform(-0.25, 0.25, (len(colours), 5))
    hsv[:, 0] = (hsv[:, 0] + how.jitter_hue * shift[:, 0]) % 1
    hsv[:, 2] = np.clip(hsv[:, 2] + how.jitter_value * shift[:, 1], 0, 1)
    changed = hsv2rgb(hsv) if how.jitter_hue or how.jitter_value else colours
    return np.clip(changed + how.jitter_rgb * shift[:, 2:], 0, 1).astype(np.float32)
