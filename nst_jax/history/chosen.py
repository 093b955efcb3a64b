"""Parameters that are out of their range, refused in one line."""

from ..errors import SettingError


def check(name: str, value: float, least: float, most: float = float("inf")) -> None:
    """Refuse a value outside of [least, most], or one that is not a finite number.

    Raises:
        SettingError: if so.
    """
    if not (least <= value <= most and value < float("inf")):
        limits = f"from {least:g} up" if most == float("inf") else f"from {least:g} to {most:g}"
        raise SettingError(f"{name}={value:g}: give a number {limits}")


def check_odd(name: str, value: int, least: int) -> None:
    """Refuse a side in pixels below `least`, or without a pixel in its middle.

    Raises:
        SettingError: if so.
    """
    check(name, value, least)
    if value % 2 == 0:
        raise SettingError(f"{name}={value}: must be odd, so that it has a centre")
