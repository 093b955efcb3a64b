"""Hatching: pen strokes along the forms, close where it is dark, crossed where it is darker."""

import numpy as np
from jaxtyping import Bool, Float
from scipy import ndimage
from skimage.color import rgb2lab
from skimage.feature import canny

from ..images.drawn.hatching import hatch, inked
from ..images.picture import Picture
from .chosen import check
from .flow import flow_of
from .tone import darkness_of
from .xdog import inked as thresholded
from .xdog import lines

# of each layer: darkness at which it begins, and its turn from the first, in degrees
LAYERS = ((0.1, 0.0), (0.45, 50.0), (0.65, -40.0), (0.8, 90.0))


def hatching(
    p: Picture,
    a: None = None,
    *,
    seed: int,
    layers: int = 4,
    wide: float = 5.0,
    close: float = 2.0,
    width: float = 0.8,
    direction: float = 45.0,
    follow: float = 1.0,
    contrast: float = 1.0,
    outline: float = 0.6,
) -> Picture:
    """Layers of pen strokes: the first lies along the forms where it is not white, others cross it where it is darker.

    A stroke begins at a sampled place and runs both ways along a field of directions, never over an edge and never
    nearer to another of its layer than a distance, which falls from wide to close with the darkness.

    Args:
        p: [h, w, 3] in [0, 1], the photo.
        a: no painting.
        seed: of places and hand.
        layers: how many, 1 to 4.
        wide: distance of the strokes of a layer where it begins, in pixels.
        close: the same in black.
        width: of the pen, in pixels; it presses harder in the dark.
        direction: of strokes where no form says one, in degrees.
        follow: how much the photo's edges turn the strokes: 0 all lie in one direction.
        contrast: the photo's, relative to what stretches its lightness over the whole range.
        outline: how black the lines of the edges are, in [0, 1].

    Returns:
        [h, w, 3] in [0, 1], black on white.

    Source: after Winkenbach and Salesin, Computer-Generated Pen-and-Ink Illustration, SIGGRAPH 1994, and, for the
    spacing, Jobard and Lefer, Creating Evenly-Spaced Streamlines of Arbitrary Density, 1997.
    """
    check("layers", layers, 1, len(LAYERS))
    check("close", close, 1)
    check("wide", wide, close)
    check("width", width, 0.3)
    for name, value in (("follow", follow), ("contrast", contrast)):
        check(name, value, 0)
    check("outline", outline, 0, 1)
    rng = np.random.default_rng(seed)
    darkness = darkness_of(p, contrast, 1.0)
    angle = angles(p, np.radians(direction), follow)
    walkable: Bool[np.ndarray, "h w"] = ~canny(ndimage.gaussian_filter(rgb2lab(p)[..., 0], 1.0) / 100, sigma=1.5)
    bare = np.ones(darkness.shape)
    for start, turn in LAYERS[:layers]:
        field = angle + np.radians(turn)
        ways = np.stack([np.cos(field), np.sin(field)], axis=-1)
        strokes = hatch(rng, darkness, ways, walkable, start, wide, close, 0.6)
        if strokes:
            middles = np.array([path[len(path) // 2] for path in strokes]).astype(int)
            pressed = 0.8 + 0.7 * darkness[middles[:, 1], middles[:, 0]]
            widths = width * pressed * rng.uniform(0.8, 1.2, len(strokes))
            bare *= 1 - 0.9 * inked(rng, strokes, darkness.shape, widths, 0.5)
    if outline:
        u = lines(p, 1.0, 1.6, 25.0, 2.0, 3.0) - ndimage.gaussian_filter(rgb2lab(p)[..., 0], 3.0)
        bare *= 1 - outline * (1 - np.clip(thresholded(u, -15.0, 0.05), 0, 1))
    return np.repeat(np.clip(bare, 0, 1)[..., None], 3, axis=-1).astype(np.float32)


def angles(p: Picture, direction: float, follow: float) -> Float[np.ndarray, "h w"]:
    """Angles of strokes: along the edges where they are marked, elsewhere `direction`, in radians."""
    flow, A = flow_of(p, 5.0)
    edges = np.arctan2(flow[..., 1], flow[..., 0])
    strength = follow * A * ndimage.gaussian_filter(ndimage.gaussian_gradient_magnitude(p.mean(-1), 2.0), 4.0) / 0.02
    parts = [strength * f(2 * edges) + 0.35 * f(2 * direction) for f in (np.cos, np.sin)]
    cos2, sin2 = (ndimage.gaussian_filter(part, 4.0) for part in parts)
    return 0.5 * np.arctan2(sin2, cos2)
