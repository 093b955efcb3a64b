"""What is painted how, and where: style pictures with their weights, and regions of the picture."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from pathlib import Path
from typing import Any, cast

import numpy as np

from ..described import counted
from ..errors import SettingError
from ..images.masks import Mask, check_proportions, load_mask, load_regions, resize_mask
from ..images.picture import Opacity, Picture, opaque
from .inputs import PictureLike, describe, read_picture
from .manifest import Input

ROUNDING = 1e-4  # of masks that sum to 1


@dataclass(frozen=True)
class FlatColour:
    """One colour of a picture of flat colours, as a mask.

    Attributes:
        map: the picture.
        colour: such as "red" or "ff0000".
        legend: all the colours of the picture: a pixel belongs to the nearest.
    """

    map: PictureLike
    colour: str
    legend: tuple[str, ...]


MaskLike = PictureLike | FlatColour
StyleLike = PictureLike | tuple[PictureLike, float] | Sequence[PictureLike | tuple[PictureLike, float]] | None
RegionLike = tuple[MaskLike, StyleLike] | tuple[MaskLike, StyleLike, MaskLike]
Regions = Sequence[RegionLike] | tuple[PictureLike, Mapping[str, StyleLike]]


@dataclass(frozen=True)
class StylePicture:
    """A picture whose style is taken.

    Attributes:
        name: among the run's inputs.
        picture: [H, W, 3] in [0, 1].
        weight: its share in its region; the shares of a region sum to 1.
        mask: [H, W], the weight of each of its pixels; None for 1 everywhere.
        scale: the longest side at which it is seen, relative to that of the generated picture.
    """

    name: str
    picture: Picture
    weight: float
    mask: Mask | None
    scale: float = 1.0


@dataclass(frozen=True)
class Region:
    """A part of the picture, and what it is painted with.

    Attributes:
        name: of its terms in the objective.
        mask: [h, w] in [0, 1], how much of each pixel belongs to it; None for the whole picture.
        styles: one or several.
    """

    name: str
    mask: Mask | None
    styles: tuple[StylePicture, ...]


def listed(regions: Regions | None) -> list[RegionLike]:
    """The regions one by one, those of a picture of flat colours among them.

    Args:
        regions: as `stylize` takes them.

    Returns:
        (mask, style) or (mask, style, mask of the style).

    Raises:
        SettingError: if they are something else.
    """
    given: Any = regions or ()
    if isinstance(given, tuple) and len(given) == 2 and isinstance(given[1], Mapping):
        map, legend = given
        return [(FlatColour(map, colour, tuple(legend)), style) for colour, style in legend.items()]
    wanted = "give regions as a list of (mask, style), or as (picture of flat colours, {colour: style})"
    if isinstance(given, str | Path | Mapping) or not isinstance(given, Sequence):
        raise SettingError(f"regions={given!r:.40}: {wanted}")
    for each in given:
        if not isinstance(each, tuple | list) or len(each) not in (2, 3):
            raise SettingError(f"regions: {each!r:.40} is not a region; {wanted}")
    return [cast(RegionLike, tuple(each)) for each in given]


def styles_of(style: StyleLike) -> list[tuple[PictureLike, float]]:
    """Style pictures with their weights, which are 1 unless given.

    Args:
        style: a picture, several, or several with weights; None, or the word none, for none.

    Returns:
        (picture, weight), one a picture.

    Raises:
        SettingError: for a weight that is not a positive number.
    """
    if style is None or (isinstance(style, str) and style == "none"):
        return []
    many = isinstance(style, tuple | list)
    alone = many and len(style) == 2 and isinstance(style[1], Real)
    pairs = []
    for each in cast(Any, style) if many and not alone else [style]:
        picture, weight = each if isinstance(each, tuple | list) and len(each) == 2 else (each, 1.0)
        if not isinstance(weight, Real) or isinstance(weight, bool) or not 0 < float(weight) < float("inf"):
            raise SettingError(f"the weight of a style is {weight!r:.40}; give a number above 0")
        pairs.append((picture, float(weight)))
    return pairs


def read_painting(
    style: StyleLike,
    regions: Regions | None,
    shape: tuple[int, int],
    alpha: Opacity | None,
    scale: float | Sequence[float] = 1.0,
) -> tuple[tuple[Region, ...], dict[str, dict[str, Any]]]:
    """The regions of a run, from the arguments `style` and `regions` of `stylize`.

    Where masks overlap, they share. What they leave is painted with `style`, or kept if `style` is None; transparent
    parts are kept.

    Args:
        style: a picture, several, or several with weights; None keeps the photo outside of the regions.
        regions: as `stylize` takes them; a region of style None keeps the photo.
        shape: (height, width) of the content picture.
        alpha: [h, w, 1], its opacity; None if it is opaque.
        scale: of all style pictures, or one a picture, those of the regions first.

    Returns:
        The regions that are painted, and the inputs that they are made from.

    Raises:
        SettingError: if nothing is painted, a region is not one, or there are more or fewer scales than pictures.
        ImageError: if a picture or a mask cannot be used.
    """
    parts = listed(regions)
    given = [*(styles_of(each[1]) for each in parts), styles_of(style)]
    scales = iter(_scales(scale, sum(map(len, given))))
    inputs: dict[str, dict[str, Any]] = {}
    maps: dict[int, dict[str, Mask]] = {}
    masks, painters = [], []
    for i, ((mask, _, *mask_of_style), styles) in enumerate(zip(parts, given, strict=False), 1):
        T, described = _read_mask(mask, f"mask {i}", shape, "the photo", maps)
        inputs[f"mask {i}"] = {**described, "kind": "mask", "region": i}
        masks.append(T)
        painters.append(_read_styles(styles, scales, mask_of_style, i, inputs))
    rest = _read_styles(given[-1], scales, (), 0, inputs)
    covered = np.sum(masks, axis=0) if masks else np.zeros(shape, np.float32)
    visible = 1 if alpha is None else alpha[..., 0]
    found = [(f"region {i}", visible * T / np.maximum(covered, 1), painters[i - 1]) for i, T in enumerate(masks, 1)]
    found.append(("rest" if parts else "style", visible * np.maximum(1 - covered, 0), rest))
    painted = [Region(name, _partial(T), styles) for name, T, styles in found if styles and T.any()]
    if not painted:
        raise SettingError("nothing is painted: give a style, or a region with one")
    return tuple(painted), inputs


def painted_by(regions: Sequence[Region]) -> Mask | None:
    """How much of each pixel the regions paint, the rest being kept.

    Args:
        regions: of a run.

    Returns:
        [h, w] in [0, 1]; None if everything is painted.
    """
    masks = [region.mask for region in regions if region.mask is not None]
    return None if len(masks) < len(regions) else _partial(np.minimum(np.sum(masks, axis=0), 1))


def _partial(T: Mask) -> Mask | None:
    return None if T.min() > 1 - ROUNDING else T


def _scales(scale: float | Sequence[float], count: int) -> list[float]:
    scales: list[float] = list(scale) if isinstance(scale, Sequence) else [scale] * count
    if len(scales) != count:
        raise SettingError(
            f"style_scale: {counted(len(scales), 'number')} for {counted(count, 'style picture')}; "
            "give one number, or one each"
        )
    return scales


def arguments(inputs: Mapping[str, Input]) -> tuple[StyleLike, list[RegionLike]]:
    """The arguments `style` and `regions` of the run that has these inputs.

    Args:
        inputs: of a manifest, each with its path.

    Returns:
        style and regions, for `read_painting`.
    """
    found = [(each.get("kind", name), each.get("region", 0), each) for name, each in inputs.items()]

    def of(kind: str, region: int) -> list[Input]:
        return [each for this, i, each in found if (this, i) == (kind, region)]

    def mask(each: Input) -> MaskLike:
        path = each.get("path", "")
        return FlatColour(path, each["colour"], tuple(each.get("legend", ()))) if "colour" in each else path

    def styles(region: int) -> StyleLike:
        return [(each.get("path", ""), each.get("weight", 1.0)) for each in of("style", region)] or None

    regions = []
    for kind, i, each in found:
        if kind == "mask":
            regions.append((mask(each), styles(i), *map(mask, of("mask of style", i)[:1])))
    return styles(0), regions


def _read_styles(
    given: Sequence[tuple[PictureLike, float]],
    scales: Iterator[float],
    mask: Sequence[MaskLike],
    region: int,
    inputs: dict[str, dict[str, Any]],
) -> tuple[StylePicture, ...]:
    """The style pictures of a region, each at its own size; a mask says what of them counts."""
    total = sum(weight for _, weight in given)
    pictures = []
    for one, weight in given:
        n = sum(each["kind"] == "style" for each in inputs.values()) + 1
        name = "style" if n == 1 else f"style {n}"
        a, alpha, described = read_picture(one, name)
        inputs[name] = {**described, "kind": "style", "region": region, "weight": weight}
        T = None if alpha is None else alpha[..., 0]
        if mask:
            chosen, of_style = _read_mask(mask[0], f"mask of {name}", a.shape[:2], name, {})
            inputs[f"mask of {name}"] = {**of_style, "kind": "mask of style", "region": region}
            T = chosen if T is None else T * chosen
        pictures.append(StylePicture(name, opaque(a, alpha), weight / total, T, next(scales)))
    return tuple(pictures)


def _read_mask(
    given: MaskLike, name: str, shape: tuple[int, int], of: str, maps: dict[int, dict[str, Mask]]
) -> tuple[Mask, dict[str, Any]]:
    """A mask at the size of its picture; maps: the pictures of flat colours read so far, by identity."""
    if isinstance(given, FlatColour):
        if id(given.map) not in maps:
            maps[id(given.map)] = dict(zip(given.legend, load_regions(given.map, given.legend, name), strict=True))
        T = maps[id(given.map)][given.colour]
        described = describe(given.map, name, T) | {"colour": given.colour, "legend": list(given.legend)}
    else:
        T = load_mask(given, name)
        described = describe(given, name, T)
    check_proportions(T, shape, name, of)
    return resize_mask(T, shape), described
