"""Patches of features, each near a patch of the style (Li and Wand, "Combining Markov Random Fields and Convolutional
Neural Networks for Image Synthesis", arXiv 1601.04589).

A patch Ψ_i is the 3 × 3 neighbourhood of position i. With the matches NN(i) frozen, the loss is a quadratic: at every
position, up to nine patches that overlap there vote for a feature vector, and Σ_i t_i |Ψ_i(F) − Ψ_NN(i)(A)|² is the
distance from their mean vote, weighted by the votes' sum, plus a constant. So an evaluation costs as much as
that of a content term.
"""

from itertools import product
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import Float

from ...errors import ShapeError
from .positions import weights
from .rows import Rows, nearest
from .statistic import Statistic

SIDE = 3  # of a patch, in positions


class Features(NamedTuple):
    """A layer of a picture, and the weight of each position."""

    F: Array  # [h, w, N]
    t: Array  # [h, w]


class Votes(NamedTuple):
    """The style, and what its matched patches want at each position of the generated picture."""

    style: Features
    mean: Array  # [h, w, N], of the votes
    mass: Array  # [h, w, N], the sum of their weights
    spread: Array  # Σ of weighted squared distances of the votes from their means


def patches(F: Float[Array, "h w N"]) -> Float[Array, "h_ w_ 9 N"]:
    """Ψ_i(F) for all patches that lie within the map: h_ = h − 2, w_ = w − 2.

    Args:
        F: [h, w, N], features.

    Returns:
        [h − 2, w − 2, 9, N]

    Raises:
        ShapeError: if the map is smaller than a patch.
    """
    h, w = F.shape[0] - SIDE + 1, F.shape[1] - SIDE + 1
    if min(h, w) < 1:
        raise ShapeError(
            f"features of {F.shape[1]} × {F.shape[0]} positions hold no patch of {SIDE} × {SIDE}; "
            "use a larger picture or a layer nearer to the picture"
        )
    return jnp.stack([F[y : y + h, x : x + w] for y, x in product(range(SIDE), repeat=2)], 2)


def matched(F: Float[Array, "h w N"], style: Features) -> Float[Array, "h_ w_ 9 N"]:
    """Ψ_NN(i)(A), where NN(i) = argmax_j Ψ_i(F)·Ψ_j(A) / (|Ψ_i(F)| |Ψ_j(A)|).

    Args:
        F: [h, w, N], features of the generated picture.
        style: those of the style picture, A. A patch whose centre has weight 0 is never chosen.

    Returns:
        [h − 2, w − 2, 9, N], the style's patch chosen for each patch of F.

    Raises:
        ShapeError: if a map is smaller than a patch.
    """
    psi, psi_a = patches(F), patches(style.F)
    each = psi.shape[2] * psi.shape[3]
    candidates = Rows(psi_a.reshape(-1, each), _centres(style.t).ravel())
    return candidates.f[nearest(psi.reshape(-1, each), candidates)].reshape(psi.shape)


def _centres(t: Array) -> Array:
    return t[SIDE // 2 : -(SIDE // 2), SIDE // 2 : -(SIDE // 2)]


def _freeze(target: Features | Votes, F: Array, guide: Array | None) -> Votes:
    style = target.style if isinstance(target, Votes) else target
    chosen, t = matched(F, style), _centres(weights(F, guide))[..., None, None]
    laid = jax.linear_transpose(patches, F)  # patches laid back in their places, and summed where they overlap
    (votes,), (mass,) = laid(t * chosen), laid(jnp.broadcast_to(t, chosen.shape))
    mean = votes / jnp.where(mass > 0, mass, 1)
    return Votes(style, mean, mass, jnp.sum(t * (patches(mean) - chosen) ** 2))


def _measure(F: Array, guide: Array | None) -> Features:
    return Features(F, weights(F, guide))


def _distance(S: Features, target: Features | Votes) -> Array:
    if isinstance(target, Features):
        target = lax.stop_gradient(_freeze(target, *S))
    total = jnp.sum(target.mass * (S.F - target.mean) ** 2) + target.spread
    return total / target.mass.sum()


PATCHES = Statistic(
    "patches",
    _measure,
    _distance,
    formula=r"\frac{1}{9 N_l M_l} \sum_i \left\|\Psi_i(F^l) - \Psi_{NN(i)}(A^l)\right\|^2",
    freeze=_freeze,
)
