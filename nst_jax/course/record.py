"""What a student has done, over all notebooks: a small file beside them, which the checks keep.

An exercise is passed if its last verdict says so. Verdicts are kept where somebody works: in a notebook with a kernel.
"""

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from ..errors import NSTError
from ..files import atomic_write, read_json
from ..notebook.widgets import headless
from .chapters import ASKED, CHAPTERS
from .codes import Standing
from .verdict import Verdict

FILE = "nst_jax-progress.json"
MOST = 200  # answers kept of an exercise
PATIENCE = 5  # seconds to wait for another notebook that writes


class Kept(msgspec.Struct):
    """What the file has of an exercise.

    Attributes:
        passed: whether the last verdict was right.
        answers: a hash of each verdict that differs from those before.
    """

    passed: bool
    answers: list[str]


_session: dict[str, Kept] = {}  # what could not be written, so that this notebook knows it at least


def note(verdict: Verdict, folder: str | Path = "") -> None:
    """Keep a verdict on an exercise of the course, if somebody works here; a file that cannot be written is no fault.

    Args:
        verdict: of a check.
        folder: of the notebooks; the current one unless given.
    """
    if headless() or verdict.exercise not in ASKED:
        return
    path = Path(folder, FILE)
    try:
        with FileLock(path.with_name(f".{FILE}.lock"), timeout=PATIENCE):
            kept = _added({**_read(path), **_session}, verdict)
            with atomic_write(path) as file:
                file.write(msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n")
        _session.clear()
    except (NSTError, OSError, Timeout):
        _session.update(_added({**_read(path), **_session}, verdict))


def standings(folder: str | Path = "") -> dict[str, Standing]:
    """Exercise → standing, of those begun.

    Args:
        folder: of the notebooks; the current one unless given.

    Returns:
        In the course's order.
    """
    kept = {**_read(Path(folder, FILE)), **_session}
    return {name: Standing(kept[name].passed, len(kept[name].answers)) for name in ASKED if name in kept}


def overview(found: Mapping[str, Standing]) -> str:
    """The course as a table: a line for each notebook, with what is done in it."""
    passed = sum(standing.passed for standing in found.values())
    lines = [f"{passed} of {len(ASKED)} exercises"]
    for stem, names in CHAPTERS.items():
        title = stem.replace("_", " ")
        lines.append(f"  {title:<26} {'   '.join(_word(name, found.get(name)) for name in names)}")
    return "\n".join(lines)


def _word(name: str, standing: Standing | None) -> str:
    if standing is None:
        return f"· {name}"
    tries = f" ({standing.tries} tries)" if standing.tries > 1 else ""
    return f"{'✓' if standing.passed else '✗'} {name}{tries}"


def _added(kept: dict[str, Kept], verdict: Verdict) -> dict[str, Kept]:
    before = kept.get(verdict.exercise, Kept(False, []))
    answer = hashlib.sha256(repr(verdict).encode()).hexdigest()[:8]
    answers = before.answers if answer in before.answers else [*before.answers, answer][-MOST:]
    return {**kept, verdict.exercise: Kept(verdict.right, answers)}


def _read(path: Path) -> dict[str, Kept]:
    """What is kept; a damaged file is set aside, and the record begins again."""
    try:
        return msgspec.convert(read_json(path, dict), dict[str, Kept])
    except ValueError:
        with suppress(OSError):
            os.replace(path, path.with_suffix(".damaged"))
        return {}
    except OSError:
        return {}
