"""VGG-19 (Simonyan and Zisserman, arXiv 1409.1556) as a fixed map from a picture to the features of its layers."""

from collections.abc import Iterable, Mapping
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from jax import Array, lax
from jaxtyping import Float

from ..errors import ImageError, SettingError
from .geometry import block, check_weights, opens_block


def average_pool(F: Float[Array, "h w N"]) -> Float[Array, "h//2 w//2 N"]:
    """Mean over 2×2 windows, odd edges dropped (the paper's choice)."""
    return _windows(F).mean(axis=(1, 3))


def max_pool(F: Float[Array, "h w N"]) -> Float[Array, "h//2 w//2 N"]:
    """Maximum over 2×2 windows, odd edges dropped (VGG-19 as it was trained)."""
    return _windows(F).max(axis=(1, 3))


def _windows(F: Array) -> Array:
    """[h//2, 2, w//2, 2, N]"""
    h, w, N = F.shape
    return F[: h // 2 * 2, : w // 2 * 2].reshape(h // 2, 2, w // 2, 2, N)


POOLS = {"avg": average_pool, "max": max_pool}
PRECISIONS = {"float32": 4, "bfloat16": 2}  # bytes of a number


def _convolve(x: Array, kernel: Array, padding: int) -> Array:
    dimensions = ("NHWC", "HWIO", "NHWC")
    return lax.conv_general_dilated(x[None], kernel, (1, 1), [(padding, padding)] * 2, dimension_numbers=dimensions)[0]


def _twin(kernel: np.ndarray) -> np.ndarray:
    """The kernel of the transposed convolution: rotated by 180°, channels exchanged."""
    return kernel[::-1, ::-1].swapaxes(2, 3)


def conv3x3(
    x: Float[Array, "h w C"],
    kernel: Float[Array, "3 3 C N"],
    twin: Float[Array, "3 3 N C"],
    padding: int,
) -> Float[Array, "h2 w2 N"]:
    """Convolve x with a kernel after `padding` rings of zeros.

    The gradient with respect to x is a plain convolution with `twin`. XLA's own gradient rotates the kernel again at
    every step of a loop on the CPU, and the loop then runs four to six times slower.

    Args:
        x: [h, w, C].
        kernel: [3, 3, C, N].
        twin: [3, 3, N, C], the kernel rotated by 180°, channels exchanged.
        padding: 1 keeps the size, 0 loses a ring.

    Returns:
        [h, w, N] with padding 1, [h − 2, w − 2, N] with 0.
    """
    return _conv3x3(x, kernel, twin, padding)


@partial(jax.custom_vjp, nondiff_argnums=(3,))
def _conv3x3(x, kernel, twin, padding):
    return _convolve(x, kernel, padding)


def _conv3x3_forward(x, kernel, twin, padding):
    return _convolve(x, kernel, padding), (x, kernel, twin)


def _conv3x3_backward(padding, saved, g):
    x, kernel, twin = saved
    to_x = _convolve(g, twin, 2 - padding)
    # The compiler removes this while the network is frozen and nothing uses it.
    (to_kernel,) = jax.vjp(lambda k: _convolve(x, k, padding), kernel)[1](g)
    return to_x, to_kernel, jnp.zeros_like(twin)


_conv3x3.defvjp(_conv3x3_forward, _conv3x3_backward)


class Conv(nnx.Module):
    """One 3×3 convolution that keeps the size.

    Frozen: for another kernel make another Conv, since `twin` is computed only once.

    Args:
        kernel: [3, 3, C, N].
        bias: [N].
        mean: [N], each filter's mean activation over photographs; None if it is not known.
    """

    def __init__(self, kernel: np.ndarray, bias: np.ndarray, mean: np.ndarray | None):
        self.kernel = nnx.Param(jnp.asarray(kernel))
        self.bias = nnx.Param(jnp.asarray(bias))
        self.twin = nnx.Variable(jnp.asarray(_twin(kernel)))
        self.mean = None if mean is None else nnx.Variable(jnp.asarray(mean))

    def __call__(self, x: Array, padding: str) -> Array:
        rings = 1 if padding == "zero" else 0
        if padding == "reflect":
            x = jnp.concatenate([x[1:2], x, x[-2:-1]])
            x = jnp.concatenate([x[:, 1:2], x, x[:, -2:-1]], axis=1)
        kernel, twin, bias = (part[...].astype(x.dtype) for part in (self.kernel, self.twin, self.bias))
        return conv3x3(x, kernel, twin, rings) + bias


class Colours(nnx.Module):
    """A 1×1 convolution from RGB in [0, 1] to the values that the network was trained on: x · kernel + bias.

    Args:
        kernel: [3, 3].
        bias: [3].
    """

    def __init__(self, kernel: np.ndarray, bias: np.ndarray):
        self.kernel = nnx.Param(jnp.asarray(kernel))  # [3, 3]
        self.bias = nnx.Param(jnp.asarray(bias))  # [3]

    def __call__(self, x: Array) -> Array:
        # At a GPU's default precision, values up to 255 minus their mean would lose a digit.
        return jnp.matmul(x, self.kernel[...], precision="highest") + self.bias[...]


class VGG19(nnx.Module):
    """VGG-19 without its classifier: `vgg(x, layers)` returns the features of those layers, after ReLU.

    Args:
        weights: "conv1_1.kernel" [3, 3, C, N], "conv1_1.bias" [N], … in order and without gaps (a network may end
            early), of any widths, and "preprocess.kernel" [3, 3], "preprocess.bias" [3] from RGB in [0, 1] to what
            conv1_1 expects.
        pool: "avg" or "max".
        padding: "zero" or "reflect".
        means: layer → [N_l], each filter's mean activation over many photographs, for `normalized`; None if they are
            not known.
        precision: "float32", or "bfloat16": convolutions, poolings and what they keep for the gradient have 8
            significant bits, which take half the memory, and less time on devices with units for them. Features are
            returned in float32, so that sums over them, such as Gram matrices, are exact to float32.

    Raises:
        WeightsError: if a layer is missing or has a wrong shape.
        SettingError: for another pool, padding or precision.

    Departs from the paper: nothing with pool="avg", padding="zero" and precision="float32".
    """

    def __init__(
        self,
        weights: Mapping[str, np.ndarray],
        *,
        pool: str = "avg",
        padding: str = "zero",
        means: Mapping[str, np.ndarray] | None = None,
        precision: str = "float32",
    ):
        if pool not in POOLS:
            raise SettingError(f"pool {pool!r} is not known; use 'avg' (the paper's) or 'max'")
        if padding not in ("zero", "reflect"):
            raise SettingError(f"padding {padding!r} is not known; use 'zero' (VGG-19's) or 'reflect'")
        if precision not in PRECISIONS:
            raise SettingError(f"precision {precision!r} is not known; use {' or '.join(PRECISIONS)}")
        self.layers = check_weights(weights)
        self.pool, self.padding, self.precision = pool, padding, precision
        self.preprocess = Colours(*_pair(weights, "preprocess"))
        for layer in self.layers:
            setattr(self, layer, Conv(*_pair(weights, layer), mean=None if means is None else means[layer]))

    def __call__(
        self, x: Float[Array | np.ndarray, "h w 3"], layers: Iterable[str]
    ) -> dict[str, Float[Array, "h_l w_l N_l"]]:
        """The features of some layers, computed no further than the deepest of them.

        Args:
            x: [h, w, 3], RGB in [0, 1].
            layers: their names.

        Returns:
            layer → [h_l, w_l, N_l], after ReLU.

        Raises:
            SettingError: for a layer that the network lacks.
            ImageError: for a picture too small for a layer.
        """
        wanted = {layers} if isinstance(layers, str) else set(layers)
        if x.ndim != 3 or x.shape[2] != 3 or not jnp.issubdtype(x.dtype, jnp.floating):
            raise ImageError(f"the network was given {x.dtype} {list(x.shape)}; give floats [h, w, 3] in [0, 1]")
        self.shapes(x.shape[0], x.shape[1], wanted)
        F, h = {}, self.preprocess(jnp.asarray(x))
        h = h if self.precision == "float32" else h.astype(jnp.bfloat16)
        for layer in self.layers[: self._depth(wanted)]:
            if opens_block(layer):
                h = POOLS[self.pool](h)
            h = jax.nn.relu(getattr(self, layer)(h, self.padding))
            if layer in wanted:
                F[layer] = h if self.precision == "float32" else h.astype(jnp.float32)
        return F

    def shapes(self, h: int, w: int, layers: Iterable[str] | None = None) -> dict[str, tuple[int, int, int]]:
        """The shapes of the features of a picture, without computing them.

        Args:
            h: height of the picture.
            w: its width.
            layers: their names; None for all.

        Returns:
            layer → (h_l, w_l, N_l).

        Raises:
            SettingError: for a layer that the network lacks.
            ImageError: for a picture too small for a layer.
        """
        wanted = set(self.layers if layers is None else layers)
        smallest, size, shapes = 2 if self.padding == "reflect" else 1, (h, w), {}
        for layer in self.layers[: self._depth(wanted)]:
            if opens_block(layer):
                size = (size[0] // 2, size[1] // 2)
            if min(size) < smallest:
                least = smallest * 2 ** (block(layer) - 1)
                raise ImageError(
                    f"{w} × {h} pixels is too small for {layer}, which needs {least} × {least}; "
                    f"use a larger picture or size, or leave {layer} out"
                )
            if layer in wanted:
                shapes[layer] = (*size, self.width(layer))
        return shapes

    def width(self, layer: str) -> int:
        """N_l, the number of filters of the layer."""
        return getattr(self, layer).bias.shape[0]

    @property
    def means(self) -> dict[str, np.ndarray] | None:
        """layer → [N_l], each filter's mean activation over many photographs; None if they are not known."""
        means = {layer: getattr(self, layer).mean for layer in self.layers}
        return None if None in means.values() else {layer: np.asarray(mean[...]) for layer, mean in means.items()}

    def activations(
        self, images: Iterable[Float[Array | np.ndarray, "h w 3"]]
    ) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """How strongly each filter responds, over all positions of all images.

        Args:
            images: [h, w, 3] each, of any sizes, RGB in [0, 1].

        Returns:
            layer → (mean [N_l], root mean square [N_l]).

        Raises:
            SettingError: if there is no image.
        """
        total: dict[str, np.ndarray | float] = dict.fromkeys(self.layers, 0.0)
        squares, positions = dict(total), dict.fromkeys(self.layers, 0)
        for image in images:
            for layer, (sums, sums_of_squares, M) in _sums(self, jnp.asarray(image, jnp.float32)).items():
                total[layer] = total[layer] + np.asarray(sums)
                squares[layer] = squares[layer] + np.asarray(sums_of_squares)
                positions[layer] += int(M)
        if not positions["conv1_1"]:
            raise SettingError("mean activations need at least one image")
        return {l: (np.asarray(total[l] / M), np.sqrt(squares[l] / M)) for l, M in positions.items()}

    def normalized(
        self, images: Iterable[Float[Array | np.ndarray, "h w 3"]] | None = None, rare: float = float("inf")
    ) -> "VGG19":
        """The same function up to one factor per filter: each filter's mean activation over `images` is 1.

        With μ_l the mean activations over all positions of all images, kernel_l ← kernel_l · μ_{l−1} / μ_l and
        bias_l ← bias_l / μ_l. ReLU and both poolings are positively homogeneous, so exactly F^l ← F^l / μ_l.
        A filter that is silent on all images keeps its scale.

        Args:
            images: [h, w, 3] each, of any sizes, RGB in [0, 1]; None for the photographs of `means`.
            rare: filters whose root mean square exceeds `rare` times their mean are divided by a `rare`-th of it
                instead. A filter that responds only to one spot of a few images would otherwise outweigh all others in
                the style loss. ReLU of a normal variable of mean 0 has √π = 1.77.

        Returns:
            The normalised network.

        Raises:
            SettingError: if there is no image, or `means` are not known.

        Departs from the paper: its means are over the ImageNet validation set, these over the images given; `rare` is
        ours.

        Source: "Image Style Transfer Using Convolutional Neural Networks", CVPR 2016, section 2.
        """
        if images is not None:
            factors = {l: np.maximum(mean, rms / rare) for l, (mean, rms) in self.activations(images).items()}
        elif (factors := self.means) is None:
            raise SettingError("this network's mean activations are not known; give images to normalise over")
        weights = {
            "preprocess.kernel": np.asarray(self.preprocess.kernel[...]),
            "preprocess.bias": np.asarray(self.preprocess.bias[...]),
        }
        before = np.ones(3, np.float32)
        for layer in self.layers:
            factor = np.where(factors[layer] > 0, factors[layer], 1.0)  # [N]
            conv = getattr(self, layer)
            weights[f"{layer}.kernel"] = np.asarray(conv.kernel[...]) * before[:, None] / factor
            weights[f"{layer}.bias"] = np.asarray(conv.bias[...]) / factor
            before = factor
        return VGG19(weights, pool=self.pool, padding=self.padding, precision=self.precision)

    def _depth(self, wanted: set[str]) -> int:
        unknown = wanted - set(self.layers)
        if unknown:
            names = ", ".join(sorted(unknown))
            raise SettingError(f"the network has no layer {names}; it has {self.layers[0]} to {self.layers[-1]}")
        return max((self.layers.index(layer) + 1 for layer in wanted), default=0)


@jax.jit
def _sums(vgg: VGG19, image: Array) -> dict[str, tuple[Array, Array, int]]:
    F = vgg(image, vgg.layers)
    return {l: (f.sum(axis=(0, 1)), (f**2).sum(axis=(0, 1)), f.shape[0] * f.shape[1]) for l, f in F.items()}


def _pair(weights: Mapping[str, np.ndarray], name: str) -> tuple[np.ndarray, np.ndarray]:
    # In NumPy: JAX would compile each small operation for every shape, which takes seconds in total.
    return np.asarray(weights[f"{name}.kernel"], np.float32), np.asarray(weights[f"{name}.bias"], np.float32)
