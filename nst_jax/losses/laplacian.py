"""The Laplacian loss of Li et al., "Laplacian-Steered Neural Style Transfer" (arXiv 1707.01253): edges stay."""

import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jaxtyping import Float

from .shapes import check_same_shape

SIDES = (4, 16)  # s, in pixels: what shows the details of a face, and its outline


def laplacian(x: Float[Array | np.ndarray, "h w 3"], s: int) -> Float[Array, "a b"]:
    """Lap(y)_ij = y_(i−s)j + y_(i+s)j + y_i(j−s) + y_i(j+s) − 4 y_ij, where y = pool_s x.

    pool_s is the mean over colours and over windows of s × s pixels, one at every pixel. The Laplacian is that of the
    windows with a neighbour on every side, so that it is 0 for every picture whose brightness is linear.

    Args:
        x: [h, w, 3] in [0, 1], with sides of 3s or more.
        s: side of a window, in pixels.

    Returns:
        [h − 3s + 1, w − 3s + 1]

    Departs from the paper: a window stands at every pixel, not at every s-th, since the latter leaves blocks in the
    picture.
    """
    y = jnp.mean(x, -1)
    for window in ((s, 1), (1, s)):
        y = lax.reduce_window(y, 0.0, lax.add, window, (1, 1), "valid") / s
    middle = y[s:-s, s:-s]
    return y[: -2 * s, s:-s] + y[2 * s :, s:-s] + y[s:-s, : -2 * s] + y[s:-s, 2 * s :] - 4 * middle


def laplacian_loss(x: Float[Array | np.ndarray, "h w 3"], p: Float[Array | np.ndarray, "h w 3"]) -> Float[Array, ""]:
    """Σ_s mean_ij (Lap(pool_s x)_ij − Lap(pool_s p)_ij)², for windows of s = 4 and 16 pixels.

    Args:
        x: [h, w, 3] in [0, 1], the generated picture.
        p: [h, w, 3] in [0, 1], the content picture.

    Returns:
        The loss, a scalar; windows too large for the picture, with a side below 3s, are left out.

    Raises:
        ShapeError: if x and p differ in shape.

    Departs from the paper: takes the mean over windows, not the sum, so that a weight means the same at every size; and
    the mean over colours, where the authors' code takes the sum.
    """
    check_same_shape(x=x, p=p)
    sides = [s for s in SIDES if min(x.shape[:2]) >= 3 * s]
    return jnp.asarray(sum((jnp.mean((laplacian(x, s) - laplacian(p, s)) ** 2) for s in sides), start=0.0))
