"""A method of the history: a function from a photo, and perhaps a painting, to a picture, and what is known of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ..images.picture import Picture


@dataclass(frozen=True)
class Method:
    """A method.

    Attributes:
        name: on the command line and in tables.
        make: (p, a, *, seed, **parameters) → picture [h, w, 3] in [0, 1]; p [h, w, 3] in [0, 1] is the photo, a the
            painting or None, seed an int. Its keywords are the field's parameters with their defaults.
        year: of its publication.
        source: author and title, or number on arXiv.
        idea: in one line.
        painting: whether it needs one, takes none, or takes one if given.
    """

    name: str
    make: Callable[..., Picture]
    year: int
    source: str
    idea: str
    painting: Literal["needed", "none", "optional"]
