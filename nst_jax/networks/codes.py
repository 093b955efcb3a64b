"""Weights at 8 bits: a code for each, and a table of 256 values a layer."""

from collections.abc import Mapping

import numpy as np

ROUNDS = 30  # of Lloyd's algorithm


def encode(weights: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Weights with every layer's kernel replaced by codes and a table, which `decode` undoes.

    The table minimises ‖W − table[codes]‖² (Lloyd, Least squares quantization in PCM, 1982), from quantiles on.

    Args:
        weights: "LAYER.kernel" [3, 3, C, N], "LAYER.bias" [N], …; "preprocess.kernel" [3, 3] stays as it is.

    Returns:
        "LAYER.codes" uint8 [3, 3, C, N], "LAYER.table" float32 [256], and the rest in float32.
    """
    coded = {}
    for name, array in weights.items():
        layer, part = name.rsplit(".", 1)
        if part == "kernel" and array.ndim == 4:
            coded[f"{layer}.table"] = table = _table(array.ravel())
            coded[f"{layer}.codes"] = np.searchsorted(_edges(table), array).astype(np.uint8)
        else:
            coded[name] = np.asarray(array, np.float32)
    return coded


def _edges(table: np.ndarray) -> np.ndarray:
    return (table[1:] + table[:-1]) / 2


def _table(values: np.ndarray) -> np.ndarray:
    """256 values in rising order, each the mean of those nearest to it."""
    values = np.sort(values.astype(np.float64))
    sums = np.concatenate([[0], np.cumsum(values)])
    # Half by rank, half by size: the few large weights matter most, and ranks alone would give them one code.
    table = np.sort(
        np.concatenate([np.quantile(values, np.linspace(0, 1, 128)), np.linspace(values[0], values[-1], 128)])
    )
    for _ in range(ROUNDS):
        cuts = np.concatenate([[0], np.searchsorted(values, _edges(table)), [len(values)]])
        counts = np.diff(cuts)
        table = np.where(counts > 0, np.diff(sums[cuts]) / np.maximum(counts, 1), table)
        table.sort()
    return table.astype(np.float32)
