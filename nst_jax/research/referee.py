"""The referee: a fixed measure of finished pictures, in networks that no objective optimised.

Four numbers, each 0 for a picture that cannot be told from the one it is compared with:

content    mean over the networks of 1 − r, with r = ⟨F − F̄, P − P̄⟩ / (‖F − F̄‖ ‖P − P̄‖) at conv4_2, of the features of
           the picture's structure and of the photo's; F̄ is the mean over positions. Unrelated pictures have r = 0, so 1
style      mean over networks and style layers of ‖G/M − A/M_a‖ / ‖A/M_a‖, of the Gram matrices of picture and painting
colour     Fréchet distance between the colours of picture and painting, as normal distributions in CIELAB, in ΔE
structure  1 − SSIM of the grey picture and the grey photo (Wang et al., IEEE Transactions on Image Processing, 2004)

The networks are three VGG-19s of half width with random weights and average pooling: random networks describe textures
well (Ustyuzhaninov et al., arXiv 1606.00021), and no picture is optimised for these. For the style, each channel is
divided by its mean over photo and painting, so that all count alike.

A picture's structure is its luminance y, less its mean around each position, divided by its deviation there:
z = (y − μ) / √(σ² + c²). So a photo in grey, in other colours or in another contrast is near 0; version 1, which was
‖F − P‖ / ‖P‖ of features in colours, put it as far as a stylised picture. In these networks brightness outweighs shapes
unless it is taken off. The picture is extended by reflection, and the features of what was added are left out, because
near a border of zeros the features of all pictures are alike: noise would be half as far as it is.

A test holds what is known of the order of pictures, and `benchmarks.referee_ladder` prints it for real paintings. In
content: a photo; blurred slightly, in grey, recoloured (all near 0); stylised; another photo, and noise (both near 1).
In style: a painting; another crop of it; a stylised photo; a recoloured photo; a photo. The style is that of one
picture: another painting by the same painter, in other colours, can be as far as a photo. Few positions make
correlations that are not exactly 0: at 128 pixels unrelated pictures are within 0.2 of 1.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import jax
import numpy as np
from scipy.ndimage import gaussian_filter
from skimage.color import rgb2gray, rgb2lab
from skimage.metrics import structural_similarity

from ..errors import ImageError
from ..images.picture import Picture, as_picture
from ..images.resizing import resize
from ..images.symmetric import power
from ..networks.geometry import CONTENT_LAYERS, LAYERS, STYLE_LAYERS, block
from ..networks.vgg import VGG19

VERSION = 2  # changes with anything that changes a score; kept with each
SEEDS = (0, 1, 2)
WIDTHS = (32, 64, 128, 256, 256)
FAINT = 0.05  # channels whose mean is below this share of their layer's are not scaled up further
WINDOW = 16  # pixels, the deviation of the Gaussian within which contrast is local
FLAT = 0.03  # contrast c of luminance, below which there is little to see
MIDDLE, SPREAD = 0.45, 0.2  # the grey at which the random networks see nothing, and what a deviation is drawn as
BORDER = 32  # pixels by which a picture is extended
SMALLEST = 16  # pixels of a side, for one position at conv5_1


class Eyes(NamedTuple):
    """What a referee sees with.

    Attributes:
        features: picture [h, w, 3] → name → [h_l, w_l, N_l].
        content: the names by which content is measured.
        style: the names by which style is measured.
    """

    features: Callable[[np.ndarray], dict[str, np.ndarray]]
    content: tuple[str, ...]
    style: tuple[str, ...]


class Referee:
    """Scores pictures made from one content and one style picture: `Referee(p, a)(x)` → the four scores.

    Without a style picture, channels are divided by their mean over the photo alone, and style and colour are NaN.

    Args:
        p: [h, w, 3] in [0, 1], the content picture, of the size of the pictures to come.
        a: [H, W, 3] in [0, 1], the style picture; None for pictures that were made without one.
        eyes: the random networks unless given.

    Raises:
        ImageError: for an array that is not a picture, or is smaller than 16 pixels.
    """

    def __init__(self, p: Picture, a: Picture | None = None, eyes: Eyes | None = None):
        self._eyes = random_networks() if eyes is None else eyes
        self._p, self._painted = _checked(p, "the photo"), a is not None
        a = self._p if a is None else _checked(a, "the painting")
        P, S = self._textures(self._p), self._textures(a)
        self._scale = {name: _channel_scale(P[name], S[name]) for name in P}
        self._P = self._structures(self._p)
        self._A = {name: _second_moments(F * self._scale[name]) for name, F in S.items()}
        self._colours = _colours(a)

    def __call__(self, x: Picture) -> dict[str, float]:
        """The scores of a picture.

        Args:
            x: [h, w, 3] in [0, 1]; resized to the content picture if its shape differs.

        Returns:
            "content", "style", "colour", "structure" → score; 0 means that no difference is found; NaN for style and
            colour without a style picture.

        Raises:
            ImageError: as above.
        """
        x = resize(_checked(x, "the picture"), self._p.shape[:2])
        F, G = self._structures(x), {n: _second_moments(f * self._scale[n]) for n, f in self._textures(x).items()}
        scores = {
            "content": float(np.mean([((F[name] - P) ** 2).sum() / 2 for name, P in self._P.items()])),  # 1 − r
            "style": float(np.mean([_relative(G[name], A) for name, A in self._A.items()])),
            "colour": _frechet(*_colours(x), *self._colours),
            "structure": _structure(x, self._p),
        }
        return scores if self._painted else scores | {"style": np.nan, "colour": np.nan}

    def _textures(self, x):
        """The style's features, name → [M, N]."""
        features = self._eyes.features(x)
        return {name: features[name].reshape(-1, features[name].shape[-1]) for name in self._eyes.style}

    def _structures(self, x):
        """The content's features of the picture's structure, name → (F − F̄) / ‖F − F̄‖: [M, N]."""
        z = np.pad(_local_contrast(rgb2gray(x)), BORDER, mode="reflect")
        grey = np.clip(MIDDLE + SPREAD * z, 0, 1)
        features = self._eyes.features(np.repeat(grey[..., None], 3, axis=-1).astype(np.float32))
        return {name: _unit(_inner(features[name], z.shape)) for name in self._eyes.content}


def _local_contrast(y):
    """z = (y − μ) / √(σ² + c²), with mean and deviation around each position."""
    mean = gaussian_filter(y, WINDOW)
    return (y - mean) / np.sqrt(gaussian_filter((y - mean) ** 2, WINDOW) + FLAT**2)


def _inner(F, shape):
    """What of the features [h_l, w_l, N_l] of an extended picture [h, w] lies in the picture itself."""
    i, j = (round(BORDER * m / n) for m, n in zip(F.shape[:2], shape, strict=True))
    return F[i : F.shape[0] - i, j : F.shape[1] - j]


def _unit(F):
    F = F.reshape(-1, F.shape[-1]).astype(np.float64)
    F -= F.mean(axis=0)
    return F / max(np.linalg.norm(F), 1e-12)  # a flat picture has none: 0 from another, ½ from a photo


def _structure(x: Picture, p: Picture) -> float:
    how: Any = {"data_range": 1.0, "gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    similarity: Any = structural_similarity(rgb2gray(x), rgb2gray(p), **how)
    return float(1 - similarity)


def _checked(x: Picture, name: str) -> Picture:
    x = as_picture(x, name)
    if min(x.shape[:2]) < SMALLEST:
        raise ImageError(
            f"{name} has {x.shape[1]} × {x.shape[0]} pixels; the referee needs {SMALLEST} on each side, or more"
        )
    return x


@cache
def random_networks() -> Eyes:
    """Three VGG-19s of half width with random weights, the same every time."""
    networks = [VGG19(_random_weights(seed), pool="avg") for seed in SEEDS]

    def features(x):
        each = [_forward(network, x) for network in networks]
        return {f"{i}/{layer}": np.asarray(F) for i, Fs in enumerate(each) for layer, F in Fs.items()}

    def names(layers):
        return tuple(f"{i}/{layer}" for i in range(len(networks)) for layer in layers)

    return Eyes(features, names(CONTENT_LAYERS), names(STYLE_LAYERS))


def _random_weights(seed):
    """He et al.'s (arXiv 1502.01852), to conv5_1; colours with a mean of about 0."""
    rng = np.random.default_rng(seed)
    weights = {"preprocess.kernel": 4 * np.eye(3), "preprocess.bias": np.full(3, -1.8)}
    channels = 3
    for layer in LAYERS[: LAYERS.index("conv5_1") + 1]:
        N = WIDTHS[block(layer) - 1]
        weights[f"{layer}.kernel"] = rng.normal(0, np.sqrt(2 / (9 * channels)), (3, 3, channels, N))
        weights[f"{layer}.bias"] = np.zeros(N)
        channels = N
    return weights


_forward = jax.jit(lambda network, x: network(x, {*CONTENT_LAYERS, *STYLE_LAYERS}))


def _channel_scale(P, S):
    mean = (P.mean(axis=0) + S.mean(axis=0)) / 2
    return 1 / np.maximum(mean, FAINT * mean.mean())


def _second_moments(F):
    return F.T @ F / len(F)


def _relative(x, y):
    return np.linalg.norm(x - y) / np.linalg.norm(y)


def _colours(x):
    """Mean [3] and covariance [3, 3] of the pixels in CIELAB."""
    pixels = rgb2lab(x).reshape(-1, 3)
    return pixels.mean(axis=0), np.cov(pixels, rowvar=False)


def _frechet(m, C, n, D):
    """√(|m − n|² + tr(C + D − 2 (C^½ D C^½)^½)), the Wasserstein-2 distance of two normal distributions."""
    root = power(C, 0.5)
    squared = ((m - n) ** 2).sum() + np.trace(C) + np.trace(D) - 2 * np.trace(power(root @ D @ root, 0.5))
    return float(np.sqrt(max(squared, 0.0)))
