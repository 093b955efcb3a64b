"""The Gram matrix, the paper's style statistic: correlations between filters (arXiv 1508.06576, eq. 3 and 4)."""

import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float

from ..shapes import check_same_shape
from .positions import weighted_rows
from .statistic import Statistic, Sums


def gram(F: Float[Array | np.ndarray, "h w N"]) -> Float[Array, "N N"]:
    """G_ij = Σ_k F_ik F_jk, over the positions k (eq. 3).

    Args:
        F: [h, w, N], features of one layer.

    Returns:
        [N, N], a sum and not a mean: it grows with the number of positions.

    Departs from the paper: nothing.

    Example:
        >>> import jax.numpy as jnp, nst_jax as nst
        >>> F = jnp.array([[[1.0, 2.0], [3.0, 0.0]]])  # [h, w, N] = [1, 2, 2]
        >>> print(nst.gram(F))
        [[10.  2.]
         [ 2.  4.]]
    """
    F = F.reshape(-1, F.shape[-1])  # [M, N]
    return jnp.matmul(F.T, F, precision="highest")  # [N, N]; a GPU's default would round to 10 bits


def style_loss(
    G: Float[Array | np.ndarray, "N N"], A: Float[Array | np.ndarray, "N N"], positions: Array | float
) -> Float[Array, ""]:
    """E_l = Σ_ij (G_ij − A_ij)² / (4 N_l² M_l²) (eq. 4).

    Args:
        G: [N, N], Gram matrix of the generated picture at one layer.
        A: [N, N], Gram matrix of the style picture at the same layer. The formula assumes that both pictures have M_l
            positions; if the style picture has M_a, pass A · M_l / M_a (the term `Style` does).
        positions: M_l = h·w of the generated picture's features.

    Returns:
        The loss, a scalar.

    Raises:
        ShapeError: if G and A differ in shape.

    Departs from the paper: nothing.

    Example:
        >>> import jax.numpy as jnp, nst_jax as nst
        >>> float(nst.style_loss(jnp.array([[6.0]]), jnp.array([[2.0]]), positions=2))  # (6 − 2)² / (4 · 1² · 2²)
        1.0
    """
    check_same_shape(G=G, A=A)
    N, M = G.shape[0], positions
    return jnp.sum(((G - A) / (2.0 * N * M)) ** 2)  # 4 N² M² itself is beyond 32-bit integers


def _measure(F: Array, guide: Array | None) -> Sums:
    """Σ_k t_k f_k f_kᵀ and Σ_k t_k: a guide weighs positions, not features, so a soft partition loses nothing."""
    rows, t, mass = weighted_rows(F, guide)
    return Sums(jnp.matmul((t * rows).T, rows, precision="highest"), mass)


def _distance(S: Sums, target: Sums) -> Array:
    return style_loss(S.total, S.mass * (target.total / target.mass), S.mass)


GRAM = Statistic(
    "gram",
    _measure,
    _distance,
    formula=r"\frac{1}{4 N_l^2 M_l^2} \sum_{i,j} \left(G^l_{ij} - A^l_{ij}\right)^2",
    additive=True,
)
