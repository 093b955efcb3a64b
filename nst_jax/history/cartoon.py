"""Cartoon: a smoothed photo in few steps of lightness, with lines of ink."""

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int
from skimage.color import lab2rgb, rgb2lab

from ..images.picture import Picture
from .chosen import check
from .xdog import inked, lines

Lab = Float[np.ndarray, "h w 3"]
Plane = Float[np.ndarray, "h w"]


def cartoon(
    p: Picture,
    a: None = None,
    *,
    seed: int,
    passes: int = 3,
    spread: float = 3.0,
    tolerance: float = 12.0,
    bins: int = 8,
    softness: float = 1.5,
    line: float = 1.0,
    saturation: float = 1.2,
) -> Picture:
    """A bilateral filter several times over in CIELAB, lightness in bins, and lines from differences of Gaussians.

    L becomes q + Δ/2 tanh((L − q) / softness), q being the middle of the nearest of its bins of width Δ = 100 / bins.

    Args:
        p: [h, w, 3] in [0, 1], the photo.
        a: no painting.
        seed: without effect; nothing is random.
        passes: of the bilateral filter.
        spread: its σ in space, in pixels.
        tolerance: its σ in colour, in ΔE.
        bins: of lightness.
        softness: of the steps between the bins, in lightness; small values are hard.
        line: how black the lines are, in [0, 1].
        saturation: of the colours, as a factor.

    Returns:
        [h, w, 3] in [0, 1].

    Source: Winnemöller, Olsen and Gooch, Real-Time Video Abstraction, SIGGRAPH 2006.
    """
    check("passes", passes, 0, 20)
    check("spread", spread, 0.5)
    check("tolerance", tolerance, 0.1)
    check("bins", bins, 1, 100)
    check("softness", softness, 0.01)
    check("line", line, 0, 1)
    check("saturation", saturation, 0)
    lab = rgb2lab(p)
    for _ in range(passes):
        lab = smoothed(lab, spread, tolerance)
    lab[..., 0] = stepped(lab[..., 0], bins, softness)
    lab[..., 1:] *= saturation
    u = lines(p, 1.2, 1.6, 20.0, 3.0, 3.0) - lines(p, 3.0, 1.6, 0.0, 0.0, 0.0)  # lines alone: no areas of ink
    ink = line * (1 - inked(u, -25.0, 0.1))
    return np.clip(lab2rgb(lab) * (1 - ink)[..., None], 0, 1).astype(np.float32)


def smoothed(lab: Lab, spread: float, tolerance: float) -> Lab:
    """One bilateral filter: Σ g(x, y) lab(y) / Σ g(x, y), g = G_spread(|x − y|) G_tolerance(|lab(x) − lab(y)|).

    Args:
        lab: [h, w, 3], CIELAB.
        spread: σ in space, in pixels; y is within 2 σ of x, along each side.
        tolerance: σ in colour, in ΔE.

    Returns:
        [h, w, 3].
    """
    near = np.arange(-int(np.ceil(2 * spread)), int(np.ceil(2 * spread)) + 1)
    offsets = np.stack(np.meshgrid(near, near, indexing="ij"), -1).reshape(-1, 2)
    space = np.exp(-0.5 * (offsets**2).sum(-1) / spread**2).astype(np.float32)
    wide = np.pad(lab.astype(np.float32), ((near[-1],) * 2, (near[-1],) * 2, (0, 0)), mode="edge")
    return np.asarray(_bilateral(lab.astype(np.float32), wide, offsets - near[0], space, tolerance), np.float64)


@jax.jit
def _bilateral(
    lab: Float[Array, "h w 3"],
    wide: Float[Array, "H W 3"],
    corners: Int[Array, "n 2"],
    space: Float[Array, "n"],
    tolerance: Float[Array, ""],
) -> Float[Array, "h w 3"]:
    def add(sums, of):
        corner, weight = of
        there = jax.lax.dynamic_slice(wide, (corner[0], corner[1], 0), lab.shape)
        g = weight * jnp.exp(-0.5 * ((there - lab) ** 2).sum(-1, keepdims=True) / tolerance**2)
        return (sums[0] + g * there, sums[1] + g), None

    (total, mass), _ = jax.lax.scan(add, (jnp.zeros_like(lab), jnp.zeros_like(lab[..., :1])), (corners, space))
    return total / mass


def stepped(L: Plane, bins: int, softness: float) -> Plane:
    """Lightness [h, w] in soft steps: see `cartoon`."""
    step = 100 / bins
    q = (np.clip(np.floor(L / step), 0, bins - 1) + 0.5) * step
    return q + step / 2 * np.tanh((L - q) / softness)
