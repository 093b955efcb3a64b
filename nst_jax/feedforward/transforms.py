"""Linear maps that give features the mean and the covariance of a style's: y = A (f − μ) + μ*."""

from collections.abc import Callable
from typing import Literal

import numpy as np
from jaxtyping import Float

from ..images.symmetric import power

CUT = 1e-5  # of the largest eigenvalue: what varies less is rounding, and is neither whitened nor coloured

Transform = Literal["whitening", "monge-kantorovich", "mean-spread"]
Matrix = Float[np.ndarray, "N N"]


def whitening(C: Matrix, C_s: Matrix) -> Matrix:
    """A = C_s^½ C^−½: the covariance is taken away, and the style's put in its place (WCT).

    Args:
        C: [N, N], covariance of the features, float64.
        C_s: [N, N], that of the style's.

    Returns:
        [N, N] with A C Aᵀ = C_s, on the directions in which C varies.

    Source: Li et al. 2017, arXiv 1705.08086.

    Departs from the paper: eigenvalues are cut relative to the largest, where released codes cut at 1e-5 whatever the
        scale of the features.
    """
    return power(C_s, 0.5, CUT) @ power(C, -0.5, CUT)


def monge_kantorovich(C: Matrix, C_s: Matrix) -> Matrix:
    """A = C^−½ (C^½ C_s C^½)^½ C^−½: of all maps between the two covariances, that which moves features least.

    Args:
        C: [N, N], covariance of the features, float64.
        C_s: [N, N], that of the style's.

    Returns:
        [N, N], symmetric, with A C Aᵀ = C_s on the directions in which C varies.

    Source: Lu et al. 2019, arXiv 1906.00668.
    """
    root, inverse = power(C, 0.5, CUT), power(C, -0.5, CUT)
    return inverse @ power(root @ C_s @ root, 0.5, CUT**2) @ inverse  # its spectrum is squared, and so is the cut


def mean_spread(C: Matrix, C_s: Matrix) -> Matrix:
    """A = diag(σ_s / σ): each filter's spread alone (adaptive instance normalisation).

    Args:
        C: [N, N], covariance of the features, float64.
        C_s: [N, N], that of the style's.

    Returns:
        [N, N], diagonal; 0 for a filter that does not vary.

    Source: Huang and Belongie 2017, arXiv 1703.06868.
    """
    variance, variance_s = (np.maximum(np.diag(each), 0) for each in (C, C_s))
    varies = variance > CUT * variance.max()
    return np.diag(np.sqrt(np.where(varies, variance_s / np.where(varies, variance, 1), 0)))


TRANSFORMS: dict[Transform, Callable[[Matrix, Matrix], Matrix]] = {
    "whitening": whitening,
    "monge-kantorovich": monge_kantorovich,
    "mean-spread": mean_spread,
}
