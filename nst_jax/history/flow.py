"""The flow of a picture's edges, and averages along and across it."""

import numpy as np
from jaxtyping import Float
from scipy import ndimage

from ..images.picture import Picture

Flow = Float[np.ndarray, "h w 2"]
Plane = Float[np.ndarray, "h w"]


def flow_of(x: Picture, sigma: float) -> tuple[Flow, Plane]:
    """The directions along the edges of a picture, and how marked they are.

    The structure tensor J = G_σ ∗ Σ_c ∇x_c ∇x_cᵀ has eigenvalues λ₁ ≥ λ₂; the flow is the eigenvector of λ₂, and its
    anisotropy A = (λ₁ − λ₂) / (λ₁ + λ₂).

    Args:
        x: [h, w, 3].
        sigma: σ, over which the tensor is averaged, in pixels.

    Returns:
        Unit vectors (x, y) [h, w, 2], whose sign has no meaning, and A [h, w] in [0, 1]; A is 0 in a flat picture.

    Source: Brox et al., Adaptive Structure Tensors and their Applications, 2006; Kyprianidis et al. 2009.
    """
    gy, gx = (ndimage.sobel(x.astype(np.float64), axis=axis) / 8 for axis in (0, 1))
    products = ((gx * gx).sum(-1), (gx * gy).sum(-1), (gy * gy).sum(-1))
    xx, xy, yy = (ndimage.gaussian_filter(each, sigma) for each in products)
    angle = 0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2
    A = np.hypot(xx - yy, 2 * xy) / np.maximum(xx + yy, 1e-9)
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1), np.clip(A, 0, 1)


def across(f: Plane, flow: Flow, sigma: float) -> Plane:
    """G_σ ∗ f along the straight line across the flow.

    Args:
        f: [h, w].
        flow: [h, w, 2], unit vectors.
        sigma: σ, in pixels.

    Returns:
        [h, w].
    """
    y, x = np.indices(f.shape, np.float32)
    total, mass = np.zeros_like(f, np.float64), 0.0
    reach = int(np.ceil(3 * sigma))
    for s in range(-reach, reach + 1):
        weight = np.exp(-0.5 * (s / max(sigma, 1e-6)) ** 2)
        total += weight * _sample(f, y + s * flow[..., 0], x - s * flow[..., 1])
        mass += weight
    return total / mass


def along(f: Plane, flow: Flow, sigma: float) -> Plane:
    """G_σ ∗ f along the line of the flow through each pixel: line integral convolution.

    Args:
        f: [h, w].
        flow: [h, w, 2], unit vectors; each step keeps the direction of the last.
        sigma: σ, in pixels; 0 returns f.

    Returns:
        [h, w].

    Source: Cabral and Leedom, Imaging Vector Fields Using Line Integral Convolution, SIGGRAPH 1993.
    """
    total, mass = f.astype(np.float64), 1.0
    h, w = f.shape
    for sign in (1, -1):
        y, x = np.indices(f.shape, np.float32)
        way = sign * flow
        for s in range(1, int(np.ceil(2.5 * sigma)) + 1):
            x, y = x + way[..., 0], y + way[..., 1]
            weight = np.exp(-0.5 * (s / max(sigma, 1e-6)) ** 2)
            total += weight * _sample(f, y, x)
            mass += weight
            i, j = np.clip(np.rint(y), 0, h - 1).astype(int), np.clip(np.rint(x), 0, w - 1).astype(int)
            ahead = flow[i, j]
            way = ahead * np.where((ahead * way).sum(-1, keepdims=True) < 0, -1, 1)
    return total / mass


def _sample(f: Plane, y: Plane, x: Plane) -> Plane:
    return ndimage.map_coordinates(f, [y, x], order=1, mode="nearest")
