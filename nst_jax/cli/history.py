"""`history`: make a picture by a method from before the networks."""

import argparse
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from ..errors import NSTError
from ..history.methods import METHODS
from .options import add_settings, whole
from .places import check_places, keep_from_run, keep_inputs
from .words import duration

PAINTING = {"needed": "needed", "none": "-", "optional": "optional"}  # in the list


class MethodParser(argparse.ArgumentParser):
    """A parser of one method's arguments, which imports the method when it is used."""

    method = ""

    def parse_known_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        """As argparse does, the method's own parameters among the options."""
        from ..history.parameters import parameters_of

        if self.method not in METHODS:
            return super().parse_known_args(args, namespace)
        own = self.add_argument_group(f"parameters of {self.method}")
        add_settings(own, parameters_of(METHODS[self.method]))
        return super().parse_known_args(args, namespace)


def add_to(commands: Any) -> None:
    """Add the command to a parser's commands."""
    parser = commands.add_parser("history", help="make a picture by a method from before the networks")
    parser.set_defaults(command=run, method=None)
    parser.add_argument("--list", action="store_true", help="list the methods: name, year, painting, idea")
    each = parser.add_subparsers(metavar="METHOD", parser_class=MethodParser, title="methods")
    for method in METHODS.values():
        idea = f"{method.idea} ({method.source}, {method.year})"
        own = each.add_parser(method.name, help=method.idea, description=f"{idea[:1].upper()}{idea[1:]}.")
        own.method = method.name
        own.set_defaults(method=method.name)
        known = "a file, or the name of a known picture (see fetch)"
        own.add_argument("content", metavar="PHOTO", help=f"the photo: {known}")
        words = {"needed": f"the painting: {known}", "none": "this method takes none", "optional": "a painting, if any"}
        own.add_argument("style", metavar="STYLE", nargs="?", help=words[method.painting])
        own.add_argument("-o", "--out", type=Path, metavar="OUT", help="picture to write: .png or .jpg")
        own.add_argument("--run", type=Path, metavar="FOLDER", help="keep the picture and its manifest there")
        own.add_argument("--size", type=whole, default=512, help="longest side, in pixels [512]")
        own.add_argument("--seed", type=whole, default=0, help="of what is random [0]")


def run(options: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    if options.list:
        return _list()
    if options.method is None:
        raise NSTError(f"which method? Give one of {', '.join(METHODS)}")
    if options.out is None and options.run is None:
        raise NSTError("where should the picture go? Give -o OUT, or --run FOLDER")
    check_places(options.out, options.run, "choose another folder")

    from ..history.making import make, ready
    from ..history.parameters import parameters_of
    from ..images.known import find

    method = METHODS[options.method]
    parameters = {each.name: getattr(options, each.name) for each in fields(parameters_of(method))}
    ready(method, options.style is not None, parameters)
    content, style = find(options.content), None if options.style is None else find(options.style)
    inputs = [each for each in (content, style) if each is not None]
    keep_inputs(options.out, inputs)
    keep_from_run(options.run, inputs)
    made = make(method, content, style, size=options.size, seed=options.seed, progress=True, **parameters)
    if options.run:
        made.save(options.run)
    if options.out:
        from ..images.writing import save_image

        save_image(options.out, made.image, made.alpha)
    where = " and ".join(str(place) for place in (options.out, options.run) if place)
    h, w, _ = made.image.shape
    print(f"{where}: made by {method.name} in {duration(made.seconds)}, {w} × {h} pixels")
    return 0


def _list() -> int:
    wide = max(map(len, METHODS))
    print(f"{'method':{wide}}  year  painting  idea")
    for each in sorted(METHODS.values(), key=lambda each: (each.year, each.name)):
        print(f"{each.name:{wide}}  {each.year}  {PAINTING[each.painting]:8}  {each.idea}")
    return 0
