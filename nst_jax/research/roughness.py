"""How rough a picture is beside the painting: noise, speckles and lattices that a style distance may not see."""

import numpy as np

from ..images.picture import Picture


def roughness(x: Picture, a: Picture) -> float:
    """The mean absolute difference of neighbouring pixels, relative to the painting's.

    Args:
        x: [h, w, 3] in [0, 1], the generated picture.
        a: [H, W, 3] in [0, 1], the style picture, not flat, at the scale at which it was the style of x.

    Returns:
        1 if both are equally rough, more for a noisy picture, less for a blurred one.
    """
    return _variation(x) / _variation(a)


def _variation(x: Picture) -> float:
    return float(np.mean([np.abs(np.diff(x, axis=axis)).mean() for axis in (0, 1)]))
