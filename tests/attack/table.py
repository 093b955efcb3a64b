"""The table of the attack in docs/measured.md: a row for each thing that was attacked, as its last run left it."""

import re
from collections.abc import Mapping
from pathlib import Path

from .trial import ROOT

MEASURED = ROOT / "docs" / "measured.md"
TABLE = re.compile(r"(<!-- attack -->\n\| what .*?\n\|[-|]+\n)(.*?)(?=\n\n|\n<!--)", re.DOTALL)


def row(part: str, what: str, figures: str, faults: int) -> str:
    """A row: what was attacked, by which part of the program, what came of it, and how many faults."""
    return f"| {what} | `{part}` | {figures} | {faults} |"


def record(rows: Mapping[tuple[str, str], tuple[str, int]], path: Path = MEASURED) -> None:
    """Write rows into the table; those of a part that was run replace the part's earlier ones.

    Args:
        rows: (part, what) → (figures, faults).
        path: of the file that holds the table.
    """
    text = path.read_text(encoding="utf-8")
    found = TABLE.search(text)
    assert found is not None, f"{path} holds no table of the attack"
    parts = {part for part, _ in rows}
    kept = [line for line in found[2].splitlines() if line and line.split("|")[2].strip(" `") not in parts]
    kept += [row(part, what, figures, faults) for (part, what), (figures, faults) in rows.items()]
    path.write_text(text[: found.start(2)] + "\n".join(kept) + text[found.end(2) :], encoding="utf-8")
