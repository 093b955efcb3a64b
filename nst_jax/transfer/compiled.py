"""Compiled programs, released before they use up the memory maps of the process."""

from pathlib import Path

import jax

MAPS = Path("/proc/self/maps")  # a line for each memory map of this process, on Linux
MOST = 30_000


def give_up_programs() -> None:
    """Release all compiled programs, if they hold many memory maps.

    Linux allows a process 65,530 of them, and a program compiled beyond that crashes it. Each shape of picture brings
    some 500. What is needed later is compiled again.
    """
    if MAPS.exists() and MAPS.read_bytes().count(b"\n") > MOST:
        jax.clear_caches()


def forget_programs() -> None:
    """Give up all that is compiled: some 23 MiB for each shape of picture, which the process would keep."""
    jax.clear_caches()
