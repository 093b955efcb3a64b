"""What a picture is: float32 [h, w, 3], RGB in [0, 1], gamma-encoded sRGB, which is what the networks saw."""

from typing import Any

import numpy as np
from jaxtyping import Float
from PIL import Image

from ..errors import ImageError
from .pillow import channels_from_pillow, laid_on

Picture = Float[np.ndarray, "h w 3"]

WANTED = "give floats [h, w, 3] in [0, 1]"
LOW, HIGH = -0.5, 2.0  # how far sharpening and optimisers may overshoot; a range of [-1, 1] or 0–255 goes further


def as_picture(x: Any, name: str) -> Picture:
    """What is plainly a picture, as one, clipped to [0, 1].

    Args:
        x: floats in [0, 1], uint8 or uint16, of NumPy, JAX or PyTorch; [h, w, 3], [3, h, w], grey [h, w] or [h, w, 1],
            transparent [h, w, 4], which is laid on white, or a batch of one; or a picture of Pillow's.
        name: of the argument, for the message.

    Returns:
        float32 [h, w, 3] in [0, 1].

    Raises:
        ImageError: if it is not a picture, or its values mean another range.
    """
    channels = laid_on(as_channels(x, name))
    return np.ascontiguousarray(np.broadcast_to(channels, (*channels.shape[:2], 3)))


def as_channels(x: Any, name: str, bools: bool = False) -> Float[np.ndarray, "h w C"]:
    """What is plainly a picture, with its transparency, clipped to [0, 1].

    Args:
        x: as for `as_picture`.
        name: of the argument, for the message.
        bools: whether True and False stand for 1 and 0, as in a mask.

    Returns:
        float32 [h, w, C] in [0, 1]: 1 channel of grey, 3 of RGB, or 4 with alpha.

    Raises:
        ImageError: if it is not a picture, or its values mean another range.
    """
    if isinstance(x, Image.Image):
        return channels_from_pillow(x)
    try:
        x = np.asarray(x)
    except (TypeError, ValueError, RuntimeError) as error:  # such as a tensor on a GPU, or with a gradient
        fault = str(error).splitlines()[0]
        raise ImageError(f"{name} cannot be read as an array ({fault}); {WANTED}") from None
    floats = x.astype(np.float32) if bools and x.dtype == bool else _floats(x, name)
    channels = _channels_last(floats)
    if channels is None:
        raise ImageError(f"{name} is an array of {x.dtype} {list(x.shape)}; {WANTED}")
    if not np.isfinite(channels).all():
        raise ImageError(f"{name} has values that are not finite; {WANTED}")
    low, high = channels.min(), channels.max()
    if low < LOW or high > HIGH:
        remedy = "(x + 1) / 2" if high <= HIGH else "x / 255"
        raise ImageError(f"{name} has values from {low:g} to {high:g}; {WANTED}, perhaps {remedy}")
    return np.clip(channels, 0, 1)


def bytes8(x: np.ndarray) -> np.ndarray:
    """x [h, w, 3] as uint8, clipped to [0, 1] and rounded."""
    return np.rint(np.clip(x, 0, 1) * 255).astype(np.uint8)


def _floats(x: np.ndarray, name: str) -> np.ndarray:
    """float32; uint8 and uint16 divided by what white is in them."""
    if x.dtype in (np.uint8, np.uint16):
        return x.astype(np.float32) / np.iinfo(x.dtype).max
    if x.dtype == bool or np.issubdtype(x.dtype, np.integer) or not np.can_cast(x.dtype, np.float32, "same_kind"):
        raise ImageError(f"{name} is an array of {x.dtype} {list(x.shape)}; {WANTED}, or uint8 up to 255")
    return x.astype(np.float32)


def _channels_last(x: np.ndarray) -> np.ndarray | None:
    """[h, w, 1, 3 or 4] from any of the layouts above; None for others."""
    if x.ndim == 4 and len(x) == 1:
        x = x[0]
    if x.ndim == 2:
        x = x[..., None]
    if x.ndim != 3 or x.size == 0:
        return None
    if x.shape[2] not in (1, 3, 4) and x.shape[0] in (1, 3):
        x = np.moveaxis(x, 0, -1)
    return x if x.shape[2] in (1, 3, 4) else None
