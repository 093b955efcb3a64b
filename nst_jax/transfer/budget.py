"""A budget of memory: as people write it, and what the machine has free."""

import os
import re
from pathlib import Path
from typing import Any

from ..errors import SettingError

UNITS = {"": 1, "B": 1}
UNITS |= {f"{letter}{end}": 1000**n for n, letter in enumerate("KMGT", 1) for end in ("", "B")}
UNITS |= {f"{letter}IB": 1024**n for n, letter in enumerate("KMGT", 1)}
SHARE = 0.75  # of what is free: what a run takes unless it is told


def bytes_of(given: Any) -> int:
    """Bytes from a number of them, or from text: "4GB", "800 MB", "3.5GiB".

    Args:
        given: the setting.

    Returns:
        Bytes, 1 or more.

    Raises:
        SettingError: if it is something else.
    """
    size = None
    if isinstance(given, str):
        found = re.fullmatch(r"([0-9]{1,15}(?:\.[0-9]{1,9})?) ?([A-Z]{0,3})", given.strip().upper(), re.ASCII)
        size = float(found[1]) * UNITS.get(found[2], 0) if found else None
    elif isinstance(given, int | float) and not isinstance(given, bool):
        size = given
    if size is None or not 1 <= size < 2**63:
        raise SettingError(f"memory={given!r:.40}: give a number of bytes, or text such as 4GB or 800MB")
    return int(size)


def gigabytes(size: float) -> str:
    """Bytes for people, and as `bytes_of` reads them: "2.6GB", "800MB"."""
    return f"{size / 1e9:.1f}GB" if size >= 1e9 else f"{size / 1e6:.0f}MB"


def free_memory() -> int | None:
    """Bytes that the process may still take of the machine's memory; None if that is not known.

    What Linux calls available, or what a container may have, if that is less; elsewhere half of what the machine has.
    """
    known = Path("/proc/meminfo")
    if known.exists():
        (kilobytes,) = re.findall(r"^MemAvailable:\s+(\d+)", known.read_text(), re.MULTILINE) or ("0",)
        limits = [int(kilobytes) * 1024, *_of_container()]
        return min(limit for limit in limits if limit > 0) if any(limits) else None
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, ValueError, OSError):  # Windows
        return None


def _of_container() -> list[int]:
    """What its control group leaves, on Linux; cached files can be dropped, so they do not count."""
    group = Path("/sys/fs/cgroup")
    try:
        limit, used = ((group / name).read_text().strip() for name in ("memory.max", "memory.current"))
        (cached,) = re.findall(r"^inactive_file (\d+)", (group / "memory.stat").read_text(), re.MULTILINE) or ("0",)
        return [] if limit == "max" else [max(1, int(limit) - int(used) + int(cached))]
    except (OSError, ValueError):
        return []
