"""The style statistics by name."""

from ...errors import SettingError
from .gram import GRAM
from .statistic import Statistic

STATISTICS = {each.name: each for each in (GRAM,)}


def statistic_named(name: str) -> Statistic:
    """The statistic of that name.

    Raises:
        SettingError: for an unknown name.
    """
    if name not in STATISTICS:
        raise SettingError(f"statistic {name!r} is not known; use one of {', '.join(STATISTICS)}, or pass an object")
    return STATISTICS[name]
