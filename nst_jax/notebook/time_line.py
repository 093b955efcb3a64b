"""The time line: from textures that people cannot tell apart to style transfer by networks, drawn from its table."""

from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.lines import Line2D

from ..bundle import DATA
from .figures import Drawing, drawing

TABLE = DATA / "history" / "time-line.csv"
COLOURS = {
    "texture": "#1f6fb4",
    "strokes": "#2a8f4d",
    "patches": "#b8860b",
    "filter": "#8e44ad",
    "optimiser": "#c8102e",
    "one pass": "#ff7f0e",
    "video": "#555555",
}


def works() -> pd.DataFrame:
    """The cited works, the oldest first: year, authors, title, kind, source, and what of them is here ("" for nothing).

    Returns:
        A row for each.
    """
    return pd.read_csv(TABLE, keep_default_na=False).sort_values("year", kind="stable", ignore_index=True)


def time_line(found: pd.DataFrame | None = None) -> Drawing:
    """The works, a line each, with a dot at its year in the colour of its kind: filled if this package has the method.

    Args:
        found: a table of `works`; all of them unless given.

    Returns:
        The figure.
    """
    rows: Any = works() if found is None else found
    kinds = [kind for kind in COLOURS if (rows["kind"] == kind).any()]
    figure, axes = plt.subplots(figsize=(9.4, 0.31 * len(rows) + 0.7), layout="constrained")
    for y, each in enumerate(rows.itertuples(index=False)):
        colour = COLOURS[each.kind]
        axes.plot([each.year, 2025.5], [y, y], color="0.92", linewidth=0.8, zorder=0)
        axes.plot(each.year, y, "o", color=colour, markerfacecolor=colour if each.here else "white", markersize=6.5)
        here = f"  [{each.here}]" if each.here else ""
        text = f"{each.year}  {each.authors}: {each.title}"
        axes.text(2026, y, (text if len(text) < 92 else text[:91] + "…") + here, fontsize=6.3, va="center")
    axes.set(xlim=(1960, 2026), ylim=(len(rows) - 0.3, -0.7), yticks=[], xticks=range(1960, 2030, 10))
    axes.spines[["top", "right", "left"]].set_visible(False)
    handles = [Line2D([], [], marker="o", linestyle="", color=COLOURS[kind], label=kind) for kind in kinds]
    axes.legend(handles=handles, fontsize=7, frameon=False, loc="lower left")
    return drawing(figure, colours=256)
