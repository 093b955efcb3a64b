"""Texture synthesis as methods: a texture of the painting, of the photo's size; of the photo nothing else counts."""

from collections.abc import Callable
from functools import wraps

import numpy as np

from ..images.picture import Picture
from .ashikhmin import ashikhmin
from .efros_leung import efros_leung
from .heeger_bergen import heeger_bergen
from .julesz import julesz
from .method import Method
from .portilla_simoncelli import portilla_simoncelli
from .quilting import quilt
from .samples import check


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
    sample: int = 64,
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

TEXTURES = (
    Method("julesz", julesz_of_the_photos_size, 1978, "Julesz, Gilbert and Victor, Identical Third-Order Statistics",
           "random cells, an even or odd number of them white in each block: only four together tell", "none"),
    Method("heeger-bergen", heeger_bergen_texture, 1995, "Heeger and Bergen, Pyramid-Based Texture Analysis/Synthesis",
           "noise with the histograms of the painting and of each band of its pyramid", "needed"),
    Method("efros-leung", efros_leung_texture, 1999, "Efros and Leung, Texture Synthesis by Non-parametric Sampling",
           "pixel by pixel outwards, each drawn from where the painting looks alike", "needed"),
    Method("portilla-simoncelli", portilla_simoncelli_texture, 2000,
           "Portilla and Simoncelli, A Parametric Texture Model",
           "noise with the painting's correlations of wavelets across places, orientations and scales", "needed"),
    Method("ashikhmin", ashikhmin_texture, 2001, "Ashikhmin, Synthesizing Natural Textures",
           "each pixel continues the piece of the painting that one of its neighbours is from", "needed"),
    Method("quilting-texture", quilting_texture, 2001, "Efros and Freeman, Image Quilting",
           "blocks of the painting that overlap, joined along the cheapest cut", "needed"),
)  # fmt: skip
