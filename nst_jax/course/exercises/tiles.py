"""Exercises on pictures in tiles: how much halo a layer needs, and a Gram matrix summed over tiles."""

import numpy as np

from ...networks.geometry import LAYERS, block, reach, stride
from .model import Case, Exercise, Mistake, active, rows


def halo(layer):
    block, last = int(layer[4]), int(layer[6])
    convolutions = {1: 2, 2: 2, 3: 4, 4: 4, 5: 4}
    pixels = 0
    for b in range(1, block + 1):
        step = 2 ** (b - 1)  # pixels between neighbouring units of this block
        pixels += step * (last if b == block else convolutions[b])  # each sees one unit more on either side
    return pixels


def gram_of_tiles(windows, owned):
    G = 0
    for F, t in zip(windows, owned):  # noqa: B905
        f = F.reshape(-1, F.shape[-1])  # [M, N]
        G = G + (t.reshape(-1, 1) * f).T @ f  # a position of the halo counts 0 times here
    return G


def _before(layer):
    i = LAYERS.index(layer)
    return reach(LAYERS[i - 1]) if i else 0


HALO = Exercise(
    "halo",
    tuple(Case({"layer": layer}, {}) for layer in LAYERS),
    reach,
    halo,
    (
        "A unit of the layer stands for a square of pixels, as wide as its stride. How many pixels beyond that square "
        "does it see, on each side?",
        "A 3 × 3 convolution sees one unit more on either side, and units of block b are 2^(b−1) pixels apart. A "
        "pooling joins the pixels of the square itself, and adds nothing.",
        "conv1_1: 1. conv1_2: 2. conv2_1: 2 + 2 = 4. conv3_1: 6 + 4 = 10. Add up the strides of all convolutions up to "
        "the layer, its own included.",
    ),
    (
        Mistake(
            "field",
            lambda layer: stride(layer) + 2 * reach(layer),
            "This is the receptive field, its whole side. The halo is what of it lies beyond the unit's own square, on "
            "one side.",
        ),
        Mistake(
            "both_sides",
            lambda layer: 2 * reach(layer),
            "This is the halo of both sides together. A tile needs half of it on each.",
        ),
        Mistake(
            "half_field",
            lambda layer: (stride(layer) + 2 * reach(layer)) // 2,
            "Half the receptive field reaches from the middle of the unit's own square. Those pixels the tile has: "
            "take away the stride, then halve.",
        ),
        Mistake(
            "no_stride",
            lambda layer: LAYERS.index(layer) + 1,
            "Each convolution counts as one pixel. After a pooling, the next unit is twice as many pixels away.",
        ),
        Mistake(
            "own_stride",
            lambda layer: (LAYERS.index(layer) + 1) * stride(layer),
            "All convolutions count with the stride of the last layer. Each has the stride of its own block.",
        ),
        Mistake(
            "poolings_count",
            lambda layer: reach(layer) + 2 ** (block(layer) - 1) - 1,
            "Poolings are counted, too. A pooling sees one unit more to one side, but that unit belongs to the square "
            "that its output stands for.",
        ),
        Mistake(
            "one_early",
            _before,
            "The layer's own convolution is missing: conv1_1 sees one pixel beyond its own.",
        ),
    ),
)


def _tiles(seed, T, h, w, N):
    """Windows of the rows of a layer, and which of their rows each owns: not the first, not the last."""
    owned = np.zeros((T, h, w), np.float32)
    for i in range(T):
        owned[i, 1 : h - 1 - (i % 2)] = 1
    return {"windows": active(seed, T, h, w, N), "owned": owned}


def _masked(windows, owned):
    return [rows(t[..., None] * F) for F, t in zip(windows, owned, strict=True)]


def _summed(windows, owned):
    return sum(f.T @ f for f in _masked(windows, owned))


SIZES = ((2, 4, 3, 2), (3, 5, 2, 3), (4, 6, 3, 5), (2, 5, 4, 4), (5, 4, 2, 6))

GRAM_OF_TILES = Exercise(
    "gram_of_tiles",
    tuple(Case(_tiles(seed, *size), dict(zip("ThwN", size, strict=True))) for seed, size in enumerate(SIZES)),
    _summed,
    gram_of_tiles,
    (
        "Which positions of the picture stand in two windows? How often may each count?",
        "A Gram matrix is a sum over positions. Give each position the weight 1 in the window that owns it, and 0 "
        "where it is only halo; then add up all windows.",
        "For each window: f = F.reshape(-1, N), t = owned.reshape(-1, 1); add (t * f).T @ f.",
    ),
    (
        Mistake(
            "halos_count",
            lambda windows, owned: sum(rows(F).T @ rows(F) for F in windows),
            "The halos are counted, too: their positions belong to the neighbouring windows, and count twice.",
        ),
        Mistake(
            "only_halos",
            lambda windows, owned: _summed(windows, 1 - owned),
            "Only the halos are counted: `owned` is 1 at the positions that count.",
        ),
        Mistake(
            "mean_of_tiles",
            lambda windows, owned: _summed(windows, owned) / len(windows),
            "This is the mean over the tiles. Sums over parts add up to the sum over the whole.",
        ),
        Mistake(
            "per_position",
            lambda windows, owned: _summed(windows, owned) / owned.sum(),
            "This is the sum divided by the number of positions. The Gram matrix is the sum.",
        ),
        Mistake(
            "per_position_of_each",
            lambda windows, owned: sum(f.T @ f / t.sum() for f, t in zip(_masked(windows, owned), owned, strict=True)),
            "Each tile is divided by its own number of positions: then a small tile counts as much as a large one.",
        ),
        Mistake(
            "first_tile",
            lambda windows, owned: _summed(windows[:1], owned[:1]),
            "Only the first tile is counted. Look whether the function returns inside its loop.",
        ),
        Mistake(
            "last_tile",
            lambda windows, owned: _summed(windows[-1:], owned[-1:]),
            "Only the last tile is left: each overwrites the one before. Add them up.",
        ),
        Mistake(
            "gram_of_the_sum",
            lambda windows, owned: (lambda f: f.T @ f)(np.sum(_masked(windows, owned), 0)),
            "The features of all tiles are added before the product, as if they lay upon each other. First the product "
            "of each tile, then the sum.",
        ),
        Mistake(
            "all_positions_by_all",
            lambda windows, owned: (lambda f: np.outer(f, f))(np.sum(_masked(windows, owned), (0, 1))),
            "This is the product of the sums over positions, Σ f · (Σ f)ᵀ. The Gram matrix is the sum of the products, "
            "Σ f fᵀ.",
        ),
    ),
)
