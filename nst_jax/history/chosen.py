"""Checks of parameters that a user chooses: one line that says which, and what to give."""

from ..errors import SettingError


def at_least(name: str, value: float, least: float) -> None:
    """Refuse a value below `least`, or one that is not a number.

    Raises:
        SettingError: if so.
    """
    if not least <= value < float("inf"):
        raise SettingError(f"{name}={value:g}: give a number from {least:g} up")


def between(name: str, value: float, least: float, most: float) -> None:
    """Refuse a value outside of [least, most].

    Raises:
        SettingError: if so.
    """
    if not least <= value <= most:
        raise SettingError(f"{name}={value:g}: give a number from {least:g} to {most:g}")
