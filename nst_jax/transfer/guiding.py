"""Masks of a run at the layers of its network, and what cannot be done as asked."""

from collections.abc import Iterable, Mapping, Sequence

import jax.numpy as jnp
import numpy as np
from jax import Array

from ..errors import ImageError
from ..images.picture import Picture
from ..images.resizing import resize
from ..losses.guides import guides, vanished
from ..networks.vgg import VGG19
from .painting import Region, StylePicture
from .scales import style_shape

Guides = Mapping[str, Array] | None  # layer → [h_l, w_l]; None for 1 everywhere


def guides_of(region: Region, shape: tuple[int, int], network: VGG19, layers: Iterable[str], mode: str) -> Guides:
    """The guides of a region.

    Args:
        region: with its mask at its own size.
        shape: (height, width) of the picture that is made.
        network: what measures it.
        layers: of the style.
        mode: "simple", "inside" or "all".

    Returns:
        The guides; None for the whole picture.
    """
    return None if region.mask is None else _arrays(guides(region.mask, shape, network, layers, mode))


def guides_of_style(style: StylePicture, size: int, network: VGG19, layers: Iterable[str]) -> Guides:
    """The guides of a style picture.

    Args:
        style: with its mask at its own size.
        size: longest side of the picture that is made, in pixels.
        network: what measures it.
        layers: of the style.

    Returns:
        The guides; None if all of the picture counts.
    """
    return None if style.mask is None else _arrays(guides(style.mask, at_size(style, size).shape, network, layers))


def at_size(style: StylePicture, size: int) -> Picture:
    """A style picture at the size at which it is seen while a picture of that longest side, in pixels, is made."""
    return resize(style.picture, style_shape(style.picture.shape[:2], size * style.scale))


def too_small(guides: Guides) -> list[str]:
    """The layers at which there is less than one position to measure."""
    return [layer for layer, t in (guides or {}).items() if vanished(np.asarray(t))]


def notes(
    regions: Sequence[Region], shapes: Sequence[tuple[int, int]], network: VGG19, layers: Sequence[str], mode: str
) -> tuple[str, ...]:
    """Where a run differs from what was asked: style pictures not enlarged, layers at which a region has vanished.

    Args:
        regions: of the run.
        shapes: (height, width) of the picture at each scale, coarse to fine.
        network: what measures it.
        layers: of the style.
        mode: of the regions' guides.

    Returns:
        One line each.

    Raises:
        ImageError: if a region has vanished at every layer of the finest scale.
    """
    found, finest = [], max(shapes[-1])
    for region in regions:
        for style in region.styles:
            wanted, there = round(finest * style.scale), max(style.picture.shape[:2])
            if wanted > there and style.scale > 1:
                found.append(f"{style.name} has {there} pixels, is not enlarged to {wanted}, and is used as it is")
        for shape in shapes:
            size = max(shape)
            parts = [(region.name, guides_of(region, shape, network, layers, mode))]
            parts += [
                (f"what counts of {each.name}", guides_of_style(each, size, network, layers)) for each in region.styles
            ]
            for name, T in parts:
                lost = too_small(T)
                if lost and len(lost) == len(layers) and size == finest:
                    raise ImageError(
                        f"{name} is too small at {size} pixels; enlarge its mask, or make a larger picture"
                    )
                if lost:
                    found.append(f"{name} is too small at {', '.join(lost)} of {size} pixels, and is left out there")
    return tuple(found)


def _arrays(guides: Mapping[str, np.ndarray]) -> Guides:
    return {layer: jnp.asarray(t, jnp.float32) for layer, t in guides.items()}
