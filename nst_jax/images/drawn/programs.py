"""The drawn pictures by name: which program draws each, at which size, and as which file."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from jaxtyping import Float
from PIL import Image

from ..picture import bytes8
from . import cutout, dabs, hatching, mosaic, vortex, woodcut

Pixels = Float[np.ndarray, "h w 3"]

OVERSAMPLING = 2  # pixels drawn for one pixel kept, along each side
LARGEST_FILE = 200_000  # bytes


@dataclass(frozen=True)
class Program:
    """A program that draws one picture.

    Attributes:
        draw: (rng, width, height) → [height, width, 3] in [0, 1].
        shape: (width, height) at the default size.
    """

    draw: Callable[[np.random.Generator, int, int], Pixels]
    shape: tuple[int, int]


PROGRAMS = {
    "vortex": Program(vortex.draw, (768, 608)),
    "dabs": Program(dabs.draw, (768, 608)),
    "woodcut": Program(woodcut.draw, (768, 576)),
    "cutout": Program(cutout.draw, (768, 608)),
    "mosaic": Program(mosaic.draw, (768, 608)),
    "hatching": Program(hatching.draw, (768, 608)),
}


def draw(name: str, size: int) -> Image.Image:
    """Draw a picture; its seed is fixed, so it is always the same.

    Args:
        name: of a program.
        size: longest side, in pixels.

    Returns:
        The picture.
    """
    program = PROGRAMS[name]
    w, h = (round(n * size / max(program.shape)) for n in program.shape)
    rng = np.random.default_rng([1998, *name.encode()])
    x = program.draw(rng, OVERSAMPLING * w, OVERSAMPLING * h)
    large = Image.fromarray(bytes8(x))
    return large.resize((w, h), Image.Resampling.LANCZOS)


def jpeg(picture: Image.Image) -> tuple[bytes, int]:
    """A picture as a JPEG file of the best quality, 90 at most, whose size stays within `LARGEST_FILE`.

    Args:
        picture: to encode.

    Returns:
        The bytes of the file, and its quality.
    """
    buffer, quality = BytesIO(), 90
    for quality in range(90, 10, -2):
        buffer = BytesIO()
        picture.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
        if buffer.tell() <= LARGEST_FILE:
            break
    return buffer.getvalue(), quality
