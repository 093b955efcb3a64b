"""The anisotropic Kuwahara filter: a picture in patches of paint that follow its edges."""

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from ..images.picture import Picture
from .chosen import check
from .flow import flow_of

SECTORS = 8
GAMMA = 0.58  # rad, half the angle of a sector
ZETA = 1 / 3  # how far sectors reach over the middle, in radii
FALL = 3.125  # of the Gaussian: exp(−3.125 |q|²) is 0.044 at the rim
ROWS = 16  # of pixels at a time


def kuwahara(
    p: Picture,
    a: None = None,
    *,
    seed: int,
    radius: float = 6.0,
    sharpness: float = 8.0,
    hardness: float = 8.0,
    eccentricity: float = 1.0,
    flow: float = 2.0,
    passes: int = 1,
) -> Picture:
    """Each pixel is a mean of the means m_k of eight sectors around it, those of small variance σ_k² counting most.

    x = Σ_k w_k m_k / Σ_k w_k, w_k = 1 / (1 + (1000 h σ_k²)^(q/2)). The sectors fill an ellipse along the edge with axes
    r (α + A) / α and r α / (α + A), A being the anisotropy of the structure tensor; in its own coordinates q, a sector
    weighs max(0, q_x + ζ − η q_y²)² exp(−3.125 |q|²), η = (ζ + cos γ) / sin² γ, its axis being q_x.

    Args:
        p: [h, w, 3] in [0, 1], the photo.
        a: no painting.
        seed: without effect; nothing is random.
        radius: r, in pixels.
        sharpness: q, how much the most even sector counts more than others.
        hardness: h, the same for weaker contrasts.
        eccentricity: α; small values give longer ellipses, large ones circles.
        flow: σ of the structure tensor, in pixels.
        passes: how often it is applied.

    Returns:
        [h, w, 3] in [0, 1].

    Departs from the paper: the sums run over points that are spread evenly in the ellipse, about one a pixel, instead
    of over pixels, so that all pixels share one matrix of weights.

    Source: Kyprianidis, Kang and Döllner, Image and Video Abstraction by Anisotropic Kuwahara Filtering, 2009, and
    Kyprianidis and Döllner 2010 for the polynomial weights.
    """
    check("radius", radius, 1, 40)
    check("sharpness", sharpness, 0, 64)
    check("hardness", hardness, 0)
    check("eccentricity", eccentricity, 0.1)
    check("flow", flow, 0, 100)
    check("passes", passes, 1, 20)
    points, weights = sectors(radius)
    x = p
    for _ in range(passes):
        way, A = flow_of(x, flow)
        stretch = (eccentricity + A) / eccentricity
        x = np.asarray(_filtered(x, way, radius * stretch, radius / stretch, points, weights, sharpness, hardness))
    return np.clip(x, 0, 1)


def sectors(radius: float) -> tuple[Float[np.ndarray, "n 2"], Float[np.ndarray, "n k"]]:
    """Points of the unit disc, about π r² of them in a sunflower's order, and their weights in each sector.

    Args:
        radius: r, in pixels.

    Returns:
        [n, 2] and [n, 8]; each sector's weights sum to 1.
    """
    n = round(np.pi * radius**2)
    i = np.arange(n)
    r, turn = np.sqrt((i + 0.5) / n), i * np.pi * (3 - np.sqrt(5))
    r[0] = 0  # the pixel itself
    q = np.stack([r * np.cos(turn), r * np.sin(turn)], axis=-1)
    eta = (ZETA + np.cos(GAMMA)) / np.sin(GAMMA) ** 2
    axes = 2 * np.pi * np.arange(SECTORS) / SECTORS
    ahead, aside = (q @ np.stack(each) for each in ((np.cos(axes), np.sin(axes)), (-np.sin(axes), np.cos(axes))))
    weights = np.maximum(0, ahead + ZETA - eta * aside**2) ** 2 * np.exp(-FALL * (q**2).sum(-1))[:, None]
    return q.astype(np.float32), (weights / weights.sum(0)).astype(np.float32)


@jax.jit
def _filtered(
    x: Float[Array, "h w 3"],
    way: Float[Array, "h w 2"],
    long: Float[Array, "h w"],
    short: Float[Array, "h w"],
    points: Float[Array, "n 2"],
    weights: Float[Array, "n k"],
    q: Float[Array, ""],
    h: Float[Array, ""],
) -> Float[Array, "h w 3"]:
    """One pass, a few rows at a time."""
    height, width, _ = x.shape
    centred = x - 0.5  # small numbers keep the variances exact

    def pixel_rows(rows):
        way, long, short, y = rows
        # one column of the ellipse's matrix lies along the edge, the other across
        dx = way[..., :1] * long[..., None] * points[:, 0] - way[..., 1:] * short[..., None] * points[:, 1]
        dy = way[..., 1:] * long[..., None] * points[:, 0] + way[..., :1] * short[..., None] * points[:, 1]
        i = jnp.clip(jnp.rint(y[:, None, None] + dy), 0, height - 1).astype(int)
        j = jnp.clip(jnp.rint(jnp.arange(width)[:, None] + dx), 0, width - 1).astype(int)
        c = centred[i, j]  # [rows, w, n, 3]
        mean = jnp.einsum("rwnc,nk->rwkc", c, weights)
        square = jnp.einsum("rwnc,nk->rwkc", c * c, weights)
        variance = jnp.maximum(square - mean**2, 0).sum(-1)
        share = 1 / (1 + (1000 * h * variance) ** (q / 2))
        return jnp.einsum("rwkc,rwk->rwc", mean, share) / share.sum(-1)[..., None] + 0.5

    n = -(-height // ROWS)
    spare = n * ROWS - height

    def blocks(f):
        return jnp.pad(f, ((0, spare),) + ((0, 0),) * (f.ndim - 1), mode="edge").reshape(n, ROWS, *f.shape[1:])

    made = jax.lax.map(pixel_rows, (blocks(way), blocks(long), blocks(short), blocks(jnp.arange(height))))
    return made.reshape(n * ROWS, width, 3)[:height]
