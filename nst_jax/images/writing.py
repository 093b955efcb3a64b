"""Pictures to files: 8-bit sRGB."""

import io
from pathlib import Path

import numpy as np
from jaxtyping import Float
from PIL import Image

from ..errors import ImageError
from ..files import atomic_write
from .colour import srgb_profile, undated
from .picture import Opacity, Picture, as_picture, bytes8, laid_on


def save_image(path: str | Path, x: Picture | Float[np.ndarray, "h w"], alpha: Opacity | None = None) -> None:
    """Write a picture as 8-bit sRGB, atomically.

    Args:
        path: its ending chooses the format: .png, .jpg, .webp or .tif.
        x: [h, w, 3], or grey [h, w], in [0, 1]; values are rounded.
        alpha: [h, w, 1] in [0, 1], its opacity; in a JPEG file, which has none, it is laid on white.

    Raises:
        ImageError: for an ending of no known format, or an array that is not a picture.
        NSTError: if the folder cannot be written.

    Example:
        >>> import numpy as np, nst_jax as nst
        >>> nst.save_image("grey.png", np.full((4, 6, 3), 0.5))
        >>> nst.load_image("grey.png").shape
        (4, 6, 3)
    """
    x = as_picture(x, "the picture to save")
    format = check_format(path)
    channels = x if alpha is None else laid_on(x, alpha) if format == "JPEG" else np.concatenate([x, alpha], axis=-1)
    image = Image.fromarray(bytes8(channels))
    options = {"JPEG": {"quality": 95, "subsampling": 0}, "WEBP": {"quality": 95}}.get(format, {})
    encoded = io.BytesIO()
    try:
        image.save(encoded, format, icc_profile=undated(srgb_profile().tobytes()), **options)
    except (OSError, ValueError) as error:
        raise ImageError(f"{path}: cannot be written as {format} ({error}); use .png") from None
    with atomic_write(path) as file:
        file.write(encoded.getbuffer())


def check_format(path: str | Path) -> str:
    """The format that a file's ending stands for.

    Raises:
        ImageError: for an ending of no known format.
    """
    formats = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP", ".tif": "TIFF", ".tiff": "TIFF"}
    format = formats.get(Path(path).suffix.lower())
    if format is None:
        raise ImageError(f"{path}: its ending names no format to write; use {', '.join(formats)}")
    return format
