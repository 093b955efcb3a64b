"""Clips to files: folders of frames, animations by Pillow, video files."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ..errors import ImageError, NSTError
from ..files import atomic_write
from ..images.picture import Picture, bytes8
from ..images.writing import save_image
from .containers import WRITABLE, write_frames

ANIMATIONS = {".gif": "GIF", ".webp": "WEBP", ".apng": "PNG"}
SAMPLED = 8  # frames from which the palette of a GIF is taken
GRID = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) / 16 - 15 / 32  # Bayer's, 4 × 4


def check_clip_format(out: str | Path) -> str:
    """What will be written under a name: "folder" (no ending), "animation" or "video".

    Raises:
        ImageError: for another ending.
    """
    ending = Path(out).suffix.lower()
    if not ending:
        return "folder"
    if ending in ANIMATIONS:
        return "animation"
    if ending in WRITABLE:
        return "video"
    wanted = ", ".join((*WRITABLE, *ANIMATIONS))
    raise ImageError(f"{out}: its ending names no format to write clips in; use {wanted}, or none for a folder")


def write_clip(out: str | Path, frames: Sequence[Picture], rate: float, sound: Path | None = None) -> None:
    """Write a clip; files are complete or absent.

    A folder and a video file are written frame by frame; Pillow holds an animation, as bytes, until it ends. A GIF has
    one palette for all frames and a dither that stays where it is, since both would flicker otherwise.

    Args:
        out: a new folder, if it has no ending; .gif, .webp, .apng; or .mp4, .m4v, .mov, .mkv (with the extra `video`).
        frames: [h, w, 3] in [0, 1], one or more, of one shape.
        rate: frames a second.
        sound: a video file whose sound is copied into a video file.

    Raises:
        ImageError: for another ending, or no frame.
        NSTError: if it cannot be written, or the extra `video` is needed.
    """
    kind, out = check_clip_format(out), Path(out)
    if not len(frames):
        raise ImageError(f"{out}: there is no frame to write; give one or more")
    if kind == "video":
        write_frames(out, iter(frames), rate, sound)
    elif kind == "folder":
        _write_folder(out, frames)
    else:
        _write_animation(out, frames, rate)


def frame_path(folder: Path, t: int) -> Path:
    """The file of frame t, counted from 0, in a folder of frames: 00001.png is the first."""
    return folder / f"{t + 1:05d}.png"


def _write_folder(out: Path, frames: Sequence[Picture]) -> None:
    """Write a folder beside its place, and move it there when it is complete."""
    beside = out.with_name(f".{out.name[:40]}.part")
    shutil.rmtree(beside, ignore_errors=True)
    for t, x in enumerate(frames):
        save_image(frame_path(beside, t), x)
    try:
        beside.rename(out)  # onto nothing, or an empty folder
    except OSError as error:
        shutil.rmtree(beside, ignore_errors=True)
        raise NSTError(
            f"{out}: cannot be written ({error.strerror}); choose another name, or an empty folder"
        ) from None


def _write_animation(out: Path, frames: Sequence[Picture], rate: float) -> None:
    format = ANIMATIONS[out.suffix.lower()]
    to_image = _quantised(frames) if format == "GIF" else lambda x: Image.fromarray(bytes8(x))
    how: dict[str, Any] = {"GIF": {"disposal": 1}, "WEBP": {"quality": 90, "method": 4}, "PNG": {}}[format]
    images: Any = map(to_image, frames)
    try:
        with atomic_write(out) as file:
            first, rest = next(images), list(images) if format == "PNG" else images  # which Pillow walks twice
            first.save(file, format, save_all=True, append_images=rest, duration=round(1000 / rate), loop=0, **how)
    except (OSError, ValueError) as error:
        if isinstance(error, NSTError):
            raise
        raise ImageError(f"{out}: cannot be written as {format} ({error}); try a folder of frames") from None


def _quantised(frames: Sequence[Picture]) -> Callable[[Picture], Image.Image]:
    """Frame → picture in 256 colours: the same colours in every frame, and a dither that stays where it is."""
    chosen = sorted({round(t) for t in np.linspace(0, len(frames) - 1, SAMPLED)})
    sample = np.concatenate([bytes8(frames[t]) for t in chosen])
    palette = Image.fromarray(sample).quantize(256, method=Image.Quantize.MEDIANCUT)
    h, w, _ = frames[0].shape
    dither = np.tile(GRID, (h // 4 + 1, w // 4 + 1))[:h, :w, None] * (16 / 255)

    def quantised(x: Picture) -> Image.Image:
        return Image.fromarray(bytes8(x + dither)).quantize(palette=palette, dither=Image.Dither.NONE)

    return quantised
