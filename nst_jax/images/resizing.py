"""Pictures at other sizes."""

import numpy as np
from jaxtyping import Float
from PIL import Image

from ..errors import ImageError
from .picture import Picture


def resize(x: Picture, shape: tuple[int, int]) -> Picture:
    """A picture at another size, by Lanczos.

    Args:
        x: [h, w, 3] in [0, 1].
        shape: (height, width) of the result.

    Returns:
        [height, width, 3], clipped to [0, 1]; x itself if it has that shape.

    Example:
        >>> import numpy as np, nst_jax as nst
        >>> nst.resize(np.ones((10, 20, 3), "float32"), (5, 8)).shape
        (5, 8, 3)
    """
    return x if x.shape[:2] == tuple(shape) else np.clip(resample(x, shape), 0, 1)


def resample(x: Float[np.ndarray, "h w N"], shape: tuple[int, int]) -> Float[np.ndarray, "h2 w2 N"]:
    """Any values at another size, by Lanczos: linear in x, so that differences of pictures may be resampled.

    Args:
        x: [h, w, N].
        shape: (height, width) of the result.

    Returns:
        [height, width, N], which may overshoot the range of x.
    """
    size = (int(shape[1]), int(shape[0]))
    planes = [Image.fromarray(plane).resize(size, Image.Resampling.LANCZOS) for plane in np.moveaxis(x, -1, 0)]
    return np.stack([np.asarray(plane) for plane in planes], axis=-1)


def fit(shape: tuple[int, ...], size: int) -> tuple[int, int]:
    """The shape of the same proportions whose longest side is `size`.

    Args:
        shape: (height, width).
        size: in pixels.

    Returns:
        (height, width), each at least 1.

    Raises:
        ImageError: if `size` is below 1.
    """
    if size < 1:
        raise ImageError(f"size {size}: a picture's longest side is 1 pixel or more")
    h, w = shape
    return max(1, round(h * size / max(h, w))), max(1, round(w * size / max(h, w)))


def halved(shape: tuple[int, ...], times: int) -> tuple[int, int]:
    """(height, width) after halving `times` times, rounded up.

    Args:
        shape: (height, width, …).
        times: ≥ 0.
    """
    return -(-shape[0] // 2**times), -(-shape[1] // 2**times)
