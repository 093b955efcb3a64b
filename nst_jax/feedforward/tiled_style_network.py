"""A network of styles on a large picture, tile by tile: means and variances of the whole, layer after layer.

Instance normalisation needs the mean and the variance of each filter over the whole picture, and those of a layer
depend on all layers before it. So each layer has a pass of its own over the tiles, and the picture a last one.
"""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from ..images.picture import Picture
from ..losses.tiling import Tiling
from .style_network import STRIDE, FilterMoments, Geometry, StyleNetwork, Weights, standardised
from .tiles import Cost, Tile, tiles_of

Moments = dict[str, FilterMoments]  # layer → over the whole picture


def seen(geometry: Geometry) -> int:
    """How far a pixel of the result sees, in pixels, means and variances apart."""
    far = 0
    for layer in geometry.layers:
        far += 2 * layer.stride if layer.enlarges else 0  # linear interpolation reads the neighbours
        far += layer.side // 2 * layer.stride // layer.step
    return far


def cost(network: StyleNetwork) -> Cost:
    """What a pass of the network needs; it grows with the filters at the full side."""
    return Cost(each=16.0 * network.geometry.widths[0], grid=STRIDE, halo=seen(network.geometry))


def painted_in_tiles(network: StyleNetwork, x: Picture, weights: Weights, tiling: Tiling) -> Picture:
    """The network's picture, tile by tile.

    Args:
        network: the network.
        x: [h, w, 3] in [0, 1]; sides are multiples of `STRIDE`.
        weights: stride → [1, h / stride, w / stride, S] or [1, 1, 1, S].
        tiling: how the picture is cut; exact with a halo of `seen` pixels.

    Returns:
        [h, w, 3] in [0, 1].
    """
    moments: Moments = {}
    for layer in network.geometry.layers:
        total, mass = np.zeros((2, layer.filters)), 0.0
        for tile in tiles_of(tiling, x.shape):
            t = tile.owned(layer.stride)
            mean, scatter = _measured(network, _window(x, tile), _of(weights, tile), moments, t, layer.name)
            mean, scatter, m = np.asarray(mean, np.float64), np.asarray(scatter, np.float64), float(t.sum())
            total += [m * mean, scatter + m * mean**2]
            mass += m
        mean, square = total / mass
        moments[layer.name] = FilterMoments(*(jnp.asarray(m, jnp.float32) for m in (mean, square - mean**2)))
    y = np.empty_like(x)
    for tile in tiles_of(tiling, x.shape):
        tile.keep(y, np.asarray(_painted(network, _window(x, tile), _of(weights, tile), moments))[0])
    return y


def _window(x: Picture, tile: Tile) -> Array:
    return jnp.asarray(x[tile.at()][None])


def _of(weights: Weights, tile: Tile) -> dict[int, np.ndarray]:
    """What a tile reads of weights that differ from pixel to pixel; those of all pixels as they are."""
    found = {stride: np.asarray(w) for stride, w in weights.items()}
    return {stride: w if w.shape[1:3] == (1, 1) else w[:, *tile.at(stride)] for stride, w in found.items()}


@partial(jax.jit, static_argnames="layer")
def _measured(
    network: StyleNetwork, x: Array, weights: Weights, moments: Moments, t: Array, layer: str
) -> tuple[Array, Array]:
    """Mean and Σ_k t_k (f_k − mean)² of what a layer's convolution gives, those of the layers before it known."""
    found: dict[str, Array] = {}

    def normalise(name: str, F: Array) -> Array:
        if name in moments:
            return standardised(F, moments[name])
        found[name] = F[0]
        return F  # nothing of what follows is used

    network.through(x, weights, normalise)
    F, t = found[layer], t[..., None]
    mean = (t * F).sum((0, 1)) / jnp.maximum(t.sum(), 1)
    return mean, (t * (F - mean) ** 2).sum((0, 1))


@jax.jit
def _painted(network: StyleNetwork, x: Array, weights: Weights, moments: Moments) -> Array:
    return network.through(x, weights, lambda name, F: standardised(F, moments[name]))
