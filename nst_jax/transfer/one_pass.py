"""Methods that paint the frames of a clip in one pass each, offered by a later room and loaded when asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from pkgutil import resolve_name

from ..images.picture import Picture
from .scene import Scene

PaintFrame = Callable[[Picture], Picture]


@dataclass(frozen=True)
class OnePass:
    """A method that paints a frame in one pass.

    Attributes:
        files: () → name → file of weights, for the manifest.
        hold: (frames of the clip, what they are painted with, strength) → frame → picture, both [h, w, 3] in [0, 1].
            What it measures in the frames stays as it is for the whole clip. Colours, and what is kept, are not seen
            to.
    """

    files: Callable[[], Mapping[str, Path]]
    hold: Callable[[Sequence[Picture], Scene, float], PaintFrame]


METHODS = {"paint": "nst_jax.feedforward.clip:PAINT"}


def one_pass_named(name: str) -> OnePass:
    """A method by its name, one of `METHODS`."""
    return resolve_name(METHODS[name])
