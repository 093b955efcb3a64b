"""`paint`: any photo in the style of any painting, or in one that a network was trained for, in one pass."""

import argparse
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from ..described import from_names
from ..feedforward.settings import PaintSettings
from .options import add_settings, number, one_or_many
from .painting import STYLE, add_painting, add_pictures, painting_of
from .places import check_picture, keep_inputs
from .words import duration


def add_to(commands: Any) -> None:
    """Add the command to a parser's commands."""
    parser = commands.add_parser(
        "paint", help="paint a photo in one pass, in the style of any painting, or of a trained network"
    )
    parser.set_defaults(command=run)
    add_pictures(parser)
    add_painting(parser)
    parser.add_argument("-o", "--out", type=Path, metavar="OUT", required=True, help="picture to write: .png or .jpg")
    add_settings(parser, PaintSettings)


def run(options: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    settings = {each.name: getattr(options, each.name) for each in fields(PaintSettings)}
    settings["style_scale"] = one_or_many(settings["style_scale"])
    from ..images.known import find

    content = find(options.content)
    style, regions, pictures = painting_of(options, STYLE, named=options.network is not None)
    settings["strength"], masks = _strength(settings["strength"])
    from_names(PaintSettings, settings)
    check_picture(options.out)
    keep_inputs(options.out, [content, *pictures, *masks])
    from ..feedforward.paint import paint
    from ..images.writing import save_image

    made = paint(content, style, regions=regions, **settings)
    for note in made.notes:
        print(f"note: {note}")
    save_image(options.out, made.image, made.alpha)
    h, w, _ = made.image.shape
    print(f"{options.out}: {w} × {h}, painted in {duration(made.seconds)}")
    return 0


def _strength(given: Any) -> tuple[float | Path, Sequence[Path]]:
    """A number, or a picture with its file."""
    from ..images.known import find

    if isinstance(given, float):
        return given, ()
    try:
        return number(given), ()
    except argparse.ArgumentTypeError:
        pass
    file = find(given)
    return file, [file]
