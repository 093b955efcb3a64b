"""Checks of a texture's sample and of the size asked for."""

import numpy as np
from jaxtyping import Float

from ..errors import ImageError, SettingError
from ..images.picture import as_picture


def checked_sample(a: object, shape: tuple[int, int], least: int, why: str) -> Float[np.ndarray, "H W 3"]:
    """The sample as a picture, if it and the shape can be used.

    Args:
        a: the sample, anything that `as_picture` takes.
        shape: (h, w) of the texture to be made, in pixels.
        least: pixels that the sample needs along its shorter side.
        why: what needs them, for the message.

    Returns:
        float32 [H, W, 3] in [0, 1].

    Raises:
        ImageError: if the sample is not a picture, or too small.
        SettingError: if the shape is not of two sides of 1 pixel or more.
    """
    x = as_picture(a, "the sample")
    h, w = x.shape[:2]
    checked_shape(shape)
    if min(h, w) < least:
        raise ImageError(f"the sample: {w} × {h} pixels is too small for {why}, which needs {least}; use a larger one")
    return x


def checked_shape(shape: tuple[int, int]) -> None:
    """Raise SettingError if the shape (h, w) is not of two sides of 1 pixel or more."""
    if len(shape) != 2 or min(shape) < 1:
        raise SettingError(f"shape={shape}: a texture has a height and a width of 1 pixel or more")
