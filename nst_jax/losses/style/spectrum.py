"""The autocorrelation of each filter, which is its power spectrum: periods and their directions, without phase.

Departs from Liu et al. (arXiv 1605.01141), who match the spectrum of the picture's colours, not of features, to a style
picture of the same size: at fixed lags, and per pair of positions, a style picture of any size serves. Departs from
Sendik and Cohen-Or (2017), who match the autocorrelation of one layer, at all lags up to half its size, beside Gram
matrices: here lags end at 32 positions, and any layers are matched by it alone.
"""

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from ..shapes import check_same_shape
from .lags import Lags, blend, mean_over_pairs, squared_difference
from .statistic import Statistic

REACH = 32  # the longest lag along either axis, in positions
OVERLAP = 0.25  # a lag is known if its pairs exceed this share of the positions: longer lags have too few


def autocorrelation(F: Float[Array, "h w N"], reach: int) -> Float[Array, "K L N"]:
    """R_i(δ) = Σ_k F_ik F_i,k+δ at the lags δ = (down, right), as the transform of the power spectrum |F̂_i|².

    Args:
        F: [h, w, N], features of one layer; 0 beyond its edges.
        reach: the longest lag, in positions.

    Returns:
        [reach + 1, 2 reach + 1, N]: lags 0 … reach down and −reach … reach to the right; R(−δ) = R(δ) is the rest.

    Source: the theorem of Wiener and Khinchin.
    """
    h, w, _ = F.shape
    size = (h + reach, w + reach)  # zeros, so that no lag wraps around
    transform = jnp.fft.rfft2(F, size, axes=(0, 1))
    R = jnp.fft.irfft2(transform * transform.conj(), size, axes=(0, 1))
    return jnp.concatenate([R[: reach + 1, -reach:], R[: reach + 1, : reach + 1]], axis=1)


def _measure(F: Array, guide: Array | None) -> Lags:
    """A pair of positions has the weight √(t_k t_k+δ): features times √t, correlated, over √t correlated."""
    root = jnp.ones(F.shape[:2], F.dtype) if guide is None else jnp.sqrt(guide)
    check_same_shape(F=F[..., 0], guide=root)
    total = autocorrelation(root[..., None] * F, REACH)
    pairs = autocorrelation(root[..., None], REACH).reshape(-1)
    return mean_over_pairs(total.reshape(-1, F.shape[-1]), pairs, least=OVERLAP * jnp.sum(root**2))


SPECTRUM = Statistic(
    "spectrum",
    _measure,
    squared_difference,
    formula=r"\frac{1}{4 N_l |\Delta|} \sum_{\delta \in \Delta} \sum_i"
    r" \left(\frac{R^l_i(\delta)}{M_\delta} - \frac{R^{*l}_i(\delta)}{M^*_\delta}\right)^2, \quad"
    r" R^l_i(\delta) = \sum_k F^l_{ik} F^l_{i,k+\delta}",
    blend=blend,
)
