"""`key`: the course's exercises with their solutions, for teachers."""

import argparse
from pathlib import Path
from typing import Any


def add_to(commands: Any) -> None:
    """Add the command to a parser's commands."""
    parser = commands.add_parser("key", help="write the course's exercises with solutions, and the quizzes' answers")
    parser.set_defaults(command=run)
    kind = "to write: .ipynb, a notebook in which each solution passes its check, or .md to print"
    parser.add_argument("file", type=Path, metavar="FILE", help=kind)


def run(options: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    from ..course.editions import notebooks
    from ..course.key import key_text
    from ..files import atomic_write
    from .places import keep_inputs

    folder = Path(__file__).parents[2] / "notebooks"
    keep_inputs(options.file, notebooks(folder))
    text = key_text(folder, options.file)
    with atomic_write(options.file, "w") as file:
        file.write(text)
    return 0
