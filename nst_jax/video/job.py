"""A clip that is ready to be painted: its first frame's job, its folder, frames and flow, all checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from ..described import is_default
from ..errors import ImageError, NSTError, SettingError
from ..images.picture import Picture, bytes8
from ..images.resizing import fit, resize
from ..transfer.job import Job, prepare
from ..transfer.manifest import plain
from ..transfer.one_pass import METHODS as ONE_PASS
from ..transfer.one_pass import Fast, one_pass_named
from ..transfer.painting import Regions, StyleLike
from ..transfer.settings import Given, Settings, settings_of
from .clips import Clip, ClipLike, open_clip
from .folder import PHOTOS, UNFINISHED, FrameFolder, Temporary, VideoFolder, VideoManifest
from .masks import Flow
from .methods import Made
from .painting import flows_of, keep_photos
from .settings import VideoSettings
from .writing import check_clip_format

if TYPE_CHECKING:
    from .settings import Flows, Method


class GivenVideo(Given, total=False):
    """The settings of a clip and of its pictures as keywords, for type checkers."""

    method: Method
    frames: str | None
    temporal: float
    offsets: Sequence[int]
    warm_steps: int
    passes: int
    strength: float
    blend: float | None
    flow: Flows
    rate: float | None


@dataclass(frozen=True)
class VideoJob:
    """A clip that is ready to be painted.

    Attributes:
        made_from: what paints a frame: the job of the first one, whose network, style terms and settings serve all; a
            method of one pass; or a function.
        video: the clip's settings.
        folder: where all is kept.
        clip: what is painted.
        photos: its frames at the size of the pictures.
        flow: (i, j) → [h, w, 2], from frame i to frame j, in pixels.
        manifest: what must not change until it is finished.
        out: where else the clip is written; None for nowhere.
    """

    made_from: Made
    video: VideoSettings
    folder: VideoFolder
    clip: Clip
    photos: FrameFolder
    flow: Callable[[int, int], Flow]
    manifest: VideoManifest
    out: Path | None

    @property
    def notes(self) -> tuple[str, ...]:
        """Where the clip will differ from what was asked, one line each."""
        return self.made_from.notes if isinstance(self.made_from, Job | Fast) else ()


def prepare_video(
    clip: ClipLike,
    style: StyleLike = None,
    *,
    folder: str | Path | None = None,
    out: str | Path | None = None,
    regions: Regions | None = None,
    **settings: Unpack[GivenVideo],
) -> VideoJob:
    """Load and check everything that `stylize_video` needs, and write the frames of the clip into its folder.

    Args:
        clip: as in `stylize_video`, and so are the others.
        style: likewise.
        folder: likewise.
        out: likewise.
        regions: likewise.
        **settings: likewise.

    Returns:
        The job.

    Raises:
        NSTError: if the clip, a picture, the network or a setting cannot be used, or `out` would replace one.
        RunError: if the folder holds another run, or other files.
    """
    given: dict[str, Any] = dict(settings)
    own = {each.name for each in fields(VideoSettings)}
    v = VideoSettings(**{name: value for name, value in given.items() if name in own})
    of_picture = {name: value for name, value in given.items() if name not in own}
    s = settings_of(of_picture)
    source = open_clip(clip, v.rate).part(*v.span)
    owner = Temporary() if folder is None else None
    kept = VideoFolder(owner.path if owner else Path(folder or ""), owner)
    _keep_clip(source, kept.path)
    x = _first(source)
    shape = fit(x.shape[:2], min(s.size, max(x.shape[:2])))
    x = (bytes8(resize(x, shape)) / np.float32(255)).astype(np.float32)  # as it will be read again
    of_picture["size"] = max(shape)
    if callable(v.method):
        _check_alone(style, regions, of_picture)
        made_from, others = v.method, {}
    elif v.method in ONE_PASS:
        made_from = _fast(v.method, x, style, regions, of_picture)
        others = made_from.inputs
    else:
        made_from = prepare(x, style, regions=regions, **of_picture)
        others = made_from.inputs
    inputs = {"clip": source.described, **{name: each for name, each in others.items() if name != "content"}}
    _keep_inputs(out, inputs)
    manifest: VideoManifest = {
        "settings": plain(vars(settings_of(of_picture))),
        "video": plain(vars(v)),
        "inputs": inputs,
        "count": 0,
        "rate": source.rate,
        "stopped": UNFINISHED,
    }
    count = kept.begin(manifest)
    photos = FrameFolder(kept.path / PHOTOS, count or keep_photos(source, kept.path / PHOTOS, shape), owner)
    manifest = {**manifest, "count": len(photos)}
    kept.write(manifest)
    flow = flows_of(v.flow, photos, source.drawn)
    return VideoJob(made_from, v, kept, source, photos, flow, manifest, None if out is None else Path(out))


def _first(clip: Clip) -> Picture:
    first = next(clip.frames(), None)
    if first is None:
        raise ImageError("the clip has no frame in that part; count from 0, and end behind the first")
    return first


def _check_alone(style: StyleLike, regions: Regions | None, settings: Mapping[str, Any]) -> None:
    """Refuse what a function that paints would not see."""
    lost = [name for name, each in (("style", style), ("regions", regions)) if each is not None]
    lost += [name for name in settings if name != "size"]
    if lost:
        raise SettingError(f"{lost[0]}: a method that is a function paints by itself; give {lost[0]} to the function")


def _fast(method: str, x: Picture, style: StyleLike, regions: Regions | None, settings: dict[str, Any]) -> Fast:
    """What a method of one pass paints with; the network that it takes by itself is written into the settings."""
    one_pass, s, unset = one_pass_named(method), settings_of(settings), vars(Settings())
    for name, value in vars(s).items():
        if name not in one_pass.uses and not is_default(value, unset[name]):
            raise SettingError(f"{name}: method {method} makes a frame in one pass, without it; leave {name} out")
    if one_pass.network is not None and s.network == unset["network"]:
        settings["network"] = one_pass.network
    return one_pass.prepare(x, style, regions, settings_of(settings))


def _keep_clip(clip: Clip, folder: Path) -> None:
    """Refuse a folder that is the clip, or lies in it."""
    path = clip.described.get("path")
    if path and folder.resolve().is_relative_to(path):
        raise NSTError(f"{folder}: is the clip that is painted, or lies in it; choose another folder")


def _keep_inputs(out: str | Path | None, inputs: dict[str, dict[str, Any]]) -> None:
    """Refuse to write the clip where it cannot be written, or over what is read."""
    if out is None:
        return
    kind, target = check_clip_format(out), Path(out).resolve()
    for each in inputs.values():
        source = Path(each["path"]) if "path" in each else None
        if source and (target == source or (source.is_dir() and target.is_relative_to(source))):
            raise NSTError(f"{out}: would write over what is painted from ({source}); choose another name")
    if kind == "folder" and target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise NSTError(f"{out}: exists already; choose another name, or an empty folder")
    if kind != "folder" and target.is_dir():
        raise NSTError(f"{out}: is a folder; name the file to write in it")
