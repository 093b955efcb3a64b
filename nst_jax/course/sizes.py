"""How large a notebook runs: small and quick for tests and slow laptops, or as it is published."""

import os
from typing import TypeVar

from ..errors import SettingError

T = TypeVar("T")


def size(*, fast: T, full: T) -> T:
    """The sizes that the environment variable NST_MODE asks for: `SIZE, STEPS = course.size(fast=…, full=…)`.

    Args:
        fast: sizes for NST_MODE=fast.
        full: sizes for NST_MODE=full, and where it is not set.

    Returns:
        One of the two, as it is.

    Raises:
        SettingError: if NST_MODE has another value.
    """
    mode = os.environ.get("NST_MODE") or "full"
    if mode not in ("fast", "full"):
        raise SettingError(f'NST_MODE={mode}: set it to "fast" or "full", or not at all')
    return fast if mode == "fast" else full
