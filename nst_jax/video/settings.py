"""The settings of a clip, beside those of a picture: names, types, defaults and meanings."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..described import described, listed, number, whole
from ..errors import SettingError
from ..transfer.one_pass import METHODS as ONE_PASS

if TYPE_CHECKING:
    from ..images.picture import Picture
    from .masks import Flow

    Method = Literal["optimise", "alone", "paint", "network"] | Callable[[Picture], Picture]
    Flows = str | Path | Callable[[int, int], Flow]


METHODS = ("optimise", "alone", *ONE_PASS)
BLEND = 0.7  # of a method of one pass
USED_BY = {  # settings that not every method has
    "temporal": ("optimise",),
    "offsets": ("optimise",),
    "warm_steps": ("optimise",),
    "strength": ("paint",),
    "blend": (*ONE_PASS, "function"),
}


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
        "a picture of its own, which flickers; paint takes one pass, a fraction of a second, and blends earlier "
        "pictures in; network likewise, with --network six-styles or one that train has made; in Python also a "
        "function from a frame to a picture",
        choices=METHODS,
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
        40,
        "evaluations of the objective for a frame that starts from earlier pictures; up to those of the first frame if "
        "large parts of it are new",
        kind=int,
    )
    passes: int = described(
        1, "passes over the clip; every other one runs backwards, and each refines the one before", kind=int
    )
    strength: float = described(
        0.6, "paint: how far features take the statistics of the style, from 0 to 1", kind=float
    )
    blend: float | None = described(
        None,
        "paint, network: share of the earlier picture, moved along, where it can be trusted, from 0 to 1: with more, "
        f"a clip flickers less, and follows changes of light later; {BLEND:g} by default, and 0 for a function",
        kind=float,
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
        if self.method not in METHODS and not callable(self.method):
            raise SettingError(
                f"method={self.method!r}: give {', '.join(METHODS)}, or a function from a frame to a picture"
            )
        set_("strength", number("strength", self.strength, 0, 1))
        if self.blend is not None:
            set_("blend", number("blend", self.blend, 0, 1))
        if self.rate is not None and not 0 < self.rate <= 1000:
            raise SettingError(f"rate={self.rate!r}: give frames a second, above 0")
        self.span  # noqa: B018 - raises if it cannot be read

    @property
    def share(self) -> float:
        """`blend`, its default filled in."""
        if self.blend is not None:
            return self.blend
        return 0.0 if callable(self.method) else BLEND

    @property
    def looks_back(self) -> bool:
        """Whether a frame takes something from earlier pictures."""
        return self.method == "optimise" or (self.method != "alone" and self.share > 0)

    @property
    def compared(self) -> Sequence[int]:
        """How many frames back the pictures lie that a frame is compared with, or that are blended in."""
        return self.offsets if self.method == "optimise" else (1,)

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


def without_effect(v: VideoSettings) -> list[str]:
    """What was set and changes nothing with this method, a line each.

    Args:
        v: the settings.

    Returns:
        The lines; none for most settings.
    """
    method = "function" if callable(v.method) else v.method
    set_ = [each.name for each in fields(v) if each.name in USED_BY and getattr(v, each.name) != each.default]
    return [f"{name} has no effect with method {method}" for name in set_ if method not in USED_BY[name]]
