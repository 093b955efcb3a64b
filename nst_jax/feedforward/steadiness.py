"""Training against flicker without optical flow: the picture of a frame that moves must be the picture, moved."""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float, Int

from ..losses.temporal import temporal_loss

REACH = 8  # pixels that a frame moves at most, down and to the right: twice the stride of the network
NOISE = 0.02  # largest standard deviation of the camera's noise


class Moved(NamedTuple):
    """The frame after another, as a moving camera sees it.

    Attributes:
        x: [B, h, w, 3], T p + n: the frame p, moved, with noise.
        shift: [B, 2], how far down and to the right: x(i) shows what p(i + shift) shows.
    """

    x: Array
    shift: Array


def two_frames(scenes: Float[np.ndarray, "B H W 3"], rng: np.random.Generator) -> tuple[np.ndarray, Moved]:
    """Two frames of each scene: a window, and another `REACH` pixels away at most, with noise.

    Args:
        scenes: in [0, 1], `REACH` pixels larger than the frames.
        rng: chooses windows and noise.

    Returns:
        p [B, H − REACH, W − REACH, 3], and the frame after it.
    """
    B, H, W, _ = scenes.shape
    h, w = H - REACH, W - REACH
    corners = rng.integers(REACH + 1, size=(2, B, 2))
    p, x = (
        np.stack([scene[i : i + h, j : j + w] for scene, (i, j) in zip(scenes, corner, strict=True)])
        for corner in corners
    )
    noise = rng.uniform(0, NOISE, (B, 1, 1, 1)) * rng.normal(size=x.shape)
    shift = (corners[1] - corners[0]).astype(np.int32)
    return p, Moved(jnp.asarray(np.clip(x + noise, 0, 1).astype(np.float32)), jnp.asarray(shift))


def unsteadiness(y: Float[Array, "h w 3"], x: Float[Array, "h w 3"], shift: Int[Array, " 2"]) -> Float[Array, ""]:
    """(1 / 3hw) Σ ‖f(T p + n) − T f(p)‖² over what both frames show.

    Args:
        y: f(p) [h, w, 3], the picture of a frame.
        x: f(T p + n) [h, w, 3], that of the frame after it.
        shift: [2], of `Moved`.

    Returns:
        The loss, a scalar; 0 if the picture moves with the frame, and noise does not change it.

    Departs from the paper: pictures that differ by a known shift are compared where they show the same, in place of
        frames of a clip at the same pixels less the change of the photo; and without the same in features.

    Source: Xu et al., arXiv 2102.05822; Wang et al., Consistent Video Style Transfer via Compound Regularization
        (AAAI 2020).
    """
    h, w, _ = y.shape
    rows, columns = (jnp.arange(length) + shift[axis] for axis, length in enumerate((h, w)))
    c = ((rows >= 0) & (rows < h))[:, None] & ((columns >= 0) & (columns < w))[None]
    return temporal_loss(x, jnp.roll(y, -shift, (0, 1)), c.astype(y.dtype))


unsteadiness_of_all = jax.vmap(unsteadiness)
