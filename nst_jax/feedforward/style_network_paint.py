"""Painting with a network of styles: which rows are mixed where, and one pass."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, cast

import jax
import numpy as np
from jax import Array

from ..described import is_default
from ..errors import ImageError
from ..images.masks import resize_mask
from ..images.picture import Picture
from ..losses.tiling import Tiling
from ..transfer.inputs import PictureLike
from ..transfer.manifest import plain
from ..transfer.painting import Region, Regions, StyleLike
from ..transfer.plan import budget_of
from ..transfer.result import Result
from .settings import PaintSettings
from .style_network import FilterMoments, StyleNetwork, Weights, at_strides, everywhere, extended
from .style_network_scene import read_network_scene
from .tiled_style_network import cost, painted_in_tiles
from .tiles import said

OF_ANY_STYLE = ("strength", "detail", "transform", "style_scale")  # what a trained network has no knob for


def paint_with_network(
    content: PictureLike, style: StyleLike, regions: Regions | None, settings: PaintSettings
) -> Result:
    """Paint with a network of styles: `paint` with `network`.

    Args:
        content: as in `paint`; so are the others.
        style: names of the network's styles.
        regions: masks, each with such a style.
        settings: with its network.

    Returns:
        The picture, with its settings.

    Raises:
        NSTError: if a picture, a style or the network cannot be used.
    """
    s = settings
    made = read_network_scene(
        content, style, regions, s.network or "", size=s.size, colour=s.colour, colour_match=s.colour_match
    )
    network, p, regions_of = made.trained.network, made.scene.content, made.scene.regions
    began = time.perf_counter()
    h, w, _ = p.shape
    shares = 8 * len(made.trained.styles) * h * w if len(regions_of) > 1 else 0  # bytes, of weights at all strides
    tiling = cost(network).tiling((h, w), shares, budget_of(cast(int | None, s.memory)))
    x = painted_by_network(network, p, regions_of, made.rows, tiling)
    seconds = time.perf_counter() - began
    notes = [f"{each.name} has no effect with a trained network" for each in fields(s) if _set_in_vain(each, s)]
    notes += [] if tiling is None else [said(tiling, extended(p).shape)]
    return Result.computed(
        made.scene.shown(x),
        plain(vars(s)),
        made.inputs,
        seconds,
        alpha=made.scene.alpha,
        notes=(*notes, *made.notes),
    )


def painted_by_network(
    network: StyleNetwork, p: Picture, regions: Sequence[Region], rows: Mapping[str, int], tiling: Tiling | None = None
) -> Picture:
    """One pass, in which every pixel has the styles of its regions.

    Args:
        network: the network.
        p: [h, w, 3], the photo.
        regions: what is painted how.
        rows: name of a style picture → number of its style.
        tiling: how the picture is cut; None for one piece.

    Returns:
        [h, w, 3] in [0, 1].

    Raises:
        ImageError: if the network's picture is not finite.
    """
    weights, (h, w, _) = weights_of(network, p.shape[:2], regions, rows), p.shape
    if tiling is None:
        return one_pass(network, p, weights)
    return _finite(painted_in_tiles(network, extended(p), weights, tiling)[:h, :w])


def weights_of(
    network: StyleNetwork, shape: tuple[int, int], regions: Sequence[Region], rows: Mapping[str, int]
) -> Weights:
    """The weight of each style at each pixel, or of all.

    Args:
        network: the network.
        shape: (height, width) of the photo.
        regions: what is painted how.
        rows: name of a style picture → number of its style.

    Returns:
        stride → weights.
    """
    mixtures = np.zeros((len(regions), len(network.gamma)), np.float32)  # [R, S]
    for mixture, region in zip(mixtures, regions, strict=True):
        for style in region.styles:
            mixture[rows[style.name]] += style.weight
    if len(regions) == 1:
        return everywhere(jax.numpy.asarray(mixtures))
    masks = np.stack([_mask(region, shape) for region in regions], axis=-1)  # [h, w, R]
    covered = masks.sum(axis=-1, keepdims=True)
    shares = np.where(covered > 1e-3, masks / np.maximum(covered, 1e-3), 1 / len(regions))
    return at_strides(extended(shares @ mixtures))


def one_pass(
    network: StyleNetwork, p: Picture, weights: Weights, held: tuple[FilterMoments, ...] | None = None
) -> Picture:
    """One pass over a picture of any size.

    Args:
        network: the network.
        p: [h, w, 3] in [0, 1].
        weights: of the styles.
        held: means and variances that are given; None for the picture's own.

    Returns:
        [h, w, 3] in [0, 1].

    Raises:
        ImageError: if it is not finite.
    """
    h, w, _ = p.shape
    return _finite(np.asarray(_one_pass(network, extended(p)[None], weights, held))[0, :h, :w])


def _finite(y: Picture) -> Picture:
    if not np.isfinite(y).all():
        raise ImageError("the network's picture has values that are not finite; train it again")
    return y


@jax.jit
def _one_pass(network: StyleNetwork, x: Array, weights: Weights, held: tuple[FilterMoments, ...] | None) -> Array:
    return network(x, weights, held)


@jax.jit
def measured(network: StyleNetwork, x: Array, weights: Weights) -> tuple[FilterMoments, ...]:
    """`StyleNetwork.measured`, compiled."""
    return network.measured(x, weights)


def _mask(region: Region, shape: tuple[int, int]) -> np.ndarray:
    return np.ones(shape, np.float32) if region.mask is None else resize_mask(region.mask, shape)


def _set_in_vain(each: Any, s: PaintSettings) -> bool:
    return each.name in OF_ANY_STYLE and not is_default(getattr(s, each.name), each.default)
