"""Tone: how dark a photo is, its range made full use of, for methods that know only black and white."""

import numpy as np
from jaxtyping import Float
from scipy import ndimage
from skimage.color import rgb2lab

from ..images.picture import Picture

FLAT = 0.05  # range of lightness below which nothing is stretched
AROUND = 1 / 40  # of the longest side: σ of the surroundings that detail is measured against


def darkness_of(p: Picture, contrast: float, blur: float, detail: float = 0.0) -> Float[np.ndarray, "h w"]:
    """How dark a photo is: ½ − contrast (L − m) / (high − low), with low and high the 1st and 99th percentiles.

    Before that, L + detail (L − L̄) takes the place of L, with L̄ the mean lightness around each pixel.

    Args:
        p: [h, w, 3] in [0, 1].
        contrast: 1 stretches the lightness L of CIELAB over the whole range; m is the middle of its range.
        blur: σ of a Gaussian over L, in pixels; 0 for none.
        detail: how much what differs from its surroundings, a Gaussian of a fortieth of the longest side, is enlarged.

    Returns:
        [h, w] in [0, 1]; 1 − L of a flat picture.
    """
    L = rgb2lab(p)[..., 0].astype(np.float64) / 100
    L = ndimage.gaussian_filter(L, blur) if blur else L
    if np.subtract(*np.percentile(L, [99, 1])) < FLAT:
        return np.clip(1 - L, 0, 1)
    L = L + detail * (L - ndimage.gaussian_filter(L, AROUND * max(L.shape))) if detail else L
    low, high = np.percentile(L, [1, 99])
    return np.clip(0.5 - contrast * (L - (low + high) / 2) / (high - low), 0, 1)
