"""Tone: how dark a photo is, its range made full use of, for methods that know only black and white."""

import numpy as np
from jaxtyping import Float
from scipy import ndimage
from skimage.color import rgb2lab

from ..images.picture import Picture

FLAT = 0.05  # range of lightness below which nothing is stretched


def darkness_of(p: Picture, contrast: float, blur: float) -> Float[np.ndarray, "h w"]:
    """How dark a photo is: ½ − contrast (L − m) / (high − low), with low and high the 1st and 99th percentiles.

    Args:
        p: [h, w, 3] in [0, 1].
        contrast: 1 stretches the lightness L of CIELAB over the whole range; m is the middle of its range.
        blur: σ of a Gaussian over L, in pixels; 0 for none.

    Returns:
        [h, w] in [0, 1]; 1 − L of a flat picture.
    """
    L = rgb2lab(p)[..., 0].astype(np.float64) / 100
    L = ndimage.gaussian_filter(L, blur) if blur else L
    low, high = np.percentile(L, [1, 99])
    if high - low < FLAT:
        return np.clip(1 - L, 0, 1)
    return np.clip(0.5 - contrast * (L - (low + high) / 2) / (high - low), 0, 1)
