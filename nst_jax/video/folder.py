"""The folder of a clip that is painted: its frames as they come, in, out, and on the way."""

import shutil
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypedDict, overload

import msgspec

from ..errors import RunError
from ..files import read_json
from ..images.picture import Picture
from ..images.reading import load_image
from ..transfer.manifest import MANIFEST, write_manifest
from .writing import frame_path

PHOTOS, FRAMES, KEPT = "photos", "frames", "kept"
UNFINISHED = "not finished"
FLICKER, SECONDS, PREVIEW = "flicker.csv", "seconds.csv", "preview.png"


def as_read(value: Any) -> Any:
    """A value as JSON gives it back: tuples as lists."""
    return msgspec.json.decode(msgspec.json.encode(value))


class VideoManifest(TypedDict):
    """What must not change while a clip is painted, and what came of it."""

    settings: dict[str, Any]
    video: dict[str, Any]
    inputs: dict[str, Any]
    count: int
    rate: float
    stopped: str


@dataclass(frozen=True)
class FrameFolder(Sequence[Picture]):
    """Frames in a folder, 00001.png the first: each is read when asked for.

    Attributes:
        path: of the folder.
        length: how many there are.
        owner: of the folder, if it is temporary, so that it stays as long as this; else None.
    """

    path: Path
    length: int
    owner: "Temporary | None" = field(default=None, repr=False, compare=False)

    def __len__(self) -> int:
        return self.length

    @overload
    def __getitem__(self, t: int) -> Picture: ...
    @overload
    def __getitem__(self, t: slice) -> list[Picture]: ...
    def __getitem__(self, t: int | slice) -> Picture | list[Picture]:
        if isinstance(t, slice):
            return [self[each] for each in range(self.length)[t]]
        return load_image(frame_path(self.path, range(self.length)[t]))

    def has(self, t: int) -> bool:
        """Whether frame t is there."""
        return frame_path(self.path, t).is_file()


class Temporary:
    """A folder that is deleted when nothing refers to this any more, or when Python ends.

    Attributes:
        path: of the folder.
    """

    def __init__(self):
        self.path = Path(tempfile.mkdtemp(prefix="nst_jax-video-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


@dataclass(frozen=True)
class VideoFolder:
    """Where a clip is painted.

    Attributes:
        path: of the folder.
        owner: of it, if it is temporary; else None.
    """

    path: Path
    owner: Temporary | None = None

    @property
    def manifest(self) -> VideoManifest | None:
        """What was begun here; None if nothing was.

        Raises:
            RunError: if the manifest is damaged, or of another kind of run.
        """
        path = self.path / MANIFEST
        if not path.exists():
            return None
        try:
            return read_json(path, VideoManifest)
        except (OSError, ValueError) as error:
            raise RunError(f"{path}: is not that of a clip, or damaged ({error}); choose another folder") from None

    def begin(self, manifest: VideoManifest) -> int:
        """Write the manifest, or check that it is the one of the run that is resumed.

        Args:
            manifest: of the run.

        Returns:
            How many frames the clip has; 0 if they are not all here yet.

        Raises:
            RunError: if another run was begun here, or the folder holds other files.
        """
        before = self.manifest
        if before is None:
            here = self.path.iterdir() if self.path.is_dir() else ()
            foreign = [each.name for each in here if not each.name.endswith(".part")]
            if foreign:
                raise RunError(f"{self.path}: holds other files ({foreign[0]}); choose an empty folder, or a new one")
            self.write(manifest)
            return 0
        for name in ("settings", "video", "inputs", "rate"):
            if before[name] != as_read(manifest[name]):
                raise RunError(f"{self.path}: holds a clip with other {name}; give the same, or choose another folder")
        for rest in self.path.rglob(".*.part"):  # what was being written when the run was killed
            rest.unlink()
        return before["count"]

    def write(self, manifest: Mapping[str, Any]) -> None:
        """Write the manifest."""
        write_manifest(self.path, manifest)

    def pictures(self, part: int, parts: int, count: int) -> FrameFolder:
        """What pass `part` of `parts` paints, counted from 1: the last into frames, those before into pass-1, …"""
        return FrameFolder(self.path / (FRAMES if part == parts else f"pass-{part}"), count, self.owner)

    def kept(self, part: int, parts: int, count: int, *, recoloured: bool) -> FrameFolder:
        """The same before their colours are put back: what later frames start from."""
        shown = self.pictures(part, parts, count)
        return replace(shown, path=self.path / KEPT / shown.path.name) if recoloured else shown
