"""Pictures of Pillow's as arrays, as a person sees them."""

import numpy as np
from jaxtyping import Float
from PIL import Image, ImageOps

from .colour import srgb_from


def from_pillow(image: Image.Image, background: tuple[int, int, int] = (255, 255, 255)) -> Float[np.ndarray, "h w 3"]:
    """A picture of Pillow's: turned by its orientation, in sRGB, laid on `background` if it is transparent.

    Args:
        image: of any mode; 16-bit grey keeps its full depth.
        background: RGB, 0–255, behind transparent pixels.

    Returns:
        float32 [h, w, 3] in [0, 1].

    Raises:
        ValueError: if it has values that are not numbers.
        OSError: if its file is damaged.
    """
    return laid_on(channels_from_pillow(image), background)


def channels_from_pillow(image: Image.Image) -> Float[np.ndarray, "h w C"]:
    """A picture of Pillow's with its transparency: turned by its orientation, in sRGB.

    Args:
        image: of any mode; 16-bit grey keeps its full depth.

    Returns:
        float32 [h, w, 3] in [0, 1], or [h, w, 4] with alpha if it may be transparent.

    Raises:
        ValueError: if it has values that are not numbers.
        OSError: if its file is damaged.
    """
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I") or image.mode == "F":
        return _deep_grey(image)
    if not image.has_transparency_data:
        return np.asarray(srgb_from(image, profile), np.float32) / 255
    if image.mode not in ("RGBA", "LA"):
        image = image.convert("LA" if image.mode == "L" else "RGBA")
    opaque = srgb_from(image.convert("L" if image.mode == "LA" else "RGB"), profile)
    return np.dstack([np.asarray(opaque), np.asarray(image.getchannel("A"))]).astype(np.float32) / 255


def laid_on(channels: Float[np.ndarray, "h w C"], background: tuple[int, int, int] = (255, 255, 255)) -> np.ndarray:
    """A picture without transparency.

    Args:
        channels: [h, w, C] in [0, 1]; with 4 channels the last is alpha.
        background: RGB, 0–255, behind transparent pixels.

    Returns:
        [h, w, 3] in [0, 1]; what has fewer than 4 channels, as it is.
    """
    if channels.shape[2] != 4:
        return channels
    alpha = channels[..., 3:]
    return alpha * channels[..., :3] + (1 - alpha) * (np.asarray(background, np.float32) / 255)


def _deep_grey(image: Image.Image) -> Float[np.ndarray, "h w 3"]:
    """16-bit and float grey, which Pillow's own conversion to RGB would clip at 255."""
    grey = np.asarray(image).astype(np.float32)
    grey = grey / 65535 if image.mode.startswith("I") else grey
    if not np.isfinite(grey).all():
        raise ValueError("it has values that are not numbers")
    return np.repeat(np.clip(grey, 0, 1)[..., None], 3, axis=-1)
