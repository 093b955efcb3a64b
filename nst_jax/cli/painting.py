"""The options that say what is painted how, and where: several styles, and regions."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..described import counted
from ..errors import NSTError
from .options import number

CONTENT, STYLE = "chelsea", "vortex"  # what a first look paints, and how


def add_pictures(parser: argparse.ArgumentParser) -> None:
    """Add the positional arguments `content` and `style` to a parser."""
    known = "a file, or the name of a known picture (see fetch)"
    parser.add_argument(
        "content", metavar="CONTENT", nargs="?", default=CONTENT, help=f"the photo: {known} [{CONTENT}]"
    )
    parser.add_argument("style", metavar="STYLE", nargs="?", help=f"the painting, likewise [{STYLE}]")


def add_painting(parser: argparse.ArgumentParser) -> None:
    """Add the options to a parser that has a positional argument `style`."""
    group = parser.add_argument_group("several styles, and regions")
    group.add_argument("--style", dest="styles", nargs="+", metavar="STYLE", help="one painting or several, blended")
    group.add_argument("--style-weights", nargs="+", type=number, metavar="W", help="of the paintings [equal]")
    group.add_argument(
        "--region",
        nargs="+",
        action="append",
        default=[],
        metavar=("MASK", "STYLE"),
        help="paint where the picture MASK is white, or opaque, in this style; none keeps the photo. A third picture "
        "is the mask of the style. May be given several times; what is left is painted with STYLE, or kept without one",
    )
    group.add_argument("--map", metavar="PICTURE", help="regions as a picture of flat colours, with --legend")
    group.add_argument(
        "--legend", nargs="+", metavar="COLOUR=STYLE", help="what each colour of the map is painted with: red=vortex"
    )


def painting_of(options: argparse.Namespace, default: str, *, named: bool = False) -> tuple[Any, Any, list[Path]]:
    """What is painted how, and where.

    Args:
        options: parsed.
        default: the style if none is given.
        named: whether styles are those of a trained network, which are asked for by name, and need no picture.

    Returns:
        style and regions, as `stylize` takes them, their pictures found; and the files of all of them.

    Raises:
        NSTError: for options that contradict each other.
    """
    from ..images.known import find

    files: list[Path] = []

    def found(name: str) -> Path:
        files.append(find(name))
        return files[-1]

    style_of: Any = str if named else found

    styles = _styles(options)
    weights = options.style_weights or [1.0] * len(styles)
    if len(weights) != len(styles):
        given = f"{counted(len(weights), 'number')} for {counted(len(styles), 'painting')}"
        raise NSTError(f"--style-weights: {given}; give one each")
    regions = _regions(options, found, style_of)
    if not styles and not regions:
        styles, weights = [default], [1.0]
    return [(style_of(style), weight) for style, weight in zip(styles, weights, strict=True)] or None, regions, files


def _styles(options: argparse.Namespace) -> list[str]:
    if options.style and options.styles:
        raise NSTError("give the paintings either as STYLE or with --style, not both")
    return options.styles or ([options.style] if options.style else [])


def _regions(options: argparse.Namespace, found: Any, style_of: Any) -> Any:
    if bool(options.map) != bool(options.legend):
        raise NSTError("--map and --legend belong together: a picture of flat colours, and what each is painted with")
    if options.map and options.region:
        raise NSTError("give regions either as --region or as --map, not both")
    if options.map:
        pairs = [entry.partition("=") for entry in options.legend]
        wrong = [entry for entry, (_, equal, style) in zip(options.legend, pairs, strict=True) if not (equal and style)]
        if wrong:
            raise NSTError(f"--legend {wrong[0]}: give COLOUR=STYLE, such as red=vortex, or red=none")
        return found(options.map), {colour: None if style == "none" else style_of(style) for colour, _, style in pairs}
    return [_region(each, found, style_of) for each in options.region]


def _region(given: Sequence[str], found: Any, style_of: Any) -> tuple[Any, ...]:
    if not 2 <= len(given) <= 3:
        raise NSTError(f"--region {' '.join(given)}: give MASK STYLE, or MASK STYLE and the mask of the style")
    mask, style, *of_style = given
    return found(mask), None if style == "none" else style_of(style), *map(found, of_style)
