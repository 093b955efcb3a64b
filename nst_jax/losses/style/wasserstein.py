"""The Wasserstein distance between the features of two pictures, treated as Gaussians: how far features must move."""

from collections.abc import Sequence
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float

from ...images.symmetric import power
from .covariance import mean_and_covariance, products
from .statistic import Statistic, Sums

RIDGE = 1e-3  # of the style's mean variance: added to both covariances, which may lack rank
FLOOR = 1e-8  # the ridge of a style without any variance
TOLERANCE, ITERATIONS = 1e-7, 200  # of the barycentre: relative change at its end, and the most steps


class Gaussian(NamedTuple):
    """The Gaussian of a style's features, with what every evaluation uses of it.

    Attributes:
        mean: [N], μ*.
        covariance: [N, N], C* + εI.
        root: [N, N], its root, (C* + εI)^½.
        ridge: ε, a scalar.
    """

    mean: Array
    covariance: Array
    root: Array
    ridge: Array


def gaussian(S: Sums) -> Gaussian:
    """The Gaussian with the mean and covariance of a style's features.

    Args:
        S: sums over positions, of `covariance.Products`.

    Returns:
        The Gaussian, with ε = 1e-3 tr C* / N.
    """
    mu, C = mean_and_covariance(S)
    eigenvalues, Q = jnp.linalg.eigh(C)
    eigenvalues = jnp.maximum(eigenvalues, 0)  # below 0 is rounding
    ridge = RIDGE * eigenvalues.mean() + FLOOR
    covariance, root = (
        jnp.matmul(Q * (eigenvalues + ridge) ** power, Q.T, precision="highest") for power in (1.0, 0.5)
    )
    return Gaussian(mu, covariance, root, ridge)


def wasserstein_squared(mu: Float[Array, " N"], C: Float[Array, "N N"], target: Gaussian) -> Float[Array, ""]:
    """W₂² = ‖μ − μ*‖² + tr C + tr C* − 2 tr (C*^½ C C*^½)^½, with C + εI for C and C* + εI for C*.

    ε keeps the gradient finite where a covariance lacks rank: a filter is dead, or a layer has fewer positions than
    filters. The trace of the root is a sum of roots of eigenvalues: unlike the root itself, it has a gradient where
    eigenvalues are equal.

    Args:
        mu: [N], means of the generated picture's filters.
        C: [N, N], their covariances.
        target: the style's Gaussian.

    Returns:
        The squared distance, a scalar: 0 if mean and covariance are the style's, up to rounding (either sign, 1e-3 of
        tr C* at most).

    Source: Olkin and Pukelsheim, The distance between two random vectors with given dispersion matrices (1982).
    """
    C = C + target.ridge * jnp.eye(len(mu))
    inner = jnp.linalg.multi_dot([target.root, C, target.root], precision="highest")
    eigenvalues = jnp.linalg.eigvalsh((inner + inner.T) / 2)
    overlap = jnp.sqrt(jnp.maximum(eigenvalues, target.ridge**2)).sum()  # below ε² is rounding
    return jnp.sum((mu - target.mean) ** 2) + jnp.trace(C) + jnp.trace(target.covariance) - 2 * overlap


def barycentre(
    covariances: Sequence[Float[Array | np.ndarray, "N N"]], weights: Sequence[float]
) -> Float[np.ndarray, "N N"]:
    """The covariance Σ with the least Σ_s w_s W₂²(Σ, C_s), in float64 on the host.

    The fixed point of Σ ← Σ^-½ (Σ_s w_s (Σ^½ C_s Σ^½)^½)² Σ^-½.

    Args:
        covariances: C_s, one a style: positive definite.
        weights: w_s ≥ 0, with sum 1.

    Returns:
        [N, N].

    Source: Álvarez-Esteban et al., arXiv 1511.05355.
    """
    matrices = np.stack([np.asarray(C, np.float64) for C in covariances])
    centre = np.tensordot(np.asarray(weights), matrices, axes=1)
    for _ in range(ITERATIONS):
        root, inverse = power(centre, 0.5), power(centre, -0.5)
        mean = sum(w * power(root @ C @ root, 0.5) for w, C in zip(weights, matrices, strict=True))
        previous, centre = centre, inverse @ mean @ mean @ inverse
        if np.linalg.norm(centre - previous) <= TOLERANCE * np.linalg.norm(centre):
            break
    return centre


def _distance(S: Sums, target: Gaussian) -> Array:
    mu, C = mean_and_covariance(S)
    return wasserstein_squared(mu, C, target) / len(mu)


def _blend(targets: Sequence[Gaussian], weights: Sequence[float]) -> Gaussian:
    """The barycentre of the styles' Gaussians: it averages a filter's spreads, not their squares."""
    w = jnp.asarray(weights)
    C = barycentre([target.covariance for target in targets], weights)
    return Gaussian(
        w @ jnp.stack([target.mean for target in targets]),
        jnp.asarray(C, jnp.float32),
        jnp.asarray(power(C, 0.5), jnp.float32),
        w @ jnp.stack([target.ridge for target in targets]),
    )


WASSERSTEIN = Statistic(
    "wasserstein",
    products,
    _distance,
    formula=r"\frac{1}{N_l} \left[\|\mu^l - \mu^{*l}\|^2 + \mathrm{tr}\, C^l + \mathrm{tr}\, C^{*l}"
    r" - 2\, \mathrm{tr} \left(C^{*l\,1/2} C^l C^{*l\,1/2}\right)^{1/2}\right]",
    additive=True,
    prepare=gaussian,
    blend=_blend,
)
