"""The content loss of Kolkin, Salavon and Shakhnarovich, "Style Transfer by Relaxed Optimal Transport and
Self-Similarity" (arXiv 1904.12785): which parts of a picture look alike."""

import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float

from .shapes import check_same_shape
from .style.rows import cosine_distances, rows

POSITIONS = 32**2  # n at most
EPSILON = 1e-3  # added to the mean distance: in a flat picture all distances are rounding


def self_similarity(F: Float[Array | np.ndarray, "h w N"]) -> Float[Array, "n n"]:
    """S_ij = D_ij / Σ_i D_ij, where D_ij = 1 − cos(f_i, f_j).

    It does not change if all features are rotated or scaled together: it measures which parts look alike, not what they
    look like.

    Args:
        F: [h, w, N], features of one layer.

    Returns:
        [n, n], n ≤ 1024; the columns sum to 1, or to 0 for a flat picture.

    Departs from the paper: beyond 1024 positions it takes means over square cells, where the paper draws positions at
    every evaluation; and it measures each layer separately, not a stack of all layers.
    """
    f = rows(jnp.asarray(F), None, most=POSITIONS).f
    D = cosine_distances(f, f)
    return D / (D.sum(0) + len(D) * EPSILON)


def self_similarity_loss(
    S: Float[Array | np.ndarray, "n n"], target: Float[Array | np.ndarray, "n n"]
) -> Float[Array, ""]:
    """Σ_ij |S_ij − S*_ij| / n.

    Args:
        S: [n, n], self-similarity of the generated picture at one layer.
        target: [n, n], that of the content picture.

    Returns:
        The loss, a scalar from 0 to 2.

    Raises:
        ShapeError: if the two differ in shape.

    Departs from the paper: divides by n, as the authors' code does, and not by n², so that a weight means the same at
    every size.
    """
    check_same_shape(S=S, target=target)
    return jnp.abs(S - target).sum() / len(S)
