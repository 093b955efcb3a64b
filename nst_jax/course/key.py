"""The key of the course, for teachers: every exercise with its solution, every quiz with its answers.

It is made from the notebooks that students get, and from the exercises that the checks run, so that the three agree.
As a notebook it can be run: each solution stands above its own check.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import NSTError
from . import questions
from .cells import code, file_text, markdown, notebook
from .chapters import CHAPTERS
from .checks import solution
from .editions import notebooks, read_notebook
from .exercises import EXERCISES
from .quiz import Question

EXERCISES_BEGIN = re.compile(r"^## Exercises\s*$", re.MULTILINE)
FOLDED = re.compile(r"<details>\s*<summary>(.*?)</summary>(.*?)</details>", re.DOTALL)
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:)[^)]+\)")  # to a file of the project, which may be elsewhere
CHECKED = re.compile(r"^checks\.(\w+)\(", re.MULTILINE)
HINT = "checks.hint("
QUIZ = "quiz("
INTRODUCTION = """# The key of the course

Every exercise as students read it, with its solution in the place of the attempt that they get, and every quiz with
its answers. Run it all: each solution stands above its own check. Solutions are in the package too, in
`checks.solution(name)`: a student who looks for them finds them."""


def key_of(books: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """The key of notebooks, as one notebook.

    Args:
        books: name, such as "03_style_as_statistics" → notebook as JSON (nbformat 4).

    Returns:
        A notebook as JSON, without outputs.

    Raises:
        NSTError: for a notebook without the heading "Exercises".
    """
    cells = [markdown(INTRODUCTION), code("from nst_jax import checks")]
    for name, book in books.items():
        title = "".join(book["cells"][0]["source"]).splitlines()[0]
        cells += [markdown(f"#{title}"), *_exercises(name, book)]
    return notebook(cells)


def key_text(folder: Path, path: Path) -> str:
    """The key of a folder of notebooks, as the text of a file.

    Args:
        folder: with NN_name.ipynb.
        path: of that file: .ipynb, which can be run, or .md to read and to print.

    Raises:
        NSTError: for another ending, or a folder without notebooks.
    """
    if path.suffix not in (".ipynb", ".md"):
        raise NSTError(f"{path}: the key is a notebook or a text; let its name end with .ipynb or .md")
    book = key_of({each.stem: read_notebook(each) for each in notebooks(folder)})
    return as_text(book) if path.suffix == ".md" else file_text(book)


def as_text(book: Mapping[str, Any]) -> str:
    """A notebook as Markdown: its texts, and its code as blocks."""
    parts = [c["source"] if c["cell_type"] == "markdown" else _block(c["source"]) for c in book["cells"]]
    return "\n\n".join(parts) + "\n"


def _exercises(name: str, book: dict[str, Any]) -> list[dict[str, Any]]:
    """The cells of a notebook from its exercises on, with solutions in the place of what is to be changed."""
    cells, found = [], False
    for cell in book["cells"]:
        text = "".join(cell["source"])
        if not found:
            begin = EXERCISES_BEGIN.search(text) if cell["cell_type"] == "markdown" else None
            if begin is None:
                continue
            found, text = True, text[begin.end() :]
        if cell["cell_type"] == "markdown":
            text = LINK.sub(r"\1", re.sub(r"^## ", "### ", text, flags=re.MULTILINE))
            text = FOLDED.sub(lambda m: f"**{_title(m[1])}.** {m[2].strip()}", text)
            cells += [markdown(text)] if text.strip() else []
        elif asked := [each for each in CHECKED.findall(text) if each in CHAPTERS.get(name, ())]:
            cells += [code(_solved(each)) for each in asked]
        elif text.startswith(QUIZ):
            asked = vars(questions).get(name[3:].upper(), ())
            cells.append(markdown("\n\n".join(_answered(i, q) for i, q in enumerate(asked, 1))))
        elif HINT not in text:  # it needs what the notebook computed before
            cells.append(markdown(_block(text)))
    if not found:
        raise NSTError(f"notebook {name}: has no heading 'Exercises'; give it one")
    return cells


def _title(summary: str) -> str:
    return summary.replace("(teachers: reveal)", "").strip()


def _solved(name: str) -> str:
    return f"{solution(name).rstrip()}\n\n\nchecks.{name}({EXERCISES[name].solution.__name__})"


def _answered(number: int, question: Question) -> str:
    lines = [f"**{number}.** {question.text}", ""]
    for i, (choice, why) in enumerate(zip(question.choices, question.explanations, strict=True)):
        mark = "✓" if i == question.answer else "✗"
        lines.append(f"- {mark} {chr(ord('a') + i)}) {choice}: *{why}*")
    return "\n".join(lines)


def _block(source: str) -> str:
    return f"```python\n{source.rstrip()}\n```"
