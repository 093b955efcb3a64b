"""Notebooks made by the package: their cells, and the text of their file (nbformat 4.5)."""

import json
from collections.abc import Iterable
from typing import Any

KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}


def markdown(text: str) -> dict[str, Any]:
    """A cell of text."""
    return {"cell_type": "markdown", "metadata": {}, "source": text.strip()}


def code(text: str) -> dict[str, Any]:
    """A cell of code that was not run."""
    return {"cell_type": "code", "metadata": {}, "source": text, "outputs": [], "execution_count": None}


def notebook(cells: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """A notebook of these cells as JSON; each gets an id by its place."""
    numbered = [cell | {"id": f"cell-{i}"} for i, cell in enumerate(cells)]
    return {"cells": numbered, "metadata": KERNEL, "nbformat": 4, "nbformat_minor": 5}


def file_text(book: dict[str, Any]) -> str:
    """What its file holds."""
    return json.dumps(book, ensure_ascii=False, indent=1) + "\n"
