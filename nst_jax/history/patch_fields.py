"""Fields of nearest patches: for each patch of a picture, where in another the most similar one is.

A patch of side s lies at its upper left corner k. The field is q(k) = argmin_q |Ψ_k(x) − Ψ_q(y)|², over all patches
that lie within y. `exact` compares all pairs, as one product of matrices in blocks. `patch_match` finds nearly the same
in a few looks per patch, because neighbours of a patch match neighbours of its match.
"""

from itertools import product

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jaxtyping import Float, Int, Num

from ..errors import ImageError
from ..losses.style.rows import most_similar

Field = Int[np.ndarray, "h_ w_ 2"]

SWEEPS = 5
JUMPS = (8, 4, 2, 1)  # pixels that a good match is passed on by, in each sweep
NEIGHBOURS = ((0, 1), (0, -1), (1, 0), (-1, 0))


def patches(x: Num[np.ndarray, "h w N"], side: int, name: str = "a picture") -> Num[np.ndarray, "h_ w_ D"]:
    """Ψ_k(x) for all patches within the picture: h_ = h − s + 1, w_ = w − s + 1, D = s² N.

    Args:
        x: [h, w, N].
        side: s, in pixels.
        name: of the picture, for the message.

    Returns:
        [h_, w_, s² N], row by row of the patch.

    Raises:
        ImageError: if the picture is smaller than a patch.
    """
    fits(x, side, name)
    windows = np.lib.stride_tricks.sliding_window_view(x, (side, side), (0, 1))  # [h_, w_, N, s, s]
    return np.moveaxis(windows, 2, -1).reshape(*windows.shape[:2], -1)


def fits(x: Num[np.ndarray, "h w *N"], side: int, name: str) -> None:
    """Check that a picture holds a patch.

    Args:
        x: the picture.
        side: of the patch, in pixels.
        name: of the picture, for the message.

    Raises:
        ImageError: if it does not.
    """
    h, w = x.shape[:2]
    if min(h, w) < side:
        raise ImageError(
            f"{name} of {w} × {h} pixels is smaller than a patch of {side} × {side}; "
            "use a larger picture or a smaller patch"
        )


def nearest_rows(f: Float[np.ndarray, "M D"], g: Float[np.ndarray, "K D"]) -> Int[np.ndarray, "M"]:
    """argmin_j |f_i − g_j|² = argmax_j f_i·g_j − |g_j|²/2, over all j.

    Args:
        f: [M, D], what is looked for.
        g: [K, D], where it is looked for.

    Returns:
        [M], the first of the nearest rows of g, up to the rounding of float32.
    """
    mean = g.mean(0)  # products of small numbers round less
    f, g = f - mean, g - mean
    return np.asarray(_most_similar(f, g, -0.5 * np.sum(g**2, 1)))


_most_similar = jax.jit(most_similar)


def exact(x: Float[np.ndarray, "h w N"], y: Float[np.ndarray, "H W N"], side: int) -> Field:
    """The field of nearest patches: every pair is compared.

    Args:
        x: [h, w, N], whose patches are looked for.
        y: [H, W, N], where they are looked for.
        side: of a patch, in pixels.

    Returns:
        [h − s + 1, w − s + 1, 2], row and column of the nearest patch of y.

    Raises:
        ImageError: if a picture is smaller than a patch.
    """
    F, G = patches(x, side, "the photo"), patches(y, side, "the painting")
    nearest = nearest_rows(F.reshape(-1, F.shape[2]), G.reshape(-1, G.shape[2]))
    return np.stack(np.divmod(nearest.reshape(F.shape[:2]), G.shape[1]), -1)


def patch_match(
    x: Float[np.ndarray, "h w N"],
    y: Float[np.ndarray, "H W N"],
    side: int,
    *,
    seed: int = 0,
    sweeps: int = SWEEPS,
    start: Field | None = None,
) -> Field:
    """The field of nearest patches, approximately: a random start, propagation, random search.

    A sweep looks, for each patch k, at q(k + d) − d for its neighbours k + d, and at random places around q(k), in
    squares from the whole of y down to a pixel, each half as large as the one before. It keeps what is nearer.

    Args:
        x: [h, w, N], whose patches are looked for.
        y: [H, W, N], where they are looked for.
        side: of a patch, in pixels.
        seed: of the random numbers.
        sweeps: how many.
        start: the field to begin with; None for random places.

    Returns:
        [h − s + 1, w − s + 1, 2], row and column of a similar patch of y.

    Raises:
        ImageError: if a picture is smaller than a patch.

    Departs from the paper: all patches look at their neighbours at once, at distances of 8, 4, 2 and 1, and not in the
    order of a scan, so that a sweep is one array program.

    Source: Barnes et al., "PatchMatch: A Randomized Correspondence Algorithm for Structural Image Editing", 2009.
    """
    F, G = patches(x, side, "the photo"), patches(y, side, "the painting")
    within = np.array(G.shape[:2])
    if start is None:
        start = np.random.default_rng(seed).integers(within, size=(*F.shape[:2], 2))
    start = np.clip(start, 0, within - 1).astype(np.int32)
    return np.asarray(_sweeps(jax.random.key(seed), F, G, start, jnp.asarray(sweeps)))


@jax.jit
def _sweeps(key: Array, F: Array, G: Array, q: Array, sweeps: Array) -> Array:
    (h, w, D), (H, W, _) = F.shape, G.shape
    here = jnp.stack(jnp.meshgrid(jnp.arange(h), jnp.arange(w), indexing="ij"), -1)
    last, rows = jnp.array([H - 1, W - 1]), G.reshape(-1, D)
    radii = jnp.array([max(H, W) // 2**i for i in range(max(H, W).bit_length())])

    def distance(q: Array) -> Array:
        return jnp.sum((F - rows[q[..., 0] * W + q[..., 1]]) ** 2, -1)

    def nearer(best: tuple[Array, Array], candidate: Array) -> tuple[Array, Array]:
        q, d = best
        candidate = jnp.clip(candidate, 0, last)
        e = distance(candidate)
        return jnp.where((e < d)[..., None], candidate, q), jnp.minimum(d, e)

    def search(best: tuple[Array, Array], key_and_radius: tuple[Array, Array]):
        key, radius = key_and_radius
        return nearer(best, best[0] + jax.random.randint(key, (h, w, 2), -radius, radius + 1)), None

    def pass_on(best: tuple[Array, Array], step: Array):
        there = jnp.clip(here + step, 0, jnp.array([h - 1, w - 1]))
        return nearer(best, best[0][there[..., 0], there[..., 1]] - (there - here)), None

    def sweep(i: Array, best: tuple[Array, Array]):
        best, _ = lax.scan(pass_on, best, steps)
        keys = jax.random.split(jax.random.fold_in(key, i), len(radii))
        return lax.scan(search, best, (keys, radii))[0]

    steps = jnp.array([(jump * dy, jump * dx) for jump, (dy, dx) in product(JUMPS, NEIGHBOURS)])
    return lax.fori_loop(0, sweeps, sweep, (q, distance(q)))[0]


def voted(field: Field, y: Float[np.ndarray, "H W N"], side: int) -> Float[np.ndarray, "h w N"]:
    """The mean of what the matched patches say of each pixel.

    Args:
        field: [h_, w_, 2], row and column of a patch of y, for each patch of the result.
        y: [H, W, N].
        side: of a patch, in pixels.

    Returns:
        [h_ + s − 1, w_ + s − 1, N].
    """
    (h, w), votes = field.shape[:2], np.zeros((*np.add(field.shape[:2], side - 1), 1))
    total = np.zeros((*votes.shape[:2], y.shape[2]))
    for dy, dx in product(range(side), repeat=2):
        total[dy : dy + h, dx : dx + w] += y[field[..., 0] + dy, field[..., 1] + dx]
        votes[dy : dy + h, dx : dx + w] += 1
    return (total / votes).astype(np.float32)
