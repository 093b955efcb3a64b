"""Where commands write: never over what they read, and only where it is possible."""

from collections.abc import Iterable
from pathlib import Path

from ..errors import NSTError


def keep_inputs(out: str | Path | None, inputs: Iterable[str | Path]) -> None:
    """Refuse to write over a file that a command reads.

    Args:
        out: to be written; None for nothing.
        inputs: files that are read, and folders of runs, whose every file counts.

    Raises:
        NSTError: if `out` is one of them, or lies in one of the folders.
    """
    if out is None:
        return
    target = Path(out).resolve()
    for each in map(Path, inputs):
        source = each.resolve()
        same = target == source or (target.exists() and source.exists() and target.samefile(source))
        if same or (source.is_dir() and target.is_relative_to(source)):
            raise NSTError(f"{out}: would write over what this command reads ({each}); choose another name")
