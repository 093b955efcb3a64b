"""The contextual loss: every feature vector of the style is the context of one of the picture (Mechrez, Talmi and
Zelnik-Manor, "The Contextual Loss for Image Transformation with Non-Aligned Data", arXiv 1803.02077)."""

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from .rows import Rows, cosine_distances, rows
from .statistic import Statistic

CELLS = 32**2  # of each picture at most
BANDWIDTH = 0.5  # h
EPSILON = 1e-5  # added to the least distance


def contextual_similarity(F: Rows, A: Rows) -> Float[Array, ""]:
    """CX = Σ_j t_j max_i CX_ij / Σ_j t_j.

    CX_ij = t_j w_ij / Σ_k t_k w_ik, where w_ij = exp((1 − d_ij / (min_k d_ik + ε)) / h),
    d_ij = (1 − cos(f_i − μ, a_j − μ)) / 2, and μ is the mean of the a_j.

    Args:
        F: feature vectors of the generated picture. A guide has one effect on them: weight 0 leaves one out.
        A: those of the style picture, with weights t_j.

    Returns:
        A scalar, in (0, 1]: 1 if every a_j is matched, and nothing else is near.

    Departs from the paper: adds weights; an a_j of weight t_j counts as t_j equal ones, which are matched together. The
    cosine distance is halved, as in the authors' code.
    """
    mean = A.mean()
    d = cosine_distances(F.f - mean, A.f - mean) / 2
    least = jnp.min(d, 1, keepdims=True, where=A.t > 0, initial=1)
    w = A.t * jnp.exp((1 - d / (least + EPSILON)) / BANDWIDTH)
    CX = w / w.sum(1, keepdims=True)
    return jnp.sum(A.t * jnp.max(CX, 0, where=F.t[:, None] > 0, initial=0)) / A.t.sum()


def _measure(F: Array, guide: Array | None) -> Rows:
    return rows(F, guide, most=CELLS)


def _distance(S: Rows, target: Rows) -> Array:
    return -jnp.log(contextual_similarity(S, target))


CONTEXTUAL = Statistic(
    "contextual",
    _measure,
    _distance,
    formula=r"-\log \frac{1}{M_l} \sum_j \max_i CX_{ij}(F^l, A^l)",
)
