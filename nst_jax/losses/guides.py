"""Guides: a mask at the layers of the network, as a weight per position."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy import ndimage

from ..errors import SettingError
from ..images.masks import Mask, resize_mask
from ..networks.geometry import opens_block
from ..networks.vgg import VGG19

LEAST = 1.0  # positions: with less weight in total, a Gram matrix describes a fraction of one position


class Gathering(NamedTuple):
    """How a unit's weight follows from those of the units that it looks at.

    Attributes:
        convolution: [h, w] → [h, w], over 3×3 units; nothing lies beyond the border.
        pooling: (windows, axis) → over 2×2 units.
    """

    convolution: Callable[[np.ndarray], np.ndarray]
    pooling: Callable[..., np.ndarray]


MODES = {
    "simple": Gathering(lambda t: t, np.mean),
    "inside": Gathering(lambda t: ndimage.minimum_filter(t, 3, mode="nearest"), np.min),
    "all": Gathering(lambda t: ndimage.maximum_filter(t, 3, mode="nearest"), np.max),
}


def guides(
    mask: Mask, shape: tuple[int, ...], vgg: VGG19, layers: Iterable[str], mode: str = "simple"
) -> dict[str, Float[np.ndarray, "h_l w_l"]]:
    """A mask at some layers, in the modes of Gatys et al.

    Args:
        mask: [h, w] in [0, 1], at its full size.
        shape: (height, width, …) of the picture that the network sees.
        vgg: the network.
        layers: their names.
        mode: "simple": the mean of the mask over the pixels that a position stands for, so that guides sum to 1 where
            masks do. "inside": the minimum over all pixels that a unit sees; of a mask of 0 and 1, the units that see
            nothing but the region. "all": the maximum; the units that see any of the region.

    Returns:
        layer → float32 [h_l, w_l] in [0, 1]. A region may vanish there: see `vanished`.

    Raises:
        SettingError: for an unknown mode, or a layer that the network lacks.
        ImageError: for a picture too small for a layer.

    Departs from the paper: receptive fields follow from the network's geometry instead of a probe with noise, and a
    guide is a weight of positions: their T².

    Source: "Controlling Perceptual Factors in Neural Style Transfer", arXiv 1611.07865, section 4.
    """
    if mode not in MODES:
        raise SettingError(f"mode {mode!r} is not known; use {', '.join(MODES)}")
    gathering, (h, w), guides = MODES[mode], shape[:2], {}
    wanted = vgg.shapes(h, w, layers)
    t = resize_mask(mask, (h, w))
    for layer in vgg.layers:
        if opens_block(layer):
            t = gathering.pooling(_windows(t), axis=(1, 3))
        t = gathering.convolution(t)
        if layer in wanted:
            guides[layer] = t
        if len(guides) == len(wanted):
            break
    return guides


def vanished(guide: Float[np.ndarray, "h_l w_l"]) -> bool:
    """Whether a region is too small for a layer: its weights sum to less than one position."""
    return float(guide.sum()) < LEAST


def _windows(t: np.ndarray) -> np.ndarray:
    """[h//2, 2, w//2, 2], odd edges dropped as the network's pooling does."""
    h, w = t.shape
    return t[: h // 2 * 2, : w // 2 * 2].reshape(h // 2, 2, w // 2, 2)
