"""The settings of a clip, beside those of a picture: names, types, defaults and meanings."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..described import described, listed, number, whole
from ..errors import SettingError

if TYPE_CHECKING:
    from ..images.picture import Picture
    from .masks import Flow

    Method = Literal["optimise", "alone"] | Callable[[Picture], Picture]
    Flows = str | Path | Callable[[int, int], Flow]


@dataclass(frozen=True)
class VideoSettings:
    """The settings of a clip.

    Raises:
        SettingError: for an invalid value; it names the setting.

    Attributes:
    """

    method: Method = described(
        "optimise",
        "how a frame is painted: optimise starts from earlier pictures and stays close to them; alone makes each frame "
        "a picture of its own, which flickers; in Python also a function from a frame to a picture",
        choices=("optimise", "alone"),
    )
    frames: str | None = described(None, "frames A:B, counted from 0, without B, as Python counts; by default all")
    temporal: float = described(
        1000.0, "weight of the difference from earlier pictures, moved along with what they show", kind=float
    )
    offsets: Sequence[int] = described(
        (1, 2, 4),
        "how many frames back the earlier pictures lie: a place is compared with the closest that shows it",
        kind=int,
        many=True,
    )
    warm_steps: int = described(
        40, "evaluations of the objective for a frame that starts from earlier pictures", kind=int
    )
    passes: int = described(
        1, "passes over the clip; every other one runs backwards, and each refines the one before", kind=int
    )
    flow: Flows = described(
        "auto",
        "optical flow: dis (needs OpenCV), ilk (slower), auto for the first that is there, exact for a drawn clip, or "
        "a folder of flows I-J.flo or .npy from frame I to frame J, counted from 1",
    )
    rate: float | None = described(None, "frames a second; by default the clip's, or 12", kind=float)

    def __post_init__(self):
        set_ = partial(object.__setattr__, self)
        given = (self.offsets,) if isinstance(self.offsets, int) else tuple(self.offsets)
        offsets = tuple(whole("offsets", each, 1, 1000) for each in given)
        if not offsets or sorted(set(offsets)) != list(offsets):
            raise SettingError(f"offsets={self.offsets!r}: give whole numbers from 1 up, the smallest first")
        set_("offsets", offsets)
        for name, least, most in (("warm_steps", 1, 100_000), ("passes", 1, 100)):
            set_(name, whole(name, getattr(self, name), least, most))
        set_("temporal", number("temporal", self.temporal, 0))
        if self.method not in ("optimise", "alone") and not callable(self.method):
            raise SettingError(f"method={self.method!r}: give optimise, alone, or a function from a frame to a picture")
        if self.rate is not None and not 0 < self.rate <= 1000:
            raise SettingError(f"rate={self.rate!r}: give frames a second, above 0")
        self.span  # noqa: B018 - raises if it cannot be read

    @property
    def span(self) -> tuple[int | None, int | None]:
        """First and last frame; None where `frames` does not say it.

        Raises:
            SettingError: if `frames` is not A:B.
        """
        found = re.fullmatch("([0-9]{0,9}):([0-9]{0,9})", self.frames or ":")
        if not found:
            raise SettingError(f"frames={self.frames!r}: give A:B, such as 0:48, :48 or 24:")
        first, last = (int(each) if each else None for each in found.groups())
        return first, last


VideoSettings.__doc__ = (VideoSettings.__doc__ or "").rstrip() + "\n" + listed(VideoSettings, " " * 8) + "\n"
