"""`paint`: any picture in the style of any other, or in one that a network was trained for, in one pass."""

import inspect
import time
from collections.abc import Sequence
from dataclasses import fields
from functools import cache
from typing import Any, Unpack, cast

import jax.numpy as jnp
import numpy as np
from jax import Array

from ..bundle import DATA
from ..described import from_names, listed
from ..errors import ImageError
from ..images.masks import Mask, check_proportions, load_mask, resize_mask
from ..images.picture import Picture
from ..losses.guides import guides, vanished
from ..networks.loading import load_network, weights_file
from ..networks.vgg import VGG19
from ..transfer.guiding import at_size, guides_of_style
from ..transfer.inputs import PictureLike, describe, described_file
from ..transfer.manifest import plain
from ..transfer.painting import Region, Regions, StyleLike
from ..transfer.plan import budget_of
from ..transfer.result import Result
from ..transfer.scene import read_scene
from .colouring import Target, extended, mixed, painted, style_moments
from .decoder import LEVELS, Weights, load_decoder
from .settings import GivenToPaint, PaintSettings
from .style_network_paint import paint_with_network
from .tiled_colouring import COST, painted_in_tiles, style_moments_in_tiles
from .tiles import said

ENCODER = "vgg19-slim"
DECODER = DATA / "networks" / "vgg19-slim-decoder.safetensors"


def paint(
    content: PictureLike,
    style: StyleLike = None,
    *,
    regions: Regions | None = None,
    **settings: Unpack[GivenToPaint],
) -> Result:
    """Paint a picture in one pass, in the style of any other or, with `network`, in one that it was trained for.

    For any style, no network is trained. At conv4_1, conv3_1, conv2_1 and conv1_1 in turn, the features F of the photo
    take mean μ* and covariance C* of the style's, F ← F + r (A (F − μ) + μ* − F) with A C Aᵀ = C*, and a decoder leads
    from each to the next, and to the picture. Deep levels give large strokes and lose detail; a share of the photo's
    own features joins at finer ones.

    A trained network has a scale and a shift of every filter for each of its styles; styles are mixed by mixing these,
    for the whole picture or, with regions, pixel by pixel.

    What does not fit into `memory` is painted in tiles, and takes several times as long: the statistics are those of
    all tiles, and the picture is the same up to rounding.

    Args:
        content: a file, the name of a known picture, or an array [h, w, 3], RGB in [0, 1]; where it is transparent, it
            stays so.
        style: likewise; or several in a list, each alone or with its weight: [a, (b, 0.3)]. With `network`, names
            of its styles.
        regions: what is painted how, and where, as in `stylize`.
        **settings: the settings below, with their defaults in brackets.

    Returns:
        The picture, with its settings.

    Raises:
        NSTError: if a picture or a setting cannot be used.

    Departs from the paper: one encoder and one decoder for all levels, which pass features on, where the paper decodes
    to a picture and encodes it again at each level.

    Source: Li et al., Universal Style Transfer via Feature Transforms, arXiv 1705.08086; trained networks: Dumoulin et
        al., A Learned Representation for Artistic Style, arXiv 1610.07629.

    Example:
        >>> import nst_jax as nst
        >>> nst.paint("chelsea", "vortex", size=48, strength=0.8).image.shape
        (32, 48, 3)

    Settings:
    """
    s = from_names(PaintSettings, settings)
    if s.network is not None:
        return paint_with_network(content, style, regions, s)
    scene = read_scene(
        content,
        style,
        regions,
        size=s.size,
        style_scale=s.style_scale,
        colour=s.colour,
        colour_match=s.colour_match,
    )
    began = time.perf_counter()
    strength, inputs = _strength(s, scene.content)
    x, notes = paint_regions(scene.content, scene.regions, strength, s)
    return Result.computed(
        scene.shown(x),
        plain(vars(s)),
        {**scene.inputs, **inputs, **described_networks()},
        time.perf_counter() - began,
        alpha=scene.alpha,
        notes=notes,
    )


def paint_regions(
    p: Picture, regions: Sequence[Region], strength: Mask, s: PaintSettings
) -> tuple[Picture, tuple[str, ...]]:
    """Paint each region in its style; colours, and what is kept, are not seen to.

    Args:
        p: [h, w, 3], the photo.
        regions: what is painted how.
        strength: [h, w] in [0, 1].
        s: the other settings.

    Returns:
        [h, w, 3] in [0, 1], and what is not as asked, a line each.

    Raises:
        ImageError: if a region is too small at every level.
    """
    encoder, decoder = networks()
    size, budget = max(p.shape[:2]), budget_of(cast(int | None, s.memory))
    held = sum(each.picture.nbytes for region in regions for each in region.styles)
    held += p.nbytes * 4 // 9 * (len(regions) + 1)  # guides, and the strength: one number a position at each level
    tiling = COST.tiling(p.shape[:2], held, budget)
    targets = [target_of(region, p, size, encoder, budget) for region in regions]
    r, notes = at_levels(strength, p, encoder), notes_on(regions, targets, size)
    if tiling is None:
        return painted(encoder, decoder, p, targets, r, s.detail, s.transform), notes
    x = painted_in_tiles(encoder, decoder, p, targets, r, s.detail, s.transform, tiling)
    return x, (*notes, said(tiling, extended(p).shape))


@cache
def networks() -> tuple[VGG19, Weights]:
    """The encoder and its decoder's weights, read once."""
    return load_network(ENCODER), load_decoder(DECODER)


def described_networks() -> dict[str, dict[str, Any]]:
    """Their files, for the manifest."""
    return {"network": described_file(weights_file(ENCODER)), "decoder": described_file(DECODER)}


def target_of(region: Region, p: Picture, size: int, encoder: VGG19, budget: int | None = None) -> Target:
    """What the features of a region become; style pictures that exceed a budget of bytes are measured in tiles."""
    sums = []
    for style in region.styles:
        a, t = at_size(style, size), guides_of_style(style, size, encoder, LEVELS)
        tiling = COST.tiling(a.shape[:2], p.nbytes, budget)
        sums.append(style_moments(encoder, a, t) if tiling is None else style_moments_in_tiles(encoder, a, t, tiling))
    weights = [a.weight for a in region.styles]
    moments = {level: mixed([each[level] for each in sums], weights) for level in LEVELS}
    mask = np.ones(p.shape[:2], np.float32) if region.mask is None else region.mask
    return Target(moments, at_levels(mask, p, encoder))


def notes_on(regions: Sequence[Region], targets: Sequence[Target], size: int) -> tuple[str, ...]:
    """Levels at which a region has vanished, a line each region.

    Raises:
        ImageError: if one has vanished at every level.
    """
    found = []
    for region, target in zip(regions, targets, strict=True):
        lost = [level for level in LEVELS if vanished(np.asarray(target.guides[level]))]
        if len(lost) == len(LEVELS):
            raise ImageError(f"{region.name} is too small at {size} pixels; enlarge its mask, or make a larger picture")
        if lost:
            found.append(f"{region.name} is too small at {', '.join(lost)}, and is left out there")
    return tuple(found)


def _strength(s: PaintSettings, p: Picture) -> tuple[Mask, dict[str, Any]]:
    """The strength at each pixel, and the inputs that it is made from."""
    if isinstance(s.strength, int | float):
        return np.full(p.shape[:2], s.strength, np.float32), {}
    mask = load_mask(s.strength, "strength")
    check_proportions(mask, p.shape[:2], "strength", "the photo")
    return mask, {"strength": {**describe(s.strength, "strength", mask), "kind": "strength"}}


def at_levels(mask: Mask, p: Picture, encoder: VGG19) -> dict[str, Array]:
    """A mask at each level of the extended picture."""
    shape = extended(p).shape
    mask = extended(resize_mask(mask, p.shape[:2])[..., None])[..., 0]
    return {level: jnp.asarray(t, jnp.float32) for level, t in guides(mask, shape, encoder, LEVELS).items()}


paint.__doc__ = (paint.__doc__ or "").rstrip() + "\n" + listed(PaintSettings, " " * 8) + "\n"
# What `help`, and the completion of names in a notebook, show instead of `**settings`.
paint.__signature__ = inspect.Signature(  # pyright: ignore[reportFunctionMemberAccess]
    [each for each in inspect.signature(paint).parameters.values() if each.kind is not each.VAR_KEYWORD]
    + [
        inspect.Parameter(each.name, inspect.Parameter.KEYWORD_ONLY, default=each.default, annotation=each.type)
        for each in fields(PaintSettings)
    ],
    return_annotation=Result,
)
