"""What a user can get wrong, as exceptions whose message is one line: the input, the fault, the remedy."""

from __future__ import annotations

import os
import traceback
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .optim.snapshot import Snapshot
    from .transfer.result import Result

LIBRARIES = ("site-packages", "dist-packages")
PACKAGE = os.path.dirname(__file__) + os.sep


class NSTError(Exception):
    """Base of every failure that a user can cause; the command line prints the message and exits 2."""

    def __init__(self, message: str):
        # A file's name may hold a line break, or what a console takes as a command.
        super().__init__("".join(c if c.isprintable() else ascii(c)[1:-1] for c in message))

    def _render_traceback_(self) -> list[str]:  # what IPython shows: the user's own line, and the message
        frames = traceback.extract_tb(self.__traceback__)
        own = [f for f in frames if not f.filename.startswith(PACKAGE) and not any(x in f.filename for x in LIBRARIES)]
        where = [f"line {own[-1].lineno}: {own[-1].line}"] if own and own[-1].line else []
        return [*where, f"{type(self).__name__}: {self}"]


class ImageError(NSTError):
    """A picture cannot be read, written or used at this size."""


class ShapeError(NSTError):
    """Arrays do not fit together."""


class WeightsError(NSTError):
    """A network's weights are missing, damaged, or of an unknown layout."""


class DownloadError(NSTError):
    """A file cannot be downloaded, or is not the file expected."""


class SettingError(NSTError):
    """A setting has an invalid value, or names something that does not exist."""


class RunError(NSTError):
    """A run folder cannot be used: nothing to resume, other inputs, a file that changed."""


class DivergedError(NSTError):
    """The loss or its gradient became infinite or not a number.

    Attributes:
        evaluation: number of the evaluation at which it happened, from 1.
        snapshot: the last good one, whose picture is kept; None if the first evaluation failed.
        result: the result of the run up to that snapshot, where `stylize` raised the error.
    """

    def __init__(self, message: str, evaluation: int, snapshot: Snapshot | None = None):
        super().__init__(message)
        self.evaluation, self.snapshot = evaluation, snapshot
        self.result: Result | None = None


class Interrupted(KeyboardInterrupt):
    """A cell of a notebook was interrupted; what it had made is kept.

    Attributes:
        result: what the call would have returned.
    """

    def __init__(self, message: str, result: Any):
        super().__init__(message)
        self.result = result

    def _render_traceback_(self) -> list[str]:  # what IPython shows
        return [str(self)]
