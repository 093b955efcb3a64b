"""A narrow VGG-19 from a wide one without training: filters are chosen, and least squares finds their weights.

From the first layer to the last, for features F [M, N] at M positions of pictures:

Which filters: F̂, of mean 1 for each filter, is what the style loss sees, and K = F̂ᵀF̂ / M. Of filters S, linear maps
predict the others up to tr(K − K_·S K_SS⁻¹ K_S·). S grows by the filter that lowers this most: a Cholesky
factorisation with pivots.

Which weights: W, b = argmin ‖relu(X W + b) − relu(Z_S)‖², with the narrow network's own features X below, so that what
earlier layers lost is made up for, and the wide network's responses Z_S. Where Z_S < 0 anything below 0 will do: there
the target is the prediction itself, cut off at 0, and least squares are repeated.

Source: He, Zhang and Sun, "Channel Pruning for Accelerating Very Deep Neural Networks" (ICCV 2017).

Departs from the paper: filters are chosen by pivots and not by the lasso, from their own layer and not from the next
one's responses; ReLU is part of the fit, as in Zhang, Zou, He and Sun (arXiv 1505.06798).
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import jax
import numpy as np
from jax import Array
from jaxtyping import Float, Int

from ..errors import SettingError
from ..files import sha256
from ..networks.codes import encode
from ..networks.formats import Weights, write_weights
from ..networks.geometry import LAYERS, opens_block
from ..networks.loading import load_network, weights_file
from ..networks.vgg import POOLS, VGG19
from .crops import crop, described_pictures, read_pictures, vary

FLOOR = 0.05  # of the mean over a layer's filters: one below it is not scaled up further
POSITIONS = 40_000  # of a layer that are fitted, or MANY for each number of a filter if these are more
MANY = 24
HELD_OUT = 16
RIDGE = 1e-4  # of the mean square of a feature
ROUNDS = 20  # of least squares, with targets between
BATCH = 16  # pictures at once
VARIED = 0.5  # share of the crops whose colours are changed
HALF = {  # the layers that style is read from are wider: what they lack no other layer makes up for
    "conv1_1": 64, "conv1_2": 32,
    "conv2_1": 96, "conv2_2": 80,
    "conv3_1": 160, "conv3_2": 128, "conv3_3": 128, "conv3_4": 128,
    "conv4_1": 320, "conv4_2": 256, "conv4_3": 256, "conv4_4": 256,
    "conv5_1": 512,
}  # fmt: skip


class Pruned(NamedTuple):
    """A layer of the narrow network.

    Attributes:
        layer: its name.
        filters: [N], which of the wide network's.
        kernel: [3, 3, C, N].
        bias: [N].
        error: ‖F − T‖² / ‖T‖², of its features and the wide network's on pictures held out.
    """

    layer: str
    filters: np.ndarray
    kernel: np.ndarray
    bias: np.ndarray
    error: float

    @property
    def weights(self) -> Weights:
        """Its weights by name."""
        return {f"{self.layer}.kernel": self.kernel, f"{self.layer}.bias": self.bias}


def prune(
    network: str | Path,
    pictures: Iterable[str | Path],
    out: Path,
    *,
    widths: Mapping[str, int] = HALF,
    crops: int = 1024,
    size: int = 128,
    seed: int = 0,
) -> Iterator[Pruned]:
    """Write a narrow network that responds as a wide one does, at 8 bits a weight.

    Args:
        network: what `load_network` takes.
        pictures: folders and ZIP archives; each gives as many crops.
        out: .safetensors, written at the end.
        widths: layer → filters, from conv1_1 on without gaps.
        crops: how many; half of them have other colours and noise.
        size: side of the crops, in pixels.
        seed: chooses crops and positions.

    Yields:
        Layer by layer.

    Raises:
        SettingError: if there are fewer than two crops, they are too small, or a layer of the network is narrower.
        ImageError: if a place holds no picture.
        WeightsError: if the network cannot be had.
    """
    if crops < 2:
        raise SettingError(f"crops={crops}: give a whole number from 2 up; one in {HELD_OUT} is held out")
    if size < 32:
        raise SettingError(f"size={size}: give a whole number from 32 up")
    wide = load_network(network, pool="avg", padding="zero")
    sources = [read_pictures([place]) for place in pictures]
    weights = preprocessing(wide)
    for each in pruned(wide, _crops(sources, crops, size, seed), widths, seed):
        weights |= each.weights
        yield each
    metadata = {
        "teacher": {"name": Path(network).stem, "sha256": sha256(weights_file(network))},
        "pictures": [described_pictures(files) for files in sources],
        "recipe": {"crops": crops, "size": size, "seed": seed},
    }
    write_weights(out, encode(weights), {name: json.dumps(value) for name, value in metadata.items()})


def _crops(sources: Sequence[Sequence[bytes]], number: int, size: int, seed: int) -> Float[np.ndarray, "n s s 3"]:
    rng, crops = np.random.default_rng(seed), []
    for i in range(number):
        files = sources[i % len(sources)]
        x = crop(files[int(rng.integers(len(files)))], size, rng)
        crops.append(vary(x, rng) if rng.random() < VARIED else x)
    return np.stack(crops)


def pruned(
    network: VGG19, pictures: Float[np.ndarray, "n h w 3"], widths: Mapping[str, int], seed: int = 0
) -> Iterator[Pruned]:
    """The layers of a narrow network that responds to pictures as a wide one does.

    Args:
        network: the wide one, with zero padding.
        pictures: [n, h, w, 3] in [0, 1], two at least; one in `HELD_OUT` measures the errors and is not fitted to.
        widths: layer → filters, from conv1_1 on without gaps.
        seed: chooses positions.

    Yields:
        Layer by layer.

    Raises:
        SettingError: if a layer of the network is narrower.
    """
    rng = np.random.default_rng(seed)
    held_out = np.arange(len(pictures)) % HELD_OUT == 0
    weights, narrow, channels = preprocessing(network), None, 3
    for layer, number in widths.items():
        there = network.width(layer) if layer in network.layers else 0
        if not 1 <= number <= there:
            raise SettingError(f"{layer}: {number} filters are asked for, and the network has {there} there")
        most = max(POSITIONS, MANY * 9 * channels)
        X, Z = _sampled(network, narrow, layer, pictures[~held_out], most, rng)
        filters = most_telling(np.maximum(Z, 0), number)
        W, b = fitted(X, Z[:, filters])
        X, Z = _sampled(network, narrow, layer, pictures[held_out], most, rng)
        F, T = np.maximum(X @ W + b, 0), np.maximum(Z[:, filters], 0)
        error = float(np.sum((F - T) ** 2) / np.sum(T**2))
        yield (made := Pruned(layer, filters, W.reshape(3, 3, channels, number), b, error))
        weights |= made.weights
        narrow, channels = VGG19(weights, pool=network.pool), number


def preprocessing(network: VGG19) -> Weights:
    """The weights of the layer from RGB to what conv1_1 expects."""
    return {f"preprocess.{part}": np.asarray(getattr(network.preprocess, part)[...]) for part in ("kernel", "bias")}


def _sampled(
    network: VGG19, narrow: VGG19 | None, layer: str, pictures: np.ndarray, most: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """What a layer of the narrow network sees [M, 9 C] at `most` positions, and the wide one's responses [M, N]."""
    Xs, Zs = [], []
    each = -(-most * BATCH // len(pictures))
    for i in range(0, len(pictures), BATCH):
        images = pictures[i : i + BATCH]
        Z = np.asarray(_responses(network, layer, images))
        below = np.asarray(_below(network if narrow is None else narrow, layer, images))
        places = rng.permutation(Z[..., 0].size)[:each]
        some = np.unravel_index(places, Z.shape[:3])
        Xs.append(patches(below, some))
        Zs.append(Z[some])
    return np.concatenate(Xs), np.concatenate(Zs)


@partial(jax.jit, static_argnames="layer")
def _below(network: VGG19, layer: str, images: Array) -> Array:
    """The features that a layer sees: [n, h_l, w_l, C]."""
    if layer == LAYERS[0]:
        return jax.vmap(network.preprocess)(images)
    before = LAYERS[LAYERS.index(layer) - 1]
    F = jax.vmap(lambda x: network(x, before)[before])(images)
    return jax.vmap(POOLS[network.pool])(F) if opens_block(layer) else F


@partial(jax.jit, static_argnames="layer")
def _responses(network: VGG19, layer: str, images: Array) -> Array:
    """Before ReLU: [n, h_l, w_l, N_l]."""
    conv = getattr(network, layer)
    return jax.vmap(lambda F: conv(F, "zero"))(_below(network, layer, images))


def most_telling(F: Float[np.ndarray, "M N"], number: int) -> Int[np.ndarray, " number"]:
    """The filters from which linear maps predict all others best, as the module says.

    Args:
        F: [M, N], features.
        number: how many to choose.

    Returns:
        Their numbers, rising.
    """
    mean = F.mean(axis=0, dtype=np.float64)
    F_hat = (F / np.maximum(mean, FLOOR * mean.mean() + 1e-12)).astype(np.float64)
    rest = F_hat.T @ F_hat / len(F)  # of K, what the chosen ones do not explain
    chosen = []
    for _ in range(number):
        gain = np.sum(rest**2, axis=0) / (np.diag(rest) + 1e-12)
        gain[chosen] = -1.0
        s = int(gain.argmax())
        chosen.append(s)
        rest = rest - np.outer(rest[:, s], rest[s]) / (rest[s, s] + 1e-12)
    return np.sort(chosen)


def fitted(
    X: Float[np.ndarray, "M K"], Z: Float[np.ndarray, "M N"]
) -> tuple[Float[np.ndarray, "K N"], Float[np.ndarray, " N"]]:
    """W, b = argmin ‖relu(X W + b) − relu(Z)‖², as the module says.

    Args:
        X: [M, K].
        Z: [M, N].

    Returns:
        W and b.
    """
    m = X.mean(axis=0)
    X = X - m
    XX = (X.T @ X).astype(np.float64) / len(X)
    XX[np.diag_indices_from(XX)] += RIDGE * np.trace(XX) / len(XX)
    inverse = np.linalg.inv(XX)

    def linear(target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        n = target.mean(axis=0)
        return (inverse @ (X.T @ (target - n) / len(X))).astype(np.float32), n

    W, n = linear(Z)
    for _ in range(ROUNDS - 1):
        W, n = linear(np.where(Z > 0, Z, np.minimum(X @ W + n, 0)))
    return W, (n - m @ W).astype(np.float32)


def patches(F: Float[np.ndarray, "n h w C"], some: tuple[Int[np.ndarray, " M"], ...]) -> Float[np.ndarray, "M K"]:
    """The 3 × 3 surroundings of some positions, with zeros outside of the pictures: [M, 9 C]."""
    n, i, j = some
    padded = np.pad(F, ((0, 0), (1, 1), (1, 1), (0, 0)))
    return np.concatenate([padded[n, i + di, j + dj] for di in range(3) for dj in range(3)], axis=1)
