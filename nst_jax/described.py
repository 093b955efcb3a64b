"""Settings described once, in the fields of a dataclass: help texts, docstrings, options and forms read them there."""

from collections.abc import Mapping, Sequence
from dataclasses import Field, field, fields
from numbers import Integral, Real
from typing import Any, TypeVar, cast

from .errors import SettingError

T = TypeVar("T")
LARGEST = 1e20  # of a number: losses are float32, up to 3e38


def described(
    default: Any,
    meaning: str,
    *,
    kind: type | str = str,
    choices: Sequence[str] = (),
    many: bool = False,
    option: str | None = None,
    formerly: Sequence[str] = (),
) -> Any:
    """A dataclass field that says what it means.

    Args:
        default: its default.
        meaning: what it is, in a few words without a full stop.
        kind: how the command line reads it: int, float, str, bool, or "layers" (names, or name=weight).
        choices: the words that it may be; empty for any.
        many: whether the command line takes several.
        option: its name on the command line; the field's, unless given.
        formerly: names that the option had.

    Returns:
        The field.
    """
    said = {"meaning": meaning, "kind": kind, "choices": tuple(choices), "many": many}
    return field(default=default, metadata=said | {"option": option, "formerly": tuple(formerly)})


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


def whole(name: str, value: Any, least: int, most: int = 2**31 - 1) -> int:
    """A setting that is a whole number from `least` to `most`.

    Args:
        name: of the setting.
        value: as given.
        least: the smallest that is valid.
        most: the largest.

    Returns:
        The number.

    Raises:
        SettingError: if it is not one.
    """
    given: Any = value
    if not (isinstance(value, Integral) and not isinstance(value, bool) and least <= given <= most):
        raise SettingError(f"{name}={value!r:.40}: give a whole number from {least} up, {most:,} at most")
    return int(value)


def number(name: str, value: Any, least: float, most: float = LARGEST) -> float:
    """A setting that is a number, likewise."""
    given: Any = value
    if not (isinstance(value, Real) and not isinstance(value, bool) and least <= given <= most):
        raise SettingError(f"{name}={value!r:.40}: give a number from {least} up, {most:.3g} at most")
    return float(value)


def numbers(name: str, value: Any, least: float, most: float = LARGEST) -> float | tuple[float, ...]:
    """A setting that is a number, or several in a sequence, likewise."""
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        return tuple(number(name, each, least, most) for each in value)
    return number(name, value, least, most)


def check_words(settings: Any, free: Sequence[str] = ()) -> None:
    """Check that each setting with choices is one of them, or its default.

    Args:
        settings: a dataclass of described fields.
        free: fields that may be objects, too, and are checked elsewhere.

    Raises:
        SettingError: if one is not.
    """
    for each in fields(settings):
        words, value = each.metadata["choices"], getattr(settings, each.name)
        known = value is each.default or (isinstance(value, str) and value in words)
        if words and each.name not in free and not known:
            raise SettingError(f"{each.name}={value!r}: give {' or '.join(words)}")


def is_default(value: Any, default: Any) -> bool:
    """Whether a setting has its default; an array, which may be in its place, never has."""
    return value is default or (type(value) is type(default) and value == default)


def from_names(cls: type[T], given: Mapping[str, Any]) -> T:
    """Settings from names and values, defaults filled in.

    Args:
        cls: a dataclass of described fields.
        given: name → value.

    Returns:
        The settings.

    Raises:
        SettingError: for an unknown name or an invalid value.
    """
    names = [each.name for each in fields(cast(Any, cls))]
    unknown = [name for name in given if name not in names]
    if unknown:
        raise SettingError(f"there is no setting {', '.join(unknown)}; there are {', '.join(names)}")
    return cls(**given)


def counted(n: int, word: str) -> str:
    """A number with its noun: "1 run", "2 runs"."""
    return f"{n} {word}" if n == 1 else f"{n} {word}s"
