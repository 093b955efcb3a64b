"""Matplotlib's figures as a notebook shows them."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import numpy as np
from PIL import Image

DASHES = ("-", "--", "-.", ":")  # of curves, one after the other, for who does not tell colours apart


@dataclass(frozen=True, eq=False)
class Drawing:
    """A figure that a notebook shows as a small PNG.

    Attributes:
        png: the bytes of a PNG of few colours.
        text: what it shows, in words.
    """

    png: bytes
    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_png_(self) -> bytes:
        return self.png


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
    figure.savefig(full, format="png", bbox_inches="tight")
    plt.close(figure)
    Image.open(full).convert("RGB").quantize(colours).save(small, "PNG", optimize=True)
    words = (axes.get_title() or axes.get_ylabel() for axes in figure.axes)
    return Drawing(small.getvalue(), f"figure: {', '.join(filter(None, words))}")


def curves(
    runs: Mapping[str, Mapping[str, np.ndarray]],
    against: str = "evaluations",
    of: str = "total",
    axes: Any = None,
) -> Any:
    """Curves of losses on a log scale, with a legend.

    Args:
        runs: label → `Snapshot.losses` or `Result.losses`.
        against: "evaluations" or "seconds".
        of: the column to draw.
        axes: of matplotlib; a new figure unless given.

    Returns:
        The axes.
    """
    import matplotlib.pyplot as plt

    axes = plt.subplots(figsize=(6, 3.4), layout="constrained")[1] if axes is None else axes
    for dash, (label, losses) in zip(cycle(DASHES), runs.items()):
        axes.plot(losses[against], losses[of], label=label, linewidth=1.4, linestyle=dash)
    axes.set(xlabel=against, ylabel="loss" if of == "total" else f"loss, {of}", yscale="log")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(which="major", color="#d9d9d9", linewidth=0.5)
    axes.legend(frameon=False, fontsize=8)
    return axes
