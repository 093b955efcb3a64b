"""Painting with a network of styles: which rows are mixed where, and one pass."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import jax
import numpy as np
from jax import Array

from ..errors import ImageError, NSTError
from ..images.known import find
from ..images.masks import resize_mask
from ..images.picture import Picture
from ..images.recolouring import Matching
from ..losses.tiling import Tiling
from ..transfer.inputs import PictureLike
from ..transfer.manifest import plain
from ..transfer.one_pass import described_file
from ..transfer.painting import Region, Regions, StyleLike, listed, styles_of
from ..transfer.plan import budget_of
from ..transfer.result import Result
from ..transfer.scene import Scene, read_scene
from .settings import PaintSettings
from .style_network import FilterMoments, StyleNetwork, Weights, at_strides, everywhere, extended
from .style_network_files import TrainedNetwork, read_style_network, row_of, style_network_file
from .tiled_style_network import cost, painted_in_tiles
from .tiles import said

OF_ANY_STYLE = ("strength", "detail", "transform", "style_scale")  # what a trained network has no knob for


@dataclass(frozen=True)
class NetworkScene:
    """What a network of styles paints.

    Attributes:
        trained: the network.
        scene: the photo, and what is painted how.
        rows: name of a style picture → number of its style.
        inputs: for the manifest.
        notes: where a style picture is another than the network learned, one line each.
    """

    trained: TrainedNetwork
    scene: Scene
    rows: dict[str, int]
    inputs: dict[str, dict[str, Any]]
    notes: tuple[str, ...]


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
    shape, maps = p.shape[:2], 4 * len(made.trained.styles) * (len(regions_of) > 1)
    tiling = cost(network).tiling(shape, maps * 2 * shape[0] * shape[1], budget_of(cast(int | None, s.memory)))
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


def read_network_scene(
    content: PictureLike,
    style: StyleLike,
    regions: Regions | None,
    network: str | Path,
    *,
    size: int,
    colour: str,
    colour_match: Matching,
) -> NetworkScene:
    """Read a network of styles and the pictures that it paints.

    Args:
        content: as in `paint`; so are the others.
        style: names of the network's styles.
        regions: masks, each with such a style.
        network: its name or file.
        size: longest side, in pixels.
        colour: whose colours the picture has.
        colour_match: how colours are matched.

    Returns:
        What is painted.

    Raises:
        NSTError: if a picture, a style or the network cannot be used.
    """
    path = style_network_file(network)
    trained = _read(path, path.stat().st_mtime_ns)
    given = [styles_of(each[1]) for each in listed(regions)] + [styles_of(style)]
    rows = [row_of(trained, each) for styles in given for each, _ in styles]
    names = ["style" if i == 1 else f"style {i}" for i in range(1, len(rows) + 1)]
    scene = read_scene(
        content,
        _stood_in(style, trained),
        [cast(Any, (mask, _stood_in(each, trained), *rest)) for mask, each, *rest in listed(regions)],
        size=size,
        style_scale=1.0,
        colour=colour,
        colour_match=colour_match,
    )
    inputs, notes = {**scene.inputs, "network": described_file(path)}, []
    for name, row in zip(names, rows, strict=True):
        learned = trained.styles[row]
        if "path" not in inputs[name]:
            inputs[name] |= {"name": learned.name, "sha256": learned.sha256}
        elif inputs[name]["sha256"] != learned.sha256:
            notes.append(f"{inputs[name]['path']} is another picture than the one that the network learned")
    return NetworkScene(trained, scene, dict(zip(names, rows, strict=True)), inputs, tuple(notes))


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


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> TrainedNetwork:
    """A network, read again if its file has changed."""
    return read_style_network(path)


def _mask(region: Region, shape: tuple[int, int]) -> np.ndarray:
    return np.ones(shape, np.float32) if region.mask is None else resize_mask(region.mask, shape)


def _stood_in(style: Any, trained: TrainedNetwork) -> StyleLike:
    """Styles as pictures: the file if there is one, for the manifest and for referees, or else the small picture."""

    def picture(name: Any) -> PictureLike:
        try:
            path = find(name)
            if path.is_file():
                return path
        except NSTError:  # a known picture elsewhere, and no connection
            pass
        return trained.previews[row_of(trained, name)].astype(np.float32) / 255

    return [(picture(each), weight) for each, weight in styles_of(style)] or None


def _set_in_vain(each: Any, s: PaintSettings) -> bool:
    value = getattr(s, each.name)
    return each.name in OF_ANY_STYLE and (type(value) is not type(each.default) or value != each.default)
