"""Total variation: how rough a picture is, pixel by pixel."""

import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float


def total_variation(x: Float[Array | np.ndarray, "h w 3"]) -> Float[Array, ""]:
    """V(x) = Σ (x[i+1, j] − x[i, j])² + (x[i, j+1] − x[i, j])², over rows, columns and colours.

    A checkerboard of 0 and 1 has 1 for every pair of neighbours: 3 (2hw − h − w).

    Args:
        x: [h, w, 3] in [0, 1].

    Returns:
        V(x), a scalar.

    Departs from the paper: it has no such term; this is Mahendran and Vedaldi's (arXiv 1412.0035, eq. 5, β = 2).

    Example:
        >>> import numpy as np, nst_jax as nst
        >>> checkerboard = np.repeat(np.indices((4, 5)).sum(0)[..., None] % 2, 3, axis=2).astype("float32")
        >>> float(nst.total_variation(checkerboard)), 3 * (2 * 4 * 5 - 4 - 5)
        (93.0, 93)
    """
    return jnp.sum((x[1:] - x[:-1]) ** 2) + jnp.sum((x[:, 1:] - x[:, :-1]) ** 2)
