"""Options made from described settings, and the types of arguments."""

import argparse
import os
import re
from collections.abc import Sequence
from dataclasses import Field, fields
from typing import Any

from ..described import meaning
from ..errors import NSTError


def add_settings(parser: argparse._ActionsContainer, cls: type) -> None:
    """Add one option for each described field of a dataclass: its name, kind, choices, meaning and default.

    Args:
        parser: of the command, or a group of its options.
        cls: a dataclass of described fields.
    """
    for each in fields(cls):
        option, reading = f"--{each.metadata['option'] or each.name.replace('_', '-')}", _reading(each)
        parser.add_argument(option, dest=each.name, default=each.default, help=meaning(each), **reading)
        for old in each.metadata["formerly"]:
            hidden = {"dest": each.name, "default": argparse.SUPPRESS, "help": argparse.SUPPRESS, "const": option}
            parser.add_argument(f"--{old}", action=Renamed, **hidden, **reading)


class Renamed(argparse.Action):
    """An option under a name that it had: it counts, and the new name, `const`, is printed."""

    def __call__(self, parser: Any, namespace: argparse.Namespace, values: Any, option_string: str | None = None):
        print(f"note: {option_string} is now {self.const}")
        setattr(namespace, self.dest, values)


def _reading(each: Field) -> dict[str, Any]:
    """How argparse reads a field."""
    choices, kind = each.metadata["choices"], each.metadata["kind"]
    kind = {int: whole, float: number}.get(kind, kind)
    if kind is bool:
        return {"action": argparse.BooleanOptionalAction}
    if kind == "layers":
        return {"nargs": "*", "metavar": "LAYER"}
    if each.metadata["many"]:
        return {"type": kind, "nargs": "+"}
    if isinstance(each.default, tuple):
        return {"type": kind, "nargs": len(each.default)}
    return {"type": kind, **({"choices": choices} if choices else {})}


def one_or_many(given: Any) -> Any:
    """A single number from a list of one; a default as it is."""
    return given[0] if isinstance(given, list) and len(given) == 1 else given


def networks(given: str) -> str | tuple[str, ...]:
    """A network, or one a scale with commas between them; a comma may also stand in the name of a file."""
    return given if os.path.isfile(given) or "," not in given else tuple(each.strip() for each in given.split(","))


def layers(given: Sequence[str]) -> tuple[str, ...] | dict[str, float]:
    """["conv1_1", "conv2_1=0.5"] → a tuple of names, or a mapping if there are weights; commas separate, too.

    Raises:
        NSTError: if a weight is not a number.
    """
    given = [layer for word in given for layer in word.split(",") if layer]
    if not any("=" in layer for layer in given):
        return tuple(given)
    try:
        return {name: float(weight or 1) for name, _, weight in (layer.partition("=") for layer in given)}
    except ValueError:
        raise NSTError(f"layers {' '.join(given)}: give names, or name=weight with a number") from None


def whole(text: str) -> int:
    """A whole number in the digits 0 to 9."""
    if not re.fullmatch("[+-]?[0-9]{1,30}", text):
        raise argparse.ArgumentTypeError(f"{text!r:.40} is not a whole number")
    return int(text)


def number(text: str) -> float:
    """A number in the digits 0 to 9."""
    try:
        if text.isascii() and "_" not in text:
            return float(text)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r:.40} is not a number")


def count(text: str) -> int:
    """A whole number from 1 up."""
    if whole(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r:.40} is not a whole number from 1 up")
    return int(text)


def seconds(text: str) -> float:
    """A number of seconds above 0."""
    found = number(text)
    if not 0 < found < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return found
