"""How rough a picture is beside the painting: noise, speckles and lattices that a style distance may not see."""

import numpy as np

from ..images.picture import Picture
from ..images.resizing import fit, resize


def roughness(x: Picture, a: Picture) -> float:
    """The mean absolute Laplacian, relative to the painting's at the same longest side.

    Args:
        x: [h, w, 3] in [0, 1], the generated picture.
        a: [H, W, 3] in [0, 1], the style picture, not flat; it is resized.

    Returns:
        1 if both are equally rough, more for a noisy picture, less for a blurred one.
    """
    return _laplacian(x) / _laplacian(resize(a, fit(a.shape[:2], max(x.shape[:2]))))


def _laplacian(x: Picture) -> float:
    inner = x[1:-1, 1:-1]
    return float(np.abs(x[2:, 1:-1] + x[:-2, 1:-1] + x[1:-1, 2:] + x[1:-1, :-2] - 4 * inner).mean())
