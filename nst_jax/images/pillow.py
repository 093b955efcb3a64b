"""Pillow's pictures as arrays, as a person sees them."""

import numpy as np
from jaxtyping import Float
from PIL import Image, ImageOps

from .colour import srgb_from


def from_pillow(image: Image.Image) -> tuple[Float[np.ndarray, "h w 3"], Float[np.ndarray, "h w 1"] | None]:
    """A Pillow picture, turned by its orientation, in sRGB, and its opacity.

    Args:
        image: of any mode; 16-bit grey keeps its full depth.

    Returns:
        The colours, float32 [h, w, 3] in [0, 1], and the opacity, float32 [h, w, 1] in [0, 1]; None if it has none.

    Raises:
        ValueError: if it has values that are not numbers.
        OSError: if its file is damaged.
    """
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I") or image.mode == "F":
        return _deep_grey(image), None
    alpha = None
    if image.has_transparency_data:
        if image.mode not in ("RGBA", "LA"):
            image = image.convert("LA" if image.mode == "L" else "RGBA")
        alpha = np.asarray(image.getchannel("A"), np.float32)[..., None] / 255
        image = image.convert("L" if image.mode == "LA" else "RGB")
    return np.divide(np.asarray(srgb_from(image, profile)), 255, dtype=np.float32), alpha


def _deep_grey(image: Image.Image) -> Float[np.ndarray, "h w 3"]:
    """16-bit and float grey, which Pillow's own conversion to RGB would clip at 255."""
    grey = np.asarray(image).astype(np.float32)
    grey = grey / 65535 if image.mode.startswith("I") else grey
    if not np.isfinite(grey).all():
        raise ValueError("it has values that are not numbers")
    return np.repeat(np.clip(grey, 0, 1)[..., None], 3, axis=-1)
