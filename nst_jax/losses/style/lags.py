"""Products of features a lag apart: what a shifted Gram matrix and an autocorrelation share."""

from collections.abc import Sequence
from typing import NamedTuple

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float


class Lags(NamedTuple):
    """A measurement per lag δ, and which lags the picture is large enough for.

    Attributes:
        R: [D, …], the mean over pairs of positions δ apart; 0 where the lag is unknown.
        known: [D], 1 where the picture has such pairs, 0 elsewhere.
    """

    R: Array
    known: Array


def mean_over_pairs(total: Float[Array, "D *rest"], pairs: Float[Array, " D"], least: Array | float) -> Lags:
    """Sums over pairs of positions, divided by the number of pairs, or by their weight.

    Args:
        total: [D, …], the sum at each lag.
        pairs: [D], the weight of the pairs at each lag.
        least: a lag with no more than this weight is unknown.

    Returns:
        The means.
    """
    known = pairs > least
    shape = (-1,) + (1,) * (total.ndim - 1)
    R = total / jnp.where(known, pairs, 1).reshape(shape)
    return Lags(jnp.where(known.reshape(shape), R, 0), known.astype(total.dtype))


def squared_difference(S: Lags, target: Lags) -> Float[Array, ""]:
    """The mean of (R − R*)² / 4 over all entries, and over the lags that both pictures know.

    At lag 0 alone, and for products of all pairs of filters, this is the Gram loss.

    Args:
        S: of the generated picture.
        target: of the style picture.

    Returns:
        The loss, a scalar.
    """
    known = S.known * target.known
    differences = jnp.mean((S.R - target.R) ** 2, axis=tuple(range(1, S.R.ndim)))
    return jnp.sum(known * differences) / (4 * jnp.maximum(known.sum(), 1))


def blend(targets: Sequence[Lags], weights: Sequence[float]) -> Lags:
    """The weighted mean of several styles, at the lags that all of them know.

    Args:
        targets: one a style.
        weights: with sum 1.

    Returns:
        One target.
    """
    known = jnp.min(jnp.stack([target.known for target in targets]), axis=0)
    R = jnp.tensordot(jnp.asarray(weights), jnp.stack([target.R for target in targets]), axes=1)
    return Lags(R, known)
