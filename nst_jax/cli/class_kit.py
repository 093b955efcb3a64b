"""`class`: a folder with all that a class needs to work without a connection."""

import argparse
from pathlib import Path
from typing import Any


def add_to(commands: Any) -> None:
    """Add the command to a parser's commands."""
    from ..course.class_kit import PLATFORMS, PYTHONS

    parser = commands.add_parser("class", help="fill a folder, for a stick, with the course and all that it needs")
    parser.set_defaults(command=run)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="new, or one that this command made before")
    laptops = f"the laptops' systems [{' '.join(PLATFORMS)}]"
    parser.add_argument("--platforms", nargs="+", choices=PLATFORMS, default=list(PLATFORMS), help=laptops)
    versions = f"their versions of Python [{' '.join(PYTHONS)}]; fewer take less space"
    parser.add_argument("--python", nargs="+", choices=PYTHONS, default=list(PYTHONS), help=versions)


def run(options: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    from ..course.class_kit import make_kit

    make_kit(options.folder, Path(__file__).parents[2], options.platforms, options.python)
    return 0
