"""What the studio makes a picture from: photo, styles, settings, brushed regions and refinements, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from jaxtyping import UInt8

from ..described import number
from ..errors import SettingError
from ..images.masks import Mask, resize_mask
from ..images.picture import Picture
from ..images.resizing import fit, resize
from ..transfer.result import Result
from .choices import MOST_STYLES
from .paint import paint
from .settings import PaintSettings

Labels = UInt8[np.ndarray, "h w"]
DRAFT = 512  # pixels, longest side of what a preview reads


@dataclass(frozen=True, eq=False)
class Source:
    """A picture that was chosen.

    Attributes:
        name: shown to people.
        picture: [h, w, 3] in [0, 1].
        path: its file; None for an upload.
    """

    name: str
    picture: Picture
    path: Path | None = None
    draft: Picture = field(init=False, repr=False)

    def __post_init__(self):
        large = max(self.picture.shape[:2]) > DRAFT
        small = resize(self.picture, fit(self.picture.shape[:2], DRAFT)) if large else self.picture
        object.__setattr__(self, "draft", small)

    def given(self, draft: bool) -> Any:
        """The picture as `paint` takes it: reduced for a preview; else its file or the array."""
        return self.draft if draft else self.path or self.picture


@dataclass(frozen=True, eq=False)
class WeightedStyle:
    """A style with its share in the mixture.

    Attributes:
        source: the picture.
        weight: from 0, where only a brush uses it, to 1.
    """

    source: Source
    weight: float = 1.0


@dataclass(frozen=True, eq=False)
class Refinement:
    """A part of the picture that was optimised.

    Attributes:
        mask: [h, w] in [0, 1].
        picture: [h, w, 3], of which the mask shows a part.
        described: what the manifest says about it.
    """

    mask: Mask
    picture: Picture
    described: dict[str, Any]


@dataclass(frozen=True, eq=False)
class Composition:
    """Everything that a picture of the studio is made from. Functions return another one; this one stays.

    Attributes:
        photo: the content picture.
        styles: at most `MOST_STYLES`.
        strength: from 0 to 1.
        style_scale: size of the strokes.
        colour: whose colours.
        labels: [h, w], 0 where the mixture is painted, i where the i-th style is, `keep` where the photo stays; of any
            size with the photo's proportions; None for 0 everywhere.
        refinements: the first at the bottom.
    """

    photo: Source
    styles: tuple[WeightedStyle, ...] = ()
    strength: float = 0.6
    style_scale: float = 1.0
    colour: Literal["style", "content", "luminance"] = "style"
    labels: Labels | None = None
    refinements: tuple[Refinement, ...] = ()

    @property
    def keep(self) -> int:
        """The label of what stays as in the photo."""
        return len(self.styles) + 1


def with_photo(c: Composition, photo: Source) -> Composition:
    """Another photo: what was brushed and refined belongs to the one before, and goes with it."""
    return replace(c, photo=photo, labels=None, refinements=())


def with_style(c: Composition, style: Source, weight: float = 1.0) -> Composition:
    """One more style; the photo's label moves up.

    Raises:
        SettingError: if there are `MOST_STYLES`, or this one is there.
    """
    if any(each.source.name == style.name for each in c.styles):
        raise SettingError(f"{style.name} is among the styles; move its slider")
    if len(c.styles) >= MOST_STYLES:
        raise SettingError(f"there are {MOST_STYLES} styles; remove one first")
    labels = None if c.labels is None else np.where(c.labels == c.keep, c.keep + 1, c.labels).astype(np.uint8)
    return replace(c, styles=(*c.styles, WeightedStyle(style, weight)), labels=labels)


def without_style(c: Composition, i: int) -> Composition:
    """The i-th style, from 0, removed; where it was brushed, the mixture is painted.

    Raises:
        SettingError: if there is no such style.
    """
    _check(c, i)
    labels = c.labels
    if labels is not None:
        labels = np.where(labels == i + 1, 0, labels - (labels > i + 1)).astype(np.uint8)
    return replace(c, styles=(*c.styles[:i], *c.styles[i + 1 :]), labels=labels)


def with_weight(c: Composition, i: int, weight: float) -> Composition:
    """Another share of the i-th style, from 0.

    Raises:
        SettingError: for a share outside of [0, 1], or no such style.
    """
    _check(c, i)
    changed = replace(c.styles[i], weight=number("weight", weight, 0, 1))
    return replace(c, styles=(*c.styles[:i], changed, *c.styles[i + 1 :]))


def with_settings(c: Composition, **settings: Any) -> Composition:
    """Other strength, style_scale or colour.

    Raises:
        SettingError: for another name, or an invalid value.
    """
    if wrong := set(settings) - {"strength", "style_scale", "colour"}:
        raise SettingError(f"{', '.join(sorted(wrong))}: the studio sets strength, style_scale and colour")
    for name in set(settings) - {"colour"}:
        number(name, settings[name], 0)  # and no file, as `paint` may take for the strength
    s = PaintSettings(**settings)
    return replace(c, **{name: getattr(s, name) for name in settings})


def with_labels(c: Composition, labels: Labels) -> Composition:
    """Other brushed regions.

    Raises:
        SettingError: for a label that stands for nothing.
    """
    if labels.max(initial=0) > c.keep:
        raise SettingError(f"label {labels.max()}: the styles are 1 to {len(c.styles)}, and {c.keep} keeps the photo")
    return replace(c, labels=labels if labels.any() else None)


def refined(c: Composition, refinement: Refinement) -> Composition:
    """One more refinement, on top."""
    return replace(c, refinements=(*c.refinements, refinement))


def undone(c: Composition) -> Composition:
    """The last refinement taken back; without one, the same."""
    return replace(c, refinements=c.refinements[:-1])


def painting(c: Composition, draft: bool = False) -> tuple[Any, list[tuple[Mask, Any]]]:
    """What is painted how, and where, in the words of `paint` and `stylize`.

    Args:
        c: the composition.
        draft: whether reduced pictures will do.

    Returns:
        style and regions; None and no regions if nothing is to be painted.
    """
    mixed = [(each.source.given(draft), each.weight) for each in c.styles if each.weight > 0] or None
    if c.labels is None:
        return mixed, []
    painters = [each.source.given(draft) for each in c.styles] + [None]
    masks = [((c.labels == i).astype(np.float32), a) for i, a in enumerate(painters, 1)]
    return mixed, [(mask, a) for mask, a in masks if mask.any()]


def paints(c: Composition) -> bool:
    """Whether anything is painted: a style has a weight and somewhere to go, or is brushed."""
    mixed, regions = painting(c, draft=True)
    everywhere = c.labels is not None and bool(c.labels.all())
    return (mixed is not None and not everywhere) or any(a is not None for _, a in regions)


def painted(c: Composition, size: int, draft: bool = False) -> Result | None:
    """Paint a composition, without its refinements.

    Args:
        c: the composition.
        size: longest side of the picture, in pixels.
        draft: whether reduced pictures will do, as for a preview.

    Returns:
        The result; None if nothing is painted.

    Raises:
        NSTError: if a picture cannot be used.
    """
    if not paints(c):
        return None
    style, regions = painting(c, draft)
    return paint(
        c.photo.given(draft),
        style,
        regions=regions,
        size=size,
        strength=c.strength,
        style_scale=c.style_scale,
        colour=c.colour,
    )


def photo_at(c: Composition, size: int) -> Picture:
    """The photo at the size of the picture."""
    return resize(c.photo.picture, fit(c.photo.picture.shape[:2], size))


def composed(x: Picture, refinements: Sequence[Refinement]) -> Picture:
    """x + T (y − x) for each refinement y with its mask T, the first first.

    Args:
        x: [h, w, 3], what was painted.
        refinements: at any size.

    Returns:
        [h, w, 3].
    """
    shape = (x.shape[0], x.shape[1])
    for each in refinements:
        T, y = each.mask, each.picture
        if y.shape[:2] != shape:
            T, y = resize_mask(T, shape), resize(y, shape)
        x = x + T[..., None] * (y - x)
    return x


def _check(c: Composition, i: int) -> None:
    if not 0 <= i < len(c.styles):
        raise SettingError(f"there is no style {i + 1}; there are {len(c.styles)}")
