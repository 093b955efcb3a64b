"""`slides`: slides made from notebooks."""

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

from ..errors import NSTError


def add_to(commands: Any) -> None:
    """Add the command to a parser's commands."""
    parser = commands.add_parser("slides", help="make slides from notebooks, each one file that needs no connection")
    parser.set_defaults(command=run)
    which = "such as 03, of the course, whose slides are marked in 00 and 03; or a file .ipynb with its outputs"
    parser.add_argument("notebooks", nargs="+", metavar="NOTEBOOK", help=which)
    parser.add_argument("-o", "--out", type=Path, default=Path(), metavar="FOLDER", help="for NAME.html [.]")


def run(options: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    from ..course.slides import write_slides
    from ..described import counted
    from .places import check_folder

    check_folder(options.out)
    paths = [_notebook(name) for name in options.notebooks]
    twice = [path for path, n in Counter(path.stem for path in paths).items() if n > 1]
    if twice:
        raise NSTError(
            f"{twice[0]}: two notebooks have this name, and one would replace the other's slides; rename one"
        )
    for path in paths:
        target = options.out / f"{path.stem}.html"
        print(f"{target}: {counted(write_slides(path, target), 'slide')}", flush=True)
    return 0


def _notebook(name: str) -> Path:
    from ..course.editions import notebooks

    if Path(name).suffix == ".ipynb":
        return Path(name)
    found = notebooks(Path(__file__).parents[2] / "notebooks")
    chosen = [path for path in found if path.stem.startswith(name)]
    if len(chosen) != 1:
        raise NSTError(f"notebook {name!r:.40}: give one of {', '.join(path.stem for path in found)}, or a file .ipynb")
    return chosen[0]
