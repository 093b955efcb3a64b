"""Recolouring: a picture in the colours of another."""

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np
from jaxtyping import Float

from ..errors import ImageError, SettingError, ShapeError
from .picture import Picture
from .symmetric import power

Matching = Literal["monge-kantorovich", "pca", "cholesky", "histogram"]
Mean = Float[np.ndarray, "3"]
Matrix = Float[np.ndarray, "3 3"]

MOST_GAIN = 3.0  # from 5 on, false hues, JPEG blocks and the grain of scans show
FLAT = 1e-8  # variances below count as it: the square of a fortieth of an 8-bit step


def match_colours(
    x: Picture,
    to: Picture,
    method: Matching = "monge-kantorovich",
    *,
    weight: Float[np.ndarray, "h w"] | None = None,
    to_weight: Float[np.ndarray, "H W"] | None = None,
    most_gain: float = MOST_GAIN,
) -> Float[np.ndarray, "h w 3"]:
    """A picture in the colours of another.

    y = A (x − μ) + μ*, with A C Aᵀ = C*, gives the mean and the covariance of `to`. Monge–Kantorovich,
    A = C^−½ (C^½ C* C^½)^½ C^−½, moves colours least. PCA is A = C*^½ C^−½. Cholesky, A = L* L⁻¹, depends on the order
    of the channels.

    Where the colours of x spread much less than those of `to`, A amplifies noise, grain and the blocks of JPEG. Along
    each axis u of its colours, the variance of x therefore counts as uᵀ C* u / most_gain² at least. Where this raises
    it, the covariance of the result falls short of C*; the mean stays exact. A grey picture becomes a tint, from the
    average colour of the darks of `to` to that of its lights.

    Args:
        x: [h, w, 3] in [0, 1].
        to: [H, W, 3] in [0, 1], the picture that gives the colours.
        method: "monge-kantorovich", "pca" or "cholesky"; or "histogram", which gives each channel the distribution of
            its counterpart, leaves correlations as they are, and takes no weights.
        weight: [h, w] ≥ 0, how much each pixel of x counts; None for all alike. All pixels are recoloured.
        to_weight: [H, W] ≥ 0, likewise for `to`.
        most_gain: ≥ 1, about the most that the spread along an axis is multiplied by; inf for no bound.

    Returns:
        [h, w, 3], which may leave [0, 1]; clipping it changes its mean and covariance.

    Raises:
        SettingError: for an unknown method, or weights for histograms.
        ShapeError: if a weight does not have the shape of its picture.
        ImageError: if weights are negative, or all 0.

    Departs from the paper: the author's notebook bounds no gain; it adds 1e-5 to the variances.

    Source: Gatys et al. 2016, arXiv 1606.05897; Pitié and Kokaram 2007 for Monge–Kantorovich.
    """
    if method not in get_args(Matching):
        raise SettingError(f"method={method!r}: give {', '.join(get_args(Matching))}")
    if method == "histogram":
        if weight is not None or to_weight is not None:
            raise SettingError('method="histogram" takes no weights; use "monge-kantorovich"')
        from skimage.exposure import match_histograms

        return match_histograms(x, to, channel_axis=-1)
    mean, covariance = colour_statistics(x, weight)
    to_mean, to_covariance = colour_statistics(to, to_weight)
    A = MAPS[method](_at_least(covariance, to_covariance, most_gain), to_covariance)
    return ((x - mean) @ A.T + to_mean).astype(np.float32)


def colour_statistics(
    x: Float[np.ndarray, "h w 3"], weight: Float[np.ndarray, "h w"] | None = None
) -> tuple[Mean, Matrix]:
    """The mean and the covariance of a picture's colours, in float64.

    μ = Σ_k t_k x_k / Σ_k t_k, C = Σ_k t_k (x_k − μ)(x_k − μ)ᵀ / Σ_k t_k, over the pixels k.

    Args:
        x: [h, w, 3].
        weight: [h, w] ≥ 0, how much each pixel counts; None for all alike.

    Returns:
        μ [3] and C [3, 3].

    Raises:
        ShapeError: if the weight does not have the shape of the picture.
        ImageError: if weights are negative, or all 0.
    """
    colours = x.reshape(-1, 3).astype(np.float64)
    if weight is None:
        return colours.mean(axis=0), np.cov(colours, rowvar=False, ddof=0)
    if weight.shape != x.shape[:2]:
        raise ShapeError(f"a weight {list(weight.shape)} for a picture {list(x.shape)}; give one number for each pixel")
    t = weight.reshape(-1).astype(np.float64)
    if not ((t >= 0).all() and t.any()):
        raise ImageError("the weights of the pixels are negative or all 0; give some a positive weight")
    return np.average(colours, axis=0, weights=t), np.cov(colours, rowvar=False, ddof=0, aweights=t)


def _at_least(C: Matrix, to: Matrix, most_gain: float) -> Matrix:
    """C, its variance along each of its axes raised to that of `to` there, divided by most_gain²."""
    variances, axes = np.linalg.eigh(C)
    least = np.einsum("ij,ik,kj->j", axes, to, axes) / most_gain**2
    return (axes * np.maximum(variances, np.maximum(least, FLAT))) @ axes.T


def _monge_kantorovich(C: Matrix, to: Matrix) -> Matrix:
    root = power(C, 0.5)
    inverse = power(C, -0.5)
    return inverse @ power(root @ to @ root, 0.5) @ inverse


def _pca(C: Matrix, to: Matrix) -> Matrix:
    return power(to, 0.5) @ power(C, -0.5)


def _cholesky(C: Matrix, to: Matrix) -> Matrix:
    return np.linalg.cholesky(to + FLAT * np.eye(3)) @ np.linalg.inv(np.linalg.cholesky(C))


MAPS: dict[Matching, Callable[[Matrix, Matrix], Matrix]] = {
    "monge-kantorovich": _monge_kantorovich,
    "pca": _pca,
    "cholesky": _cholesky,
}
