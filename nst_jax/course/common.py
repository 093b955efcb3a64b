"""What several notebooks of the course do with pictures: a square, noise, a distance of pixels, Gram matrices."""

from functools import partial

import jax
import numpy as np
from jaxtyping import Array, Float

from ..images.picture import Picture
from ..images.reading import load_image
from ..images.resizing import resize
from ..losses.style.gram import gram
from ..networks.geometry import STYLE_LAYERS
from ..networks.vgg import VGG19


def square(name: str, side: int) -> Picture:
    """The middle square of a picture.

    Args:
        name: of a picture that comes with the package, or a path.
        side: pixels.

    Returns:
        [side, side, 3] in [0, 1].
    """
    x = load_image(name)
    h, w = x.shape[:2]
    s, top, left = min(h, w), max(0, h - w) // 2, max(0, w - h) // 2
    return resize(x[top : top + s, left : left + s], (side, side))


def noise(like: Picture, seed: int = 0) -> Picture:
    """White noise, uniform in [0, 1].

    Args:
        like: [h, w, 3], a picture whose size it has.
        seed: which noise.

    Returns:
        [h, w, 3], float32.
    """
    return np.random.default_rng(seed).uniform(size=like.shape).astype(np.float32)


def rmse(x: Picture, y: Picture) -> float:
    """The root mean square difference of two pictures, √(Σ (x − y)² / n): 1 between black and white.

    Args:
        x: [h, w, 3].
        y: [h, w, 3].

    Returns:
        From 0 to 1.
    """
    return float(np.sqrt(np.mean((x - y) ** 2)))


@partial(jax.jit, static_argnames="layers")
def grams(
    vgg: VGG19, x: Float[Array, "h w 3"], layers: tuple[str, ...] = STYLE_LAYERS
) -> dict[str, Float[Array, "N N"]]:
    """The Gram matrix per position of each layer, G / M.

    Args:
        vgg: the network.
        x: [h, w, 3] in [0, 1].
        layers: names.

    Returns:
        Layer → [N, N].
    """
    return {layer: gram(F) / (F.shape[0] * F.shape[1]) for layer, F in vgg(x, layers).items()}
