"""How much a clip flickers: the warping error of Lai et al., "Learning blind video temporal consistency" (ECCV 2018).

It follows what two frames both show from one to the other, and compares the pictures there. The error of the photos
themselves is the floor: light changes, noise, and what the flow misses. That of frames painted one by one is the
ceiling.
"""

from collections.abc import Callable, Sequence

import numpy as np

from ..images.picture import Picture
from ..optim.snapshot import Arrays
from .masks import Flow, Mask, visible
from .warping import warp

SPANS = (1, 5)  # frames apart: the short term and the long term


def warping_error(x: Picture, y: Picture, flow: Flow, c: Mask) -> float:
    """Σ c (x(p) − y(p + flow(p)))² / 3 Σ c.

    Args:
        x: [h, w, 3] in [0, 1], one picture.
        y: [h, w, 3] in [0, 1], a later one.
        flow: [h, w, 2], from the first frame to the later, in pixels.
        c: [h, w] ≥ 0, the weight of each pixel: 0 where the later frame does not show the place.

    Returns:
        The error; NaN if nothing is shown by both.
    """
    squared = ((x - np.asarray(warp(y, flow))) ** 2).mean(-1)
    total = float(c.sum())
    return float((c * squared).sum() / total) if total > 0 else float("nan")


def flicker(
    frames: Sequence[Picture],
    pictures: Sequence[Picture],
    flow: Callable[[int, int], Flow],
    spans: Sequence[int] = SPANS,
) -> Arrays:
    """The warping errors of a clip, and of its photos, pair by pair.

    Args:
        frames: the photos, [h, w, 3] each; they are read when needed.
        pictures: what was painted, likewise.
        flow: (i, j) → [h, w, 2], from frame i to frame j, in pixels.
        spans: how many frames lie between the two of a pair, and one more.

    Returns:
        Columns: "frame", the first of a pair, counted from 1; "span"; "painted" and "photo", the warping errors, in
        squares of a range of [0, 1]; "shown", the part of the picture that both frames show.
    """
    rows = []
    for span in spans:
        for t in range(len(frames) - span):
            forward = flow(t, t + span)
            c = visible(forward, flow(t + span, t))
            errors = [warping_error(each[t], each[t + span], forward, c) for each in (pictures, frames)]
            rows.append((t + 1, span, *errors, float(c.mean())))
    columns = zip(*rows, strict=True) if rows else [()] * 5
    names = ("frame", "span", "painted", "photo", "shown")
    return {name: np.asarray(column) for name, column in zip(names, columns, strict=True)}


def summary(table: Arrays) -> dict[int, dict[str, float]]:
    """The means of a table: span → "painted", "photo", and their "ratio", the picture's flicker over its floor.

    Args:
        table: from `flicker`.

    Returns:
        One entry a span.
    """
    found = {}
    for span in dict.fromkeys(table["span"].tolist()):
        here = table["span"] == span
        painted, photo = (float(np.nanmean(table[name][here])) for name in ("painted", "photo"))
        found[int(span)] = {"painted": painted, "photo": photo, "ratio": painted / photo if photo else float("inf")}
    return found
