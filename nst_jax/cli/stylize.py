"""`stylize`: paint a photo in the style of a painting."""

import argparse
import os
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

from ..errors import NSTError
from ..transfer.settings import STARTS, Settings, settings_of, without_effect
from .folder import into_folder, paint_photos
from .following import follow
from .options import add_settings, count, layers, networks, one_or_many, seconds
from .painting import STYLE, add_painting, add_pictures, painting_of
from .places import check_places, keep_from_run, keep_inputs

EVERY = "with --run: seconds between checkpoints [10]"


def add_to(commands: Any) -> None:
    """Add the command to a parser's commands."""
    parser = commands.add_parser("stylize", help="paint a photo in the style of a painting")
    parser.set_defaults(command=run)
    add_pictures(parser)
    parser.add_argument(
        "more",
        metavar="PHOTO",
        nargs="*",
        help="more photos, if the painting is given with --style and OUT is a folder",
    )
    add_painting(parser)
    out = (
        "picture to write: .png or .jpg; or a folder for photos, which keep their names; those there are not made again"
    )
    parser.add_argument("-o", "--out", type=Path, metavar="OUT", help=out)
    parser.add_argument("--run", type=Path, metavar="FOLDER", help="keep the run there, so that it can be resumed")
    parser.add_argument("--save-every", type=count, metavar="N", help="with --run: a picture each N evaluations")
    parser.add_argument("--checkpoint-every", type=seconds, default=10.0, metavar="S", help=EVERY)
    add_settings(parser, Settings)


def run(options: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    if options.out is None and options.run is None:
        raise NSTError("where should the picture go? Give -o OUT, or --run FOLDER")
    settings = {each.name: getattr(options, each.name) for each in fields(Settings)}
    settings["network"] = given = networks(options.network)
    for name in ("steps", "style_scale"):
        settings[name] = one_or_many(settings[name])
    for name in ("content_layers", "style_layers"):
        settings[name] = None if settings[name] is None else layers(settings[name])
    s = settings_of(settings)  # everything that can be found wrong before a download, and without JAX
    many = into_folder(options)
    if not many:
        check_places(options.out, options.run, "resume it, or choose another folder")
    for note in without_effect(s):
        print(f"note: {note}")
    if options.run is None and options.save_every:
        print("note: --save-every has no effect without --run")

    if many:
        _check_files([], given)
        return paint_photos(options, settings, STYLE)

    from ..images.known import find

    content = find(options.content)
    style, regions, pictures = painting_of(options, STYLE)
    pictures.insert(0, content)
    if settings["init"] not in STARTS:
        settings["init"] = find(settings["init"])
        pictures.append(settings["init"])
    inputs = [*pictures, *(Path(each) for each in _each(given) if os.path.isfile(each))]
    keep_inputs(options.out, inputs)
    keep_from_run(options.run, inputs)
    _check_files(pictures, given)

    from ..transfer.job import prepare
    from ..transfer.run_folder import RunFolder

    if options.run is None:
        job = prepare(content, style, regions=regions, **settings)
    else:
        kept = RunFolder(options.run)
        job = kept.begin(content, style, regions=regions, save_every=options.save_every, out=options.out, **settings)
    return follow(job, options.run, options.out, options.checkpoint_every)


def _each(given: str | tuple[str, ...]) -> tuple[str, ...]:
    return given if isinstance(given, tuple) else (given,)


def _check_files(pictures: Iterable[Path], given: str | tuple[str, ...]) -> None:
    """Read the pictures once before JAX is imported, which takes longer: a fault in them is reported at once."""
    from ..images.reading import load_image
    from ..networks.loading import weights_file
    from ..networks.sources import SOURCES

    for path in pictures:
        load_image(path)
    for network in _each(given):
        if network not in SOURCES:
            weights_file(network)
