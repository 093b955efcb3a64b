"""A style picture with the fine strokes of one picture and the layout of another (Gatys et al. 2017, section 6)."""

from typing import Unpack

from .inputs import PictureLike
from .result import Result
from .settings import Given
from .stylize import stylize

FINE = ("conv1_1", "conv2_1")  # what is seen there spans at most ten pixels


def mix_styles(fine: PictureLike, coarse: PictureLike, **settings: Unpack[Given]) -> Result:
    """Paint the picture `coarse` with the fine strokes of `fine`: a style picture for `stylize`.

    It starts from `coarse`, and minimises the style loss of `fine` at the shallow layers alone, which see no more than
    ten pixels: strokes are replaced, and what they make up stays. The colours are those of `coarse`.

    Args:
        fine: a picture whose strokes are taken.
        coarse: a picture whose layout is taken.
        **settings: as in `stylize`; unless given, style_layers=FINE, colour="content", one scale of 150 evaluations,
            and no content.

    Returns:
        The picture with its history; its `image` is a style picture.

    Raises:
        NSTError: as `stylize`.

    Source: "Controlling Perceptual Factors in Neural Style Transfer", arXiv 1611.07865.
    """
    own: Given = {"style_layers": FINE, "alpha": 0.0, "colour": "content", "scales": 1, "steps": 150}
    return stylize(coarse, fine, **{**own, **settings})
