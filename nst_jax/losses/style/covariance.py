"""The covariance of the filters, mean taken out: contrast and texture apart from brightness."""

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from ..shapes import check_same_shape
from .positions import weighted_mean, weighted_rows
from .statistic import Statistic, Sums


class Products(NamedTuple):
    """Σ_k t_k f_k and Σ_k t_k f_k f_kᵀ."""

    f: Array
    ff: Array


def products(F: Float[Array, "h w N"], guide: Float[Array, "h w"] | None) -> Sums:
    """Σ_k t_k f_k, Σ_k t_k f_k f_kᵀ and Σ_k t_k.

    Products are summed about the mean, and the mean is put back: float32 then loses 1e-7 μ² of a covariance, whatever
    the number of positions, where plain sums lose more than ten times that.

    Args:
        F: [h, w, N], features of one layer.
        guide: [h, w], a weight per position; None for 1 everywhere.

    Returns:
        Sums over positions, of `Products`.

    Raises:
        ShapeError: if the guide is of another size than the features.
    """
    rows, t, mass = weighted_rows(F, guide)
    mu = weighted_mean(rows, t)
    scatter = jnp.matmul((t * (rows - mu)).T, rows - mu, precision="highest")
    return Sums(Products(mass * mu, scatter + mass * jnp.outer(mu, mu)), mass)


def mean_and_covariance(S: Sums) -> tuple[Float[Array, " N"], Float[Array, "N N"]]:
    """μ_i and C_ij = Σ_k (F_ik − μ_i) (F_jk − μ_j) / M_l.

    Args:
        S: sums over positions, of `Products`.

    Returns:
        Means [N] and covariances [N, N] of the filters.
    """
    mu = S.total.f / S.mass
    return mu, S.total.ff / S.mass - jnp.outer(mu, mu)


def covariance_loss(
    mu: Float[Array, " N"], C: Float[Array, "N N"], mu_a: Float[Array, " N"], C_a: Float[Array, "N N"]
) -> Float[Array, ""]:
    """Σ_ij [(C_ij − C*_ij)² + (μ_i μ_j − μ*_i μ*_j)²] / (4 N_l²).

    The Gram matrix per position is C + μ μᵀ: this is the Gram loss with its two parts matched separately, so
    weights for one suit the other.

    Args:
        mu: [N], means of the generated picture's filters.
        C: [N, N], their covariances.
        mu_a: [N], means of the style picture's filters.
        C_a: [N, N], their covariances.

    Returns:
        The loss, a scalar.

    Raises:
        ShapeError: if C and C_a differ in shape.

    Departs from other codes, which add ‖μ − μ*‖²: that grows with the 2nd power of contrast and the covariance's part
        with the 4th, so their balance would depend on the network's scale.
    """
    check_same_shape(C=C, C_a=C_a)
    means = jnp.outer(mu, mu) - jnp.outer(mu_a, mu_a)
    return jnp.mean((C - C_a) ** 2 + means**2) / 4


def _distance(S: Sums, target: Sums) -> Array:
    return covariance_loss(*mean_and_covariance(S), *mean_and_covariance(target))


COVARIANCE = Statistic(
    "covariance",
    products,
    _distance,
    formula=r"\frac{1}{4 N_l^2} \sum_{i,j} \left(C^l_{ij} - C^{*l}_{ij}\right)^2"
    r" + \left(\mu^l_i \mu^l_j - \mu^{*l}_i \mu^{*l}_j\right)^2",
    additive=True,
)
