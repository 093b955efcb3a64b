"""Pictures from files."""

import io
import stat
import warnings
from pathlib import Path
from typing import IO, Any

import numpy as np
from PIL import Image

from ..errors import ImageError
from .known import find
from .picture import Opacity, Picture, laid_on
from .pillow import from_pillow
from .resizing import fit, resize

MAX_PIXELS = 150_000_000  # below the 179 million at which Pillow refuses by itself
# Pixels that a byte of a file can hold: JPEG takes one bit at least for a block of 64; deflate, the best of the others
# for a picture that is not blank, makes 1032 bytes of one, each of 8 pixels in black and white.
PIXELS_A_BYTE, JPEG_PIXELS_A_BYTE = 8 * 1032, 8 * 64
# Raster formats that Pillow decodes itself; an EPS file, for one, would start another program.
FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "GIF", "BMP", "PPM", "JPEG2000", "TGA", "ICO", "AVIF")


def load_image(
    path: str | Path | IO[bytes], size: int | None = None, background: tuple[int, int, int] = (255, 255, 255)
) -> Picture:
    """Read a picture as a person sees it.

    It is turned by its EXIF orientation, converted from its colour profile to sRGB, laid on `background` if it is
    transparent; of an animation the first frame is read, 16-bit grey at its full depth.

    Args:
        path: a file, the name of a known picture ("coffee", "vortex", …; a file of that name comes first), or an open
            file.
        size: longest side in pixels, smaller pictures being enlarged; None for the picture's own size.
        background: RGB, 0–255, behind transparent pixels.

    Returns:
        float32 [h, w, 3] in [0, 1].

    Raises:
        ImageError: for anything that is not a complete picture of at most 150 megapixels.
        DownloadError: if a known picture cannot be downloaded.

    Example:
        >>> import nst_jax as nst
        >>> p = nst.load_image("chelsea", size=64)
        >>> p.shape, p.dtype.name, float(p.min()) >= 0, float(p.max()) <= 1
        ((43, 64, 3), 'float32', True, True)
    """
    x, alpha = load_layers(path)
    x = laid_on(x, alpha, np.asarray(background) / 255)
    return x if size is None else resize(x, fit(x.shape[:2], size))


def load_layers(path: str | Path | IO[bytes], most: int = MAX_PIXELS) -> tuple[Picture, Opacity | None]:
    """Read a picture as `load_image` does, its colours and its opacity apart.

    Args:
        path: as in `load_image`.
        most: pixels that it may have.

    Returns:
        float32 [h, w, 3] and [h, w, 1] in [0, 1]; None in place of the latter if the picture is not transparent.

    Raises:
        ImageError: as in `load_image`.
        DownloadError: as in `load_image`.
    """
    if isinstance(path, str | Path):
        path = find(path)
        check_file(path)
    elif not hasattr(path, "read"):
        raise ImageError(f"{path!r:.60} is not a picture's file; give its path, a known name, or an open file")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of broken metadata; and of size, where ours is the limit that counts
            with Image.open(path, formats=FORMATS) as image:
                if image.width * image.height > most:
                    raise Image.DecompressionBombError
                _check_size(image)
                return from_pillow(image)
    except PermissionError:
        raise ImageError(f"{path}: may not be read; check its permissions") from None
    except Image.UnidentifiedImageError:
        raise ImageError(f"{path}: is not a picture of a known raster format; {_remedy(path)}") from None
    except Image.DecompressionBombError:
        raise ImageError(f"{path}: is larger than {most // 10**6} megapixels; make it smaller first") from None
    except MemoryError:
        raise ImageError(f"{path}: claims more than there is memory for; make it smaller, or copy it again") from None
    except Exception as error:  # Pillow's decoders raise whatever damage leads them to
        raise ImageError(f"{path}: the file is damaged or cut short ({error}); download or copy it again") from None


def check_file(path: Path) -> None:
    """Refuse what cannot be read as a file.

    Args:
        path: of a picture.

    Raises:
        ImageError: if there is no such file, or it is a folder, a device or a pipe.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise ImageError(f"{path}: no such file; check the path") from None
    except NotADirectoryError:
        raise ImageError(f"{path}: no such file; {path.parent} is not a folder; check the path") from None
    except (OSError, ValueError) as error:  # no permission for a folder on the way, a name too long, a zero byte
        raise ImageError(f"{path}: cannot be read ({error}); check the path and its permissions") from None
    if stat.S_ISDIR(mode):
        raise ImageError(f"{path}: is a folder; name a picture in it")
    if not stat.S_ISREG(mode):
        raise ImageError(f"{path}: is a pipe or a device; copy the picture into a file")


def _check_size(image: Image.Image) -> None:
    """Refuse a file that claims more pixels than it can hold: its decoder would make them up, in gigabytes.

    Raises:
        ValueError: if so.
    """
    opened: Any = image  # from a file
    file = opened.fp
    if file is None:  # it was read at once
        return
    place = file.tell()
    held = file.seek(0, io.SEEK_END)
    file.seek(place)
    if image.width * image.height > held * (JPEG_PIXELS_A_BYTE if image.format == "JPEG" else PIXELS_A_BYTE):
        raise ValueError(f"it claims {image.width} × {image.height} pixels, and has {held} bytes")


def _remedy(path: object) -> str:
    """What to do with a file that Pillow does not open."""
    if str(path).lower().endswith((".heic", ".heif")):
        return "a HEIC file of a phone is exported as JPEG there, or by any viewer of pictures"
    return "use a JPEG, PNG, WebP, TIFF or GIF file"
