"""Whose colours the picture has: the style's, or the content's, kept in one of two ways (Gatys et al. 2016)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from ..images.luminance import grey, luminance, with_luminance
from ..images.masks import resize_mask
from ..images.picture import Picture
from ..images.recolouring import Matching, match_colours
from .painting import Region, StylePicture


@dataclass(frozen=True)
class Colours:
    """What is done to the pictures before a run, and to its picture after.

    Attributes:
        content: content picture [h, w, 3] → as the network sees it.
        style: (style picture, its region, content picture) → as the network sees it.
        after: (x, content picture, how much of each pixel is painted [h, w] or None) → the picture that is shown.
    """

    content: Callable[[Picture], Picture]
    style: Callable[[StylePicture, Region, Picture], Picture]
    after: Callable[[Picture, Picture, np.ndarray | None], Picture]


def colours_of(colour: str, matching: Matching) -> Colours:
    """What the setting `colour` does.

    "style": nothing. "content": before the run, each style picture takes the colours that the content picture has in
    its region, so that strokes are matched and not hues; after it, the picture takes those of the content picture.
    "luminance": the run sees luminance alone, the style's with the content's mean and spread; after it, the content's
    chrominance is put back.

    Args:
        colour: "style", "content" or "luminance".
        matching: the setting `colour_match`.

    Returns:
        What is done.
    """
    match = partial(match_colours, method=matching)

    def as_content(style: StylePicture, region: Region, p: Picture) -> Picture:
        T = None if region.mask is None else resize_mask(region.mask, p.shape[:2])
        return np.clip(match(style.picture, p, weight=style.mask, to_weight=T), 0, 1)

    def as_luminance(style: StylePicture, region: Region, p: Picture) -> Picture:
        return np.clip(match_colours(grey(style.picture), grey(p), weight=style.mask), 0, 1)

    return {
        "style": Colours(lambda p: p, lambda style, region, p: style.picture, lambda x, p, T: x),
        "content": Colours(lambda p: p, as_content, lambda x, p, T: np.clip(match(x, p, weight=T, to_weight=T), 0, 1)),
        "luminance": Colours(grey, as_luminance, lambda x, p, T: np.clip(with_luminance(p, luminance(x)), 0, 1)),
    }[colour]


def recoloured(regions: Sequence[Region], p: Picture, colours: Colours) -> tuple[Region, ...]:
    """The regions with their style pictures as the network sees them.

    Args:
        regions: of a run.
        p: [h, w, 3], its content picture.
        colours: what is done.

    Returns:
        The regions.
    """

    def seen(region: Region) -> Region:
        styles = (replace(style, picture=colours.style(style, region, p)) for style in region.styles)
        return replace(region, styles=tuple(styles))

    return tuple(map(seen, regions))
