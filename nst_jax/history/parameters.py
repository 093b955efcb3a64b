"""The parameters of a method: described once, in its function's signature and docstring, and checked from there."""

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import fields, make_dataclass
from functools import cache
from numbers import Integral, Real
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from ..described import described
from ..errors import SettingError
from .method import Method

OF_EVERY_METHOD = ("seed", "progress")


def parameters_of(method: Method) -> type:
    """A method's own parameters, as a dataclass of described fields: names, defaults, kinds and meanings.

    Args:
        method: whose function's keywords are the parameters; their lines under "Args:" are the meanings.

    Returns:
        The dataclass.
    """
    return _described(method.name, method.function)


def takes_progress(method: Method) -> bool:
    """Whether the method's function can show a progress bar."""
    return "progress" in inspect.signature(method.function).parameters


def checked(method: Method, given: Mapping[str, Any]) -> dict[str, Any]:
    """Values of all parameters of a method.

    Args:
        method: the method.
        given: name → value, of some.

    Returns:
        name → value, defaults filled in; several values as a tuple.

    Raises:
        SettingError: for an unknown parameter, or a value of another kind.
    """
    known = {each.name: each for each in fields(parameters_of(method))}
    if unknown := [name for name in given if name not in known]:
        there = f"there are {', '.join(known)}" if known else "it has none"
        raise SettingError(f"{method.name} has no parameter {', '.join(unknown)}; {there}")
    return {name: _checked(method, name, each, given.get(name, each.default)) for name, each in known.items()}


def _checked(method: Method, name: str, each: Any, value: Any) -> Any:
    kind, many, choices = (each.metadata[key] for key in ("kind", "many", "choices"))
    if kind not in (bool, int, float, str) or (value is None and each.default is None):
        return value
    values = list(value) if many and isinstance(value, list | tuple) else [value]
    right = {
        bool: lambda v: isinstance(v, bool),
        int: lambda v: isinstance(v, Integral) and not isinstance(v, bool),
        float: lambda v: isinstance(v, Real) and not isinstance(v, bool) and v == v,
        str: lambda v: isinstance(v, str) and (not choices or v in choices),
    }[kind]
    if not values or not all(map(right, values)):
        words = {bool: "True or False", int: "a whole number", float: "a number", str: " or ".join(choices) or "a word"}
        wanted = f"{words[kind]}, or several" if many else words[kind]
        raise SettingError(f"{method.name}: {name}={value!r:.60}: give {wanted}")
    values = [v if isinstance(v, bool) else kind(v) for v in values]
    return tuple(values) if many else values[0]


@cache
def _described(name: str, function: Callable[..., Any]) -> type:
    hints, meanings = get_type_hints(function), _meanings(inspect.getdoc(function) or "")
    own = []
    for each in inspect.signature(function).parameters.values():
        if each.kind is each.KEYWORD_ONLY and each.name not in OF_EVERY_METHOD:
            kind, many, choices = _kind(hints.get(each.name, type(each.default)))
            meaning = meanings.get(each.name, "")
            own.append((each.name, Any, described(each.default, meaning, kind=kind, many=many, choices=choices)))
    return make_dataclass(f"Parameters of {name}".title().replace(" ", "").replace("-", ""), own, frozen=True)


def _kind(hint: Any) -> tuple[type, bool, tuple[str, ...]]:
    """Kind, whether there may be several, and choices, of an annotation: `tuple[float, ...]`, `Literal["a"] | None`."""
    if get_origin(hint) in (Union, UnionType):
        hint = next(part for part in get_args(hint) if part is not NoneType)
    if get_origin(hint) is Literal:
        return str, False, get_args(hint)
    if get_origin(hint) is tuple:
        return get_args(hint)[0], True, ()
    return hint, False, ()


def _meanings(text: str) -> dict[str, str]:
    """name → meaning, from the lines "name: meaning." under "Args:" of a docstring in Google style."""
    found: dict[str, str] = {}
    under = re.search(r"^Args:\n((?:[ \t]+.*\n?|\n)+)", text, re.MULTILINE)
    name = ""
    for line in under[1].splitlines() if under else ():
        if entry := re.match(r"    (\w+): (.*)", line):
            name, found[entry[1]] = entry[1], entry[2]
        elif name and line.strip():
            found[name] += f" {line.strip()}"
    return {name: meaning.removesuffix(".") for name, meaning in found.items()}
