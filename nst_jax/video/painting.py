"""The run over a clip: frame by frame, kept in a folder, resumed at the frame where it was stopped."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..images.resizing import resize
from ..images.writing import save_image
from ..transfer.job import Job
from .clips import Clip
from .earlier import earlier_of
from .flow import estimator_named
from .flow_files import flow_of_folder
from .folder import SECONDS, FrameFolder, VideoFolder
from .masks import Flow
from .methods import Made, Painted, painter_of
from .settings import VideoSettings
from .synthetic import SyntheticClip
from .writing import frame_path

if TYPE_CHECKING:
    from .settings import Flows

HELD = 16  # flows that are kept in memory


@dataclass(frozen=True)
class FrameDone:
    """A frame that is painted.

    Attributes:
        part: the pass, from 1.
        t: the frame, from 0.
        evaluations: spent on it; 0 if it was there already, or shows what the one before shows.
        seconds: likewise.
        found: whether it was there already.
    """

    part: int
    t: int
    evaluations: int
    seconds: float
    found: bool


def keep_photos(clip: Clip, photos: Path, shape: tuple[int, int]) -> int:
    """Write the frames of a clip at the size of the pictures to come; those that are there stay.

    Args:
        clip: to be read.
        photos: the folder.
        shape: (height, width).

    Returns:
        How many they are.

    Raises:
        ImageError: if the clip cannot be read.
    """
    count = 0
    for t, x in enumerate(clip.frames()):
        count = t + 1
        if not frame_path(photos, t).is_file():
            save_image(frame_path(photos, t), resize(x, shape))
    return count


def flows_of(given: Flows, photos: FrameFolder, drawn: SyntheticClip | None) -> Callable[[int, int], Flow]:
    """The flow from frame i to frame j: given, read, known, or computed.

    Args:
        given: the setting `flow`.
        photos: the frames.
        drawn: the clip that they are, if the package draws it.

    Returns:
        (i, j) → [h, w, 2]; the last few are kept in memory.

    Raises:
        SettingError: for an unknown name, or an estimator that is not installed.
    """
    if callable(given):
        return given
    if Path(given).is_dir():
        return flow_of_folder(given)
    if given == "auto" and drawn is not None:
        shape = photos[0].shape[:2]
        return replace(drawn, shape=shape, unit=max(drawn.shape) / max(shape)).flow
    estimate = estimator_named(given)  # pyright: ignore[reportArgumentType] - it checks the name

    @lru_cache(maxsize=HELD)
    def flow(i: int, j: int) -> Flow:
        return estimate(photos[i], photos[j])

    return flow


def paint_clip(
    made_from: Made, v: VideoSettings, folder: VideoFolder, photos: FrameFolder, flow: Callable[[int, int], Flow]
) -> Iterator[FrameDone]:
    """Paint every frame that is not there yet, pass by pass.

    What a frame starts from is read from the folder, so that a run that was stopped and resumed makes the same files.

    Args:
        made_from: what paints a frame.
        v: the clip's settings.
        folder: where all is kept.
        photos: the frames.
        flow: from one to another.

    Yields:
        Each frame when it is written, or found.

    Raises:
        DivergedError: if the loss of a frame is no longer finite; the frames before it are kept.
    """
    paint = painter_of(made_from, v, photos)
    recoloured = isinstance(made_from, Job) and made_from.settings.colour != "style"
    content_of = made_from.colours.content if isinstance(made_from, Job) else lambda p: p
    before = None
    for part in range(1, v.passes + 1):
        shown = folder.pictures(part, v.passes, len(photos))
        kept = folder.kept(part, v.passes, len(photos), recoloured=recoloured)
        step = 1 if part % 2 else -1
        for t in range(len(photos))[::step]:
            if shown.has(t):
                yield FrameDone(part, t, 0, 0.0, True)
                continue
            began = time.perf_counter()
            frame = photos[t]
            others = [t - step * offset for offset in v.compared if 0 <= t - step * offset < len(photos)]
            twin = next((o for o in (t - step,) if 0 <= o < len(photos) and np.array_equal(photos[o], frame)), None)
            if twin is not None:
                made = Painted(shown[twin], kept[twin], 0)
            elif part > 1 and not others:
                assert before is not None
                made = Painted(before[0][t], before[1][t], 0)
            else:
                earlier = earlier_of(t, others, content_of(frame), kept.__getitem__, flow) if v.looks_back else None
                made = paint(frame, earlier, None if before is None else before[1][t])
            if recoloured:
                save_image(frame_path(kept.path, t), made.kept)
            save_image(frame_path(shown.path, t), made.image)
            seconds = time.perf_counter() - began
            _log(folder.path / SECONDS, (part, t + 1, made.evaluations, round(seconds, 3)))
            yield FrameDone(part, t, made.evaluations, seconds, False)
        before = (shown, kept)


def _log(path: Path, row: tuple[float, ...]) -> None:
    new = not path.exists()
    with open(path, "a", encoding="utf-8") as file:
        file.write(("pass,frame,evaluations,seconds\n" if new else "") + ",".join(map(str, row)) + "\n")
