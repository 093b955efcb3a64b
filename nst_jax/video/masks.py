"""Where a flow can be trusted: what two frames both show, away from the borders of moving things.

The constants are those of Sundaram, Brox and Keutzer ("Dense point trajectories", 2010), as Ruder, Dosovitskiy and Brox
(arXiv 1604.08610, section 5) use them.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from scipy.ndimage import gaussian_filter

from ..errors import ShapeError
from .warping import inside, warp

Flow = Float[np.ndarray, "h w 2"]
Mask = Float[np.ndarray, "h w"]

SLACK, LEAST = 0.01, 0.5  # of the forward–backward test
EDGE_SLACK, EDGE_LEAST = 0.01, 0.002  # of the motion boundaries
SPREAD = 0.8  # pixels, of the Gaussian by which occlusions grow


def consistent(flow: Flow, back: Flow) -> Mask:
    """1 where going along `flow` and then along `back` returns to the start: |v + w|² ≤ 0.01 (|v|² + |w|²) + 0.5.

    Args:
        flow: w [h, w, 2], from this frame to another, in pixels.
        back: from the other frame to this one; v is `back` at the place where `flow` leads.

    Returns:
        [h, w]

    Source: arXiv 1604.08610, eq. 5.
    """
    if flow.shape != back.shape:
        raise ShapeError(f"the flows are {list(flow.shape)} and {list(back.shape)}; give two of one shape")
    v = np.asarray(warp(back, flow))
    off, size = ((v + flow) ** 2).sum(-1), (v**2).sum(-1) + (flow**2).sum(-1)
    return (off <= SLACK * size + LEAST).astype(np.float32)


def steady(flow: Flow) -> Mask:
    """1 where the flow is smooth, 0 at the borders of moving things: |∇u|² + |∇v|² ≤ 0.01 |w|² + 0.002.

    Args:
        flow: w = (u, v) [h, w, 2], in pixels.

    Returns:
        [h, w]

    Source: arXiv 1604.08610, eq. 6.
    """
    gradients = [np.gradient(flow[..., n], axis=axis) for n in (0, 1) for axis in (0, 1)]
    return (np.sum(np.square(gradients), axis=0) <= EDGE_SLACK * (flow**2).sum(-1) + EDGE_LEAST).astype(np.float32)


def visible(flow: Flow, back: Flow) -> Mask:
    """How much each pixel of a frame is also shown by another, from 0 to 1.

    0 where the flows contradict each other, at motion boundaries, and where the flow leaves the picture. What is not
    shown grows by about a pixel, with a soft edge.

    Args:
        flow: [h, w, 2], from this frame to the other, in pixels.
        back: [h, w, 2], from the other frame to this one.

    Returns:
        [h, w] in [0, 1]; 1 everywhere if nothing moves.
    """
    shown = consistent(flow, back) * steady(flow) * inside(flow)
    return np.clip(gaussian_filter(2 * shown - 1, SPREAD, mode="nearest"), 0, 1)


def closest_first(masks: Sequence[Mask]) -> list[Mask]:
    """c_j − Σ_{k<j} c_k, where that is positive: each pixel is taken from the closest frame that shows it.

    Args:
        masks: c_j [h, w] in [0, 1], the closest frame's first.

    Returns:
        The weights, [h, w] each; they sum to 1 at most.

    Source: arXiv 1604.08610, eq. 9.
    """
    taken, weights = np.zeros_like(masks[0]), []
    for c in masks:
        weights.append(np.maximum(c - taken, 0))
        taken = taken + c
    return weights
