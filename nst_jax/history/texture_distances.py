"""How far a texture is from its sample, by what different people took texture to be.

Each distance is 0 for the sample, up to what its borders do; `of_noise` says what it is for white noise in the sample's
colours, its unit.

    histogram  earth mover's distance of each uncorrelated channel's values, their mean over the channels.
    period     root mean square difference of the autocorrelations of luminance, up to a quarter of the sample's side.
    joint      Portilla and Simoncelli's statistics: the square root of their loss.
    gram       Gram matrices of vgg19-slim, conv1_1 to conv5_1: mean of ‖G − A‖ / ‖A‖.
    copied     share of the texture's windows of 9 × 9 pixels that are in the sample as they are.
"""

from functools import cache
from typing import Any

import jax
import numpy as np
from jaxtyping import Float

from ..images.luminance import luminance
from ..images.picture import Picture, bytes8
from ..losses.style.gram import gram
from ..networks.geometry import STYLE_LAYERS
from ..networks.loading import load_network
from .patch_fields import patches
from .pca import colour_axes
from .periodic import periodic_component
from .portilla_simoncelli import RANGE, JointStatistics

DISTANCES = ("histogram", "period", "joint", "gram", "copied")
WINDOW = 9  # pixels
_breakdown = jax.jit(lambda objective, u: objective.breakdown(u))


class TextureDistances:
    """How far pictures are from a sample: `TextureDistances(a)(x)` → the five distances.

    Args:
        a: [H, W, 3] in [0, 1], the sample; its sides are multiples of 16, and at least 64.
    """

    def __init__(self, a: Picture):
        self._axes = colour_axes(a)
        z = self._axes.channels(a)
        self._values, self._reach = z.reshape(len(z), -1), min(a.shape[:2]) // 4
        self._objective = JointStatistics.of(z)
        self._R, self._grams = autocorrelation(a, self._reach), _network()(a)
        self._windows = set(_windows(a))

    def __call__(self, x: Picture) -> dict[str, float]:
        """The distances of a texture.

        Args:
            x: [h, w, 3] in [0, 1]; its sides are multiples of 16, and at least as large as half of the sample's.

        Returns:
            One for each of DISTANCES.
        """
        from scipy.stats import wasserstein_distance

        z = self._axes.channels(x)
        pairs = zip(z.reshape(len(z), -1), self._values, strict=True)
        losses: Any = _breakdown(self._objective, self._objective.places(z))
        grams = _network()(x)
        far = [np.linalg.norm(grams[layer] - A) / np.linalg.norm(A) for layer, A in self._grams.items()]
        return {
            "histogram": float(np.mean([wasserstein_distance(*pair) for pair in pairs])),
            "period": float(np.sqrt(np.mean((autocorrelation(x, self._reach) - self._R) ** 2))),
            "joint": float(np.sqrt(sum(float(loss) for name, loss in losses.items() if name != RANGE))),
            "gram": float(np.mean(far)),
            "copied": float(np.mean([window in self._windows for window in _windows(x)])),
        }

    def of_noise(self, noise: Picture) -> dict[str, float]:
        """The units of the distances: those of noise in the sample's colours, as `noise` makes it; 1 for "copied".

        Args:
            noise: [h, w, 3].

        Returns:
            One for each of DISTANCES.
        """
        return self(noise) | {"copied": 1.0}


def autocorrelation(x: Picture, reach: int) -> Float[np.ndarray, "n n"]:
    """R(d) = Σ_k Y_k Y_{k+d} / Σ_k Y_k², of the luminance less its mean, around the torus.

    Args:
        x: [h, w, 3] in [0, 1]; of its periodic component, so that its borders make no edge.
        reach: the largest shift along either axis, in pixels.

    Returns:
        [2 reach + 1, 2 reach + 1], with 1 in the middle; 0 for a flat picture.
    """
    Y = periodic_component(luminance(x)[..., None])[..., 0]
    power = np.abs(np.fft.fft2(Y - Y.mean())) ** 2
    R = np.fft.fftshift(np.fft.ifft2(power).real)
    i, j = np.array(R.shape) // 2
    return R[i - reach : i + reach + 1, j - reach : j + reach + 1] / max(R[i, j], 1e-12)


def noise(shape: tuple[int, int], a: Picture, seed: int = 0) -> Picture:
    """White noise with the mean and the covariance of a sample's colours.

    Args:
        shape: (h, w).
        a: [H, W, 3] in [0, 1], the sample.
        seed: of the noise.

    Returns:
        [h, w, 3] in [0, 1].
    """
    axes = colour_axes(a)
    z = np.random.default_rng(seed).standard_normal((len(axes.spread), *shape)).astype(np.float32)
    return axes.colours(z)


def _windows(x: Picture) -> list[bytes]:
    return [window.tobytes() for window in patches(bytes8(x), WINDOW).reshape(-1, 3 * WINDOW**2)]


@cache
def _network():
    vgg = load_network("vgg19-slim")
    return jax.jit(lambda x: {layer: gram(F) / F[..., 0].size for layer, F in vgg(x, STYLE_LAYERS).items()})
