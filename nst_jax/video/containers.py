"""Clips in video files, by PyAV: frames one at a time, in and out, and sound that is copied as it is."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import ImageError, NSTError
from ..files import atomic_write
from ..images.picture import Picture, bytes8

# Ending → FFmpeg's name of the format. Given by name, a playlist under another ending cannot open what it lists.
READABLE = {
    ".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska", ".webm": "webm", ".avi": "avi", ".mpg": "mpeg",
    ".mpeg": "mpeg", ".ts": "mpegts", ".ogv": "ogg",
}  # fmt: skip
WRITABLE = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska"}
ENCODERS = ("libx264", "libopenh264", "mpeg4")  # the first that the installed FFmpeg has
QUALITY = {"libx264": {"crf": "16", "preset": "medium"}}  # visually close to the frames
BIT_RATE = 0.3  # bits a pixel and frame, of the other encoders
BT709, LIMITED = 1, 1  # FFmpeg's numbers for the colours of HD video, and their range


@dataclass(frozen=True)
class Facts:
    """What a video file says of itself.

    Attributes:
        count: of its frames; None if only reading it shows that.
        rate: frames a second.
        sound: whether it has a stream of sound.
    """

    count: int | None
    rate: float
    sound: bool


def facts(path: Path) -> Facts:
    """What a video file says of itself.

    Raises:
        ImageError: if it is damaged, or holds no pictures.
        NSTError: if PyAV is not installed.
    """
    with _opened(path) as container:
        video = container.streams.video[0]
        return Facts(video.frames or None, float(video.average_rate or 25), bool(container.streams.audio))


def read_frames(path: Path) -> Iterator[Picture]:
    """The frames of a video file, turned as its player would.

    Yields:
        float32 [h, w, 3] in [0, 1].

    Raises:
        ImageError: if it is damaged, or holds no pictures.
        NSTError: if PyAV is not installed.
    """
    av = _av()
    with _opened(path) as container:
        try:
            for frame in container.decode(container.streams.video[0]):
                x = np.rot90(frame.to_ndarray(format="rgb24"), frame.rotation // 90)
                yield x.astype(np.float32) / 255
        except (av.FFmpegError, ValueError) as error:
            raise ImageError(f"{path}: is damaged or cut short ({error}); download or copy it again") from None


def write_frames(path: Path, frames: Iterable[Picture], rate: float, sound: Path | None = None) -> None:
    """Write a video file, atomically; a picture with an odd side is given one more row or column, its last one again.

    Args:
        path: .mp4, .m4v, .mov or .mkv.
        frames: [h, w, 3] in [0, 1], one or more, of one shape.
        rate: frames a second.
        sound: a video file whose first stream of sound is copied, packet by packet, as it is; None for silence.

    Raises:
        ImageError: if there is no frame, or `sound` cannot be read.
        NSTError: if PyAV is not installed, or the file cannot be written.
    """
    av = _av()
    frames = iter(frames)
    first = next(frames, None)
    if first is None:
        raise ImageError(f"{path}: there is no frame to write; give one or more")
    try:
        with (
            _opened(sound) if sound is not None else nullcontext() as source,
            atomic_write(path) as file,
            av.open(file, "w", format=WRITABLE[path.suffix.lower()]) as container,
        ):
            video = _video_stream(av, container, first, rate)
            audio = source.streams.audio[0] if source and source.streams.audio else None
            copied = container.add_stream_from_template(audio) if audio else None
            for x in chain([first], frames):
                container.mux(video.encode(_frame(av, x)))
            container.mux(video.encode(None))
            for packet in source.demux(audio) if source and audio else ():
                if packet.dts is not None:  # the last one is empty: it says that there are no more
                    packet.stream = copied
                    container.mux(packet)
    except (av.FFmpegError, ValueError) as error:
        raise NSTError(f"{path}: cannot be written ({error}); try .mkv, or a folder of frames") from None


def _video_stream(av: Any, container: Any, x: Picture, rate: float) -> Any:
    encoder = next((name for name in ENCODERS if name in av.codecs_available), "mpeg4")
    h, w = (n + n % 2 for n in x.shape[:2])
    stream = container.add_stream(encoder, Fraction(rate).limit_denominator(1001), options=QUALITY.get(encoder, {}))
    stream.width, stream.height, stream.pix_fmt = w, h, "yuv420p"
    if encoder not in QUALITY:
        stream.bit_rate = round(BIT_RATE * h * w * rate)
    context = stream.codec_context
    context.colorspace = context.color_primaries = context.color_trc = BT709
    context.color_range = LIMITED
    return stream


def _frame(av: Any, x: Picture) -> Any:
    h, w, _ = x.shape
    padded = np.pad(bytes8(x), ((0, h % 2), (0, w % 2), (0, 0)), mode="edge")  # colours are stored at half size
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(padded), format="rgb24")
    return frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")


def _av() -> Any:
    try:
        import av  # pyright: ignore[reportMissingImports] - an extra
    except ImportError:
        raise NSTError(
            'video files need PyAV; run pip install "nst_jax[video]", or give a folder of frames, a GIF or a WebP'
        ) from None
    av.logging.set_level(av.logging.PANIC)  # what it finds is raised
    return av


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    av = _av()
    wrong = f"{path}: cannot be read as a video"
    with ExitStack() as stack:
        try:
            # Through a file object, a container cannot make FFmpeg open other files or addresses.
            file = stack.enter_context(open(path, "rb"))
            container = stack.enter_context(av.open(file, format=READABLE[path.suffix.lower()]))
        except (OSError, ValueError, av.FFmpegError) as error:
            raise ImageError(f"{wrong} ({error}); check the file, or copy it again") from None
        if not container.streams.video:
            raise ImageError(f"{path}: holds no pictures; give a file with a video stream")
        yield container
