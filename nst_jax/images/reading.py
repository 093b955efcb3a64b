"""Pictures from files."""

import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from ..errors import ImageError
from .colour import srgb_from
from .known import find
from .picture import Picture
from .resizing import fit, resize

MAX_PIXELS = 150_000_000  # below the 179 million at which Pillow refuses by itself
# Raster formats that Pillow decodes itself; an EPS file, for one, would start another program.
FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "GIF", "BMP", "PPM", "JPEG2000", "TGA", "ICO", "AVIF")


def load_image(
    path: str | Path, size: int | None = None, background: tuple[int, int, int] = (255, 255, 255)
) -> Picture:
    """Read a picture as a person sees it.

    It is turned by its EXIF orientation, converted from its colour profile to sRGB, laid on `background` if it is
    transparent; of an animation the first frame is read, 16-bit grey at its full depth.

    Args:
        path: a file, or the name of a known picture ("coffee", "vortex", …; a file of that name comes first).
        size: longest side in pixels, smaller pictures being enlarged; None for the picture's own size.
        background: RGB, 0–255, behind transparent pixels.

    Returns:
        float32 [h, w, 3] in [0, 1].

    Raises:
        ImageError: for anything that is not a complete picture of at most 150 megapixels.
        DownloadError: if a known picture cannot be downloaded.
    """
    path = find(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # ours is the limit that counts
            with Image.open(path, formats=FORMATS) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise Image.DecompressionBombError
                x = _rgb(image, background)
    except FileNotFoundError:
        raise ImageError(f"{path}: no such file; check the path") from None
    except IsADirectoryError:
        raise ImageError(f"{path}: is a folder; name a picture in it") from None
    except NotADirectoryError:
        raise ImageError(f"{path}: no such file; {path.parent} is not a folder; check the path") from None
    except PermissionError:
        raise ImageError(f"{path}: may not be read; check its permissions") from None
    except Image.UnidentifiedImageError:
        raise ImageError(
            f"{path}: is not a picture of a known raster format; use a JPEG, PNG, WebP, TIFF or GIF file"
        ) from None
    except Image.DecompressionBombError:
        raise ImageError(f"{path}: is larger than {MAX_PIXELS // 10**6} megapixels; make it smaller first") from None
    except (
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        NotImplementedError,
    ) as error:  # what Pillow's decoders raise for damaged files
        raise ImageError(f"{path}: the file is damaged or cut short ({error}); download or copy it again") from None
    return x if size is None else resize(x, fit(x.shape[:2], size))


def _rgb(image: Image.Image, background: tuple[int, int, int]) -> Picture:
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I") or image.mode == "F":
        return _deep_grey(image)
    alpha = None
    if image.has_transparency_data:
        if image.mode not in ("RGBA", "LA"):
            image = image.convert("LA" if image.mode == "L" else "RGBA")
        alpha = np.asarray(image.getchannel("A"), np.float32)[..., None] / 255
        image = image.convert("L" if image.mode == "LA" else "RGB")
    x = np.asarray(srgb_from(image, profile), np.float32) / 255
    if alpha is not None:
        x = alpha * x + (1 - alpha) * (np.asarray(background, np.float32) / 255)
    return x


def _deep_grey(image: Image.Image) -> Picture:
    """16-bit and float grey, which Pillow's own conversion to RGB would clip at 255."""
    grey = np.asarray(image).astype(np.float32)
    grey = grey / 65535 if image.mode.startswith("I") else grey
    if not np.isfinite(grey).all():
        raise ValueError("it has values that are not numbers")
    return np.repeat(np.clip(grey, 0, 1)[..., None], 3, axis=-1)
