"""`train`: a network that paints in one style or several, in one pass."""

import argparse
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

from ..described import from_names
from ..errors import NSTError
from ..feedforward.style_network_settings import TrainSettings
from .options import add_settings, layers
from .places import check_folder, keep_inputs
from .words import duration


def add_to(commands: Any) -> None:
    """Add the command to a parser's commands."""
    parser = commands.add_parser("train", help="train a network that paints in certain styles in one pass")
    parser.set_defaults(command=run)
    styles = parser.add_mutually_exclusive_group(required=True)
    more = "one painting or several; a style is then asked for by its file's name without the ending"
    styles.add_argument("--styles", nargs="+", metavar="STYLE", help=more)
    more = "paintings that the network of --to learns in addition; its other styles stay as they are, byte for byte"
    styles.add_argument("--add", nargs="+", metavar="STYLE", help=more)
    parser.add_argument("--to", metavar="NETWORK", help="six-styles, or a file that train has made; for --add")
    more = "folders and ZIP archives of photos to train on"
    parser.add_argument("--pictures", required=True, nargs="+", type=Path, metavar="ZIP_OR_FOLDER", help=more)
    more = "checkpoint, log, network and pictures go there; a training that was stopped resumes there"
    parser.add_argument("--run", required=True, type=Path, metavar="FOLDER", help=more)
    more = "a network to begin with, in place of random weights: a third of the steps may then do"
    parser.add_argument("--start", metavar="NETWORK", help=more)
    add_settings(parser, TrainSettings)


def run(options: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    from ..images.known import find

    if bool(options.add) != bool(options.to):
        raise NSTError("--add and --to belong together: the paintings, and the network that is to learn them")
    if options.add and options.start:  # said before anything is imported or read
        raise NSTError(
            "--start has no effect with --add, which begins at the mean of the network's styles; leave it out"
        )
    given = {each.name: getattr(options, each.name) for each in fields(TrainSettings)}
    given["widths"] = tuple(given["widths"])
    for name in ("content_layers", "style_layers"):
        given[name] = given[name] if given[name] is None or isinstance(given[name], tuple) else layers(given[name])
    settings = from_names(TrainSettings, given)
    styles = [find(style) for style in options.styles or options.add]
    check_folder(options.run)
    from ..feedforward.style_network_training import train
    from ..progress import bar
    from ..training.folder import NETWORK
    from ..transfer.interrupt import interruptible

    path, snapshot, first = options.run / NETWORK, None, None
    keep_inputs(path, [*styles, *options.pictures])
    with interruptible() as stop, bar(total=settings.steps, unit="step", delay=2) as shown:
        begin = {"start": options.start, "add_to": options.to}
        steps = train(styles, options.pictures, options.run, stop=stop, **begin, **vars(settings))
        for snapshot in steps:
            if first is None:
                first = shown.initial = shown.n = snapshot.step
                if snapshot.left:
                    shown.write(f"{settings.steps - first} steps, about {duration(snapshot.left)}")
            shown.n = snapshot.step
            shown.update(0)
            if snapshot.losses:
                words = ", ".join(f"{name} {loss:.3g}" for name, loss in snapshot.losses.items())
                shown.write(f"step {snapshot.step}, pictures held out: {words}")
    if snapshot is None or snapshot.step == first:
        raise NSTError(f"{options.run}: this training is finished; its network is {path}")
    print(f"{path}: {snapshot.step} steps, {duration(snapshot.seconds)}; use it with paint --network {path}")
    if snapshot.step < settings.steps:
        print("stopped before its end; the same command resumes it", file=sys.stderr)
        return 130
    return 0
