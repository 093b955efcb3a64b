"""What a picture is: float32 [h, w, 3], RGB in [0, 1], gamma-encoded sRGB, which is what the networks saw."""

from typing import Any

import numpy as np
from jaxtyping import Float

from ..errors import ImageError

Picture = Float[np.ndarray, "h w 3"]


def as_picture(x: Any, name: str) -> Picture:
    """An array as a picture, clipped to [0, 1].

    Values a little outside, as sharpening leaves them, are clipped; values that must mean another range are refused.

    Args:
        x: floats [h, w, 3].
        name: of the argument, for the message.

    Returns:
        float32 [h, w, 3] in [0, 1].

    Raises:
        ImageError: if the array is not a picture.
    """
    x = np.asarray(x)
    if x.ndim != 3 or x.shape[2] != 3 or x.size == 0 or not np.issubdtype(x.dtype, np.floating):
        raise ImageError(f"{name} is an array of {x.dtype} {list(x.shape)}; give floats [h, w, 3] in [0, 1]")
    if not np.isfinite(x).all():
        raise ImageError(f"{name} has values that are not finite; give floats [h, w, 3] in [0, 1]")
    if x.max() > 2 or x.min() < -1:
        raise ImageError(f"{name} has values from {x.min():g} to {x.max():g}; give floats [h, w, 3] in [0, 1]")
    return np.clip(x, 0, 1).astype(np.float32)
