"""Gram matrices of a layer with its shifted self: which features stand how far beside which, for regular textures.

Departs from Berger and Memisevic (arXiv 1606.01286), who add shifted matrices to the Gram loss with a weight: here
shift 0, the Gram matrix, is one of the shifts, and all have one weight. It costs as much as nine Gram matrices.
"""

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from .lags import Lags, blend, mean_over_pairs, squared_difference
from .positions import weights
from .statistic import Statistic

STEPS = (2, 4, 8, 16)
SHIFTS = ((0, 0), *((0, step) for step in STEPS), *((step, 0) for step in STEPS))  # (down, right), in positions


def shifted_gram(F: Float[Array, "h w N"], shift: tuple[int, int]) -> Float[Array, "N N"]:
    """G^δ_ij = Σ_k F_ik F_j,k+δ, over the positions k whose position k + δ is on the map; the Gram matrix at δ = 0.

    Args:
        F: [h, w, N], features of one layer.
        shift: δ, (down, right), ≥ 0 and smaller than the map.

    Returns:
        [N, N], a sum over the pairs of positions.

    Source: Berger and Memisevic, arXiv 1606.01286.
    """
    here, there = _pairs(F, shift)
    N = F.shape[-1]
    return jnp.matmul(here.reshape(-1, N).T, there.reshape(-1, N), precision="highest")


def _pairs(values: Array, shift: tuple[int, int]) -> tuple[Array, Array]:
    (h, w), (down, right) = values.shape[:2], shift
    return values[: h - down, : w - right], values[down:, right:]


def _measure(F: Array, guide: Array | None) -> Lags:
    """A pair of positions has the weight √(t_k t_k+δ), which is the Gram matrix's t_k at δ = 0.

    A pair across the border of two hard regions belongs to neither.
    """
    h, w, N = F.shape
    root = jnp.sqrt(weights(F, guide))
    weighted = root[..., None] * F
    totals, pairs = [], []
    for down, right in SHIFTS:
        fits = down < h and right < w
        shift = (down, right) if fits else (0, 0)
        totals.append(shifted_gram(weighted, shift) if fits else jnp.zeros((N, N), F.dtype))
        here, there = _pairs(root, shift)
        pairs.append(jnp.sum(here * there) * fits)
    return mean_over_pairs(jnp.stack(totals), jnp.stack(pairs), least=0)


SHIFTED_GRAM = Statistic(
    "shifted-gram",
    _measure,
    squared_difference,
    formula=r"\frac{1}{|\Delta|} \sum_{\delta \in \Delta} \frac{1}{4 N_l^2 M_\delta^2}"
    r" \sum_{i,j} \left(G^{l\delta}_{ij} - A^{l\delta}_{ij}\right)^2, \quad"
    r" G^{l\delta}_{ij} = \sum_k F^l_{ik} F^l_{j,k+\delta}",
    blend=blend,
)
