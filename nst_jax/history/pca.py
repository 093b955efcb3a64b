"""The colours of a picture along the axes in which they are uncorrelated."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from ..images.picture import Picture

FLAT = 1e-6  # variances below count as 0: the square of a quarter of an 8-bit step


@dataclass(frozen=True)
class ColourAxes:
    """z = Qᵀ (x − mean) / spread, the whitened colours.

    Attributes:
        mean: [3].
        Q: [3, C], eigenvectors of the covariance of the colours, those of the largest variance first.
        spread: [C], standard deviations along them.
    """

    mean: Float[np.ndarray, "3"]
    Q: Float[np.ndarray, "3 C"]
    spread: Float[np.ndarray, "C"]

    def channels(self, x: Picture) -> Float[np.ndarray, "C h w"]:
        """Whitened channels of a picture."""
        return np.moveaxis((x - self.mean) @ self.Q / self.spread, -1, 0).astype(np.float32)

    def colours(self, z: Float[np.ndarray, "C h w"]) -> Picture:
        """The picture of whitened channels, clipped to [0, 1]."""
        x = np.moveaxis(z, 0, -1) * self.spread @ self.Q.T + self.mean
        return np.clip(x, 0, 1).astype(np.float32)


def colour_axes(a: Picture) -> ColourAxes:
    """The axes of a picture's colours.

    Args:
        a: [H, W, 3].

    Returns:
        Those axes along which the colours differ: one for a grey picture; for a picture of one colour one too.
    """
    flat = a.reshape(-1, 3).astype(np.float64)
    variances, Q = np.linalg.eigh(np.cov(flat.T, bias=True))
    variances, Q = variances[::-1], Q[:, ::-1]
    C = max(1, int((variances > FLAT).sum()))
    return ColourAxes(flat.mean(0), Q[:, :C], np.sqrt(np.maximum(variances[:C], FLAT)))
