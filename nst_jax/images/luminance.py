"""Luminance: the picture without its colours, and a picture's colours under another luminance."""

import numpy as np
from jaxtyping import Float

from .picture import Picture

RGB_TO_Y = np.array([0.299, 0.587, 0.114], np.float32)


def luminance(x: Float[np.ndarray, "h w 3"]) -> Float[np.ndarray, "h w"]:
    """Y = 0.299 R + 0.587 G + 0.114 B, of gamma-encoded values.

    Args:
        x: [h, w, 3] in [0, 1].

    Returns:
        [h, w] in [0, 1].

    Source: the Y of YUV, ITU-R BT.601.
    """
    return x @ RGB_TO_Y


def grey(x: Float[np.ndarray, "h w 3"]) -> Float[np.ndarray, "h w 3"]:
    """A picture of luminance alone; `match_colours` of two matches the mean and the spread of their luminance.

    Args:
        x: [h, w, 3] in [0, 1].

    Returns:
        [h, w, 3], its three channels equal.
    """
    return np.repeat(luminance(x)[..., None], 3, axis=-1)


def with_luminance(p: Picture, Y: Float[np.ndarray, "h w"]) -> Float[np.ndarray, "h w 3"]:
    """A picture with the chrominance of p and another luminance: p + (Y − Y_p), the same for the three channels.

    U and V are multiples of B − Y and R − Y, so this keeps them exactly.

    Args:
        p: [h, w, 3] in [0, 1].
        Y: [h, w] in [0, 1].

    Returns:
        [h, w, 3], which may leave [0, 1].

    Departs from the paper: the author's notebook rounds the matrix of YUV and its inverse; together they change a
    colour by up to 1e-3.

    Source: Gatys et al. 2016, arXiv 1606.05897.
    """
    return p + (Y - luminance(p))[..., None]
