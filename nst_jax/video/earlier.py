"""What earlier pictures of a clip say of a frame: moved along with what they show, and how far they can be trusted."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from scipy.ndimage import gaussian_filter

from ..images.picture import Picture
from .masks import Flow, Mask, closest_first, visible
from .warping import warp

NEARBY = 14  # parts of the longest side: how far colours are taken from, for places that are shown for the first time
LEAST = 1e-3  # of what is seen nearby: with less, a place takes the mean change of the whole picture


class Earlier(NamedTuple):
    """What earlier pictures say of a frame.

    Attributes:
        y: [h, w, 3], the earlier pictures, moved along; the frame itself where none shows the place.
        c: [h, w] in [0, 1], how far y can be trusted.
    """

    y: Picture
    c: Mask


def earlier_of(
    t: int,
    others: Sequence[int],
    frame: Picture,
    picture: Callable[[int], Picture],
    flow: Callable[[int, int], Flow],
) -> Earlier | None:
    """What the pictures of other frames say of frame t.

    With weights w_j, the closest frame's first, Σ_j w_j (x − y_j)² = c (x − y)² + a constant, where c = Σ_j w_j and
    y = Σ_j w_j y_j / c: the long-term loss is one term, however many frames it looks at.

    Args:
        t: the frame.
        others: frames that are painted already, the closest first.
        frame: [h, w, 3], frame t.
        picture: number of a frame → [h, w, 3], as it was painted.
        flow: (i, j) → [h, w, 2], from frame i to frame j.

    Returns:
        y and c; None if there are no others.

    Source: arXiv 1604.08610, eq. 8 and 9.
    """
    if not others:
        return None
    flows = [flow(t, j) for j in others]
    weights = closest_first([visible(w, flow(j, t)) for j, w in zip(others, flows, strict=True)])
    moved = [np.asarray(warp(picture(j), w)) for j, w in zip(others, flows, strict=True)]
    return merged(moved, weights, frame)


def merged(pictures: Sequence[Picture], weights: Sequence[Mask], otherwise: Picture) -> Earlier:
    """Σ_j w_j y_j / Σ_j w_j, and Σ_j w_j.

    Args:
        pictures: y_j [h, w, 3].
        weights: w_j [h, w] ≥ 0.
        otherwise: [h, w, 3], where all weights are 0.

    Returns:
        Both.
    """
    c = np.sum(weights, axis=0)
    total = np.sum([w[..., None] * y for w, y in zip(weights, pictures, strict=True)], axis=0)
    y = np.where(c[..., None] > 0, total / np.where(c > 0, c, 1)[..., None], otherwise)
    return Earlier(y.astype(np.float32), c.astype(np.float32))


def start_of(earlier: Earlier, content: Picture, own: Picture | None = None) -> Picture:
    """Where a frame starts: c y + (1 − c) (p + Δ); in a later pass, (x + c y) / (1 + c).

    Δ is the mean of the change y − p over what is seen nearby, or in the whole picture if nothing is, so that a place
    shown for the first time begins in the colours of its surroundings, and not in those of the photo.

    Args:
        earlier: y and c.
        content: p [h, w, 3], the frame as the network sees it.
        own: x [h, w, 3], its picture in the pass before; None in the first pass.

    Returns:
        [h, w, 3] in [0, 1].
    """
    c = earlier.c[..., None]
    if own is not None:
        return (own + c * earlier.y) / (1 + c)
    everywhere = (c * (earlier.y - content)).sum((0, 1)) / max(float(c.sum()), 1.0)
    change, seen = (_nearby(each) for each in (c * (earlier.y - content), c))
    change += np.maximum(LEAST - seen, 0) * everywhere
    fresh = content + change / np.maximum(seen, LEAST)
    return np.clip(c * earlier.y + (1 - c) * fresh, 0, 1).astype(np.float32)


def new_part(c: Mask) -> float:
    """The part of a frame that lies in new surroundings: places of which less than half of what is nearby was seen.

    Thin strips at borders and behind things that move do not count: they grow out of what is beside them.

    Args:
        c: [h, w] in [0, 1], of `Earlier`.

    Returns:
        From 0 to 1.
    """
    return float((_nearby(c[..., None]) < 0.5).mean())


def _nearby(x: np.ndarray) -> np.ndarray:
    """Means over the surroundings, [h, w, N]."""
    sigma = max(x.shape[:2]) / NEARBY
    return gaussian_filter(x, (sigma, sigma, 0))
