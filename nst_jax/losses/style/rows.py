"""Feature vectors compared: those of one picture, or of cells of it, and the nearest of another by their cosine."""

from itertools import count
from typing import NamedTuple

import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import Float, Int

from .positions import weights

BLOCK = 2048  # rows that are compared with another picture's at once, and
PRODUCTS = 2**25  # products with them: what bounds the memory of `most_similar`
GROUP = 256  # columns
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
    return most_similar(unit(f), unit(g.f), jnp.where(g.t > 0, 0, -jnp.inf))


def most_similar(f: Float[Array, "M N"], g: Float[Array, "K N"], b: Float[Array, "K"]) -> Int[Array, "M"]:
    """argmax_j f_i·g_j + b_j: exact, in blocks of rows.

    The greatest of each group of columns comes first, then the greatest group: XLA's maximum on a CPU is vectorised,
    its argmax is not.

    Args:
        f: [M, N], what is looked for.
        g: [K, N], where it is looked for.
        b: [K], added to the products with each row of g; −∞ excludes it.

    Returns:
        [M], the first of the greatest.
    """
    missing = -len(g) % GROUP
    g, b = jnp.pad(g, ((0, missing), (0, 0))), jnp.pad(b, (0, missing), constant_values=-jnp.inf)

    def best(row: Array) -> Array:
        groups = (jnp.matmul(g, row, precision="highest") + b).reshape(-1, GROUP)
        first = jnp.argmax(groups.max(1))
        return first * GROUP + jnp.argmax(groups[first])

    return lax.map(best, f, batch_size=max(1, min(BLOCK, PRODUCTS // len(g))))
