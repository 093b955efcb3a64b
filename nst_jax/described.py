"""Settings described once, in the fields of a dataclass: help texts, docstrings, options and forms read them there."""

from collections.abc import Sequence
from dataclasses import Field, field, fields
from typing import Any


def described(
    default: Any, meaning: str, *, kind: type | str = str, choices: Sequence[str] = (), many: bool = False
) -> Any:
    """A dataclass field that says what it means.

    Args:
        default: its default.
        meaning: what it is, in a few words without a full stop.
        kind: how the command line reads it: int, float, str, bool, or "layers" (names, or name=weight).
        choices: the words that it may be; empty for any.
        many: whether the command line takes several.

    Returns:
        The field.
    """
    return field(default=default, metadata={"meaning": meaning, "kind": kind, "choices": tuple(choices), "many": many})


def meaning(each: Field) -> str:
    """What a described field means, and its default in brackets: "seed of the noise [0]"."""
    text, default = each.metadata["meaning"], each.default
    if default is None:
        return text
    words = default if isinstance(default, tuple) else (default,)
    return f"{text} [{' '.join(f'{word:g}' if isinstance(word, float) else str(word) for word in words)}]"


def listed(cls: type, indent: str = "    ") -> str:
    """One line a field, "name: meaning [default]": for docstrings.

    Args:
        cls: a dataclass of described fields.
        indent: what each line begins with.

    Returns:
        The lines, joined.
    """
    return "\n".join(f"{indent}{each.name}: {meaning(each)}" for each in fields(cls))


def counted(n: int, word: str) -> str:
    """A number with its noun: "1 run", "2 runs"."""
    return f"{n} {word}" if n == 1 else f"{n} {word}s"
