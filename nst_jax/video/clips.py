"""Clips: frames one at a time, from folders, animations, video files, arrays, and drawn ones."""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageSequence

from ..errors import ImageError
from ..files import sha256, sha256_of_array
from ..images.picture import Picture, as_picture, laid_on
from ..images.pillow import from_pillow
from ..images.reading import FORMATS, MAX_PIXELS, check_file, load_image
from .containers import READABLE, facts, read_frames
from .synthetic import CLIPS, SyntheticClip, synthetic_clip

ClipLike = str | Path | SyntheticClip | np.ndarray | Sequence[Picture]
ANIMATED = (".gif", ".webp", ".png", ".apng")
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp", ".ppm")
RATE = 12.0  # frames a second, where nothing says it


@dataclass(frozen=True)
class Clip:
    """A clip: its frames can be read one at a time, from the first, as often as wanted.

    Attributes:
        frames: () → frames [h, w, 3] in [0, 1], all of one shape.
        count: how many; None if only reading them shows that.
        rate: frames a second.
        described: path or name, and hash, for manifests.
        sound: the file whose sound belongs to it; None for silence.
        drawn: the clip whose flow is known, if the package draws it.
    """

    frames: Callable[[], Iterator[Picture]] = field(repr=False)
    count: int | None
    rate: float
    described: dict[str, Any]
    sound: Path | None = None
    drawn: SyntheticClip | None = None

    def part(self, first: int | None, last: int | None) -> "Clip":
        """Frames `first` to `last`, counted from 0, without the last one, as Python slices; without sound.

        Raises:
            ImageError: if none is left.
        """
        begin, end = first or 0, last
        if begin < 0 or (end is not None and end <= begin) or (self.count is not None and begin >= self.count):
            many = "" if self.count is None else f" of {self.count}"
            asked = f"{begin}:{'' if last is None else last}"
            raise ImageError(f"frames {asked}{many}: there are none; count from 0, and end behind the first")
        if begin == 0 and (end is None or end == self.count):
            return self
        found = None if self.count is None else min(self.count, self.count if end is None else end) - begin
        read = self.frames
        part = {**self.described, "frames": [begin, end]}
        return Clip(lambda: islice(read(), begin, end), found, self.rate, part)


def open_clip(given: ClipLike, rate: float | None = None) -> Clip:
    """A clip from what stands for one.

    Args:
        given: a folder of numbered frames; a GIF, WebP or APNG; a video file (with the extra `video`); the name of a
            drawn clip (pan, zoom, ball, still); or pictures, [n, h, w, 3] in [0, 1] or a list of them.
        rate: frames a second; None for what the file says, or 12.

    Returns:
        The clip; frames are read when asked for.

    Raises:
        ImageError: if it is not a clip.
        NSTError: if the extra `video` is needed.
    """
    if rate is not None and not 0 < rate <= 1000:
        raise ImageError(f"rate {rate}: give frames a second, above 0")
    if isinstance(given, str) and given in CLIPS and not Path(given).exists():
        given = synthetic_clip(given)
    if isinstance(given, SyntheticClip):
        how = {"drawn": given.name, "count": given.count, "shape": list(given.shape), "noise": given.noise}
        frames = given.frame
        return Clip(lambda: map(frames, range(given.count)), given.count, rate or RATE, how, drawn=given)
    if not isinstance(given, str | Path):
        return _of_pictures(given, rate or RATE)
    path = Path(given).expanduser()
    if path.is_dir():
        return _of_folder(path, rate or RATE)
    check_file(path)
    described = {"path": str(path.resolve()), "sha256": sha256(path)}
    if path.suffix.lower() in ANIMATED:
        count, own = _animation(path)
        return Clip(lambda: _checked(_read_animation(path), path), count, rate or own, described)
    if path.suffix.lower() in READABLE:
        found = facts(path)
        sound = path if found.sound and rate in (None, found.rate) else None
        return Clip(lambda: _checked(read_frames(path), path), found.count, rate or found.rate, described, sound)
    wanted = ", ".join((*ANIMATED, *READABLE))
    raise ImageError(f"{path}: its ending names no format of clips; give a folder of frames, or one of {wanted}")


def numbered(folder: Path) -> list[Path]:
    """The pictures of a folder in the order of the numbers in their names, frame_9 before frame_10."""
    found = [path for path in folder.iterdir() if path.suffix.lower() in PICTURES and not path.name.startswith(".")]
    return sorted(found, key=lambda path: [int(part) if part.isdigit() else part for part in _parts(path.name)])


def _parts(name: str) -> list[str]:
    return re.split(r"([0-9]+)", name)


def _of_folder(folder: Path, rate: float) -> Clip:
    paths = numbered(folder)
    if not paths:
        raise ImageError(f"{folder}: holds no frames; give a folder of numbered pictures, {', '.join(PICTURES)}")
    digest = hashlib.sha256("".join(sha256(path) for path in paths).encode()).hexdigest()
    described = {"path": str(folder.resolve()), "sha256": digest, "count": len(paths)}
    return Clip(lambda: _checked(map(load_image, paths), folder), len(paths), rate, described)


def _of_pictures(given: Any, rate: float) -> Clip:
    pictures = [as_picture(x, f"frame {t + 1}") for t, x in enumerate(given)]
    if not pictures:
        raise ImageError("there is no frame; give one or more pictures [h, w, 3]")
    digest = hashlib.sha256("".join(map(sha256_of_array, pictures)).encode()).hexdigest()
    described = {"array": "clip", "sha256": digest, "count": len(pictures)}
    return Clip(lambda: _checked(iter(pictures), "the clip"), len(pictures), rate, described)


def _animation(path: Path) -> tuple[int, float]:
    """How many frames an animation has, and how many a second."""
    seconds = [image.info.get("duration", 0) / 1000 for image in _images(path)]
    return len(seconds), len(seconds) / sum(seconds) if sum(seconds) > 0 else RATE


def _read_animation(path: Path) -> Iterator[Picture]:
    return (laid_on(*from_pillow(image.copy())) for image in _images(path))


def _images(path: Path) -> Iterator[Image.Image]:
    """The frames of an animation, each read from its file when it is asked for."""
    try:
        with Image.open(path, formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ImageError(f"{path}: is larger than {MAX_PIXELS // 10**6} megapixels; make it smaller first")
            for frame in ImageSequence.Iterator(image):
                frame.load()  # which also reads how long it is shown
                yield frame
    except (ImageError, MemoryError):
        raise
    except Exception as error:  # Pillow's decoders raise whatever damage leads them to
        raise ImageError(
            f"{path}: cannot be read as an animation ({error}); check the file, or copy it again"
        ) from None


def _checked(frames: Iterator[Picture], source: Path | str) -> Iterator[Picture]:
    """The frames, as long as they are of one shape."""
    first = None
    for t, x in enumerate(frames):
        first = x.shape if first is None else first
        if x.shape != first:
            size, wanted = f"{x.shape[1]} × {x.shape[0]}", f"{first[1]} × {first[0]}"
            raise ImageError(f"{source}: frame {t + 1} is {size} pixels, the first is {wanted}; give frames alike")
        yield x
