"""What 8 bits a weight cost: the relative error of each layer's weights, as far as codes and table tell.

    python -m benchmarks.quantisation

The published file holds 256 values a layer, found by k-means, and for each weight the nearest of them. The weights
themselves are gone; within a cell of width Δ, taken as uniform, they differ from its value by Δ/√12 (root mean square).
"""

import numpy as np

from nst_jax.networks.formats import read_weights
from nst_jax.networks.loading import weights_file


def relative_error(codes: np.ndarray, table: np.ndarray) -> float:
    """√(Σ Δ²/12) / √(Σ value²) over the weights of a layer.

    Args:
        codes: uint8, of any shape.
        table: [256], the value of each code.
    """
    order = np.argsort(table)
    values, counts = table[order], np.bincount(codes.ravel(), minlength=len(table))[order]
    steps = np.diff(values)
    cells = np.concatenate([steps[:1], (steps[1:] + steps[:-1]) / 2, steps[-1:]])
    return float(np.sqrt((counts * cells**2 / 12).sum() / (counts * values**2).sum()))


def main() -> None:
    """Print a row for each layer."""
    weights, _ = read_weights(weights_file("vgg19"), decoded=False)
    for name in weights:
        if name.endswith(".codes"):
            layer = name.removesuffix(".codes")
            print(f"{layer}  {relative_error(weights[name], weights[f'{layer}.table']):.4f}")


if __name__ == "__main__":
    main()
