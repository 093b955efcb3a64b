"""What a picture is: float32 [h, w, 3], RGB in [0, 1], gamma-encoded sRGB, which is what the networks saw."""

from typing import Any

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike
from PIL import Image

from ..errors import ImageError
from .pillow import from_pillow

Picture = Float[np.ndarray, "h w 3"]
Opacity = Float[np.ndarray, "h w 1"]

WANTED = "give floats [h, w, 3] in [0, 1]"
LOW, HIGH = -0.5, 2.0  # how far sharpening and optimisers may overshoot; a range of [-1, 1] or 0–255 goes further


def as_picture(x: Any, name: str) -> Picture:
    """Anything that is plainly a picture, in one form, clipped to [0, 1].

    Args:
        x: floats in [0, 1], uint8 or uint16, of NumPy, JAX or PyTorch; [h, w, 3], [3, h, w], grey [h, w] or [h, w, 1],
            transparent [h, w, 4], which is laid on white, or a batch of one; or a picture of Pillow's.
        name: of the argument, for the message.

    Returns:
        float32 [h, w, 3] in [0, 1].

    Raises:
        ImageError: if it is not a picture, or its values suggest another range.
    """
    return laid_on(*as_layers(x, name))


def as_layers(x: Any, name: str) -> tuple[Picture, Opacity | None]:
    """Anything that is plainly a picture, as its colours and its opacity.

    Args:
        x: as in `as_picture`.
        name: of the argument, for the message.

    Returns:
        float32 [h, w, 3] and [h, w, 1] in [0, 1]; None in place of the latter if the picture is not transparent.

    Raises:
        ImageError: as in `as_picture`.
    """
    if isinstance(x, Image.Image):
        return from_pillow(x)
    try:
        x = np.asarray(x)
    except (TypeError, ValueError, RuntimeError) as error:  # such as a tensor on a GPU, or with a gradient
        fault = str(error).splitlines()[0]
        raise ImageError(f"{name} cannot be read as an array ({fault}); {WANTED}") from None
    floats = _floats(x, name)
    channels = _channels_last(floats)
    if channels is None:
        raise ImageError(f"{name} is an array of {x.dtype} {list(x.shape)}; {WANTED}")
    if not np.isfinite(channels).all():
        raise ImageError(f"{name} has values that are not finite; {WANTED}")
    low, high = channels.min(), channels.max()
    if low < LOW or high > HIGH:
        remedy = "(x + 1) / 2" if high <= HIGH else "x / 255"
        raise ImageError(f"{name} has values from {low:g} to {high:g}; {WANTED}, perhaps {remedy}")
    channels = np.clip(channels, 0, 1)
    alpha = channels[..., 3:] if channels.shape[2] == 4 else None
    return np.ascontiguousarray(np.broadcast_to(channels[..., :3], (*channels.shape[:2], 3))), alpha


def laid_on(x: Picture, alpha: Opacity | None, background: ArrayLike = 1.0) -> Picture:
    """A picture laid on a background.

    Args:
        x: [h, w, 3].
        alpha: [h, w, 1]; None for an opaque picture.
        background: a colour, [3], or a picture, in [0, 1]; white unless given.

    Returns:
        [h, w, 3].
    """
    return x if alpha is None else alpha * x + (1 - alpha) * np.asarray(background, np.float32)


def opaque(x: Picture, alpha: Opacity | None) -> Picture:
    """A transparent picture on the mean of its visible colours, so that nothing foreign shows through.

    Args:
        x: [h, w, 3].
        alpha: [h, w, 1]; None for an opaque picture.

    Returns:
        [h, w, 3].

    Raises:
        ImageError: if no part of it is visible.
    """
    if alpha is None:
        return x
    if not alpha.any():
        raise ImageError("a picture is transparent everywhere; give one that can be seen")
    return laid_on(x, alpha, np.average(x, axis=(0, 1), weights=alpha[..., 0]))


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
