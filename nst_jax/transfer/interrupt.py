"""Graceful Ctrl-C: it requests a stop, and the picture so far is kept."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from ..errors import Interrupted


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Within the block, Ctrl-C requests a stop, and says so at once; pressed again, it changes nothing.

    An evaluation cannot be interrupted: JAX computes outside Python. To end the process anyway, send SIGTERM.
    Outside the main thread, where signals cannot be handled, nothing changes.

    Yields:
        () → whether a stop was requested.
    """
    asked = False

    def ask(signum: int, frame: Any) -> None:
        nonlocal asked
        if not asked:
            asked = True
            with suppress(RuntimeError, OSError):  # in the middle of another write to the same stream
                print("\nstopping after this evaluation", file=sys.stderr, flush=True)

    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    before = signal.signal(signal.SIGINT, ask)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, before)


def stop_queued_cells(result: Any, what: str) -> None:
    """In a notebook's kernel, end the cell that was interrupted with an exception, so that those queued do not run.

    Args:
        result: what the call would have returned.
        what: it is, for people.

    Raises:
        Interrupted: in a kernel; it holds the result.
    """
    kernel = sys.modules.get("ipykernel.kernelapp")
    if kernel is not None and kernel.IPKernelApp.initialized():
        raise Interrupted(f"interrupted: {what} is kept as sys.last_value.result", result)
