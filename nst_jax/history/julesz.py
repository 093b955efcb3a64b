"""Textures that differ, although any three of their cells together have one distribution (Julesz and others 1978)."""

from typing import Literal, get_args

import numpy as np

from ..errors import SettingError
from ..images.picture import Picture
from .chosen import check
from .samples import checked_shape

Parity = Literal["even", "odd"]


def julesz(
    shape: tuple[int, int], *, seed: int = 0, parity: Parity = "even", cell: int = 4, contrast: float = 0.8
) -> Picture:
    """A texture in which each block of 2 × 2 cells has an even, or an odd, number of white cells.

    Cell (i, j) is white if r_i + c_j + p i j is odd, with random bits r and c and p = 0 for even, 1 for odd. Averaged
    over such textures, one, two or three cells are independent and each white half of the time, whatever the parity.
    Only four cells, at the corners of a rectangle, tell: in the even texture their number of white ones is always even;
    in the odd one it is odd if both sides of the rectangle are odd.

    Args:
        shape: (h, w) in pixels.
        seed: of the bits.
        parity: "even" or "odd".
        cell: side of a cell in pixels, ≥ 1.
        contrast: white less black, from 0 to 1; the mean of both is ½.

    Returns:
        [h, w, 3] in [0, 1], grey.

    Raises:
        SettingError: for a setting out of its range.

    Source: Julesz, Gilbert and Victor, "Visual Discrimination of Textures with Identical Third-Order Statistics",
    Biological Cybernetics 31, 1978.
    """
    checked_shape(shape)
    check("cell", cell, 1)
    check("contrast", contrast, 0, 1)
    if parity not in get_args(Parity):
        raise SettingError(f"parity={parity!r}: must be one of {', '.join(get_args(Parity))}")
    rng = np.random.default_rng(seed)
    rows, columns = (-(-side // cell) for side in shape)
    i, j = np.mgrid[:rows, :columns]
    white = rng.integers(0, 2, (rows, 1)) ^ rng.integers(0, 2, columns) ^ ((parity == "odd") & i & j & 1)
    x = np.kron(0.5 + contrast * (white - 0.5), np.ones((cell, cell)))[: shape[0], : shape[1]]
    return np.repeat(x[..., None], 3, axis=-1).astype(np.float32)
