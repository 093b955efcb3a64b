"""Moments of each filter, one by one: the shape of its distribution, without correlations between filters."""

from math import comb

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from .positions import weighted_rows
from .statistic import Statistic, Sums

ORDERS = (1, 2, 3, 4)
CENTRAL_ORDERS = (1, 2, 3, 4, 5)
EPSILON = 1e-3  # in units of features: smooths the root of a moment, and a norm, near 0
KINK = 1e-6  # likewise for the norms of differences of central moments, which lie in [0, 1]


def power_means(S: Sums) -> Float[Array, "K N"]:
    """(Σ_k F_ik^q / M_l + ε^q)^(1/q) for q = 1 … 4: every moment as a length, in the unit of the features.

    Moments themselves grow with the q-th power of contrast, so the fourth would outweigh all others.

    Args:
        S: sums over positions of the powers [K, N] of features, which are ≥ 0.

    Returns:
        [K, N].
    """
    moments = S.total / S.mass
    return jnp.stack([(moment + EPSILON**q) ** (1 / q) for q, moment in zip(ORDERS, moments, strict=True)])


def squash(F: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
    """F / (1 + F): features ≥ 0, as after ReLU, to [0, 1); ½ at the mean activation 1 of a normalised network."""
    return F / (1 + F)


def central_moments(S: Sums) -> Float[Array, "K N"]:
    """c_1 = μ and c_q = Σ_k (s_ik − μ_i)^q / M_l for q = 2 … 5, by the binomial theorem from raw moments.

    Args:
        S: sums over positions of the powers [K, N] of squashed features s.

    Returns:
        [K, N].
    """
    raw = jnp.concatenate([jnp.ones_like(S.total[:1]), S.total / S.mass])
    mu = raw[1]
    centred = [sum(comb(q, j) * raw[j] * (-mu) ** (q - j) for j in range(q + 1)) for q in CENTRAL_ORDERS[1:]]
    return jnp.stack([mu, *centred])


def central_moment_discrepancy(c: Float[Array, "K N"], c_a: Float[Array, "K N"]) -> Float[Array, ""]:
    """Σ_q ‖c_q − c*_q‖₂, over filters.

    Args:
        c: [K, N], central moments of the generated picture's filters, of values in [0, 1].
        c_a: [K, N], those of the style picture.

    Returns:
        The discrepancy, a scalar. Its gradient jumps where two moments agree, which stops a line search: use Adam.

    Departs from the paper: squashes features after ReLU by F / (1 + F), where the paper takes the sigmoid of features
        before ReLU; ours are after it, where the sigmoid begins at ½. A network that is not normalised, whose
        activations are in the hundreds, is squashed to 1 everywhere. ε² inside the norm, taken out again.

    Source: Kalischek et al., arXiv 2103.07208.
    """
    squares = jnp.sum((c - c_a) ** 2, axis=1)
    return jnp.sum(jnp.sqrt(squares + KINK**2) - KINK)


def _powers(rows: Array, t: Array, orders: tuple[int, ...]) -> Array:
    return jnp.stack([(t * rows**q).sum(0) for q in orders])


def _measure_raw(F: Array, guide: Array | None) -> Sums:
    rows, t, mass = weighted_rows(F, guide)
    return Sums(_powers(rows, t, ORDERS), mass)


def _measure_central(F: Array, guide: Array | None) -> Sums:
    rows, t, mass = weighted_rows(squash(F), guide)
    return Sums(_powers(rows, t, CENTRAL_ORDERS), mass)


def _distance_raw(S: Sums, target: Sums) -> Array:
    return jnp.mean((power_means(S) - power_means(target)) ** 2)


def _distance_central(S: Sums, target: Sums) -> Array:
    return central_moment_discrepancy(central_moments(S), central_moments(target))


RAW_MOMENTS = Statistic(
    "raw-moments",
    _measure_raw,
    _distance_raw,
    formula=r"\frac{1}{4 N_l} \sum_{q=1}^{4} \sum_i \left(m^l_{qi} - m^{*l}_{qi}\right)^2, \quad"
    r" m^l_{qi} = \Big(\frac{1}{M_l} \sum_k (F^l_{ik})^q\Big)^{1/q}",
    additive=True,
)

CENTRAL_MOMENTS = Statistic(
    "central-moments",
    _measure_central,
    _distance_central,
    formula=r"\sum_{q=1}^{5} \left\|c^l_q - c^{*l}_q\right\|_2, \quad c^l_{1i} = \mu^l_i, \quad"
    r" c^l_{qi} = \frac{1}{M_l} \sum_k \left(\tfrac{F^l_{ik}}{1 + F^l_{ik}} - \mu^l_i\right)^q",
    additive=True,
    smooth=False,
)
