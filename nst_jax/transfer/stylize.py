"""`stylize`: the method in one call."""

import inspect
from dataclasses import fields
from typing import Unpack

from ..described import listed
from .inputs import PictureLike
from .job import prepare
from .painting import Regions, StyleLike
from .result import Result
from .run import finish
from .settings import Given, Settings


def stylize(
    content: PictureLike,
    style: StyleLike = None,
    *,
    regions: Regions | None = None,
    progress: bool = False,
    **settings: Unpack[Given],
) -> Result:
    """Paint one picture in the style of another: minimise α L_content + β L_style + tv V(x) / 3hw over pictures x.

    The style picture is resized with the scale to the same longest side, but never enlarged. The same call on the same
    machine gives the same picture, byte for byte, on the CPU. Ctrl-C returns the picture so far.

    Args:
        content: a file, the name of a known picture, or an array [h, w, 3], RGB in [0, 1]; transparent parts stay
            transparent.
        style: likewise; or several in a list, each alone or with its weight: [a, (b, 0.3)].
        regions: what else is painted, and where: a list of (mask, style) or (mask, style, mask of the style), masks
            being pictures, white in the region or transparent outside it; or a picture of flat colours with a
            legend: ("map.png", {"red": a, "blue": None}). A style None keeps the photo. What no mask covers is painted
            with `style`; without one, it is kept.
        progress: show a progress bar.
        **settings: the settings below, with their defaults in brackets.

    Returns:
        The picture with its history.

    Raises:
        NSTError: if a picture, the network or a setting cannot be used.
        DivergedError: if the loss is no longer finite; the last good picture is in `error.result`.

    Departs from the paper: it starts from the content picture and works from coarse to fine, adds total variation,
    normalises over photographs of Caltech-101 instead of ImageNet, and networks that do not come with the package over
    the pair and the bundled photographs, and states α and β in the convention of the author's code. All but the
    normalisation pictures are settings.

    Example:
        >>> import nst_jax as nst
        >>> result = nst.stylize("chelsea", "vortex", size=48, steps=4)
        >>> result.image.shape
        (32, 48, 3)
        >>> float(result.losses["total"][-1]) < float(result.losses["total"][0])
        True

    Settings:
    """
    return finish(prepare(content, style, regions=regions, **settings), progress=progress)


stylize.__doc__ = (stylize.__doc__ or "").rstrip() + "\n" + listed(Settings, " " * 8) + "\n"
# What `help`, and the completion of names in a notebook, show instead of `**settings`.
stylize.__signature__ = inspect.Signature(  # pyright: ignore[reportFunctionMemberAccess]
    [each for each in inspect.signature(stylize).parameters.values() if each.kind is not each.VAR_KEYWORD]
    + [
        inspect.Parameter(each.name, inspect.Parameter.KEYWORD_ONLY, default=each.default, annotation=each.type)
        for each in fields(Settings)
    ],
    return_annotation=Result,
)
