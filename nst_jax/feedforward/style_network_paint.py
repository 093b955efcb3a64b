"""Painting with a network of styles: which rows are mixed where, and one pass."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import jax
import numpy as np
from jax import Array

from ..errors import ImageError, NSTError
from ..files import sha256
from ..images.known import find
from ..images.masks import resize_mask
from ..images.picture import Picture
from ..losses.tiling import Tiling
from ..transfer.inputs import PictureLike
from ..transfer.manifest import plain
from ..transfer.painting import Region, Regions, StyleLike, listed, styles_of
from ..transfer.plan import budget_of
from ..transfer.result import Result
from ..transfer.scene import read_scene
from .settings import PaintSettings
from .style_network import StyleNetwork, at_strides, everywhere, extended
from .style_network_files import TrainedNetwork, read_style_network, row_of, style_network_file
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
    s, path = settings, style_network_file(settings.network or "")
    trained = _read(path, path.stat().st_mtime_ns)
    given = [styles_of(each[1]) for each in listed(regions)] + [styles_of(style)]
    rows = [row_of(trained, each) for styles in given for each, _ in styles]
    names = ["style" if i == 1 else f"style {i}" for i in range(1, len(rows) + 1)]
    scene = read_scene(
        content,
        _stood_in(style, trained),
        [cast(Any, (mask, _stood_in(each, trained), *rest)) for mask, each, *rest in listed(regions)],
        size=s.size,
        style_scale=1.0,
        colour=s.colour,
        colour_match=s.colour_match,
    )
    began = time.perf_counter()
    shape, maps = scene.content.shape[:2], 4 * len(trained.styles) * (len(scene.regions) > 1)
    tiling = cost(trained.network).tiling(shape, maps * 2 * shape[0] * shape[1], budget_of(cast(int | None, s.memory)))
    numbers = dict(zip(names, rows, strict=True))
    x = painted_by_network(trained.network, scene.content, scene.regions, numbers, tiling)
    seconds = time.perf_counter() - began
    inputs = {**scene.inputs, "network": {"name": path.stem, "path": str(path.resolve()), "sha256": sha256(path)}}
    notes = [f"{each.name} has no effect with a trained network" for each in fields(s) if _set_in_vain(each, s)]
    notes += [] if tiling is None else [said(tiling, extended(scene.content).shape)]
    for name, row in zip(names, rows, strict=True):
        learned = trained.styles[row]
        if "path" not in inputs[name]:
            inputs[name] |= {"name": learned.name, "sha256": learned.sha256}
        elif inputs[name]["sha256"] != learned.sha256:
            notes.append(f"{inputs[name]['path']} is another picture than the one that the network learned")
    return Result.computed(scene.shown(x), plain(vars(s)), inputs, seconds, alpha=scene.alpha, notes=tuple(notes))


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
    """
    h, w, _ = p.shape
    mixtures = np.zeros((len(regions), len(network.gamma)), np.float32)  # [R, S]
    for mixture, region in zip(mixtures, regions, strict=True):
        for style in region.styles:
            mixture[rows[style.name]] += style.weight
    if len(regions) == 1:
        weights = everywhere(jax.numpy.asarray(mixtures))
    else:
        masks = np.stack([_mask(region, (h, w)) for region in regions], axis=-1)  # [h, w, R]
        covered = masks.sum(axis=-1, keepdims=True)
        shares = np.where(covered > 1e-3, masks / np.maximum(covered, 1e-3), 1 / len(regions))
        weights = at_strides(extended(shares @ mixtures))
    x = extended(p)
    if tiling is None:
        y = np.asarray(_one_pass(network, x[None], weights))[0, :h, :w]
    else:
        y = painted_in_tiles(network, x, weights, tiling)[:h, :w]
    if not np.isfinite(y).all():
        raise ImageError("the network's picture has values that are not finite; train it again")
    return y


@jax.jit
def _one_pass(network: StyleNetwork, x: Array, weights: Mapping[int, Array]) -> Array:
    return network(x, weights)


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
