"""Sums over the positions of a layer: features as rows, a weight each."""

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from ..shapes import check_same_shape

FLOOR = 1e-12  # the smallest mass to divide by: the mean over no position is 0


def weighted_rows(
    F: Float[Array, "h w N"], guide: Float[Array, "h w"] | None
) -> tuple[Float[Array, "M N"], Float[Array, "M 1"], Array | float]:
    """The features of each position k, its weight t_k, and Σ_k t_k.

    Args:
        F: [h, w, N], features of one layer.
        guide: [h, w], a weight per position, ≥ 0; None for 1 everywhere.

    Returns:
        The features [M, N], the weights [M, 1], and their sum: M where no guide is given.

    Raises:
        ShapeError: if the guide is of another size than the features.
    """
    h, w, N = F.shape
    t = weights(F, guide)
    return F.reshape(-1, N), t.reshape(-1, 1), h * w if guide is None else t.sum()


def weights(F: Float[Array, "h w N"], guide: Float[Array, "h w"] | None) -> Float[Array, "h w"]:
    """The weight of each position: the guide, or 1 everywhere.

    Args:
        F: [h, w, N], features.
        guide: [h, w], ≥ 0, or None.

    Returns:
        [h, w].

    Raises:
        ShapeError: if the guide is of another size than the features.
    """
    if guide is None:
        return jnp.ones(F.shape[:2], F.dtype)
    check_same_shape(F=F[..., 0], guide=guide)
    return guide


def weighted_mean(rows: Float[Array, "M N"], t: Float[Array, "M 1"]) -> Float[Array, " N"]:
    """Σ_k t_k f_k / Σ_k t_k; 0 if all weights are 0, so that sums over a part without weight stay finite."""
    return (t * rows).sum(0) / jnp.maximum(t.sum(), FLOOR)
