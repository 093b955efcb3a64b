"""Pictures: files ↔ float32 arrays [h, w, 3], RGB in [0, 1], gamma-encoded sRGB, which is what the networks saw."""

import io
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps

from .errors import ImageError
from .files import atomic_write

MAX_PIXELS = 150_000_000  # below the 179 million at which Pillow refuses by itself


def load_image(path, size: int | None = None, background: tuple[int, int, int] = (255, 255, 255)) -> np.ndarray:
    """Read a picture as a person sees it: float32 [h, w, 3] in [0, 1].

    Turned by its EXIF orientation, converted from its colour profile to sRGB, transparency laid on `background`
    (RGB, 0–255), the first frame of an animation, 16-bit grey at its full depth.
    size: longest side in pixels, smaller pictures being enlarged; None: the picture's own size.
    Raises ImageError, in one line, for anything that is not a whole picture of at most 150 megapixels.
    """
    path = Path(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # ours is the limit that counts
            with Image.open(path) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise Image.DecompressionBombError
                x = _rgb(image, background)
    except FileNotFoundError:
        raise ImageError(f"{path}: no such file; check the path") from None
    except IsADirectoryError:
        raise ImageError(f"{path}: is a folder; name a picture in it") from None
    except NotADirectoryError:
        raise ImageError(f"{path}: no such file, since {path.parent} is no folder; check the path") from None
    except PermissionError:
        raise ImageError(f"{path}: may not be read; check its permissions") from None
    except Image.UnidentifiedImageError:
        raise ImageError(
            f"{path}: is not a picture that can be read; use a JPEG, PNG, WebP, TIFF or GIF file"
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
        raise ImageError(f"{path}: the file is damaged or cut short ({error}); take it anew from its source") from None
    return x if size is None else resize(x, fit(x.shape[:2], size))


def save_image(path, x: np.ndarray) -> None:
    """Write x [h, w, 3] in [0, 1] as 8-bit sRGB, rounded; the format follows the name's ending. Atomic.

    Raises ImageError for an ending that names no format, or for an array that is not a finite picture.
    """
    x = as_picture(x, "the picture to save")
    format = check_format(path)
    image = Image.fromarray(np.rint(x * 255).astype(np.uint8))
    options = {"JPEG": {"quality": 95, "subsampling": 0}, "WEBP": {"quality": 95}}.get(format, {})
    encoded = io.BytesIO()
    try:
        image.save(encoded, format, icc_profile=_undated(_srgb().tobytes()), **options)
    except (OSError, ValueError) as error:
        raise ImageError(f"{path}: cannot be written as {format} ({error}); use .png") from None
    with atomic_write(path) as file:
        file.write(encoded.getbuffer())


def check_format(path) -> str:
    """The format that the name's ending stands for; raises ImageError where it is none to write pictures in."""
    formats = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP", ".tif": "TIFF", ".tiff": "TIFF"}
    format = formats.get(Path(path).suffix.lower())
    if format is None:
        raise ImageError(f"{path}: its ending names no format to write; use {', '.join(formats)}")
    return format


def resize(x: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """x [h, w, 3] at (height, width) = `shape`, by Lanczos, clipped to [0, 1]; x itself where it has that shape."""
    if x.shape[:2] == tuple(shape):
        return x
    planes = [Image.fromarray(plane).resize(shape[::-1], Image.Resampling.LANCZOS) for plane in np.moveaxis(x, -1, 0)]
    return np.clip(np.stack(planes, axis=-1), 0, 1)


def fit(shape: tuple[int, int], size: int) -> tuple[int, int]:
    """(height, width) of the same proportions whose longest side is `size`."""
    if size < 1:
        raise ImageError(f"size {size}: a picture's longest side is 1 pixel or more")
    h, w = shape
    return max(1, round(h * size / max(h, w))), max(1, round(w * size / max(h, w)))


def as_picture(x, name: str) -> np.ndarray:
    """`x` as a picture, clipped to [0, 1]; raises ImageError, with the `name` of the argument, if it is none.

    A little outside, as sharpening leaves it, is clipped; values that must mean another range are refused.
    """
    x = np.asarray(x)
    if x.ndim != 3 or x.shape[2] != 3 or x.size == 0 or not np.issubdtype(x.dtype, np.floating):
        raise ImageError(f"{name} is an array of {x.dtype} {list(x.shape)}; give floats [h, w, 3] in [0, 1]")
    if not np.isfinite(x).all():
        raise ImageError(f"{name} has values that are not finite; give floats [h, w, 3] in [0, 1]")
    if x.max() > 2 or x.min() < -1:
        raise ImageError(f"{name} has values from {x.min():g} to {x.max():g}; give floats [h, w, 3] in [0, 1]")
    return np.clip(x, 0, 1).astype(np.float32)


def _rgb(image: Image.Image, background) -> np.ndarray:
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
    x = np.asarray(_srgb_from(image, profile), np.float32) / 255
    if alpha is not None:
        x = alpha * x + (1 - alpha) * (np.asarray(background, np.float32) / 255)
    return x


def _deep_grey(image):
    """16-bit and float grey, which Pillow's own conversion to RGB would clip at 255."""
    grey = np.asarray(image).astype(np.float32)
    grey = grey / 65535 if image.mode.startswith("I") else grey
    if not np.isfinite(grey).all():
        raise ValueError("it has values that are not numbers")
    return np.repeat(np.clip(grey, 0, 1)[..., None], 3, axis=-1)


def _srgb_from(image, profile):
    if image.mode in ("P", "1"):
        image = image.convert("RGB")
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(image, source, _srgb(), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            pass  # a damaged or unsuitable profile: show the colours without it, as browsers do
    return image.convert("RGB")


def _undated(profile: bytes) -> bytes:
    """The profile without its date of creation, so that one picture is always one file, byte for byte."""
    return profile[:24] + bytes(12) + profile[36:]


def _srgb():
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
