"""The notebooks of the course, and their students' edition: without solutions, answers and notes for teachers."""

import json
import re
from pathlib import Path
from typing import Any

from ..errors import NSTError

FOLDED = re.compile(r"\s*<details>.*?</details>", re.DOTALL)
OUTSIDE = re.compile(r"(?<!!)\[([^\]]+)\]\(\.\./[^)]+\)")  # a link to a file of the project, which students do not have
INSTALLS = 'from importlib.util import find_spec\n\nif find_spec("nst_jax") is None:'  # how a cell begins


def notebooks(folder: Path) -> list[Path]:
    """The notebooks of the course, in its order.

    Raises:
        NSTError: if there are none.
    """
    found = sorted(folder.glob("[0-9][0-9]_*.ipynb"))
    if not found:
        raise NSTError(f"{folder}: has no notebooks; run the command in a checkout of nst_jax")
    return found


def students_edition(book: dict[str, Any]) -> dict[str, Any]:
    """A notebook without what is folded away, and without links that lead out of its folder.

    Args:
        book: a notebook as JSON (nbformat 4); it is not changed.

    Returns:
        Another, alike in everything else; cells of which nothing is left are left out, and the code of the cell that
        installs the package is folded away.
    """
    cells = []
    for cell in book["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            text = OUTSIDE.sub(r"\1", FOLDED.sub("", text))
        if text.startswith(INSTALLS):
            cell = cell | {"metadata": cell["metadata"] | {"jupyter": {"source_hidden": True}}}
        if text.strip():
            cells.append(cell | {"source": text})
    return book | {"cells": cells}


def read_notebook(path: Path) -> dict[str, Any]:
    """A notebook as JSON.

    Raises:
        NSTError: if the file is not a notebook.
    """
    try:
        book = json.loads(path.read_text(encoding="utf-8"))
        if not book["cells"] or not all({"cell_type", "source", "metadata"} <= set(cell) for cell in book["cells"]):
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise NSTError(f"{path}: is not a notebook, or is damaged; get it from the project again") from None
    return book
