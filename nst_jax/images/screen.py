"""How large a notebook shows what it shows: 1, or more, for a projector."""

from ..described import number

MOST = 3.0
_set = {"zoom": 1.0}


def zoom() -> float:
    """The factor by which sheets, figures and live views are larger than usual."""
    return _set["zoom"]


def set_zoom(factor: float) -> float:
    """Set that factor, 1 to 3, for what is made from now on; returns it.

    Raises:
        SettingError: for another value.
    """
    _set["zoom"] = number("zoom", factor, 1, MOST)
    return _set["zoom"]
