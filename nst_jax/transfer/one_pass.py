"""Methods that paint the frames of a clip in one pass each, offered by a later room and loaded when asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pkgutil import resolve_name
from typing import Any

from ..images.picture import Picture
from .painting import Regions, StyleLike
from .scene import Scene
from .settings import Settings

PaintFrame = Callable[[Picture], Picture]


@dataclass(frozen=True)
class Fast:
    """What the frames of a clip are painted with, in one pass each.

    Attributes:
        scene: of its first frame.
        inputs: name → path and hash, those of the scene and the files of weights, for the manifest.
        notes: where it differs from what was asked, one line each.
        hold: (frames of the clip, strength) → frame → picture, both [h, w, 3] in [0, 1]. What it measures in the frames
            stays as it is for the whole clip. The scene sees to colours, and to what is not painted.
    """

    scene: Scene
    inputs: Mapping[str, dict[str, Any]]
    notes: tuple[str, ...]
    hold: Callable[[Sequence[Picture], float], PaintFrame] = field(repr=False)


@dataclass(frozen=True)
class OnePass:
    """A method that paints a frame in one pass.

    Attributes:
        uses: settings of a picture that it has.
        network: the one that it takes unless another is given; None if there is no choice.
        prepare: (first frame [h, w, 3], style, regions, settings) → what frames are painted with.
    """

    uses: tuple[str, ...]
    network: str | None
    prepare: Callable[[Picture, StyleLike, Regions | None, Settings], Fast]


METHODS = {"paint": "nst_jax.feedforward.clip:PAINT", "network": "nst_jax.feedforward.clip:NETWORK"}


def one_pass_named(name: str) -> OnePass:
    """A method by its name, one of `METHODS`."""
    return resolve_name(METHODS[name])
