"""What painting a clip returns."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..images.picture import Picture
from ..optim.snapshot import Arrays
from .flicker import summary
from .folder import FrameFolder
from .writing import write_clip


@dataclass(frozen=True)
class VideoResult:
    """A painted clip.

    Attributes:
        frames: the pictures, [h, w, 3] each, read from the folder when asked for.
        photos: the frames of the clip at the size of the pictures, likewise.
        flicker: warping errors, pair by pair: see `flicker`; empty if the run was stopped.
        rate: frames a second.
        manifest: everything needed to know, and to repeat, how the clip was made.
        folder: where all of it is; a temporary one is deleted when neither this nor its frames are referred to.
        sound: the file whose sound belongs to the clip; None for silence.
        stopped: "" for a complete run, else why it ended early.
        notes: where it differs from what was asked, one line each.
    """

    frames: FrameFolder
    photos: FrameFolder
    flicker: Arrays
    rate: float
    manifest: dict[str, Any]
    folder: Path
    sound: Path | None = None
    stopped: str = ""
    notes: tuple[str, ...] = ()

    @property
    def summary(self) -> dict[int, dict[str, float]]:
        """Span → mean warping errors "painted" and "photo", and their "ratio"."""
        return summary(self.flicker)

    def save(self, out: str | Path) -> None:
        """Write the clip: see `write_clip`.

        Args:
            out: a folder, an animation or a video file, by its ending.

        Raises:
            NSTError: if it cannot be written.
        """
        write_clip(out, self.frames, self.rate, self.sound)

    def strip(self, first: int = 0, count: int = 4) -> Picture:
        """Consecutive pictures side by side, at full size.

        Args:
            first: frame, counted from 0.
            count: of the frames.

        Returns:
            [h, count · w, 3]
        """
        return np.concatenate(self.frames[first : first + count], axis=1)
