"""Texture synthesis as methods: a texture of the painting, of the photo's size; of the photo nothing else counts."""

from collections.abc import Callable
from functools import wraps

import numpy as np

from ..images.picture import Picture
from .ashikhmin import ashikhmin
from .chosen import check
from .efros_leung import efros_leung
from .heeger_bergen import heeger_bergen
from .julesz import julesz
from .portilla_simoncelli import portilla_simoncelli
from .quilting import quilt


def of_the_photos_size(texture: Callable[..., Picture]) -> Callable[..., Picture]:
    """A texture f(a, shape, *, seed, …) as make(p, a, *, seed, …), with the same keywords and the same text."""

    @wraps(texture)
    def make(p: Picture, a: Picture, **keywords) -> Picture:
        return texture(a, p.shape[:2], **keywords)

    return make


def grown(
    a: Picture,
    shape: tuple[int, int],
    *,
    seed: int = 0,
    sample: int = 128,
    window: int = 11,
    tolerance: float = 0.1,
    most: float = 0.3,
) -> Picture:
    """Efros and Leung's texture of the middle of a painting: `efros_leung`, whose time grows as the sample's pixels.

    Args:
        a: [H, W, 3] in [0, 1], the painting.
        shape: (h, w) of the texture, in pixels.
        seed: of the draws.
        sample: side of the square in the middle that is the sample, in pixels; cut to the painting.
        window: side of the window in pixels, odd, ≥ 3; as large as the texture's elements.
        tolerance: of distances of windows, above the least, ≥ 0.
        most: distance up to which a pixel is filled, > 0.

    Returns:
        [h, w, 3] in [0, 1].

    Raises:
        ImageError: if the sample is smaller than the window.
        SettingError: for a setting out of its range.
    """
    check("sample", sample, 3)
    top, left = (max(0, (side - sample) // 2) for side in a.shape[:2])
    middle = np.ascontiguousarray(a[top : top + sample, left : left + sample])
    return efros_leung(middle, shape, seed=seed, window=window, tolerance=tolerance, most=most)


@wraps(julesz)
def julesz_of_the_photos_size(p: Picture, a: Picture | None = None, **keywords) -> Picture:
    """`julesz` as make(p, a, *, seed, …)."""
    return julesz(p.shape[:2], **keywords)


heeger_bergen_texture = of_the_photos_size(heeger_bergen)
portilla_simoncelli_texture = of_the_photos_size(portilla_simoncelli)
efros_leung_texture = of_the_photos_size(grown)
ashikhmin_texture = of_the_photos_size(ashikhmin)
quilting_texture = of_the_photos_size(quilt)
