"""The geometry of VGG-19: names of the layers in order, and what weights belong to them."""

import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from ..errors import WeightsError

# The convolutions of each block; pooling stands between the blocks.
BLOCKS = {1: 2, 2: 2, 3: 4, 4: 4, 5: 4}


class Place(NamedTuple):
    """Where a layer stands: the `number`-th convolution of a block, both from 1."""

    block: int
    number: int


PLACES = {f"conv{block}_{i}": Place(block, i) for block, n in BLOCKS.items() for i in range(1, n + 1)}
LAYERS = tuple(PLACES)

# The place of each convolution in torchvision's list of layers, which counts ReLUs and poolings too.
TORCHVISION = dict(zip(LAYERS, (0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34), strict=True))

# The paper's.
CONTENT_LAYERS = ("conv4_2",)
STYLE_LAYERS = ("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1")


def known_as(given: str) -> str | None:
    """The layer that another tool calls so: relu4_2, block4_conv2, features.21, 21, conv4-2; None if none does.

    Numbers are torchvision's, which counts ReLUs and poolings too.
    """
    text = given.strip().lower()
    if found := re.fullmatch(r"(?:conv|relu|r)_?([1-5])[_\-.]?([1-4])|block([1-5])_conv([1-4])", text):
        first, second = (a or b for a, b in zip(found.groups()[:2], found.groups()[2:], strict=True))
        layer = f"conv{first}_{second}"
        return layer if layer in LAYERS else None
    if found := re.fullmatch(r"(?:features\.)?([0-9]{1,2})", text):
        return next((layer for layer, place in TORCHVISION.items() if int(found[1]) in (place, place + 1)), None)
    return None


def block(layer: str) -> int:
    """The number of the block that the layer belongs to: 4 for conv4_2."""
    return PLACES[layer].block


def opens_block(layer: str) -> bool:
    """Whether a pooling stands before the layer."""
    return PLACES[layer].number == 1 and PLACES[layer].block > 1


def stride(layer: str) -> int:
    """Pixels between two positions of the layer: 8 for conv4_2."""
    return 2 ** (block(layer) - 1)


def reach(layer: str) -> int:
    """How far a position sees beyond the pixels that it stands for, in pixels: 38 for conv4_2.

    Each convolution up to the layer sees one position further, of its own stride. A position stands for
    `stride` × `stride` pixels; its receptive field has a side of stride + 2 · reach.
    """
    return sum(map(stride, LAYERS[: LAYERS.index(layer) + 1]))


def check_weights(weights: Mapping[str, np.ndarray]) -> tuple[str, ...]:
    """Check that weights are an unbroken prefix of VGG-19, of any width.

    Args:
        weights: "conv1_1.kernel" [3, 3, C, N], "conv1_1.bias" [N], …, "preprocess.kernel" [3, 3],
            "preprocess.bias" [3].

    Returns:
        The layers that they hold.

    Raises:
        WeightsError: if an array is missing or has a wrong shape; it names the first.
    """
    present = [layer for layer in LAYERS if f"{layer}.kernel" in weights]
    if not present:
        raise WeightsError("the weights hold no layer of VGG-19 (conv1_1.kernel, conv1_1.bias, …)")
    layers = LAYERS[: LAYERS.index(present[-1]) + 1]
    _check_pair(weights, "preprocess", (3, 3))
    channels: int | str = 3
    for layer in layers:
        kernel = weights.get(f"{layer}.kernel")
        N = kernel.shape[-1] if kernel is not None and kernel.ndim == 4 else "N"
        _check_pair(weights, layer, (3, 3, channels, N))
        channels = N
    return layers


def _check_pair(weights: Mapping[str, np.ndarray], name: str, shape: tuple[int | str, ...]) -> None:
    for part, expected in ((f"{name}.kernel", shape), (f"{name}.bias", shape[-1:])):
        if part not in weights:
            raise WeightsError(f"the weights lack {part}; download the file again")
        if tuple(weights[part].shape) != expected:
            found, letters = list(weights[part].shape), "[" + ", ".join(map(str, expected)) + "]"
            raise WeightsError(f"{part} has shape {found}, not {letters}; download the file again")
