"""The relaxed earth mover's distance, with moments (Kolkin, Salavon and Shakhnarovich, "Style Transfer by Relaxed
Optimal Transport and Self-Similarity", arXiv 1904.12785).

Departs from the paper: measures each layer separately, not a stack of all layers. Where the paper draws positions at
every evaluation, the earth mover's distance is between means over cells, and the moments are over all positions. The
term for the palette is left out.
"""

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from .rows import Rows, cosine_distances, rows
from .statistic import Statistic

CELLS = 32**2  # of each picture at most, for the earth mover's distance


class Measured(NamedTuple):
    """Positions of one layer, as `relaxed_emd` and `moments_loss` take them."""

    cells: Rows
    every: Rows


def relaxed_emd(F: Rows, A: Rows) -> Float[Array, ""]:
    """max(mean_i min_j D_ij, mean_j min_i D_ij), where D_ij = 1 − cos(f_i, a_j).

    Either mean is the earth mover's distance without one of its two constraints, so it is never larger than that.

    Args:
        F: feature vectors of the generated picture. The means are weighted; one of weight 0 is left out.
        A: those of the style picture, likewise.

    Returns:
        A scalar, from 0 to 2.
    """
    D = cosine_distances(F.f, A.f)
    to_style = jnp.min(D, 1, where=A.t > 0, initial=2)
    to_picture = jnp.min(D, 0, where=F.t[:, None] > 0, initial=2)
    return jnp.maximum(jnp.sum(F.t * to_style) / F.t.sum(), jnp.sum(A.t * to_picture) / A.t.sum())


def moments_loss(F: Rows, A: Rows) -> Float[Array, ""]:
    """Σ_i |μ_i − μ*_i| / N + Σ_ij |C_ij − C*_ij| / N², for means μ and covariances C.

    Args:
        F: feature vectors of the generated picture.
        A: those of the style picture.

    Returns:
        A scalar.
    """
    return jnp.mean(jnp.abs(F.mean() - A.mean())) + jnp.mean(jnp.abs(_covariance(F) - _covariance(A)))


def _covariance(F: Rows) -> Array:
    centred = F.f - F.mean()
    return jnp.matmul((F.t[:, None] * centred).T, centred, precision="highest") / F.t.sum()


def _measure(F: Array, guide: Array | None) -> Measured:
    return Measured(rows(F, guide, most=CELLS), rows(F, guide))


def _distance(S: Measured, target: Measured) -> Array:
    return relaxed_emd(S.cells, target.cells) + moments_loss(S.every, target.every)


RELAXED_EMD = Statistic(
    "relaxed-emd",
    _measure,
    _distance,
    formula=r"\max\left(\frac{1}{M_l} \sum_i \min_j D_{ij},\ \frac{1}{M_l} \sum_j \min_i D_{ij}\right)"
    r" + \frac{1}{N_l} \left\|\mu - \mu^*\right\|_1 + \frac{1}{N_l^2} \left\|C - C^*\right\|_1",
)
