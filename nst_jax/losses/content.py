"""The content loss of Gatys, Ecker and Bethge, "A Neural Algorithm of Artistic Style" (arXiv 1508.06576).

Features F are arrays [h, w, N]: the paper's matrix F^l of N_l filters by M_l = h·w positions, position by position.
"""

import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float

from .shapes import check_same_shape


def content_loss(F: Float[Array | np.ndarray, "h w N"], P: Float[Array | np.ndarray, "h w N"]) -> Float[Array, ""]:
    """L_content = ½ Σ_ij (F_ij − P_ij)² (eq. 1).

    Args:
        F: [h, w, N], features of the generated picture at one layer.
        P: [h, w, N], features of the content picture at the same layer.

    Returns:
        The loss, a scalar.

    Raises:
        ShapeError: if F and P differ in shape.

    Departs from the paper: nothing.
    """
    check_same_shape(F=F, P=P)
    return 0.5 * jnp.sum((F - P) ** 2)
