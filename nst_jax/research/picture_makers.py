"""Every way of the package to make a picture from a photo and a painting, in one list: a line makes one more.

maker = PICTURE_MAKERS["optimiser, gram"]
nst.grid(maker.run, content="chelsea", style="vortex", size=256, **maker.settings)
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..feedforward.paint import paint
from ..history.making import make
from ..history.methods import METHODS
from ..images.picture import opaque
from ..images.recolouring import match_colours
from ..images.resizing import fit, resize
from ..transfer.inputs import PictureLike, read_picture
from ..transfer.result import Result
from ..transfer.scales import style_shape
from ..transfer.stylize import stylize
from .combinations import Maker


@dataclass(frozen=True)
class PictureMaker:
    """A way to make a picture.

    Attributes:
        name: in tables and on sheets.
        kind: such as "strokes" or "optimiser".
        year: of its publication; None for what nobody published as a method.
        run: (content=, style=, size=, **settings) → Result, as `grid` takes it.
        settings: its other keywords.
        photo: whether the photo counts, beyond its size.
        painting: whether the painting counts.
    """

    name: str
    kind: str
    year: int | None
    run: Maker
    settings: Mapping[str, Any] = field(default_factory=dict)
    photo: bool = True
    painting: bool = True


def untouched(content: PictureLike, style: PictureLike, *, size: int = 512) -> Result:
    """The photo, resized: what doing nothing is worth.

    Args:
        content: the photo, as in `make`.
        style: the painting, which does not count.
        size: longest side, in pixels.

    Returns:
        The photo.

    Raises:
        ImageError: if a picture cannot be used.
    """
    return _of_colours(content, style, size, "photo")


def recoloured(content: PictureLike, style: PictureLike, *, size: int = 512) -> Result:
    """The photo with the mean and the covariance of the painting's colours: what colours alone are worth.

    Args:
        content: the photo, as in `make`.
        style: the painting.
        size: longest side, in pixels.

    Returns:
        The photo, recoloured by `match_colours`.

    Raises:
        ImageError: if a picture cannot be used.
    """
    return _of_colours(content, style, size, "recoloured photo")


def _of_colours(content: PictureLike, style: PictureLike, size: int, name: str) -> Result:
    p, p_alpha, photo = read_picture(content, "content")
    a, a_alpha, painting = read_picture(style, "style")
    x = resize(opaque(p, p_alpha), fit(p.shape[:2], size))
    began = time.perf_counter()
    if name == "recoloured photo":
        x = np.clip(match_colours(x, resize(opaque(a, a_alpha), style_shape(a.shape[:2], size))), 0, 1)
    inputs = {"content": photo, "style": painting | {"kind": "style"}}
    settings = {"method": name, "size": size}
    return Result.computed(x.astype(np.float32), settings, inputs, time.perf_counter() - began)


PICTURE_MAKERS: dict[str, PictureMaker] = {
    each.name: each
    for each in (
        PictureMaker("photo", "baseline", None, untouched, painting=False),
        PictureMaker("recoloured photo", "baseline", None, recoloured),
        *(
            PictureMaker(
                method.name,
                method.kind,
                method.year,
                make,
                {"method": method.name},
                photo=method.kind != "texture",
                painting=method.painting != "none",
            )
            for method in sorted(METHODS.values(), key=lambda method: method.year)
        ),
        PictureMaker("optimiser, gram", "optimiser", 2015, stylize),
        PictureMaker("optimiser, wasserstein", "optimiser", None, stylize, {"statistic": "wasserstein"}),
        PictureMaker("optimiser, nearest", "optimiser", 2022, stylize, {"statistic": "nearest"}),
        PictureMaker("one pass", "one pass", 2017, paint),
        PictureMaker("one pass, strength 1", "one pass", 2017, paint, {"strength": 1.0}),
        PictureMaker("hybrid", "hybrid", None, stylize, {"init": "paint"}),
        PictureMaker("hybrid, 30 evaluations", "hybrid", None, stylize, {"init": "paint", "steps": 30, "scales": 1}),
    )
}
