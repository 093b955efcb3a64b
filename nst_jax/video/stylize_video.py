"""`stylize_video`: a clip in the style of a painting, in one call."""

import inspect
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Unpack

from ..described import listed
from ..images.sheets import contact_sheet
from ..images.writing import save_image
from ..optim.snapshot import Arrays
from ..progress import bar
from ..transfer.interrupt import interruptible, stop_queued_cells
from ..transfer.job import Job
from ..transfer.manifest import environment
from ..transfer.painting import Regions, StyleLike
from ..transfer.result import write_csv
from ..transfer.settings import Settings
from .clips import ClipLike
from .flicker import flicker, summary
from .folder import FLICKER, PREVIEW, FrameFolder
from .job import GivenVideo, VideoJob, prepare_video
from .painting import FrameDone, paint_clip
from .result import VideoResult
from .settings import VideoSettings
from .writing import write_clip

FIRST = 3  # frames of a preview


def stylize_video(
    clip: ClipLike,
    style: StyleLike = None,
    *,
    folder: str | Path | None = None,
    out: str | Path | None = None,
    regions: Regions | None = None,
    preview: bool = False,
    progress: bool = False,
    **settings: Unpack[GivenVideo],
) -> VideoResult:
    """Paint a clip in the style of a picture, so that what it shows keeps its strokes from frame to frame.

    The first frame is painted as `stylize` does. Each later one starts from the earlier pictures, moved along with what
    they show, and minimises α L_content + β L_style + … + temporal · mean c (x − y)². Network, style terms and their
    weights are those of the first frame. A frame equal to the one before is its copy.

    `method="paint"` takes one pass a frame: what `paint` measures in a photo is measured once, over frames of the whole
    clip, and the earlier picture is blended in where it can be trusted. Of the settings of `stylize` it has size,
    style_scale, colour and colour_match. `method="network"` does the same with a network of styles, `network`, which
    is six-styles by default; styles are asked for by name, and there is no style_scale.

    The same call with the same folder resumes where it was stopped, and makes the same files. Memory does not grow with
    the clip. Ctrl-C stops after the frame that is being painted.

    Args:
        clip: a folder of numbered frames; a GIF, WebP or APNG; a video file (with the extra `video`); the name of a
            drawn clip (pan, zoom, ball, still); or pictures [n, h, w, 3] in [0, 1]. It is never enlarged.
        style: as in `stylize`; None if `method` is a function, which paints by itself.
        folder: where frames, manifest and tables are kept; a temporary one, deleted with the result, unless given.
        out: where else to write the clip: a folder, .gif, .webp, .apng, .mp4, .m4v, .mov or .mkv. A video file gets the
            clip's sound, packet by packet, if all of its frames are painted.
        regions: as in `stylize`, the same in every frame.
        preview: stop after three frames; the same call without it continues.
        progress: show a progress bar.
        **settings: the settings below, and those of `stylize`.

    Returns:
        The clip, with its flicker.

    Raises:
        NSTError: if the clip, a picture, the network or a setting cannot be used.
        DivergedError: if the loss of a frame is no longer finite; the frames before it are kept in the folder.

    Departs from the paper: where no earlier picture shows a place, its start is the frame itself, in the colours around
    it, and not the warped picture; earlier pictures are rounded to 8 bits, as they are kept; a number of evaluations,
    which grows with what is new, ends a frame.

    Source: Ruder, Dosovitskiy and Brox, "Artistic style transfer for videos", arXiv 1604.08610.

    Settings:
    """
    job = prepare_video(clip, style, folder=folder, out=out, regions=regions, **settings)
    return finish(job, preview=preview, progress=progress)


stylize_video.__doc__ = (stylize_video.__doc__ or "").rstrip() + "\n" + listed(VideoSettings, " " * 8) + "\n"
# What `help`, and the completion of names in a notebook, show instead of `**settings`.
stylize_video.__signature__ = inspect.Signature(  # pyright: ignore[reportFunctionMemberAccess]
    [each for each in inspect.signature(stylize_video).parameters.values() if each.kind is not each.VAR_KEYWORD]
    + [
        inspect.Parameter(each.name, inspect.Parameter.KEYWORD_ONLY, default=each.default, annotation=each.type)
        for each in (*fields(VideoSettings), *fields(Settings))
    ],
    return_annotation=VideoResult,
)


def finish(job: VideoJob, *, preview: bool = False, progress: bool = False) -> VideoResult:
    """Paint a clip to its end, or to Ctrl-C, and measure its flicker.

    Args:
        job: what is painted.
        preview: stop after three frames.
        progress: show a progress bar.

    Returns:
        The clip.

    Raises:
        DivergedError: as in `stylize_video`.
        Interrupted: in a notebook, if it was interrupted; it holds the result.
    """
    parts, count, stopped = job.video.passes, len(job.photos), ""
    frames = job.folder.pictures(parts, parts, count)
    with interruptible() as interrupted, _bar(job, progress) as show:
        for done in paint_clip(job.made_from, job.video, job.folder, job.photos, job.flow):
            show(done)
            if done.part == 1 and done.t + 1 == min(FIRST, count):
                _write_preview(job)
                stopped = "preview" if preview and count > FIRST else ""
            if interrupted():
                stopped = "interrupted"
            if stopped:
                break
    if stopped:
        there = next((t for t in range(count) if not frames.has(t)), count)
        made = _result(job, replace(frames, length=there), flicker([], [], job.flow), stopped)
        if stopped == "interrupted":
            stop_queued_cells(made, "the clip so far")
        return made
    table = flicker(job.photos, frames, job.flow)
    write_csv(job.folder.path / FLICKER, table)
    made = _result(job, frames, table, "")
    job.folder.write(made.manifest)
    if job.out is not None:
        write_clip(job.out, made.frames, made.rate, made.sound)
    return made


def _result(job: VideoJob, frames: FrameFolder, table: Arrays, stopped: str) -> VideoResult:
    means = {  # JSON has no infinity, which the ratio of a clip without noise is
        str(span): {name: value for name, value in each.items() if math.isfinite(value)}
        for span, each in summary(table).items()
    }
    found: dict[str, Any] = {} if stopped else {"flicker": means}
    if job.notes:
        found["notes"] = list(job.notes)
    manifest: dict[str, Any] = {**job.manifest, **found, "stopped": stopped, "environment": environment()}
    return VideoResult(
        frames, job.photos, table, job.clip.rate, manifest, job.folder.path, job.clip.sound, stopped, job.notes
    )


def _write_preview(job: VideoJob) -> None:
    """The first frames above, their pictures below."""
    photos, pictures = job.photos[:FIRST], job.folder.pictures(1, job.video.passes, len(job.photos))[:FIRST]
    save_image(job.folder.path / PREVIEW, contact_sheet([photos, pictures], width=photos[0].shape[1]))


@contextmanager
def _bar(job: VideoJob, visible: bool) -> Iterator[Callable[[FrameDone], None]]:
    """A bar over the frames, with the time left; the first frame counts as the evaluations that it takes."""
    steps = job.made_from.steps if isinstance(job.made_from, Job) and job.video.method == "optimise" else ()
    first = max(1.0, sum(steps) / job.video.warm_steps)
    total = (len(job.photos) - 1 + first) + (job.video.passes - 1) * len(job.photos)
    layout = "{percentage:3.0f}%|{bar:24}| {elapsed}<{remaining} {postfix}"
    earlier = 0.0
    with bar(total=total, bar_format=layout, visible=visible) as each:

        def show(done: FrameDone) -> None:
            nonlocal earlier
            work = first if done.part == 1 and done.t == 0 else 1
            if done.found:  # what a resumed run did earlier says nothing about the time left
                earlier += work
                each.initial = earlier
            each.n += work
            passes = f", pass {done.part} of {job.video.passes}" if job.video.passes > 1 else ""
            each.set_postfix_str(f"frame {done.t + 1} of {len(job.photos)}{passes}, {done.seconds:.1f} s")

        yield show
