"""Pictures from files."""

import stat
import warnings
from pathlib import Path
from typing import IO

import numpy as np
from jaxtyping import Float
from PIL import Image

from ..errors import ImageError
from .known import find
from .picture import Picture
from .pillow import channels_from_pillow, laid_on
from .resizing import fit, resize

MAX_PIXELS = 150_000_000  # below the 179 million at which Pillow refuses by itself
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
    """
    x = laid_on(load_channels(path), background)
    return x if size is None else resize(x, fit(x.shape[:2], size))


def load_channels(path: str | Path | IO[bytes]) -> Float[np.ndarray, "h w C"]:
    """Read a picture with its transparency; otherwise as `load_image` does.

    Args:
        path: as for `load_image`.

    Returns:
        float32 [h, w, 3] in [0, 1], or [h, w, 4] with alpha if it may be transparent.

    Raises:
        ImageError: as for `load_image`.
        DownloadError: if a known picture cannot be downloaded.
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
                if image.width * image.height > MAX_PIXELS:
                    raise Image.DecompressionBombError
                return channels_from_pillow(image)
    except PermissionError:
        raise ImageError(f"{path}: may not be read; check its permissions") from None
    except Image.UnidentifiedImageError:
        raise ImageError(f"{path}: is not a picture of a known raster format; {_remedy(path)}") from None
    except Image.DecompressionBombError:
        raise ImageError(f"{path}: is larger than {MAX_PIXELS // 10**6} megapixels; make it smaller first") from None
    except MemoryError:
        raise
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


def _remedy(path: object) -> str:
    """What to do with a file that Pillow does not open."""
    if str(path).lower().endswith((".heic", ".heif")):
        return "a HEIC file of a phone is exported as JPEG there, or by any viewer of pictures"
    return "use a JPEG, PNG, WebP, TIFF or GIF file"
