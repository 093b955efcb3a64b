"""Colour profiles: what a picture's file says about its colours, to and from sRGB."""

import io

from PIL import Image, ImageCms


def srgb_from(image: Image.Image, profile: bytes | None) -> Image.Image:
    """A picture in sRGB.

    Args:
        image: of any mode.
        profile: its ICC profile; None for sRGB.

    Returns:
        The picture, of mode RGB; a damaged or unsuitable profile is left out, as browsers do.
    """
    if image.mode in ("P", "1"):
        image = image.convert("RGB")
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, srgb_profile(), outputMode="RGB")
            return image if converted is None else converted
        except (ImageCms.PyCMSError, OSError):
            pass
    return image.convert("RGB")


def undated(profile: bytes) -> bytes:
    """A profile without its date of creation, so that the same picture gives the same file, byte for byte."""
    return profile[:24] + bytes(12) + profile[36:]


def srgb_profile() -> ImageCms.ImageCmsProfile:
    """The profile of sRGB."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
