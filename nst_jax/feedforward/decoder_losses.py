"""What a decoder is trained for: to give back a picture from its features, and to realise the statistics of a style."""

from collections.abc import Mapping

import jax
import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import Float

from ..networks.geometry import STYLE_LAYERS
from ..networks.vgg import VGG19
from .decoder import LEVELS, Weights, decode

RIDGE, FLOOR = 1e-2, 1e-8  # of the mean variance, and at least: added to covariances, which may lack rank
ITERATIONS = 24  # for the root of a matrix: enough for 1e-3 of the mean variance in float32
PIXELS = 20.0  # weight of squared differences of pixels, beside relative ones of features


def reconstruction_loss(
    weights: Weights, encoder: VGG19, x: Float[Array, "B h w 3"], F: Mapping[str, Array], detail: Float[Array, " B"]
) -> Float[Array, ""]:
    """Each stage alone, from true features, and all of them in turn, as in `colouring.painted` with strength 0.

    Σ_l |D_l(F_l) − F_{l−1}|² / |F_{l−1}|² + 20 |x̂ − x|² + Σ_l |F_l(x̂) − F_l(x)|² / |F_l(x)|².

    Args:
        weights: of the decoder.
        encoder: a frozen network.
        x: [B, h, w, 3], pictures; sides are multiples of 8.
        F: their features at `LEVELS`, [B, h_l, w_l, N_l].
        detail: [B], share of the photo's own features at each level but the deepest.

    Returns:
        The loss, a scalar.
    """
    loss, h = jnp.zeros(()), F[LEVELS[0]]
    for level, finer in zip(LEVELS, (*LEVELS[1:], None), strict=True):
        alone, h = decode(weights, F[level], level), decode(weights, h, level)
        if finer is None:
            loss += PIXELS * jnp.mean((alone - x) ** 2)
        else:
            loss += relative(alone, F[finer])
            h = blend(h, F[finer], detail)
    again = features(encoder, h, LEVELS)
    return loss + PIXELS * jnp.mean((h - x) ** 2) + sum(relative(again[level], F[level]) for level in LEVELS)


def style_transfer_loss(
    weights: Weights,
    encoder: VGG19,
    F: Mapping[str, Array],
    S: Mapping[str, Array],
    strength: Float[Array, " B"],
    detail: Float[Array, " B"],
    beta: float,
) -> Float[Array, ""]:
    """The picture that is painted has the deepest level's coloured features, and the style's statistics at all layers.

    |F_4(y) − F̂_4|² / |F̂_4|² + β Σ_l r² (d(μ_l(y), μ_l*) + d(C_l(y), C_l*)), d(S, S*) = 2 |S − S*|² / (|S|² + |S*|²)

    The distance d is bounded: paintings whose features hardly vary would otherwise outweigh all others.

    Args:
        weights: of the decoder.
        encoder: a frozen network.
        F: features of the photos at `LEVELS`, [B, h_l, w_l, N_l].
        S: features of the paintings at the style layers.
        strength: [B], r, of each pair.
        detail: [B], share of the photo's own features at each level but the deepest.
        beta: weight of the style.

    Returns:
        The loss, a scalar.
    """
    h = F[LEVELS[0]]
    deepest = blend(h, coloured(h, S[LEVELS[0]]), strength)
    h = decode(weights, deepest, LEVELS[0])
    for level in LEVELS[1:]:
        h = blend(h, F[level], detail)
        h = decode(weights, blend(h, coloured(h, S[level]), strength), level)
    again = features(encoder, h, STYLE_LAYERS)
    style = jnp.zeros(())
    for layer in STYLE_LAYERS:
        (mu, C), (mu_s, C_s) = (moments(each[layer]) for each in (again, S))
        style += jnp.mean(strength**2 * (bounded(mu, mu_s) + bounded(C, C_s)))
    return relative(again[LEVELS[0]], lax.stop_gradient(deepest)) + beta * style


def features(encoder: VGG19, x: Float[Array, "B h w 3"], layers: tuple[str, ...]) -> dict[str, Array]:
    """layer → [B, h_l, w_l, N_l] of a batch of pictures."""
    return jax.vmap(lambda image: encoder(image, layers))(x)


def relative(G: Float[Array, "B h w N"], F: Float[Array, "B h w N"]) -> Float[Array, ""]:
    """|G − F|² / |F|²."""
    return jnp.sum((G - F) ** 2) / jnp.sum(F**2)


def bounded(S: Float[Array, "B ..."], S_s: Float[Array, "B ..."]) -> Float[Array, " B"]:
    """2 |S − S*|² / (|S|² + |S*|²), from 0 to 4, the denominator held fixed."""
    axes = tuple(range(1, S.ndim))
    size = lax.stop_gradient(jnp.sum(S**2, axis=axes)) + jnp.sum(S_s**2, axis=axes)
    return 2 * jnp.sum((S - S_s) ** 2, axis=axes) / (size + FLOOR)


def moments(F: Float[Array, "B h w N"]) -> tuple[Float[Array, "B N"], Float[Array, "B N N"]]:
    """Means and covariances of the filters, one of each a picture."""
    rows = F.reshape(len(F), -1, F.shape[-1])
    mu = rows.mean(axis=1)
    centred = rows - mu[:, None]
    return mu, jnp.einsum("bkm,bkn->bmn", centred, centred) / rows.shape[1]


def coloured(F: Float[Array, "B h w N"], S: Float[Array, "B H W N"]) -> Float[Array, "B h w N"]:
    """Σ_s^½ Σ_c^−½ (F − μ_c) + μ_s, the matrix held fixed: gradients pass through F alone."""
    (mu, C), (mu_s, C_s) = (jax.tree.map(lax.stop_gradient, moments(each)) for each in (F, S))
    matrix = jnp.matmul(roots(C_s)[0], roots(C)[1], precision="highest")
    return jnp.einsum("bmn,bhwn->bhwm", matrix, F - mu[:, None, None]) + mu_s[:, None, None]


def blend(F: Float[Array, "B h w N"], G: Float[Array, "B h w N"], strength: Float[Array, " B"]) -> Array:
    """r G + (1 − r) F."""
    r = strength[:, None, None, None]
    return r * G + (1 - r) * F


def roots(C: Float[Array, "B N N"]) -> tuple[Float[Array, "B N N"], Float[Array, "B N N"]]:
    """(C + εI)^½ and (C + εI)^−½ by Newton–Schulz iterations, ε a hundredth of the mean variance.

    Y ← Y T, Z ← T Z with T = (3 − Z Y) / 2, from Y = (C + εI) / |C + εI| and Z = 1: products of matrices alone. On the
    CPU, XLA's eigenvalues of several matrices at once can wait for each other for ever.

    Args:
        C: [B, N, N], covariances.

    Returns:
        The roots, and the inverse roots.

    Source: Higham, Functions of Matrices (2008), section 6.3.
    """
    N = C.shape[-1]
    A = C + (RIDGE * jnp.trace(C, axis1=1, axis2=2) / N + FLOOR)[:, None, None] * jnp.eye(N)
    norm = jnp.sqrt(jnp.sum(A**2, axis=(1, 2), keepdims=True))

    def closer(_, pair):
        Y, Z = pair
        T = (3 * jnp.eye(N) - jnp.matmul(Z, Y, precision="highest")) / 2
        return jnp.matmul(Y, T, precision="highest"), jnp.matmul(T, Z, precision="highest")

    start = A / norm, jnp.broadcast_to(jnp.eye(N), A.shape)
    Y, Z = lax.fori_loop(0, ITERATIONS, closer, start)
    return Y * jnp.sqrt(norm), Z / jnp.sqrt(norm)
