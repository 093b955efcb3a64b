"""XDoG: a picture in lines and areas of ink, from an extended difference of Gaussians along the flow of its edges."""

import numpy as np
from jaxtyping import Float
from scipy import ndimage
from skimage.color import rgb2lab

from ..images.picture import Picture
from .chosen import check
from .flow import across, along, flow_of

Plane = Float[np.ndarray, "h w"]


def xdog(
    p: Picture,
    a: None = None,
    *,
    seed: int,
    sigma: float = 1.2,
    k: float = 1.6,
    sharpness: float = 18.0,
    epsilon: float | None = None,
    phi: float = 0.2,
    flow: float = 3.0,
    line: float = 3.0,
    smooth: float = 1.0,
) -> Picture:
    """A picture in black and white: u = (1 + p) G_σ ∗ L − p G_kσ ∗ L, T(u) = 1 if u ≥ ε, else 1 + tanh(φ (u − ε)).

    L is the lightness of CIELAB. With a flow, the Gaussians run across the edges, u is averaged along them, and T(u)
    once more.

    Args:
        p: [h, w, 3] in [0, 1], the photo.
        a: no painting.
        seed: without effect; nothing is random.
        sigma: σ, of the narrow Gaussian, in pixels: half the width of a line, about.
        k: of the wide Gaussian, in σ.
        sharpness: p of the formula; 0 is a blur and a threshold, 100 woodcuts.
        epsilon: ε, lightness in [0, 100] below which there is ink; by default 0.8 of the photo's median.
        phi: φ, how sharply ink ends, per unit of lightness: 0.01 pencil, 1 ink.
        flow: σ of the structure tensor, in pixels; 0 for round Gaussians without a flow.
        line: σ of the average of u along the flow, in pixels.
        smooth: σ of the average of T(u) along the flow, in pixels.

    Returns:
        [h, w, 3] in [0, 1], grey.

    Source: Winnemöller, Kyprianidis and Olsen, XDoG: An eXtended difference-of-Gaussians Compendium, 2012.
    """
    check("sigma", sigma, 0.1)
    check("k", k, 1.01)
    check("sharpness", sharpness, 0)
    check("phi", phi, 0)
    for name, value in (("flow", flow), ("line", line), ("smooth", smooth)):
        check(name, value, 0, 100)
    L = rgb2lab(p)[..., 0]
    epsilon = 0.8 * float(np.median(L)) if epsilon is None else epsilon
    T = inked(lines(p, sigma, k, sharpness, flow, line), epsilon, phi)
    if flow:
        T = along(T, flow_of(p, flow)[0], smooth)
    return np.repeat(np.clip(T, 0, 1)[..., None], 3, axis=-1).astype(np.float32)


def lines(p: Picture, sigma: float, k: float, sharpness: float, flow: float, line: float) -> Plane:
    """u of `xdog`, [h, w]; its arguments as there."""
    L = rgb2lab(p)[..., 0]
    if flow:
        way, _ = flow_of(p, flow)
        narrow, wide = across(L, way, sigma), across(L, way, k * sigma)
        return along((1 + sharpness) * narrow - sharpness * wide, way, line)
    narrow, wide = ndimage.gaussian_filter(L, sigma), ndimage.gaussian_filter(L, k * sigma)
    return (1 + sharpness) * narrow - sharpness * wide


def inked(u: Plane, epsilon: float, phi: float) -> Plane:
    """T(u) of `xdog`: 1 where u ≥ ε, else 1 + tanh(φ (u − ε)), in [0, 1]."""
    return np.where(u >= epsilon, 1.0, 1 + np.tanh(phi * (u - epsilon)))
