"""Figures for print: labels as text, pictures with all their pixels. PDF, SVG, or PNG with a chosen resolution."""

import io
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from ..described import number
from ..errors import ImageError, NSTError, SettingError
from ..files import atomic_write
from .picture import bytes8
from .strips import Strip

FORMATS = (".pdf", ".svg", ".png")
INCH = 25.4  # mm
POINTS = 72  # an inch
LETTERS, SMALLEST = 8.0, 5.0  # points
GAP = 4.0  # points between panels
INK = "#202020"


def save_strips(strips: Sequence[Strip], path: str | Path, *, dpi: float = 300, width: float = 170) -> None:
    """Write rows of pictures with their labels, atomically.

    Args:
        strips: one above the other.
        path: .pdf or .svg, whose labels are text and whose pictures keep every pixel; or .png.
        dpi: pixels an inch of a PNG, 30 to 2400.
        width: of the figure in mm, 20 to 2000; 170 is the text of an A4 page.

    Raises:
        ImageError: for another ending.
        NSTError: if matplotlib is not installed, or the folder cannot be written.
        SettingError: for a width or resolution out of range, or a width that labels and gaps fill.
    """
    check_print(path, dpi)
    wide = number("width", width, 20, 2000) / INCH * POINTS
    letters = min(_Laid(strip, wide, LETTERS).letters for strip in strips)
    laid = [_Laid(strip, wide, letters) for strip in strips]
    if min(each.panel for each in laid) <= 0:
        raise SettingError(f"width={width:g}: labels and gaps leave no room for pictures; give more, or shorter labels")
    high = sum(each.height for each in laid)
    figure = _matplotlib().figure.Figure(figsize=(wide / POINTS, high / POINTS))
    top = high
    for each in laid:
        each.draw(figure, top, wide, high, vector=Path(path).suffix.lower() != ".png")
        top -= each.height
    save_figure(figure, path, dpi=dpi)


def save_figure(figure: Any, path: str | Path, *, dpi: float = 300, tight: bool = False) -> None:
    """Write a figure of matplotlib's, atomically; the same figure gives the same bytes.

    Args:
        figure: of matplotlib.
        path: .pdf, .svg or .png.
        dpi: pixels an inch of a PNG, 30 to 2400.
        tight: whether the margins are cut off.

    Raises:
        ImageError: for another ending.
        NSTError: if the folder cannot be written.
        SettingError: for a resolution out of range.
    """
    ending = check_print(path, dpi)
    undated: dict[str, Any] = {".pdf": {"CreationDate": None}, ".svg": {"Date": None}}.get(ending, {})
    written = io.BytesIO()
    text = {"pdf.fonttype": 42, "svg.fonttype": "none", "svg.hashsalt": "nst_jax"}
    with _matplotlib().rc_context(text), _quiet("fontTools"):  # which finds matplotlib's fonts of formulas too old
        box = "tight" if tight else None
        figure.savefig(written, format=ending[1:], dpi=dpi, metadata=undated, bbox_inches=box, facecolor="white")
    with atomic_write(path) as file:
        file.write(written.getbuffer())


def check_print(path: str | Path, dpi: float = 300) -> str:
    """The ending of a figure's file.

    Raises:
        ImageError: for one that is none of .pdf, .svg and .png.
        NSTError: if matplotlib is not installed.
        SettingError: for a resolution out of range.
    """
    number("dpi", dpi, 30, 2400)
    ending = Path(path).suffix.lower()
    if ending not in FORMATS:
        raise ImageError(f"{path}: its ending names no format for print; use {', '.join(FORMATS)}")
    _matplotlib()
    return ending


class _Laid:
    """Where the parts of a strip are, in points."""

    def __init__(self, strip: Strip, wide: float, letters: float):
        self.strip = strip
        self.across = max(map(len, strip.panels))
        self.letters = letters  # or smaller, so that no label is wider than its panel
        for _ in range(2):  # a smaller letter leaves more room for panels
            self.left = max((_extent(label, self.letters)[0] for label in strip.rows), default=-GAP) + GAP
            self.panel = (wide - self.left - GAP * (self.across - 1)) / self.across
            widest = max((_extent(label, LETTERS)[0] for label in strip.columns), default=0)
            self.letters = float(np.clip(LETTERS * self.panel / max(widest, 1e-6), SMALLEST, letters))
        self.top = max((_extent(label, self.letters)[1] for label in strip.columns), default=-GAP / 2) + GAP / 2
        pictures = [[x for x in row if isinstance(x, np.ndarray)] for row in strip.panels]
        self.heights = [
            max((self.panel * len(x) / x.shape[1] for x in row), default=self.panel / 2) for row in pictures
        ]
        self.height = self.top + sum(self.heights) + GAP * len(self.heights)

    def draw(self, figure: Any, top: float, wide: float, high: float, *, vector: bool) -> None:
        strip, how = self.strip, {"fontsize": self.letters, "color": INK}
        for j, label in enumerate(strip.columns):
            middle = (self.left + j * (self.panel + GAP) + self.panel / 2) / wide
            figure.text(middle, (top - self.top + GAP / 2) / high, label, ha="center", va="bottom", **how)
        y = top - self.top
        for i, (row, height) in enumerate(zip(strip.panels, self.heights, strict=True)):
            if i < len(strip.rows):
                figure.text(0, (y - height / 2) / high, strip.rows[i], ha="left", va="center", **how)
            for j, x in enumerate(row):
                if x is None:
                    continue
                left = self.left + j * (self.panel + GAP)
                tall = self.panel * len(x) / x.shape[1] if isinstance(x, np.ndarray) else height
                axes = figure.add_axes((left / wide, (y - tall) / high, self.panel / wide, tall / high))
                axes.set(xticks=(), yticks=())
                axes.spines[:].set_visible(False)
                if isinstance(x, np.ndarray):
                    kept = vector or x.shape[1] <= strip.coarse
                    axes.imshow(bytes8(x), aspect="auto", interpolation="none" if kept else "antialiased")
                else:
                    axes.spines[:].set(visible=True, color="#c8c8c8")
                    axes.text(0.5, 0.5, x, ha="center", va="center", wrap=True, fontsize=6, color="#787878")
            y -= height + GAP


def _extent(label: str, letters: float) -> tuple[float, float]:
    """(width, height) of a label of one line or several, in points."""
    path = _matplotlib().textpath.TextPath
    lines = label.split("\n")
    wide = max(path((0, 0), line, size=letters).get_extents().width if line.strip() else 0 for line in lines)
    return float(wide), 1.2 * letters * len(lines)


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    """Let a library's warnings pass unsaid."""
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def _matplotlib() -> Any:
    try:
        import matplotlib
        import matplotlib.figure
        import matplotlib.textpath
    except ImportError:
        raise NSTError('figures for print need matplotlib; run pip install "nst_jax[research]"') from None
    return matplotlib
