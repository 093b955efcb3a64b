"""`class`: a folder with all that a class needs to work without a connection."""

import argparse
from pathlib import Path
from typing import Any


def add_to(commands: Any) -> None:
    """Add the command to a parser's commands."""
    from ..course.kit_wheels import PLATFORMS, PYTHONS

    parser = commands.add_parser("class", help="fill a folder, for a stick, with the course and all that it needs")
    parser.set_defaults(command=run)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="new, or one that this command made before")
    laptops = f"the laptops' systems [{' '.join(PLATFORMS)}]"
    parser.add_argument("--platforms", nargs="+", choices=PLATFORMS, default=list(PLATFORMS), help=laptops)
    versions = f"their versions of Python [{' '.join(PYTHONS)}]; fewer take less space"
    parser.add_argument("--python", nargs="+", choices=PYTHONS, default=list(PYTHONS), help=versions)
    key = "where the teacher's key goes, outside of FOLDER, which then has no folder `teacher` [FOLDER/teacher]"
    parser.add_argument("--key", type=Path, metavar="FILE", help=key)
    word = "a word that signs the students' codes (checks.report), which `reports` reads in bulk [none]"
    parser.add_argument("--class-word", metavar="WORD", default="", help=word)


def run(options: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    from ..course.class_kit import make_kit

    project = Path(__file__).parents[2]
    make_kit(options.folder, project, options.platforms, options.python, key=options.key, word=options.class_word)
    return 0
