"""What doing nothing to a photo is worth, and what giving it the painting's colours is worth."""

import time
from collections.abc import Callable

import numpy as np

from ..images.picture import Picture, opaque
from ..images.recolouring import match_colours
from ..images.resizing import fit, resize
from ..transfer.inputs import PictureLike, read_picture
from ..transfer.result import Result
from ..transfer.scales import style_shape


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
    return _made("photo", lambda x, a: x, content, style, size)


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
    return _made("recoloured photo", lambda x, a: np.clip(match_colours(x, a), 0, 1), content, style, size)


def _made(
    name: str, change: Callable[[Picture, Picture], Picture], content: PictureLike, style: PictureLike, size: int
) -> Result:
    p, p_alpha, photo = read_picture(content, "content")
    a, a_alpha, painting = read_picture(style, "style")
    x = resize(opaque(p, p_alpha), fit(p.shape[:2], size))
    a = resize(opaque(a, a_alpha), style_shape(a.shape[:2], size))
    began = time.perf_counter()
    x = change(x, a)
    inputs = {"content": photo, "style": painting | {"kind": "style"}}
    settings = {"method": name, "size": size}
    return Result.computed(x.astype(np.float32), settings, inputs, time.perf_counter() - began)
