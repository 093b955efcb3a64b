"""`compare`: put runs side by side."""

import argparse
from pathlib import Path
from typing import Any

from .places import check_picture, keep_inputs


def add_to(commands: Any) -> None:
    """Add the command to a parser's commands."""
    parser = commands.add_parser("compare", help="put runs side by side")
    parser.set_defaults(command=run)
    parser.add_argument("folders", nargs="+", type=Path, metavar="RUN", help="a folder of stylize --run, or of a grid")
    parser.add_argument("-o", "--out", type=Path, metavar="SHEET", help="picture to write: .png or .jpg")


def run(options: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    from ..images.writing import save_image
    from ..research.scores import side_by_side

    if options.out:
        check_picture(options.out)
        keep_inputs(options.out, options.folders)
    table, sheet = side_by_side(options.folders)
    print(table.to_string(float_format="{:.4g}".format))
    if options.out:
        save_image(options.out, sheet)
    return 0
