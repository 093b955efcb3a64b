"""A method of the history: a function from a photo, and perhaps a painting, to a picture, and what is known of it."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Literal

from ..images.picture import Picture

Kind = Literal["texture", "patches", "strokes", "filter", "own"]


@dataclass(frozen=True)
class Method:
    """A method.

    Attributes:
        name: on the command line and in tables.
        make: (p, a, *, seed, **parameters) → picture [h, w, 3] in [0, 1]; p [h, w, 3] in [0, 1] is the photo, a the
            painting or None, seed an int. Its keywords are the field's parameters with their defaults, each with its
            type and its line in the docstring; a keyword `progress` asks for a bar and is no parameter. "module:name"
            stands for a function of this room that is imported when it is needed.
        year: of its publication.
        source: author and title, or number on arXiv.
        idea: in one line.
        painting: whether it needs one, takes none, or takes one if given.
        kind: of method; a texture takes of the photo only its size.
    """

    name: str
    make: Callable[..., Picture] | str
    year: int
    source: str
    idea: str
    painting: Literal["needed", "none", "optional"]
    kind: Kind = "own"

    @property
    def function(self) -> Callable[..., Picture]:
        """`make` itself, imported if it was not."""
        if not isinstance(self.make, str):
            return self.make
        module, _, name = self.make.partition(":")
        return vars(import_module(f".{module}", __package__))[name]
