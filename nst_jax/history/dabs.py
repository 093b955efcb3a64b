"""Haeberli's dabs: brush marks at sampled places, large to small, each of the photo's colour there."""

from typing import Literal

import numpy as np
from jaxtyping import Float
from scipy import ndimage

from ..images.drawn.grain import blurred_noise
from ..images.drawn.strokes import gradient_normals
from ..images.picture import Picture
from .chosen import check

ANGLES, VARIANTS = 48, 6  # of the brush, cut once for each pass
Marks = Float[np.ndarray, "angles variants k k"]


def haeberli(
    p: Picture,
    a: None = None,
    *,
    seed: int,
    sizes: tuple[float, ...] = (44.0, 28.0, 17.0, 10.0),
    shape: Literal["bristle", "oval", "dot"] = "bristle",
    slender: float = 3.5,
    coverage: float = 3.0,
    detail: float = 0.6,
    wander: float = 12.0,
    jitter: float = 0.04,
) -> Picture:
    """A picture of dabs: at sampled places, each with colour, size, direction and shape, one over the other.

    A dab has the photo's colour at its place and lies along the photo's edges there. The first pass is spread evenly;
    each later one, of a smaller brush, goes where the photo has detail that the brush before it could not paint:
    it begins at x with probability min(1, detail · |p − G_size ∗ p|(x) / mean).

    Args:
        p: [h, w, 3] in [0, 1], the photo.
        a: no painting.
        seed: of places, order and hand.
        sizes: lengths of the dabs, one a pass, in pixels.
        shape: of the brush.
        slender: length of a dab, in widths; dots are round.
        coverage: of the picture by the dabs of a pass, in layers.
        detail: how readily smaller dabs are set; 0 stops after the first pass, large values paint everywhere.
        wander: deviation of a dab's direction from the edge's, in degrees.
        jitter: deviation of a dab's lightness, and half as much of its hue, in [0, 1].

    Returns:
        [h, w, 3] in [0, 1].

    Departs from the paper: there a person chooses places and sizes with a mouse; here they are sampled. Its ends and
    bristles are ours.

    Source: Haeberli, Paint by Numbers: Abstract Image Representations, SIGGRAPH 1990.
    """
    check("sizes", min(sizes), 1)
    check("slender", slender, 1)
    check("coverage", coverage, 0, 30)
    check("detail", detail, 0)
    check("wander", wander, 0)
    check("jitter", jitter, 0, 1)
    rng = np.random.default_rng(seed)
    margin = int(max(sizes)) // 2 + 1  # dabs begin outside the picture too
    p = np.pad(p, ((margin, margin), (margin, margin), (0, 0)), mode="reflect" if min(p.shape[:2]) > margin else "edge")
    h, w, _ = p.shape
    canvas = ndimage.gaussian_filter(p, (sizes[0], sizes[0], 0))
    for i, size in enumerate(sizes):
        width = size if shape == "dot" else size / slender
        n = round(coverage * h * w / (size * width))
        x, y = rng.integers(0, w, n), rng.integers(0, h, n)
        if i:
            chosen = rng.random(n) < detail * _detail(p, sizes[i - 1] / 4)[y, x]
            x, y = x[chosen], y[chosen]
        blurred = ndimage.gaussian_filter(p, (width / 4, width / 4, 0))
        along = gradient_normals(blurred, size / 3)[y, x]
        angle = np.arctan2(along[:, 1], along[:, 0]) + np.radians(wander) * rng.standard_normal(len(x))
        shift = rng.standard_normal((len(x), 1)) + 0.5 * rng.standard_normal((len(x), 3))
        colours = np.clip(blurred[y, x] + jitter * shift, 0, 1).astype(np.float32)
        _stamp(rng, canvas, *_marks(rng, size, width, shape), x, y, angle, colours, jitter)
    return np.clip(canvas[margin : h - margin, margin : w - margin], 0, 1)


def _detail(p: Picture, sigma: float) -> Float[np.ndarray, "h w"]:
    """What a brush of this size leaves out, relative to its mean over the picture; 0 in a flat picture."""
    missed = np.abs(p - ndimage.gaussian_filter(p, (sigma, sigma, 0))).sum(-1)
    missed = ndimage.gaussian_filter(missed, sigma / 2)
    return missed / max(missed.mean(), 1e-3)


def _marks(rng: np.random.Generator, size: float, width: float, shape: str) -> tuple[Marks, Marks]:
    """The marks of a brush at all angles: opacity in [0, 1], and streaks of deviation about 1."""
    reach = int(np.ceil(size / 2)) + 1
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32)
    turn = np.pi * np.arange(ANGLES)[:, None, None] / ANGLES
    s, t = np.cos(turn) * x + np.sin(turn) * y, -np.sin(turn) * x + np.cos(turn) * y
    opacity, streaks = [], []
    for _ in range(VARIANTS):
        bristles = blurred_noise(rng, (64, 64), (1.0, 8.0)).astype(np.float32)
        row, column = t / width * min(48, 4 * width) + 32, s / size * 48 + 32
        streak = ndimage.map_coordinates(bristles, [row, column], order=1, mode="wrap")
        if shape == "bristle":  # straight sides, ends that each bristle leaves by itself
            half = size / 2 - width * (0.35 + 0.22 * streak)
            ends = half + width / 2 * np.sqrt(np.clip(1 - (2 * t / width) ** 2, 0, 1)) - np.abs(s)
            inside = np.minimum(ends, width / 2 - np.abs(t))
        else:
            r = np.hypot(2 * s / size, 2 * t / width)
            inside = (1 - r) * np.maximum(width / 2, 1)
        opacity.append(np.clip(inside + 0.5, 0, 1))
        streaks.append(streak)
    return np.stack(opacity, 1), np.stack(streaks, 1)


def _stamp(rng, canvas, opacity, streaks, x, y, angle, colours, jitter):
    """Stamps a mark at each (x, y), in that order, onto `canvas` [h, w, 3], in place."""
    h, w, _ = canvas.shape
    turns = np.round(angle / np.pi * ANGLES).astype(int) % ANGLES
    variants = rng.integers(0, VARIANTS, len(x))
    reach = opacity.shape[-1] // 2
    for i, j, turn, variant, colour in zip(y, x, turns, variants, colours, strict=True):
        top, left = max(0, i - reach), max(0, j - reach)
        bottom, right = min(h, i + reach + 1), min(w, j + reach + 1)
        cut = np.s_[top - i + reach : bottom - i + reach, left - j + reach : right - j + reach]
        alpha, streak = opacity[turn, variant][cut][..., None], streaks[turn, variant][cut][..., None]
        under = canvas[top:bottom, left:right]
        under += alpha * (colour + jitter * streak - under)
