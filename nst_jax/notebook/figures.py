"""Matplotlib's figures as a notebook shows them."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float
from PIL import Image
from scipy.optimize import isotonic_regression

from ..images.printing import save_figure

DASHES = ("-", "--", "-.", ":")  # of curves, one after the other, for who does not tell colours apart


@dataclass(frozen=True, eq=False)
class Drawing:
    """A figure that a notebook shows as a small PNG.

    Attributes:
        png: the bytes of a PNG of few colours.
        text: what it shows, in words.
        figure: of matplotlib, closed.
    """

    png: bytes
    text: str
    figure: Any = field(default=None, repr=False)

    def __repr__(self) -> str:
        return self.text

    def save(self, path: str | Path, *, dpi: float = 300) -> None:
        """Write it for print, atomically: lines and letters as such.

        Args:
            path: .pdf or .svg; or .png, drawn at `dpi`.
            dpi: pixels an inch of a PNG, 30 to 2400.

        Raises:
            ImageError: for another ending.
            NSTError: if the folder cannot be written.
            SettingError: for a resolution out of range.
        """
        save_figure(self.figure, path, dpi=dpi, tight=True)

    def _repr_png_(self) -> tuple[bytes, dict[str, str]]:
        return self.png, {"alt": self.text}


def drawing(figure: Any, colours: int = 64) -> Drawing:
    """A figure of matplotlib's as the last line of a cell, in a quarter of the bytes of the usual PNG.

    It is closed, so that the notebook does not show it twice.

    Args:
        figure: of matplotlib.
        colours: how many the PNG has.

    Returns:
        The drawing.
    """
    import matplotlib.pyplot as plt

    full, small = io.BytesIO(), io.BytesIO()
    for _ in range(2):  # the layout says where lines end, and labels change the layout a little
        figure.draw_without_rendering()
        for axes in figure.axes:
            _place_labels(axes)
    figure.savefig(full, format="png", bbox_inches="tight")
    plt.close(figure)
    Image.open(full).convert("RGB").quantize(colours).save(small, "PNG", optimize=True)
    return Drawing(small.getvalue(), f"figure: {'; '.join(filter(None, map(_words, figure.axes)))}", figure)


def _words(axes: Any) -> str:
    """A panel in words: its title, what is drawn against what, and the names of its lines."""
    named = [*axes.get_legend_handles_labels()[1], *(text.get_text() for text in axes.texts)]
    against = " against ".join(filter(None, (axes.get_ylabel(), axes.get_xlabel())))
    words = ": ".join(filter(None, (axes.get_title(), against, ", ".join(dict.fromkeys(filter(None, named))))))
    return " ".join(words.split())


def curves(
    runs: Mapping[str, Mapping[str, np.ndarray]],
    against: str = "evaluations",
    of: str = "total",
    axes: Any = None,
    **how: Any,
) -> Any:
    """Curves of losses on a log scale, with their labels at their ends.

    Args:
        runs: label → `Snapshot.losses` or `Result.losses`.
        against: "evaluations" or "seconds".
        of: the column to draw.
        axes: of matplotlib; a new figure unless given.
        **how: of the axes, as in `axes.set`, before the labels find their places.

    Returns:
        The axes.
    """
    import matplotlib.pyplot as plt

    axes = plt.subplots(figsize=(6, 3.4), layout="constrained")[1] if axes is None else axes
    for dash, (label, losses) in zip(cycle(DASHES), runs.items()):
        axes.plot(losses[against], losses[of], label=label, linewidth=1.4, linestyle=dash)
    axes.set(**{"xlabel": against, "ylabel": "loss" if of == "total" else f"loss, {of}", "yscale": "log"} | how)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(which="major", color="#d9d9d9", linewidth=0.5)
    label_ends(axes)
    return axes


def label_ends(axes: Any, size: float = 8, colour: str = "#333333") -> None:
    """Write the label of each line beside its right end; labels that would overlap move apart.

    `drawing` finds their places again, so that limits, titles and neighbours may still change after this call.

    Args:
        axes: of matplotlib; lines without a label are left out.
        size: of the letters, in points.
        colour: of the letters.
    """
    for line in axes.get_lines():
        points = line.get_xydata()[np.isfinite(line.get_xydata()).all(axis=1)]
        if line.get_label().startswith("_") or not len(points):
            continue
        axes.annotate(
            line.get_label(), tuple(points[-1]), (10, 0), textcoords="offset points", fontsize=size, color=colour,
            va="center", annotation_clip=False, gid=END, bbox=dict(BEHIND),
            arrowprops=LEADER | {"color": line.get_color()},
        )  # fmt: skip
    axes.autoscale_view()
    _place_labels(axes)


END = "end of a line"
BEHIND = {"facecolor": "white", "edgecolor": "none", "alpha": 0.7, "pad": 0.5}  # another line may pass behind a label
LEADER = {"arrowstyle": "-", "linewidth": 0.7, "shrinkA": 0, "shrinkB": 1, "relpos": (0, 0.5)}  # to its left end


def _place_labels(axes: Any) -> None:
    """Move the labels of `label_ends` apart, where axes and limits are as they are now."""
    labels = [text for text in axes.texts if text.get_gid() == END]
    if labels:
        box, pixel = axes.get_window_extent(), 72 / axes.figure.dpi  # points of a pixel
        y = axes.transData.transform([label.xy for label in labels])[:, 1]
        gap = 1.15 * labels[0].get_fontsize() / pixel
        for label, own, place in zip(labels, y, apart(y, gap, box.y0 + gap / 2, box.y1 - gap / 2), strict=True):
            label.xyann = (10, (place - own) * pixel)


def apart(y: Float[np.ndarray, " n"], gap: float, low: float, high: float) -> Float[np.ndarray, " n"]:
    """The nearest places to y, in the sum of squares, of which no two are closer than the gap, in the same order.

    Args:
        y: in any order.
        gap: above 0.
        low: the least place.
        high: the largest; passed only if there is no room.

    Returns:
        The places.
    """
    order = np.argsort(y, kind="stable")
    steps = gap * np.arange(len(y))
    free = isotonic_regression(y[order] - steps).x  # with z_i = place_i − i · gap, no two closer is z in order
    places = np.empty(len(y))
    places[order] = np.clip(free, low, max(low, high - steps[-1])) + steps
    return places
