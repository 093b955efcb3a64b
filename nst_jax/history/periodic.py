"""The periodic component of a picture: almost the picture, without the jump from one border to the opposite one."""

import numpy as np
from jaxtyping import Float


def periodic_component(x: Float[np.ndarray, "h w C"]) -> Float[np.ndarray, "h w C"]:
    """x less a smooth picture that holds the jumps between opposite borders.

    s = x − periodic has Laplacian v inside of the torus, where v is the jump on the border pixels and 0 elsewhere:
    ŝ(k) = v̂(k) / (2 cos 2πk₁/h + 2 cos 2πk₂/w − 4) for k ≠ 0, and ŝ(0) = 0.

    Args:
        x: [h, w, C].

    Returns:
        [h, w, C], of the same mean as x. It may leave the range of x near the borders.

    Source: Moisan, "Periodic plus Smooth Image Decomposition", Journal of Mathematical Imaging and Vision 39, 2011.
    """
    h, w = x.shape[:2]
    v = np.zeros(x.shape)
    down, right = x[-1].astype(np.float64) - x[0], x[:, -1].astype(np.float64) - x[:, 0]
    v[0] += down
    v[-1] -= down
    v[:, 0] += right
    v[:, -1] -= right
    symbol = 2 * np.cos(2 * np.pi * np.fft.fftfreq(h))[:, None] + 2 * np.cos(2 * np.pi * np.fft.rfftfreq(w)) - 4
    symbol[0, 0] = 1
    s = np.fft.rfft2(v, axes=(0, 1)) / symbol[..., None]
    s[0, 0] = 0
    return (x - np.fft.irfft2(s, (h, w), axes=(0, 1))).astype(x.dtype)
