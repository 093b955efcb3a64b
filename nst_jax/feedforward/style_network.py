"""A network that paints in the styles it was trained for: the same kernels for all, a scale and a shift a style."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from flax import struct
from jax import Array, lax
from jaxtyping import Float

STRIDE = 4  # pixels that a position of the residual blocks stands for
SMALLEST = 8  # pixels: reflected borders need two positions
EPSILON = 1e-3  # beside the variance: where features hardly vary, each layer would enlarge gradients by its root

Weights = Mapping[int, Array]  # stride → [B, h, w, S] or [B, 1, 1, S], the weight of each style at each position


class FilterMoments(NamedTuple):
    """Mean and variance of each filter of a layer, before its scale and shift.

    Attributes:
        mean: [N].
        variance: [N].
    """

    mean: Array
    variance: Array


class Layer(NamedTuple):
    """A convolution with its normalisation.

    Attributes:
        name: of its kernel.
        side: of the kernel, in positions.
        channels: it reads.
        filters: it has.
        step: positions between two of its results.
        enlarges: whether the sides of what it reads double first.
        stride: pixels that a position of its result stands for.
    """

    name: str
    side: int
    channels: int
    filters: int
    step: int = 1
    enlarges: bool = False
    stride: int = 1


@dataclass(frozen=True)
class Geometry:
    """Johnson's residual network.

    Attributes:
        widths: filters at the full, at half and at a quarter of the sides.
        blocks: residual blocks, each of two convolutions.
    """

    widths: tuple[int, int, int] = (16, 32, 64)
    blocks: int = 4

    @property
    def layers(self) -> tuple[Layer, ...]:
        """All layers, in order."""
        full, half, quarter = self.widths
        residual = [
            Layer(f"block{i}.{part}", 3, quarter, quarter, stride=4)
            for i in range(1, self.blocks + 1)
            for part in ("first", "second")
        ]
        return (
            Layer("enter", 9, 3, full),
            Layer("shrink1", 3, full, half, step=2, stride=2),
            Layer("shrink2", 3, half, quarter, step=2, stride=4),
            *residual,
            Layer("grow1", 3, quarter, half, enlarges=True, stride=2),
            Layer("grow2", 3, half, full, enlarges=True, stride=1),
            Layer("leave", 9, full, 3),
        )

    @property
    def numbers(self) -> int:
        """K, the filters of all layers: a style has as many scales, and as many shifts."""
        return sum(layer.filters for layer in self.layers)


@struct.dataclass
class StyleNetwork:
    """The weights of a network of S styles.

    Attributes:
        kernels: layer → [side, side, C, N].
        gamma: [S, K], the scale of each filter of all layers, in their order.
        beta: [S, K], its shift.
        geometry: which layers there are.
    """

    kernels: dict[str, Array]
    gamma: Array
    beta: Array
    geometry: Geometry = struct.field(pytree_node=False)

    def __call__(
        self, x: Float[Array, "B h w 3"], weights: Weights, held: Sequence[FilterMoments] | None = None
    ) -> Float[Array, "B h w 3"]:
        """Paint pictures.

        After each convolution F ← γ (F − μ) / σ + β with the mean μ and the deviation σ of each filter over the
        picture, γ = Σ_s w_s γ_s and β = Σ_s w_s β_s. ReLU follows, except at the end of a block, and 1 / (1 + e^−F) at
        the very end.

        Args:
            x: [B, h, w, 3], RGB in [0, 1]; sides are multiples of 4, and at least 8.
            weights: w_s, of each position or of all.
            held: μ and σ² of each layer, from `measured`; None for those of each picture. With what is held, a picture
                depends on its photo pixel by pixel, as far as kernels reach, and not on the rest of it.

        Returns:
            [B, h, w, 3] in [0, 1].

        Departs from the paper: half its width; four residual blocks for five; linear enlargement for repetition; 1e-3
            beside the variance, where released code has 1e-5.

        Source: Dumoulin, Shlens and Kudlur, A Learned Representation for Artistic Style, arXiv 1610.07629; Johnson,
            Alahi and Fei-Fei, Perceptual Losses for Real-Time Style Transfer, arXiv 1603.08155.
        """
        if held is None:
            return self.through(x, weights, lambda _, F: normalised(F))
        given = iter(held)
        return self.through(x, weights, lambda _, F: standardised(F, next(given)))

    def measured(self, x: Float[Array, "B h w 3"], weights: Weights) -> tuple[FilterMoments, ...]:
        """Mean and variance of each filter over several pictures, as of one that shows them all.

        Args:
            x: [B, h, w, 3], as in a call, and so are the weights.
            weights: likewise.

        Returns:
            Those of each layer, in order.
        """
        found = []

        def normalise(_: str, F: Array) -> Array:
            found.append(FilterMoments(F.mean(axis=(0, 1, 2)), F.var(axis=(0, 1, 2))))
            return standardised(F, found[-1])

        self.through(x, weights, normalise)
        return tuple(found)

    def through(
        self,
        x: Float[Array, "B h w 3"],
        weights: Weights,
        normalise: Callable[[str, Float[Array, "B h2 w2 N"]], Float[Array, "B h2 w2 N"]],
    ) -> Float[Array, "B h w 3"]:
        """Paint pictures, normalised in a way that is given.

        Args:
            x: [B, h, w, 3], RGB in [0, 1].
            weights: w_s, of each position or of all.
            normalise: (name of a layer, what its convolution gives) → the same, normalised.

        Returns:
            [B, h, w, 3] in [0, 1].
        """
        enter, shrink1, shrink2, *blocks, grow1, grow2, leave = self._applied(weights, normalise)
        h = 2 * x - 1
        for layer in (enter, shrink1, shrink2):
            h = jax.nn.relu(layer(h))
        for first, second in zip(blocks[::2], blocks[1::2], strict=True):
            h = h + second(jax.nn.relu(first(h)))
        for layer in (grow1, grow2):
            h = jax.nn.relu(layer(h))
        return jax.nn.sigmoid(leave(h))

    def _applied(self, weights: Weights, normalise: Callable[[str, Array], Array]):
        """Each layer as a function of its input."""
        begin = 0
        for layer in self.geometry.layers:
            mine = slice(begin, begin := begin + layer.filters)
            w = weights[layer.stride]
            gamma, beta = (jnp.matmul(w, each[:, mine], precision="highest") for each in (self.gamma, self.beta))
            kernel = self.kernels[layer.name]

            def apply(h, layer=layer, kernel=kernel, gamma=gamma, beta=beta):
                return gamma * normalise(layer.name, convolved(h, kernel, layer)) + beta

            yield apply


def convolved(x: Float[Array, "B h w C"], kernel: Float[Array, "k k C N"], layer: Layer) -> Float[Array, "B h2 w2 N"]:
    """A convolution with reflected borders.

    Sides double by linear interpolation: transposed convolutions leave a grid, and so does repetition here.
    """
    if layer.enlarges:
        x = doubled(doubled(x, 1), 2)
    rim = layer.side // 2
    x = jnp.pad(x, ((0, 0), (rim, rim), (rim, rim), (0, 0)), mode="reflect")
    return lax.conv_general_dilated(
        x, kernel, (layer.step, layer.step), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC")
    )


def doubled(x: Array, axis: int) -> Array:
    """Twice as many positions along an axis: (3 x_i + x_{i−1}) / 4 and (3 x_i + x_{i+1}) / 4 for each x_i."""
    n = x.shape[axis]
    before, after = (jnp.take(x, jnp.clip(jnp.arange(n) + k, 0, n - 1), axis) for k in (-1, 1))
    both = jnp.stack([0.75 * x + 0.25 * before, 0.75 * x + 0.25 * after], axis + 1)
    return both.reshape(*x.shape[:axis], 2 * n, *x.shape[axis + 1 :])


def normalised(F: Float[Array, "B h w N"]) -> Float[Array, "B h w N"]:
    """Instance normalisation: (F − μ) / σ, with mean and variance of each filter over each picture (1701.02096)."""
    centred = F - F.mean(axis=(1, 2), keepdims=True)
    return centred * lax.rsqrt(jnp.mean(centred**2, axis=(1, 2), keepdims=True) + EPSILON)


def standardised(F: Float[Array, "B h w N"], moments: FilterMoments) -> Float[Array, "B h w N"]:
    """(F − μ) / σ with a mean and a variance that are given."""
    return (F - moments.mean) * lax.rsqrt(moments.variance + EPSILON)


def initial(geometry: Geometry, styles: int, seed: int) -> StyleNetwork:
    """Weights before training: kernels N(0, 2/k²C), γ = 1, β = 0.

    Args:
        geometry: of the network.
        styles: S.
        seed: of the kernels.

    Returns:
        The network.
    """
    rng, kernels = np.random.default_rng(seed), {}
    for layer in geometry.layers:
        shape = (layer.side, layer.side, layer.channels, layer.filters)
        kernel = rng.normal(0, np.sqrt(2 / (layer.side**2 * layer.channels)), shape)
        kernels[layer.name] = jnp.asarray(kernel, jnp.float32)
    shape = (styles, geometry.numbers)
    return StyleNetwork(kernels, jnp.ones(shape), jnp.zeros(shape), geometry)


def everywhere(w: Float[Array, "B S"]) -> dict[int, Array]:
    """Weights that are the same at every position.

    Args:
        w: [B, S], those of each picture.

    Returns:
        stride → [B, 1, 1, S].
    """
    return {stride: w[:, None, None] for stride in (1, 2, 4)}


def at_strides(maps: Float[np.ndarray, "h w S"]) -> dict[int, Array]:
    """Weights that differ from pixel to pixel, averaged over the pixels of each position.

    Args:
        maps: [h, w, S], of one picture; sides are multiples of 4.

    Returns:
        stride → [1, h / stride, w / stride, S].
    """
    h, w, S = maps.shape
    found = {}
    for stride in (1, 2, 4):
        cells = maps.reshape(h // stride, stride, w // stride, stride, S)
        found[stride] = jnp.asarray(cells.mean(axis=(1, 3)), jnp.float32)[None]
    return found


def extended(p: Float[np.ndarray, "h w C"]) -> Float[np.ndarray, "h2 w2 C"]:
    """A picture mirrored at its lower and right borders, until the network can read it."""
    h, w = (max(SMALLEST, length + -length % STRIDE) - length for length in p.shape[:2])
    return np.pad(p, ((0, h), (0, w), (0, 0)), "symmetric")
