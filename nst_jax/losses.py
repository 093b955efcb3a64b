"""The losses of Gatys, Ecker and Bethge, "A Neural Algorithm of Artistic Style" (arXiv 1508.06576), one formula each.

Features F are arrays [h, w, N]: the paper's matrix F^l of N_l filters by M_l = h·w positions, position by position.
"""

import jax.numpy as jnp
from jax import Array


def gram(F: Array) -> Array:
    """Correlations between filters: G_ij = Σ_k F_ik F_jk, over the positions k (eq. 3).

    F: [h, w, N]. Returns [N, N], a sum and not a mean: it grows with the number of positions.
    Departs from the paper: nothing.
    """
    F = F.reshape(-1, F.shape[-1])  # [M, N]
    return jnp.matmul(F.T, F, precision="highest")  # [N, N]; a GPU's default would round to 10 bits


def content_loss(F: Array, P: Array) -> Array:
    """L_content = ½ Σ_ij (F_ij − P_ij)² (eq. 1).

    F, P: features of the generated picture and of the photo at one layer, of equal shape.
    Departs from the paper: nothing.
    """
    return 0.5 * jnp.sum((F - P) ** 2)


def style_loss(G: Array, A: Array, positions: int) -> Array:
    """E_l = Σ_ij (G_ij − A_ij)² / (4 N_l² M_l²) (eq. 4).

    G, A: [N, N], Gram matrices of the generated picture and of the painting at one layer;
    positions: M_l = h·w of the generated picture's features there. The formula supposes that both pictures have
    M_l positions; where the painting has another number M_a, pass A · M_l / M_a (`objective.Style` does).
    Departs from the paper: nothing.
    """
    N, M = G.shape[0], positions
    return jnp.sum(((G - A) / (2.0 * N * M)) ** 2)  # 4 N² M² itself is beyond 32-bit integers


def total_variation(x: Array) -> Array:
    """V(x) = Σ (x[i+1, j] − x[i, j])² + (x[i, j+1] − x[i, j])², over rows, columns and colours.

    x: [h, w, 3] in [0, 1]. A checkerboard of 0 and 1 has 1 for every pair of neighbours: 3 (2hw − h − w).
    Departs from the paper: it has no such term; this is Mahendran and Vedaldi's (arXiv 1412.0035, eq. 5, β = 2).
    """
    return jnp.sum((x[1:] - x[:-1]) ** 2) + jnp.sum((x[:, 1:] - x[:, :-1]) ** 2)
