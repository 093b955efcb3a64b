"""`distill`: train a small network to respond as a large one."""

import argparse
from dataclasses import fields
from pathlib import Path
from typing import Any

from ..errors import NSTError
from ..training.recipe import Recipe
from .options import add_settings
from .places import check_folder, keep_inputs
from .words import duration


def add_to(commands: Any) -> None:
    """Add the command to a parser's commands."""
    parser = commands.add_parser("distill", help="train a small network to respond as a large one")
    parser.set_defaults(command=run)
    parser.add_argument("--teacher", required=True, metavar="NETWORK", help="a name, or a file of weights")
    more = "folders and ZIP archives of pictures to train on, each of one kind; all kinds are drawn equally often"
    parser.add_argument("--pictures", required=True, nargs="+", type=Path, metavar="ZIP_OR_FOLDER", help=more)
    more = "checkpoints, log and network go there; a training that was stopped resumes there"
    parser.add_argument("--run", required=True, type=Path, metavar="FOLDER", help=more)
    more = "a network of the same geometry to begin with, at most as wide (default: random weights)"
    parser.add_argument("--start", metavar="NETWORK", help=more)
    add_settings(parser, Recipe)


def run(options: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    from ..networks.geometry import STYLE_LAYERS
    from ..progress import bar
    from ..training.folder import NETWORK
    from ..training.loop import GENERATION, generations, train

    check_folder(options.run)
    keep_inputs(options.run / NETWORK, [options.teacher, *filter(None, [options.start]), *options.pictures])
    given: dict[str, Any] = {each.name: getattr(options, each.name) for each in fields(Recipe)}
    given |= {"widths": tuple(given["widths"]), "pools": tuple(given["pools"])}
    recipe = Recipe(**given)
    path, snapshot = options.run / NETWORK, None
    with bar(total=generations(recipe) * GENERATION, unit="step", delay=2) as shown:
        for snapshot in train(options.teacher, options.pictures, options.run, recipe, start=options.start):
            if shown.n == 0:  # what a resumed training did earlier says nothing about the time left
                shown.initial = (snapshot.generation - 1) * GENERATION
            shown.n = snapshot.generation * GENERATION
            shown.set_postfix_str(", ".join(f"{layer} {snapshot.errors[layer][0]:.2f}" for layer in STYLE_LAYERS))
            if snapshot.measured:
                shown.write(f"step {shown.n}: errors on pictures held out {shown.postfix}")
    if snapshot is None:
        raise NSTError(f"{options.run}: this training is finished; its network is {path}")
    print(f"{path}: trained in {duration(snapshot.seconds)}; use it with --network {path}")
    return 0
