"""`prune`: make a narrow network of a wide one, without training."""

import argparse
from pathlib import Path
from typing import Any

from ..errors import SettingError
from .places import check_folder, keep_inputs
from .words import duration


def add_to(commands: Any) -> None:
    """Add the command to a parser's commands."""
    parser = commands.add_parser("prune", help="make a narrow network of a wide one, without training")
    parser.set_defaults(command=run)
    parser.add_argument("--network", default="vgg19", help="the wide one: a name, or a file of weights")
    more = "folders and ZIP archives of pictures to which it is fitted"
    parser.add_argument("--pictures", required=True, nargs="+", type=Path, metavar="ZIP_OR_FOLDER", help=more)
    more = "filters of conv1_1, conv1_2, … as far as the network is to go; by default those of vgg19-half"
    parser.add_argument("--widths", nargs="+", type=int, metavar="N", help=more)
    parser.add_argument("--crops", type=int, default=1024, help="how many; one in 16 measures the errors")
    parser.add_argument("--size", type=int, default=128, help="side of the crops, in pixels")
    parser.add_argument("--seed", type=int, default=0, help="seed of everything random")
    parser.add_argument("-o", "--out", required=True, type=Path, metavar="FILE", help="of .safetensors")


def run(options: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    import time

    from ..networks.geometry import LAYERS
    from ..training.pruning import HALF, prune

    if options.out.suffix != ".safetensors":
        raise SettingError(f"{options.out}: networks are written as .safetensors; choose such a name")
    check_folder(options.out.absolute().parent)
    keep_inputs(options.out, [options.network, *options.pictures])
    began = time.perf_counter()
    given = options.widths or HALF.values()
    if len(given) > len(LAYERS):
        raise SettingError(f"--widths: {len(given)} numbers, and VGG-19 has {len(LAYERS)} layers; give no more")
    widths = dict(zip(LAYERS, given, strict=False))
    how = {"widths": widths, "crops": options.crops, "size": options.size, "seed": options.seed}
    for layer in prune(options.network, options.pictures, options.out, **how):
        print(f"{layer.layer}: {len(layer.filters)} filters, error on crops held out {layer.error:.3f}", flush=True)
    print(f"{options.out}: made in {duration(time.perf_counter() - began)}; use it with --network {options.out}")
    return 0
