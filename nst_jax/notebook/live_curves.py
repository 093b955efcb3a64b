"""Losses and gradient norms of a run, on a log scale, against evaluations."""

import io
import threading
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib
import matplotlib.colors
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ..networks.geometry import LAYERS, PLACES
from ..optim.snapshot import TermKey
from .figures import label_ends
from .knobs import Move

POINTS = 600  # of a curve, at most
DASHES = ((0, (1, 1)), (0, (2, 1)), (0, (4, 1.5)), (0, (5, 1, 1, 1)), (0, (8, 2)))  # of the five blocks: ever longer
OTHER = (0, (4, 1, 1, 1, 1, 1))
GREY, LIGHT = "#555555", "#d9d9d9"
_DRAWING = threading.Lock()  # matplotlib's text is not thread-safe


def curves_png(
    losses: Mapping[str, np.ndarray],
    terms: Mapping[str, TermKey],
    moves: Sequence[Move] = (),
    norms: Mapping[str, Sequence[tuple[int, float]]] | None = None,
    *,
    width: int = 480,
    height: int = 400,
    density: float = 1.5,
) -> bytes:
    """A PNG of two panels: every term with the total, and the norm of the gradient.

    Args:
        losses: as in `Snapshot`; empty if there are none yet.
        terms: as in `Snapshot`.
        moves: of knobs, marked by lines.
        norms: term → (evaluations, |∇ term|), drawn in the lower panel.
        width: in CSS pixels.
        height: in CSS pixels.
        density: dots per CSS pixel.

    Returns:
        The bytes of the file.
    """
    with _DRAWING:
        figure = Figure((width / 100, height / 100), dpi=100 * density)
        FigureCanvasAgg(figure)
        upper, lower = figure.subplots(2, sharex=True, gridspec_kw={"height_ratios": (2.4, 1)})
        figure.subplots_adjust(left=0.115, right=0.71, top=0.93, bottom=0.105, hspace=0.14)
        for axes, label in ((upper, "loss"), (lower, "gradient norm")):
            _plain(axes, label)
        lower.set_xlabel("evaluations", fontsize=8, color=GREY, labelpad=2)
        if losses:
            _lines(upper, lower, losses, terms, norms or {})
            _marks(upper, lower, losses, moves)
        else:
            lower.set_xlim(0, 100)
        file = io.BytesIO()
        figure.savefig(file, format="png", pil_kwargs={"compress_level": 1})
    return file.getvalue()


def _plain(axes: Any, label: str) -> None:
    axes.set_yscale("log")
    axes.set_title(label, fontsize=8, color=GREY, loc="left", pad=4)
    axes.tick_params(labelsize=7, colors=GREY, length=2, which="both")
    axes.grid(which="major", color=LIGHT, linewidth=0.5)
    axes.minorticks_off()
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(LIGHT)


def _lines(
    upper: Any,
    lower: Any,
    losses: Mapping[str, np.ndarray],
    terms: Mapping[str, TermKey],
    norms: Mapping[str, Sequence[tuple[int, float]]],
) -> None:
    x = np.asarray(losses["evaluations"])
    some = np.unique(np.linspace(0, len(x) - 1, min(POINTS, len(x))).round().astype(int))
    names = [name for name in losses if name in terms]
    for name in names:
        upper.plot(x[some], _positive(losses[name][some]), label=name, **look(terms[name], 1.1))
    upper.plot(x[some], _positive(losses["total"][some]), color="black", linewidth=1.6, label="total")
    lower.plot(x[some], _positive(losses["gradient_norm"][some]), color="black", linewidth=1.1)
    for name, points in norms.items():
        at, norm = np.transpose(points)
        lower.plot(at, _positive(norm), marker=".", markersize=2.5, **look(terms[name], 1.0))
    upper.set_xlim(0, max(10, x[-1]))
    label_ends(upper, 7, GREY)


def _marks(upper: Any, lower: Any, losses: Mapping[str, np.ndarray], moves: Sequence[Move]) -> None:
    """A dashed line where a scale begins, a dotted one where a knob was turned; both labelled at the top."""
    x, size = np.asarray(losses["evaluations"]), np.asarray(losses["scale"])
    begins = [0, *(np.flatnonzero(np.diff(size)) + 1)]
    places = [(x[i] - 1 if i else 0, f"{size[i]} px", "--") for i in begins] if len(begins) > 1 else []
    places += [(move.evaluations, f"{move.label} {move.value:.2g}", ":") for move in bursts(moves, x[-1] / 25)]
    for at, text, style in places:
        for axes in (upper, lower):
            axes.axvline(at, color=GREY, linewidth=0.8, linestyle=style)
        if style == ":":
            upper.text(
                at, 0.02, f" {text}", transform=upper.get_xaxis_transform(), fontsize=6.5, color=GREY, rotation=90,
                ha="right" if at > x[-1] / 20 else "left", va="bottom",
            )  # fmt: skip
        else:
            upper.text(at, 0.98, f" {text}", transform=upper.get_xaxis_transform(), fontsize=6.5, color=GREY, va="top")


def bursts(moves: Sequence[Move], gap: float) -> list[Move]:
    """One move for each drag of a knob: the last of those that follow each other within `gap` evaluations."""
    last: dict[str, int] = {}
    kept: list[Move] = []
    for move in moves:
        i = last.get(move.knob)
        if i is not None and move.evaluations - kept[i].evaluations <= gap:
            kept[i] = move
        else:
            last[move.knob] = len(kept)
            kept.append(move)
    return kept


def colour(term: TermKey) -> str:
    """A term's colour: blue for content, yellow to red with depth for style, green for tv, purple for others."""
    depth = LAYERS.index(term.layer) / (len(LAYERS) - 1) if term.layer in LAYERS else 0.5
    maps = {"style": ("YlOrRd", 0.3, 1.0), "content": ("Blues", 0.5, 0.9), "tv": ("Greens", 0.6, 0.6)}
    scale, low, high = maps.get(term.kind, ("Purples", 0.5, 0.9))
    return matplotlib.colors.to_hex(matplotlib.colormaps[scale](low + (high - low) * depth))


def look(term: TermKey, width: float) -> dict[str, Any]:
    """How a term's curve is drawn: in its colour, and, for who does not tell colours apart, in dashes by its block."""
    of_block = DASHES[PLACES[term.layer].block - 1] if term.layer in PLACES else OTHER
    dash = {"style": of_block, "content": "solid"}.get(term.kind, OTHER)
    return {"color": colour(term), "linewidth": width, "linestyle": dash}


def _positive(y: Any) -> np.ndarray:
    return np.where(np.isfinite(y) & (np.asarray(y) > 0), y, np.nan)
