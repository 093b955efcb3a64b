"""Pictures moved along a flow."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.scipy.ndimage import map_coordinates
from jaxtyping import Float

from ..errors import ShapeError


@partial(jax.jit, inline=True)
def _warped(x: Array, flow: Array) -> Array:
    h, w = flow.shape[:2]
    i, j = jnp.mgrid[:h, :w]
    there = [i + flow[..., 1], j + flow[..., 0]]
    return jnp.stack([map_coordinates(x[..., n], there, order=1, mode="nearest") for n in range(x.shape[-1])], -1)


def warp(x: Float[Array | np.ndarray, "h w N"], flow: Float[Array | np.ndarray, "h w 2"]) -> Float[Array, "h w N"]:
    """y(p) = x(p + flow(p)), by bilinear interpolation; beyond the border, the nearest pixel of it.

    With the flow from a frame to an earlier one, it brings the earlier picture to where its contents are now. A flow of
    0 returns x exactly. Differentiable in both.

    Args:
        x: [h, w, N], values at each pixel.
        flow: [h, w, 2], to the right and down, in pixels.

    Returns:
        [h, w, N]

    Raises:
        ShapeError: if the two do not fit together.
    """
    if x.ndim != 3 or flow.shape != (*x.shape[:2], 2):
        raise ShapeError(f"the flow is {list(flow.shape)}, x is {list(x.shape)}; give two numbers for each pixel of x")
    return _warped(jnp.asarray(x), jnp.asarray(flow))


def inside(flow: Float[np.ndarray, "h w 2"]) -> Float[np.ndarray, "h w"]:
    """1 where p + flow(p) lies in the picture, to the middle of its outermost pixels; 0 elsewhere.

    Args:
        flow: [h, w, 2], to the right and down, in pixels.

    Returns:
        [h, w]
    """
    h, w = flow.shape[:2]
    i, j = np.mgrid[:h, :w]
    down, right = i + flow[..., 1], j + flow[..., 0]
    return ((down >= 0) & (down <= h - 1) & (right >= 0) & (right <= w - 1)).astype(np.float32)
