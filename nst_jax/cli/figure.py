"""`figure`: list the papers' figures, or make one."""

import argparse
from pathlib import Path
from typing import Any

from ..errors import NSTError
from ..losses.style.names import STATISTICS
from .options import count, number
from .places import check_folder, keep_inputs


def add_to(commands: Any) -> None:
    """Add the command to a parser's commands."""
    parser = commands.add_parser("figure", help="list the papers' figures, or make one")
    parser.set_defaults(command=run)
    parser.add_argument("name", metavar="NAME", nargs="?", help="such as arxiv-3; without a name: list them")
    more = "panels and sheet; a figure that was stopped resumes there"
    parser.add_argument("-o", "--out", type=Path, metavar="FOLDER", help=more)
    parser.add_argument("--network", help="vgg19 if it is in the cache, else vgg19-slim, unless given")
    parser.add_argument("--size", type=count, help="longest side of a panel, in pixels, instead of the figure's")
    parser.add_argument("--steps", type=count, help="evaluations, instead of the figure's")
    parser.add_argument("--fast", action="store_true", help="128 pixels and 50 evaluations, for a first look")
    more = "what α/β multiplies: the means of the author's code, or the paper's sums to the letter [author]"
    parser.add_argument("--reading", choices=("author", "paper", "both"), default="author", help=more)
    more = "multiply every ratio α/β, for a network whose features are of another scale than the paper's [1]"
    parser.add_argument("--times", type=number, default=1.0, metavar="FACTOR", help=more)
    more = "what of the style is matched, instead of the Gram matrix"
    parser.add_argument("--statistic", choices=STATISTICS, default="gram", help=more)
    more = "files instead of the figure's pictures: neckarfront=photo.jpg"
    parser.add_argument("--pictures", nargs="+", default=[], metavar="NAME=FILE", help=more)
    parser.add_argument("--stand-ins", action="store_true", help="pictures of ours instead of the paper's")


def run(options: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    from ..research.papers.presets import FIGURES, READINGS, named

    if options.name is None:
        for name, known in FIGURES.items():
            print(f"{name:8} {sum(map(len, known.panels)):2} panels  {known.title}")
        return 0
    preset = named(options.name)
    if options.out is None:
        raise NSTError("where should the figure go? Give -o FOLDER; a figure that was stopped resumes there")
    if unpaired := [given for given in options.pictures if "=" not in given]:
        raise NSTError(f"--pictures {unpaired[0]}: give NAME=FILE, such as neckarfront=photo.jpg")
    files = dict(given.split("=", 1) for given in options.pictures)
    check_folder(options.out)

    from ..research.papers.making import figure, network_at_hand, stem_of

    network = options.network or network_at_hand()
    changes = {name: getattr(options, name) for name in ("size", "steps", "fast", "times", "statistic", "stand_ins")}
    readings = READINGS if options.reading == "both" else (options.reading,)
    for reading in readings:
        stem = stem_of(options.name, reading, options.times, options.statistic)
        keep_inputs(options.out / f"sheet-{stem}.jpg", files.values())
    print(f"what the paper's figure shows: {preset.shows}")
    for reading in readings:
        print(f"{options.name} with {network}; {READINGS[reading]}", flush=True)
        figure(options.name, options.out, network=network, reading=reading, pictures=files, progress=True, **changes)
    print(f"{options.out}: the sheets are made; every number and its source are beside them")
    return 0
