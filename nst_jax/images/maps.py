"""Arrays that are not pictures, made visible: maps in colours, arrays of any range."""

import numpy as np
from jaxtyping import Float

from .picture import Picture

AT_NOISE = (0.5, 99.5)  # percentiles that stay within [0, 1] when a picture is stretched


def coloured(values: Float[np.ndarray, "h w"], limit: float | None = None, colours: str = "magma") -> Picture:
    """A map in colours, such as one channel or a Gram matrix; 0 is the darkest.

    Args:
        values: [h, w], ≥ 0.
        limit: what is brightest, and everything above; None for the maximum.
        colours: name of one of matplotlib's colour maps.

    Returns:
        [h, w, 3] in [0, 1].
    """
    import matplotlib

    values = np.asarray(values, np.float32)
    brightest = float(values.max() if limit is None else limit)
    return matplotlib.colormaps[colours](values / max(brightest, 1e-12))[..., :3].astype(np.float32)


def stretched(x: Float[np.ndarray, "h w 3"]) -> Picture:
    """An array of any range, shifted and scaled into [0, 1]: a gradient, or a difference of pictures.

    Args:
        x: [h, w, 3]; one value in a hundred may be clipped.

    Returns:
        [h, w, 3] in [0, 1].
    """
    low, high = np.percentile(x, AT_NOISE)
    return np.clip((np.asarray(x, np.float32) - low) / max(high - low, 1e-12), 0, 1)
