"""The verdict of a check, as a student reads it."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, repr=False)
class Verdict:
    """What a check says about a function. True in a condition if the function is right.

    Attributes:
        right: whether the function is.
        exercise: its name.
        diagnosis: a sentence or two.
        mistake: its short name; "" if the function is right.
        evidence: the first input that shows it, with what was expected and what came.
    """

    right: bool
    exercise: str
    diagnosis: str
    mistake: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __bool__(self) -> bool:
        return self.right

    def __repr__(self) -> str:
        text = f"{'✓' if self.right else '✗'} {self.exercise}: {self.diagnosis}"
        lines = textwrap.wrap(text, 100, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
        return "\n".join([*lines, *(f"    {name + ':':<10} {value}" for name, value in self.evidence.items())])
