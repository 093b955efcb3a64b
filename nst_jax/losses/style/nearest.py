"""Each feature vector near one of the style's (Kolkin et al., "Neural Neighbor Style Transfer", arXiv 2203.13215).

Departs from the paper: matches features of one layer, as in its last pass, and not a stack of all layers; does not
rotate the style picture; leaves the paper's pyramid and its colours to the run.
"""

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import Float

from .rows import Rows, nearest, rows, unit
from .statistic import Statistic


class Matches(NamedTuple):
    """The style, and the feature vector of it that each position is to approach."""

    style: Rows
    f: Array  # [M, N]


def replaced(F: Rows, style: Rows) -> Float[Array, "M N"]:
    """a_NN(i), where NN(i) = argmax_j cos(f_i − μ, a_j − μ_a): each feature vector replaced by the style's nearest.

    Args:
        F: M feature vectors of the generated picture, with the mean μ.
        style: those a_j of the style picture, with the mean μ_a. One of weight 0 is never chosen.

    Returns:
        [M, N]
    """
    return style.f[nearest(F.f - F.mean(), Rows(style.f - style.mean(), style.t))]


def _freeze(target: Rows | Matches, F: Array, guide: Array | None) -> Matches:
    style = target.style if isinstance(target, Matches) else target
    return Matches(style, replaced(rows(F, guide), style))


def _distance(S: Rows, target: Rows | Matches) -> Array:
    """Σ_i t_i (1 − cos(f_i, a_NN(i))) / Σ_i t_i, where 1 − cos is half the squared distance of unit vectors."""
    f = lax.stop_gradient(replaced(S, target)) if isinstance(target, Rows) else target.f
    return jnp.sum(S.t * jnp.sum((unit(S.f) - unit(f)) ** 2, -1)) / (2 * S.t.sum())


NEAREST = Statistic(
    "nearest",
    rows,
    _distance,
    formula=r"\frac{1}{M_l} \sum_i \left(1 - \cos\left(F^l_i, A^l_{NN(i)}\right)\right)",
    freeze=_freeze,
)
