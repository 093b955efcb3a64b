"""Mean and spread of each filter, the statistics of adaptive instance normalisation: no correlations."""

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from .mean import mean_loss
from .positions import weighted_mean, weighted_rows
from .statistic import Statistic, Sums

EPSILON = 1e-6  # inside the root, so that a constant filter has a gradient


class Squares(NamedTuple):
    """Σ_k t_k f_k and Σ_k t_k f_k², filter by filter."""

    f: Array
    ff: Array


def mean_and_spread(S: Sums) -> tuple[Float[Array, " N"], Float[Array, " N"]]:
    """μ_i and σ_i = √(Σ_k (F_ik − μ_i)² / M_l + ε).

    Args:
        S: sums over positions, of `Squares`.

    Returns:
        Means [N] and spreads [N] of the filters.
    """
    mu = S.total.f / S.mass
    variance = S.total.ff / S.mass - mu**2
    return mu, jnp.sqrt(jnp.maximum(variance, 0) + EPSILON)  # rounding can bring a variance below 0


def mean_spread_loss(
    mu: Float[Array, " N"], sigma: Float[Array, " N"], mu_a: Float[Array, " N"], sigma_a: Float[Array, " N"]
) -> Float[Array, ""]:
    """Σ_i [(μ_i − μ*_i)² + (σ_i − σ*_i)²] / N_l.

    Args:
        mu: [N], means of the generated picture's filters.
        sigma: [N], their spreads.
        mu_a: [N], means of the style picture's filters.
        sigma_a: [N], their spreads.

    Returns:
        The loss, a scalar.

    Raises:
        ShapeError: if two differ in shape.

    Departs from the paper: ε under the root of the spread.

    Source: Li et al., arXiv 1701.01036, section 4.2 (matching the statistics of batch normalisation).
    """
    return mean_loss(mu, mu_a) + mean_loss(sigma, sigma_a)


def _measure(F: Array, guide: Array | None) -> Sums:
    """Squares are summed about the mean, which is put back: float32 then keeps a spread far below the mean."""
    rows, t, mass = weighted_rows(F, guide)
    mu = weighted_mean(rows, t)
    return Sums(Squares(mass * mu, (t * (rows - mu) ** 2).sum(0) + mass * mu**2), mass)


def _distance(S: Sums, target: Sums) -> Array:
    return mean_spread_loss(*mean_and_spread(S), *mean_and_spread(target))


MEAN_SPREAD = Statistic(
    "mean-spread",
    _measure,
    _distance,
    formula=r"\frac{1}{N_l} \sum_i \left(\mu^l_i - \mu^{*l}_i\right)^2 + \left(\sigma^l_i - \sigma^{*l}_i\right)^2",
    additive=True,
)
