"""Training pictures: random crops of photographs, with colours, contrast and noise beyond what photographs have."""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ..described import counted
from ..errors import ImageError
from ..images.reading import FORMATS

LARGEST = 50 * 2**20  # bytes of a picture's file, as its archive states it
ENDINGS = (".jpg", ".jpeg", ".png", ".webp")


def read_pictures(places: Iterable[str | Path], least: int = 1) -> list[bytes]:
    """The files of all pictures in ZIP archives and folders.

    Args:
        places: archives and folders.
        least: how many pictures are needed; those held out are never trained on.

    Returns:
        The bytes of the files, in the order of their names.

    Raises:
        ImageError: if a place holds no picture, or all of them fewer than are needed.
    """
    files, places = [], list(map(Path, places))
    for place in places:
        try:
            found = _in_folder(place) if place.is_dir() else _in_archive(place)
        except FileNotFoundError:
            raise ImageError(f"{place}: no such folder or ZIP archive; check the path") from None
        except (OSError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:  # RuntimeError: it is encrypted
            raise ImageError(
                f"{place}: cannot be read as a ZIP archive or folder of pictures ({error}); download it again"
            ) from None
        if not found:
            raise ImageError(f"{place}: holds no pictures; give a folder or ZIP archive of {', '.join(ENDINGS)} files")
        files += found
    if len(files) < least:
        where = ", ".join(map(str, places))
        raise ImageError(f"{where}: {counted(len(files), 'picture')}, and {least} or more are needed; give more")
    return files


def described_pictures(files: Sequence[bytes]) -> dict[str, Any]:
    """What a training says of its pictures: how many, and the hash of all."""
    return {"number": len(files), "sha256": hashlib.sha256(b"".join(files)).hexdigest()}


def _in_folder(place: Path) -> list[bytes]:
    paths = [path for path in sorted(place.rglob("*")) if path.suffix.lower() in ENDINGS and path.is_file()]
    for path in paths:
        _check_size(path, path.stat().st_size)
    return [path.read_bytes() for path in paths]


def _in_archive(place: Path) -> list[bytes]:
    with zipfile.ZipFile(place) as archive:
        members = {name: archive.getinfo(name) for name in archive.namelist() if name.lower().endswith(ENDINGS)}
        for name, member in members.items():
            _check_size(f"{place}: {name}", member.file_size)
        return [archive.read(members[name]) for name in sorted(members)]


def _check_size(name: str | Path, size: int) -> None:
    if size > LARGEST:
        raise ImageError(f"{name}: has {size / 2**20:.0f} MiB; a training picture has at most {LARGEST / 2**20:.0f}")


def crop(file: bytes, size: int, rng: np.random.Generator) -> np.ndarray:
    """A random square of a picture, up to a third smaller or larger than `size`, scaled to it; half are mirrored.

    Args:
        file: the bytes of a picture.
        size: side of the result, in pixels.
        rng: chooses the square.

    Returns:
        float32 [size, size, 3] in [0, 1].

    Raises:
        ImageError: for a damaged file.
    """
    try:
        with Image.open(io.BytesIO(file), formats=FORMATS) as image:
            side = min(size * rng.uniform(2 / 3, 4 / 3), *image.size)
            left, top = (rng.uniform(0, length - side) for length in image.size)
            box = (left, top, left + side, top + side)
            square = image.convert("RGB").resize((size, size), Image.Resampling.BICUBIC, box)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ImageError(f"a training picture is damaged ({error}); download the archive again") from None
    x = np.asarray(square, np.float32) / 255
    return x[:, ::-1] if rng.random() < 0.5 else x


def vary(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A picture with other colours and contrast, and in half of all cases with noise.

    A picture between photo and painting, or one started from noise, has colours and noise that no photograph has. A
    network that never saw them may respond in any way, and the optimiser finds out where it does.

    Args:
        x: [h, w, 3] in [0, 1].
        rng: chooses the changes.

    Returns:
        [h, w, 3], clipped to [0, 1].
    """
    if rng.random() < 0.15:
        x = x[..., rng.permutation(3)]
    grey = x.mean(axis=-1, keepdims=True)
    x = grey + rng.uniform(0.3, 1.9) * (x - grey)  # saturation
    gain = rng.uniform(0.5, 1.5) * rng.uniform(0.75, 1.25, 3)
    x = 0.5 + gain * (x - 0.5) + rng.normal(0, 0.1) + rng.normal(0, 0.06, 3)
    if rng.random() < 0.5:
        h, w, _ = x.shape
        coarse = int(rng.integers(1, 5))  # side of a grain in pixels
        grains = rng.normal(size=(-(-h // coarse), -(-w // coarse), 3)).repeat(coarse, 0).repeat(coarse, 1)[:h, :w]
        if rng.random() < 0.3:
            grains = grains.mean(axis=-1, keepdims=True) * np.sqrt(3)  # grey
        x = x + np.exp(rng.uniform(np.log(0.01), np.log(0.4))) * grains
    return np.clip(x, 0, 1).astype(np.float32)
