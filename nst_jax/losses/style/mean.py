"""The mean of each filter: the least that can be matched; everything else in a texture is free."""

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from ..shapes import check_same_shape
from .positions import weighted_rows
from .statistic import Statistic, Sums


def mean_loss(mu: Float[Array, " N"], mu_a: Float[Array, " N"]) -> Float[Array, ""]:
    """Σ_i (μ_i − μ*_i)² / N_l: the maximum mean discrepancy of a linear kernel, per filter.

    Args:
        mu: [N], means of the generated picture's filters over the positions of one layer.
        mu_a: [N], those of the style picture.

    Returns:
        The loss, a scalar.

    Raises:
        ShapeError: if the two differ in shape.

    Departs from the paper: divides by N_l, so that layers of different width have one scale.

    Source: Li et al., arXiv 1701.01036, section 4.2 (linear kernel).
    """
    check_same_shape(mu=mu, mu_a=mu_a)
    return jnp.mean((mu - mu_a) ** 2)


def _measure(F: Array, guide: Array | None) -> Sums:
    rows, t, mass = weighted_rows(F, guide)
    return Sums((t * rows).sum(0), mass)


def _distance(S: Sums, target: Sums) -> Array:
    return mean_loss(S.total / S.mass, target.total / target.mass)


MEAN = Statistic(
    "mean",
    _measure,
    _distance,
    formula=r"\frac{1}{N_l} \sum_i \left(\mu^l_i - \mu^{*l}_i\right)^2, \quad \mu^l_i = \frac{1}{M_l} \sum_k F^l_{ik}",
    additive=True,
)
