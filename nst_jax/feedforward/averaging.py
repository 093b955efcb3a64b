"""The average of decoders: `python -m nst_jax.feedforward.averaging DECODER DECODER -o DECODER`.

A decoder trained on with paintings has their texture, and a weave of it in flat areas; the one that it began with has
neither. Their average keeps colours and contours without the weave. It decodes because the one began with the other.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import jax.numpy as jnp
from jax import Array

from ..errors import WeightsError
from ..files import sha256
from .decoder import Weights, load_decoder
from .decoder_training import write_decoder


def average(decoders: Sequence[Weights]) -> dict[str, Array]:
    """Σ_i W_i / n of each array.

    Args:
        decoders: one trained on from another; weights by name.

    Returns:
        The weights by name.

    Raises:
        WeightsError: if they differ in shape.

    Source: Wortsman et al., Model soups, arXiv 2203.05482.
    """
    first, *others = decoders
    for other in others:
        if {name: w.shape for name, w in other.items()} != {name: w.shape for name, w in first.items()}:
            raise WeightsError("the decoders differ in shape; average those of one encoder")
    return {name: jnp.mean(jnp.stack([each[name] for each in decoders]), axis=0) for name in first}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("decoders", nargs="+", type=Path, metavar="DECODER")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="DECODER")
    given = parser.parse_args()
    made = average([load_decoder(path) for path in given.decoders])
    write_decoder(given.out, made, {"average of": [sha256(path) for path in given.decoders]})


if __name__ == "__main__":
    main()
