"""The student: a narrow VGG-19 as weights by name, which training changes."""

from collections.abc import Iterable, Mapping

import jax
import numpy as np
from jax import Array, lax

from ..networks.geometry import LAYERS, opens_block
from ..networks.vgg import POOLS, VGG19

DEEPEST = LAYERS[: LAYERS.index("conv5_1") + 1]
# RGB in [0, 1] to values of mean about 0 and deviation about 1.
COLOURS = {"preprocess.kernel": 4 * np.eye(3, dtype=np.float32), "preprocess.bias": np.full(3, -1.8, np.float32)}


def responses(
    student: Mapping[str, Array], images: Array | np.ndarray, pool: str, leak: Array | float = 1.0
) -> dict[str, Array]:
    """The student's responses before ReLU, as `VGG19` with zero padding computes them.

    Args:
        student: its weights by name.
        images: [B, h, w, 3].
        pool: "avg" or "max".
        leak: share of the gradient that passes from a block to the one before. If all of it passes, errors of
            the deeper layers decide what the first ones learn, and these then let noise through.

    Returns:
        layer → [B, h_l, w_l, N_l].
    """
    Z, h = {}, images @ COLOURS["preprocess.kernel"] + COLOURS["preprocess.bias"]
    for layer in DEEPEST:
        if opens_block(layer):
            h = jax.vmap(POOLS[pool])(h)
            h = leak * h + (1 - leak) * lax.stop_gradient(h)
        kernel, bias = student[f"{layer}.kernel"], student[f"{layer}.bias"]
        h = lax.conv_general_dilated(h, kernel, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
        Z[layer] = h + bias
        h = jax.nn.relu(Z[layer])
    return Z


def as_student(weights: Mapping[str, np.ndarray], images: np.ndarray) -> dict[str, np.ndarray]:
    """A network of the same geometry as a student: it takes a student's colours, and its mean activations are 1.

    With y = x A + a the student's colours and x K + k the network's, x K + k = y A⁻¹ K + (k − a A⁻¹ K), which conv1_1
    takes in. Only beyond the border, where zeros are another colour now, is it another function.

    Args:
        weights: its weights by name, "preprocess.kernel" and "preprocess.bias" among them.
        images: to normalise over, [n, h, w, 3].

    Returns:
        The student's weights by name.
    """
    student = {name: weights[name] for layer in DEEPEST for name in (f"{layer}.kernel", f"{layer}.bias")}
    C = np.linalg.solve(COLOURS["preprocess.kernel"], weights["preprocess.kernel"])
    c = weights["preprocess.bias"] - COLOURS["preprocess.bias"] @ C
    kernel = weights["conv1_1.kernel"]
    student["conv1_1.kernel"] = np.einsum("cd,hwdn->hwcn", C, kernel)
    student["conv1_1.bias"] = weights["conv1_1.bias"] + np.einsum("d,hwdn->n", c, kernel)
    return weights_of(VGG19({**COLOURS, **student}).normalized(images), student)


def weights_of(network: VGG19, names: Iterable[str]) -> dict[str, np.ndarray]:
    """Weights of a network by name: "LAYER.kernel", "LAYER.bias"."""
    parts = (name.split(".") for name in names)
    return {f"{layer}.{part}": np.asarray(getattr(getattr(network, layer), part)[...]) for layer, part in parts}


def without_silent(student: Mapping[str, Array], images: Array | np.ndarray) -> dict[str, Array]:
    """The student without the filters that respond at fewer than one position in a hundred.

    Args:
        student: its weights by name.
        images: [B, h, w, 3].

    Returns:
        Its weights by name, narrower.
    """
    Z = responses(student, images, "avg")
    kept, channels = {}, np.ones(3, bool)
    for layer in DEEPEST:
        answers = np.asarray((Z[layer] > 0).mean(axis=(0, 1, 2))) > 0.01  # [N]
        kept[f"{layer}.kernel"] = student[f"{layer}.kernel"][:, :, channels][..., answers]
        kept[f"{layer}.bias"] = student[f"{layer}.bias"][answers]
        channels = answers
    return kept
