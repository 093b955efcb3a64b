"""A wall of bricks: a texture whose period is known."""

import numpy as np

from ..images.picture import Picture


def bricks(size: int) -> Picture:
    """A wall of bricks of 8 × 16 pixels in two shades of red, with joints of 2 pixels: its period is 16 × 32.

    Args:
        size: side in pixels.

    Returns:
        [size, size, 3] in [0, 1].
    """
    y, x = np.mgrid[:size, :size]
    row = y // 8 % 2
    shifted = x + 8 * row
    joint = (y % 8 < 2) | (shifted % 16 < 2)
    shade = np.where(shifted // 16 % 2, 0.55, 0.4)[..., None] * (1, 0.5, 0.4)
    return np.where(joint[..., None], 0.8, shade).astype(np.float32)
