"""Distributions of features matched along fixed directions, by sorting.

Along one direction, the squared 2-Wasserstein distance of two samples is ∫ (Q(u) − Q*(u))² du over the levels
0 < u < 1, where Q is the sample's quantile function: its sorted values.

`SLICED` takes the mean over the directions of a fixed orthonormal basis (Heitz et al., "A Sliced Wasserstein Loss for
Neural Texture Synthesis", arXiv 2006.07229). `HISTOGRAM` takes the filters themselves as the directions: that is
Σ (F − R(F))², where R matches each filter's histogram to the style's (Risser, Wilmot and Barnes, "Stable and
Controllable Neural Texture Synthesis and Style Transfer Using Histogram Losses", arXiv 1701.08893).
"""

from collections.abc import Sequence
from functools import cache
from math import isqrt
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jaxtyping import Float

from .positions import weights
from .rows import stride
from .statistic import Statistic

POSITIONS = 64**2  # about as many as a direction sees: XLA sorts 256 × 256 on a CPU in 2.8 s for 64 directions


class Quantiles(NamedTuple):
    """Sorted weighted samples: the quantile function of each direction."""

    values: Array  # [V, K], ascending in each row
    t: Array  # [V, K], their weights; [1, K] if they are equal for all directions

    def levels(self) -> Array:
        """u_k = (Σ_{j ≤ k} t_j − t_k / 2) / Σ_j t_j, like t."""
        t = lax.optimization_barrier(self.t)  # XLA is slow to sum constants at compilation, and would warn of it
        return (jnp.cumsum(t, -1) - t / 2) / t.sum(-1, keepdims=True)

    def at(self, u: Array) -> Array:
        """Q(u) by linear interpolation, for levels u [V, K'] or [1, K']: [V, K']."""
        return _interpolate(u, self.levels(), self.values)


_interpolate = jnp.vectorize(jnp.interp, signature="(k),(j),(j)->(k)")


@cache
def directions(N: int) -> Float[np.ndarray, "N N"]:
    """V = N orthonormal directions, drawn once for each N.

    Fixed, because L-BFGS needs one function; orthonormal, because they then cover the space evenly.

    Args:
        N: filters.

    Returns:
        [N, N], a direction a column.
    """
    return np.linalg.qr(np.random.default_rng(0).normal(size=(N, N)))[0].astype(np.float32)


def quantiles(P: Float[Array, "h w V"], guide: Float[Array, "h w"] | None) -> Quantiles:
    """The values of each direction, sorted over the positions.

    On a map of more than `POSITIONS` positions, each direction sees one position of every cell of s × s. Within a cell
    the directions take turns, from a position drawn once: together they see every position (s² ≤ V), and no lattice
    appears.

    Args:
        P: [h, w, V], projections of the features on V directions.
        guide: [h, w], a weight per position, ≥ 0; None for 1 everywhere.

    Returns:
        Their quantile functions.

    Raises:
        ShapeError: if the guide does not fit.
    """
    h, w, V = P.shape
    v = np.arange(V)[:, None, None]
    s = min(stride(P, POSITIONS), isqrt(V))  # no more positions in a cell than directions
    top, left = np.arange(0, h, s)[:, None], np.arange(0, w, s)
    k = (v + np.random.default_rng(0).integers(s * s, size=(len(top), len(left)))) % (s * s)  # [V, h / s, w / s]
    y, x = np.minimum(top + k // s, h - 1), np.minimum(left + k % s, w - 1)

    def sampled(map: Array) -> Array:  # [h, w, V] → [V, K]
        return map[y, x, v].reshape(V, -1)

    values = sampled(P)
    if guide is None:
        return Quantiles(jnp.sort(values, -1), jnp.ones((1, values.shape[-1]), P.dtype))
    t = sampled(jnp.broadcast_to(weights(P, guide)[..., None], P.shape))
    # A position without weight stands where the sample ends, so that no level falls on its own value.
    values = jnp.where(t > 0, values, jnp.max(values, -1, keepdims=True, where=t > 0, initial=-jnp.inf))
    return Quantiles(*lax.sort((values, t), num_keys=1))


def wasserstein(S: Quantiles, target: Quantiles) -> Float[Array, "V"]:
    """W2² = Σ_k t_k (s_k − Q*(u_k))² / Σ_k t_k along each direction, for the sorted values s_k at levels u_k.

    Args:
        S: V samples of the generated picture, of any size.
        target: V samples of the style picture, of any size.

    Returns:
        [V]; for equal sizes and weights, the exact squared distance.
    """
    t = S.t / S.t.sum(-1, keepdims=True)
    return jnp.sum(t * (S.values - target.at(S.levels())) ** 2, -1)


def _measure(F: Array, guide: Array | None) -> Quantiles:
    return quantiles(jnp.matmul(F, directions(F.shape[-1]), precision="highest"), guide)


def _distance(S: Quantiles, target: Quantiles) -> Array:
    return wasserstein(S, target).mean()


def _blend(targets: Sequence[Quantiles], weights: Sequence[float]) -> Quantiles:
    """The barycentre: in one dimension its quantile function is the mean of the quantile functions."""
    K = max(each.values.shape[-1] for each in targets)
    t = jnp.ones((1, K))
    u = Quantiles(t, t).levels()
    values = jnp.stack([w * each.at(u) for w, each in zip(weights, targets, strict=True)]).sum(0)
    return Quantiles(values, t)


SLICED = Statistic(
    "sliced",
    _measure,
    _distance,
    formula=r"\frac{1}{V M_l} \sum_{v,k} \left(\operatorname{sort}(F^l v)_k - Q^{l*}_v(u_k)\right)^2",
    blend=_blend,
)

HISTOGRAM = Statistic(
    "histogram",
    quantiles,
    _distance,
    formula=r"\frac{1}{N_l M_l} \sum_{i,k} \left(F^l_{ik} - R(F^l)_{ik}\right)^2",
    blend=_blend,
)
