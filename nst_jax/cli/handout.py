"""`handout`: the method on one page."""

import argparse
from pathlib import Path
from typing import Any

from .options import whole


def add_to(commands: Any) -> None:
    """Add the command to a parser's commands."""
    parser = commands.add_parser("handout", help="write the method on one page of A4, to print")
    parser.set_defaults(command=run)
    parser.add_argument("file", type=Path, metavar="FILE", help="to write: .pdf; or .svg or .png")
    parser.add_argument("--size", type=whole, default=192, help="longest side of its results, in pixels [192]")


def run(options: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    from ..course.handout import pictures, write_handout
    from ..images.printing import check_print
    from .places import check_folder

    check_print(options.file)
    check_folder(options.file.absolute().parent)
    write_handout(options.file, pictures(options.size))
    return 0
