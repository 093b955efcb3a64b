"""Feature vectors compared: those of one picture, or of cells of it, and the nearest of another by their cosine."""

from itertools import count
from typing import NamedTuple

import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import Float, Int

from .positions import weights

BLOCK = 2048  # rows that are compared with another picture's at once: what bounds the memory of `nearest`
EPSILON = 1e-3  # of `unit`: small beside the length of a feature vector, which is about √N


class Rows(NamedTuple):
    """Positions of one layer of a picture."""

    f: Array  # [M, N], a feature vector a position
    t: Array  # [M], the weight of each, ≥ 0

    def mean(self) -> Array:
        """μ = Σ_k t_k f_k / Σ_k t_k, [N]."""
        return jnp.matmul(self.t, self.f, precision="highest") / self.t.sum()


def rows(F: Float[Array, "h w N"], guide: Float[Array, "h w"] | None, most: int | None = None) -> Rows:
    """The positions of a layer, or the means over square cells of them.

    Means, because a grid of single positions leaves the pixels between them as they are: the lattice is visible.

    Args:
        F: [h, w, N], features.
        guide: [h, w], a weight per position, ≥ 0; None for 1 everywhere.
        most: cells at most: they have the smallest side that allows it. None for a row per position.

    Returns:
        The rows. A cell's weight is the mean of its positions' weights.

    Raises:
        ShapeError: if the guide does not fit the features.
    """
    t = weights(F, guide)[..., None]
    if most is None:
        return Rows(F.reshape(-1, F.shape[-1]), t.ravel())
    s = stride(F, most)
    f, t = _cell_means(t * F, s), _cell_means(t, s)
    return Rows(f / jnp.where(t > 0, t, 1), t[:, 0])


def _cell_means(map: Array, s: int) -> Array:
    h, w, N = map.shape
    cells = jnp.pad(map, ((0, -h % s), (0, -w % s), (0, 0))).reshape(-(-h // s), s, -(-w // s), s, N)
    return cells.mean((1, 3)).reshape(-1, N)


def stride(F: Float[Array, "h w N"], most: int) -> int:
    """The smallest s such that every s-th position of every s-th row is `most` positions or fewer."""
    h, w = F.shape[:2]
    return next(s for s in count(1) if -(-h // s) * -(-w // s) <= most)


def unit(f: Float[Array, "M N"]) -> Float[Array, "M N+1"]:
    """(f_k, ε) / |(f_k, ε)|: the constant gives a row of zeros a direction too, all such rows the same one."""
    f = jnp.pad(f, ((0, 0), (0, 1)), constant_values=EPSILON)
    return f * lax.rsqrt(jnp.sum(f**2, -1, keepdims=True))


def cosine_distances(f: Float[Array, "M N"], g: Float[Array, "K N"]) -> Float[Array, "M K"]:
    """D_ij = 1 − cos(f_i, g_j), from 0 to 2; 0 between rows of zeros, 1 between these and others."""
    return jnp.maximum(1 - jnp.matmul(unit(f), unit(g).T, precision="highest"), 0)


def nearest(f: Float[Array, "M N"], g: Rows) -> Int[Array, "M"]:
    """NN(i) = argmax_j cos(f_i, g_j), over the rows j with t_j > 0: exact, in blocks of rows.

    Args:
        f: [M, N], what is looked for.
        g: where it is looked for, K rows.

    Returns:
        [M], the first of the nearest rows of g.
    """
    directions, excluded = unit(g.f), jnp.where(g.t > 0, 0, -jnp.inf)

    def best(direction: Array) -> Array:
        return jnp.argmax(jnp.matmul(directions, direction, precision="highest") + excluded)

    return lax.map(best, unit(f), batch_size=BLOCK)
