"""Many students' codes as one table: exercise × student, to print and as CSV."""

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import NSTError
from .chapters import ASKED, CHAPTERS
from .codes import CODE, WORD_FILE, CodeError, Report, Standing, read_code


@dataclass(frozen=True)
class Class:
    """The reports of a class.

    Attributes:
        reports: one a student, by name; of several codes with one name, the newest.
        faults: what was not read, one line each, and where several codes have one name.
    """

    reports: tuple[Report, ...]
    faults: tuple[str, ...]

    def table(self) -> str:
        """Exercise × student: ✓ passed, ✗ not yet, each with its tries (7 for more)."""
        names = [f"{i:>2}  {report.name}, {report.day}" for i, report in enumerate(self.reports, 1)]
        wide = max(len(each) for each in _exercises(self.reports)) + 3
        lines = [*names, "", " " * wide + "".join(f"{i:>4}" for i in range(1, len(names) + 1)) + "  passed"]
        titles = {names[0]: stem.replace("_", " ") for stem, names in CHAPTERS.items()}
        for exercise in _exercises(self.reports):
            found = [report.standings.get(exercise) for report in self.reports]
            lines += [titles[exercise]] if exercise in titles else []
            passed = sum(each is not None and each.passed for each in found)
            lines.append(f"  {exercise:<{wide - 2}}{''.join(map(_cell, found))}  {passed} of {len(found)}")
        return "\n".join(lines)

    def csv(self) -> str:
        """A row for each student: name, day, exercises passed, then state and tries of each exercise."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        exercises = _exercises(self.reports)
        writer.writerow(["name", "day", "passed", *(c for each in exercises for c in (each, f"{each} tries"))])
        for report in self.reports:
            found = [report.standings.get(exercise) for exercise in exercises]
            passed = sum(each is not None and each.passed for each in found)
            cells = [c for each in found for c in _columns(each)]
            writer.writerow([_harmless(report.name), report.day, passed, *cells])
        return text.getvalue()


def read_reports(text: str | Mapping[str, str], word: str = "") -> Class:
    """The reports in a text: a list of codes, a CSV, a mail with codes in it.

    Args:
        text: whatever stands around the codes is passed over; of several texts, each with the name of its file.
        word: the class's; "" if the students' codes were made without one.

    Returns:
        The reports.

    Raises:
        NSTError: if there is no code in them.
    """
    newest: dict[str, Report] = {}
    faults = []
    texts = {"": text} if isinstance(text, str) else {f"{name}, ": each for name, each in text.items()}
    found = [(name, each, match) for name, each in texts.items() for match in CODE.finditer(each)]
    if not found:
        raise NSTError("no code in it; codes begin with NST1-, and students get theirs by checks.report('name')")
    for name, each, match in found:
        line = each.count("\n", 0, match.start()) + 1
        try:
            report = read_code(match[0], word)
        except CodeError as error:
            faults.append(f"{name}line {line}: the code {error}")
            continue
        who = unicodedata.normalize("NFKC", report.name).casefold()
        before = newest.get(who)
        if before is not None and before != report:
            twice = f"another code of {report.name}; the newest counts (two of one name: add a letter)"
            faults.append(f"{name}line {line}: {twice}")
        if before is None or report.day >= before.day:
            newest[who] = report
    return Class(tuple(newest[who] for who in sorted(newest)), tuple(faults))


def read_text(path: Path) -> str:
    """A text that a spreadsheet or an editor saved.

    Raises:
        NSTError: if it cannot be read.
    """
    try:
        held = path.read_bytes()
    except OSError as error:
        raise NSTError(f"{path}: cannot be read ({error.strerror}); give a text file or a CSV of codes") from None
    return text_of(held)


def text_of(held: bytes) -> str:
    """A text in UTF-8, or in UTF-16 with its mark; what is neither is replaced."""
    marked = held.startswith((b"\xff\xfe", b"\xfe\xff"))
    return held.decode("utf-16" if marked else "utf-8-sig", errors="replace")


def class_word(folder: str | Path = "") -> str:
    """The word that the kit has beside the notebooks; "" if there is none."""
    path = Path(folder, WORD_FILE)
    return read_text(path).strip() if path.is_file() else ""


def _exercises(reports: Sequence[Report]) -> list[str]:
    """The course's exercises, and those of another version of it."""
    return list(dict.fromkeys([*ASKED, *(name for report in reports for name in report.standings)]))


def _cell(standing: Standing | None) -> str:
    return f"{'·' if standing is None else ('✓' if standing.passed else '✗') + str(standing.tries):>4}"


def _columns(standing: Standing | None) -> tuple[str, str]:
    return ("", "") if standing is None else ("passed" if standing.passed else "tried", str(standing.tries))


def _harmless(name: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{name}" if name.startswith(("=", "+", "-", "@")) else name
