"""The decoder: from the features of a layer back to a picture, block by block, through the first layer of each."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jaxtyping import Float

from ..errors import WeightsError

LEVELS = ("conv4_1", "conv3_1", "conv2_1", "conv1_1")  # whose features are whitened and coloured, deepest first
Weights = Mapping[str, Array]


class Stage(NamedTuple):
    """The convolutions from one level to the next finer one; the first is followed by an enlargement, if any.

    Attributes:
        convolutions: their names, by the layer whose features each gives.
        enlarges: whether the picture's sides double.
    """

    convolutions: tuple[str, ...]
    enlarges: bool


# The mirror image of VGG-19: as many convolutions between two levels as it has.
STAGES = {
    "conv4_1": Stage(("conv3_4", "conv3_3", "conv3_2", "conv3_1"), True),
    "conv3_1": Stage(("conv2_2", "conv2_1"), True),
    "conv2_1": Stage(("conv1_2", "conv1_1"), True),
    "conv1_1": Stage(("picture",), False),
}


def decode(weights: Weights, F: Float[Array, "*B h w N"], level: str) -> Float[Array, "*B h2 w2 N2"]:
    """The features of the next finer level, or the picture, from those of a level.

    3×3 convolutions with reflected borders, ReLU after each but the picture's; sides double by repetition, which leaves
    no grid as transposed convolutions do.

    Args:
        weights: "conv3_4.kernel" [3, 3, C, N], "conv3_4.bias" [N], …, "picture.kernel", "picture.bias".
        F: [h, w, N] or [B, h, w, N], features of the level, ≥ 0.
        level: one of `LEVELS`.

    Returns:
        [2h, 2w, N2], ≥ 0; at conv1_1, the picture [h, w, 3], not clipped.
    """
    stage = STAGES[level]
    batch = F if F.ndim == 4 else F[None]
    for i, name in enumerate(stage.convolutions):
        batch = _convolve(batch, weights[f"{name}.kernel"]) + weights[f"{name}.bias"]
        batch = batch if name == "picture" else jax.nn.relu(batch)
        if i == 0 and stage.enlarges:
            batch = batch.repeat(2, axis=1).repeat(2, axis=2)
    return batch if F.ndim == 4 else batch[0]


def load_decoder(path: str | Path) -> dict[str, Array]:
    """A decoder's weights.

    Args:
        path: .safetensors.

    Returns:
        The weights by name, float32.

    Raises:
        WeightsError: if the file is missing, damaged or not a decoder.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        weights = load_file(path)
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"{path}: cannot be read as a decoder ({error}); install the package again") from None
    C = None
    for stage in STAGES.values():
        for name in stage.convolutions:
            kernel, bias = weights.get(f"{name}.kernel"), weights.get(f"{name}.bias")
            if kernel is None or bias is None or kernel.ndim != 4 or kernel.shape[2] != (C or kernel.shape[2]):
                raise WeightsError(f"{path}: is not a decoder, or damaged ({name}); install the package again")
            C = kernel.shape[3]
    return {name: jnp.asarray(array, jnp.float32) for name, array in weights.items()}


def initial(widths: Mapping[str, int], seed: int) -> dict[str, Array]:
    """Weights before training: kernels N(0, 2/9C), biases 0.

    Args:
        widths: layer → number of filters, of the encoder.
        seed: of the kernels.

    Returns:
        The weights by name.
    """
    rng, weights, N = np.random.default_rng(seed), {}, widths[LEVELS[0]]
    for stage in STAGES.values():
        for name in stage.convolutions:
            C, N = N, 3 if name == "picture" else widths[name]
            kernel = rng.normal(0, np.sqrt(2 / (9 * C)), (3, 3, C, N))
            weights[f"{name}.kernel"] = jnp.asarray(kernel, jnp.float32)
            weights[f"{name}.bias"] = jnp.zeros(N)
    return weights


def _convolve(x: Array, kernel: Array) -> Array:
    x = jnp.concatenate([x[:, 1:2], x, x[:, -2:-1]], axis=1)
    x = jnp.concatenate([x[:, :, 1:2], x, x[:, :, -2:-1]], axis=2)
    return lax.conv_general_dilated(x, kernel, (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC"))
