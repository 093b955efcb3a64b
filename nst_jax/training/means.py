"""Measure the mean activations of networks over photographs.

    python -m nst_jax.training.means NETWORK … --pictures ZIP_OR_FOLDER … [--rare RATIO] -o FILE

Of every twentieth picture, the largest square in its middle at 160 pixels, with both poolings. The file is what
`nst_jax.networks.means` reads: "NETWORK/POOL/LAYER" → float32 [N_l]. What it holds of other networks stays.

A narrow network has few filters, and one that responds only to one spot of a few pictures would outweigh the others in
the style loss: with --rare, a filter whose root mean square exceeds RATIO times its mean gets a RATIO-th of that
instead, as in `VGG19.normalized`.
"""

import argparse
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from safetensors.numpy import load_file

from ..images.picture import Picture
from ..images.reading import FORMATS
from ..networks.formats import read_metadata, write_weights
from ..networks.loading import load_network
from .crops import read_pictures

EVERY = 20
SIDE = 160  # pixels


def squares(files: Sequence[bytes]) -> Iterator[Picture]:
    """The largest square in the middle of each picture, [SIDE, SIDE, 3] in [0, 1]."""
    for file in files:
        with Image.open(io.BytesIO(file), formats=FORMATS) as image:
            square = ImageOps.fit(image.convert("RGB"), (SIDE, SIDE), Image.Resampling.LANCZOS)
        yield np.asarray(square, np.float32) / 255


def main() -> None:
    """Measure, and write the file."""
    parser = argparse.ArgumentParser(description="Measure the mean activations of networks over photographs.")
    parser.add_argument("networks", nargs="+", metavar="NETWORK", help="names, which their files hold, too")
    parser.add_argument("--pictures", nargs="+", type=Path, required=True, metavar="ZIP_OR_FOLDER")
    more = "root mean square by mean of a filter above which it is rare (default: none is)"
    parser.add_argument("--rare", type=float, default=float("inf"), metavar="RATIO", help=more)
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="FILE", help="of .safetensors")
    options = parser.parse_args()
    files = read_pictures(options.pictures)[::EVERY]
    metadata = {"pictures": f"{len(files)} photographs, {SIDE} × {SIDE} pixels each"}
    means = load_file(options.out) if options.out.exists() else {}
    if means and read_metadata(options.out) != metadata:
        parser.error(
            f"{options.out}: its means are of other pictures ({read_metadata(options.out)}); give another FILE"
        )
    means = {key: mean for key, mean in means.items() if key.rsplit("/", 2)[0] not in options.networks}
    means |= {
        f"{name}/{pool}/{layer}": np.maximum(mean, rms / options.rare)
        for name in options.networks
        for pool in ("avg", "max")
        for layer, (mean, rms) in load_network(name, pool=pool).activations(squares(files)).items()
    }
    write_weights(options.out, means, metadata)


if __name__ == "__main__":
    main()
