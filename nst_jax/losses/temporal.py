"""The temporal loss of Ruder, Dosovitskiy and Brox, "Artistic style transfer for videos" (arXiv 1604.08610)."""

import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float

from ..errors import ShapeError
from .shapes import check_same_shape


def temporal_loss(
    x: Float[Array | np.ndarray, "h w 3"], y: Float[Array | np.ndarray, "h w 3"], c: Float[Array | np.ndarray, "h w"]
) -> Float[Array, ""]:
    """(1 / 3hw) Σ_ijk c_ij (x_ijk − y_ijk)².

    Args:
        x: [h, w, 3] in [0, 1], the generated picture of a frame.
        y: [h, w, 3] in [0, 1], the picture of an earlier frame, moved along with what it shows (`warp`).
        c: [h, w] ≥ 0, how much each pixel of it can be trusted: 0 where the earlier frame does not show it.

    Returns:
        The loss, a scalar; 0 for the picture that moved along.

    Raises:
        ShapeError: if the three do not fit together.

    Source: arXiv 1604.08610, eq. 7.
    """
    check_same_shape(x=x, y=y)
    if c.shape != x.shape[:2]:
        raise ShapeError(f"c is {list(c.shape)}, x is {list(x.shape)}; give a weight for each pixel")
    return jnp.mean(jnp.asarray(c)[..., None] * (x - y) ** 2)
