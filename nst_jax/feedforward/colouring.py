"""Any style in one pass: at each level features take the style's mean and covariance, and are decoded to the next."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float

from ..images.picture import Picture
from ..losses.guides import LEAST
from ..losses.style.covariance import products
from ..losses.style.statistic import Sums
from ..networks.vgg import VGG19
from .decoder import LEVELS, Weights, decode
from .transforms import TRANSFORMS, Transform

STRIDE = 2 ** (len(LEVELS) - 1)  # pixels a position of the deepest level stands for


@dataclass(frozen=True)
class Moments:
    """Mean and covariance of features, in float64.

    Attributes:
        mean: [N].
        covariance: [N, N].
    """

    mean: np.ndarray
    covariance: np.ndarray


class Maps(NamedTuple):
    """What is added to features: F + r Σ_R t_R (A_R F + b_R) has the statistics of the styles for r = 1.

    Attributes:
        A: [R, N, N], A_R − 1 of each region.
        b: [R, N], μ*_R − A_R μ_R.
    """

    A: Array
    b: Array


@dataclass(frozen=True)
class Target:
    """What a region's features become.

    Attributes:
        moments: level → those of its style.
        guides: level → [h_l, w_l] in [0, 1], how much of each position belongs to it, for the picture extended to
            multiples of `STRIDE`.
    """

    moments: Mapping[str, Moments]
    guides: Mapping[str, Array]


def style_moments(encoder: VGG19, a: Picture, guides: Mapping[str, Array] | None = None) -> dict[str, Sums]:
    """The sums of a style picture's features at every level.

    Args:
        encoder: the network.
        a: [H, W, 3].
        guides: level → [H_l, W_l], a weight per position; None for 1 everywhere.

    Returns:
        level → Σ_k t_k f_k, Σ_k t_k f_k f_kᵀ and Σ_k t_k.
    """
    return _sums(encoder, jnp.asarray(a), guides)


def mixed(sums: Sequence[Sums], weights: Sequence[float]) -> Moments:
    """The moments of a mixture of styles: as of a picture of which each style fills its share.

    μ = Σ_s w_s μ_s and C = Σ_s w_s (C_s + μ_s μ_sᵀ) − μ μᵀ, as the Gram matrices of several styles are blended.

    Args:
        sums: of each style.
        weights: w_s ≥ 0, with sum 1.

    Returns:
        The moments.
    """
    first = sum(w * np.asarray(S.total.f, np.float64) / float(S.mass) for S, w in zip(sums, weights, strict=True))
    second = sum(w * np.asarray(S.total.ff, np.float64) / float(S.mass) for S, w in zip(sums, weights, strict=True))
    return Moments(np.asarray(first), second - np.outer(first, first))


def painted(
    encoder: VGG19,
    decoder: Weights,
    p: Picture,
    targets: Sequence[Target],
    strength: Mapping[str, Array],
    detail: float,
    transform: Transform = "whitening",
) -> Picture:
    """The picture whose features have the statistics of the styles.

    At each level l, from the deepest: F ← F + r Σ_R t_R (A_R (F − μ_R) + μ*_R − F), then the decoder's next stage, and
    F ← (1 − d) F + d P with the photo's own features P, which hold what deeper levels have lost.

    Args:
        encoder: the network.
        decoder: its decoder's weights.
        p: [h, w, 3].
        targets: one a region.
        strength: level → r, [h_l, w_l] in [0, 1], likewise extended.
        detail: d, from 0 to 1.
        transform: which A.

    Returns:
        [h, w, 3] in [0, 1].
    """
    Fs, _ = _through(encoder, decoder, [p], targets, strength, detail, transform)
    return cut(Fs[0], p)


def held_maps(
    encoder: VGG19,
    decoder: Weights,
    frames: Sequence[Picture],
    targets: Sequence[Target],
    strength: Mapping[str, Array],
    detail: float,
    transform: Transform = "whitening",
) -> dict[str, Maps]:
    """The maps of `painted` for several pictures at once, as of one picture that shows them all.

    Args:
        encoder: the network.
        decoder: its decoder's weights.
        frames: [h, w, 3] each, of one shape.
        targets: as in `painted`, and so are the others.
        strength: likewise.
        detail: likewise.
        transform: likewise.

    Returns:
        level → the maps.
    """
    return _through(encoder, decoder, frames, targets, strength, detail, transform)[1]


def mapped(
    encoder: VGG19,
    decoder: Weights,
    p: Picture,
    maps: Mapping[str, Maps],
    guides: Mapping[str, Array],
    strength: Mapping[str, Array],
    detail: float,
) -> Picture:
    """`painted` with maps that are given, so that nothing in them depends on the picture.

    Args:
        encoder: the network.
        decoder: its decoder's weights.
        p: [h, w, 3].
        maps: level → from `held_maps`.
        guides: level → those of all targets, [R, h_l, w_l].
        strength: as in `painted`, and so is the other.
        detail: likewise.

    Returns:
        [h, w, 3] in [0, 1].
    """
    x, given = jnp.asarray(extended(p)), (dict(maps), dict(guides), dict(strength))
    return cut(features_before(encoder, decoder, x, *given, detail, None), p)


def stacked(targets: Sequence[Target]) -> dict[str, Array]:
    """The guides of all targets: level → [R, h_l, w_l]."""
    return {level: jnp.stack([target.guides[level] for target in targets]) for level in LEVELS}


def _through(encoder, decoder, pictures, targets, strength, detail, transform) -> tuple[list[Array], dict[str, Maps]]:
    """The decoded pictures, extended, and the maps on the way."""
    guides, maps = stacked(targets), {}
    Ps = [encoded(encoder, extended(p)) for p in pictures]
    Fs = [P[LEVELS[0]] for P in Ps]
    for level, finer in zip(LEVELS, (*LEVELS[1:], None), strict=True):
        sums = jax.tree.map(lambda *each: sum(each), *(measured(F, guides[level]) for F in Fs))
        maps[level] = maps_to(sums, [target.moments[level] for target in targets], TRANSFORMS[transform])
        Fs = [_stage(decoder, F, *maps[level], guides[level], strength[level], level) for F in Fs]
        if finer is not None:
            Fs = [(1 - detail) * F + detail * P[finer] for F, P in zip(Fs, Ps, strict=True)]
    return Fs, maps


def cut(F: Array | np.ndarray, p: Picture) -> Picture:
    """A picture of p's size from one that was extended, clipped."""
    return np.clip(np.asarray(F)[: p.shape[0], : p.shape[1]], 0, 1)


def extended(p: Float[np.ndarray, "h w C"]) -> Float[np.ndarray, "h2 w2 C"]:
    """A picture mirrored at its lower and right borders, until its sides are multiples of `STRIDE`."""
    h, w = p.shape[:2]
    missing = ((0, -h % STRIDE), (0, -w % STRIDE))
    return np.pad(p, (*missing, (0, 0)), "symmetric" if min(h, w) >= STRIDE else "edge")


def maps_to(sums: Sums, moments: Sequence[Moments], transform: Callable[..., np.ndarray]) -> Maps:
    """The maps of each region; 0 for one that is too small here.

    Args:
        sums: of the features, one row a region.
        moments: of their styles.
        transform: A of two covariances.

    Returns:
        The maps.
    """
    found = []
    for each, target in zip(_each(sums), moments, strict=True):
        if float(each.mass) < LEAST:
            found.append((np.zeros_like(target.covariance), np.zeros_like(target.mean)))
            continue
        own = mixed([each], [1.0])
        A = transform(own.covariance, target.covariance)
        found.append((A - np.eye(len(A)), target.mean - A @ own.mean))
    return Maps(*(jnp.asarray(np.stack(part), jnp.float32) for part in zip(*found, strict=True)))


def _each(sums: Sums) -> list[Sums]:
    """The sums of each region, from those of all."""
    return [jax.tree.map(lambda leaf, i=i: leaf[i], sums) for i in range(len(np.asarray(sums.mass)))]


@jax.jit
def measured(F: Array, guides: Array) -> Sums:
    """The sums of features [h, w, N] in each region, of guides [R, h, w]: leaves have one row a region."""
    return jax.vmap(lambda t: products(F, t))(guides)


@jax.jit
def _sums(encoder, a, guides):
    F = encoder(a, LEVELS)
    return {level: products(F[level], None if guides is None else guides[level]) for level in LEVELS}


@jax.jit
def encoded(encoder: VGG19, x: Float[Array | np.ndarray, "h w 3"]) -> dict[str, Array]:
    """The features of a picture at every level."""
    return encoder(x, LEVELS)


@partial(jax.jit, static_argnames="level")
def _stage(decoder, F, A, b, guides, strength, level):
    change = sum(t[..., None] * (F @ a.T + c) for t, a, c in zip(guides, A, b, strict=True))
    return decode(decoder, F + strength[..., None] * change, level)


@partial(jax.jit, static_argnames="until")
def features_before(
    encoder: VGG19,
    decoder: Weights,
    x: Array,
    maps: Mapping[str, Maps],
    guides: Mapping[str, Array],
    strength: Mapping[str, Array],
    detail: float,
    until: str | None,
) -> Array:
    """What arrives at a level, before it is mapped there; the picture for None.

    Args:
        encoder: as in `painted`, and so are the others.
        decoder: likewise.
        x: [h, w, 3]; sides are multiples of `STRIDE`.
        maps: of all coarser levels.
        guides: level → [R, h_l, w_l].
        strength: level → [h_l, w_l].
        detail: from 0 to 1.
        until: the level.

    Returns:
        [h_l, w_l, N]; for None [h, w, 3], not clipped.
    """
    P = encoder(x, LEVELS)
    F = P[LEVELS[0]]
    for level, finer in zip(LEVELS, (*LEVELS[1:], None), strict=True):
        if level == until:
            return F
        F = _stage(decoder, F, *maps[level], guides[level], strength[level], level)
        if finer is not None:
            F = (1 - detail) * F + detail * P[finer]
    return F
