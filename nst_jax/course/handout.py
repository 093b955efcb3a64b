"""The method on one page of A4, as a PDF to print and hand out: its pipeline, its losses, its letters, and α/β."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..images.picture import Picture, bytes8
from ..images.printing import INCH, check_print, save_figure
from ..images.reading import load_image
from ..networks.geometry import CONTENT_LAYERS, STYLE_LAYERS, block
from ..transfer.stylize import stylize

WIDE, HIGH, MARGIN = 210.0, 297.0, 14.0  # mm
CONTENT, STYLE = "chelsea", "vortex"
RATIOS = {"1": 1.0, "0.1": 10.0, "0.02": 50.0, "0.001": 1000.0}  # α/β as written → β, with α = 1
BLUE, RED, INK, GREY = "#1f5fa8", "#c2410c", "#202020", "#6b7280"
LOSSES = (
    ("content", BLUE, r"$\mathcal{L}_{\mathrm{content}} = \frac{1}{2}\,\sum_{i,j}\,(F^l_{ij} - P^l_{ij})^2$", "eq. 1",
     "Same filter, same place: what is where. One deep layer, conv4_2."),
    ("style", RED, r"$E_l = \frac{1}{4 N_l^2 M_l^2}\,\sum_{i,j}\,(G^l_{ij} - A^l_{ij})^2,\quad "
     r"G^l_{ij} = \sum_k\,F^l_{ik} F^l_{jk},\quad \mathcal{L}_{\mathrm{style}} = \sum_l\,w_l E_l$", "eq. 3 to 5",
     "Which filters respond together, summed over all positions k: where is forgotten. Five layers."),
    ("total variation", GREY, r"$V = \sum_{i,j}\,(x_{i+1,j} - x_{i,j})^2 + (x_{i,j+1} - x_{i,j})^2$",
     "not in the paper", "Neighbouring pixels alike: less noise. Of the picture itself, not of features."),
    ("total", INK, r"$\mathcal{L}_{\mathrm{total}} = \alpha\,\mathcal{L}_{\mathrm{content}} + "
     r"\beta\,\mathcal{L}_{\mathrm{style}}\;(+\; t\,V)$", "eq. 7",
     "One number, made small by changing the pixels of x. The network stays as it is."),
)  # fmt: skip
STEPS = (
    "Read photo p and painting a as arrays in [0, 1].",
    "Once: P at conv4_2 from p, and A at five layers from a.",
    "Start x as a copy of p (or as noise).",
    "Features F of x; from them G; from these the loss.",
    "Its gradient for every pixel, back through the network.",
    "Change x against it; repeat 4 to 6 a few hundred times.",
)
LETTERS = (
    (r"$p,\ a,\ x$", "photo, painting, generated picture"),
    (r"$l$", "a layer: conv1_1, …, conv5_1"),
    (r"$N_l,\ M_l$", "filters of l; positions (height × width)"),
    (r"$F^l,\ P^l$", r"features of x, of p: $N_l \times M_l$, never negative"),
    (r"$G^l,\ A^l$", r"Gram matrices of x, of a: $N_l \times N_l$"),
    (r"$w_l$", "share of layer l in the style, 1/5 each"),
    (r"$\alpha,\ \beta$", "weights of content and style"),
)


def pictures(size: int = 192, steps: int | None = None) -> dict[str, Picture]:
    """Photo, painting, and a result for each α/β of the handout.

    Args:
        size: longest side in pixels.
        steps: evaluations at each scale; the default of `stylize` unless given.

    Returns:
        "p", "a" and each α/β as written → picture.
    """
    made = {name: stylize(CONTENT, STYLE, size=size, steps=steps, beta=beta).image for name, beta in RATIOS.items()}
    return {"p": load_image(CONTENT, 320), "a": load_image(STYLE, 320), **made}


def write_handout(path: str | Path, shown: Mapping[str, Picture] | None = None) -> None:
    """Write the handout, one page of A4.

    Args:
        path: .pdf; or .svg or .png.
        shown: what `pictures` returns; made unless given, four runs of some seconds.

    Raises:
        ImageError: for another ending.
        NSTError: if matplotlib is not installed, or the folder cannot be written.
    """
    check_print(path)
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    shown = pictures() if shown is None else shown
    with rc_context({"mathtext.fontset": "cm"}):
        figure = Figure(figsize=(WIDE / INCH, HIGH / INCH))
        page = figure.add_axes((0, 0, 1, 1))
        page.set(xlim=(0, WIDE), ylim=(HIGH, 0))
        page.axis("off")
        _head(page)
        _pipeline(page, shown, top=35)
        _losses(page, top=111)
        _steps_and_letters(page, top=184)
        _trade(page, shown, top=236)
        save_figure(figure, path)


def _say(page: Any, x: float, y: float, text: str, size: float = 8.5, **how: Any) -> None:
    page.text(x, y, text, fontsize=size, **{"color": INK, "ha": "left", "va": "top", "linespacing": 1.35} | how)


def _heading(page: Any, y: float, text: str, x: float = MARGIN, right: float = WIDE - MARGIN) -> None:
    _say(page, x, y + 3.6, text, 10.5, weight="bold", va="baseline")
    page.plot([x, right], [y + 5.4, y + 5.4], color="#c9ced6", linewidth=0.7)


def _picture(page: Any, x: Picture, left: float, top: float, wide: float) -> float:
    """Draw a picture at a width in mm; returns its height."""
    high = wide * len(x) / x.shape[1]
    page.imshow(bytes8(x), extent=(left, left + wide, top + high, top), aspect="auto", interpolation="none", zorder=2)
    page.set(xlim=(0, WIDE), ylim=(HIGH, 0))
    return high


def _arrow(page: Any, start: tuple[float, float], end: tuple[float, float], colour: str, bend: float = 0) -> None:
    how = {"arrowstyle": "-|>", "color": colour, "linewidth": 1.1, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 9}
    page.annotate("", end, start, arrowprops={**how, "connectionstyle": f"arc3,rad={bend}"}, zorder=3)


def _head(page: Any) -> None:
    _say(page, MARGIN, 12, "Neural style transfer on one page", 19, weight="bold")
    _say(
        page, MARGIN, 22,
        "Gatys, Ecker and Bethge: A Neural Algorithm of Artistic Style, arXiv 1508.06576 (2015), and Image Style\n"
        "Transfer Using Convolutional Neural Networks, CVPR 2016. The network: VGG-19, "
        "Simonyan and Zisserman, arXiv 1409.1556.",
        7.8, color=GREY,
    )  # fmt: skip


def _pipeline(page: Any, shown: Mapping[str, Picture], top: float) -> None:
    _heading(page, top, "What is computed")
    names = {"a": "painting a", "0.02": "picture x", "p": "photo p"}
    middles = {}
    y = top + 8.5
    for key, name in names.items():
        high = _picture(page, shown[key], MARGIN, y, 25)
        middles[key] = y + high / 2
        y += high + 2.5
        _say(page, MARGIN + 27, middles[key], name, 8.5, va="center", weight="bold")
    middle = middles["0.02"]
    left = 66.0
    for stage in range(1, 6):  # smaller and deeper from block to block
        high, wide = 44 - 7.5 * (stage - 1), 5.5 + 1.3 * (stage - 1)
        box = page.fill_between([left, left + wide], middle - high / 2, middle + high / 2, color="#e6ebf2", zorder=1)
        box.set_edgecolor("#9aa7b8")
        read = [layer for layer in STYLE_LAYERS if block(layer) == stage]
        colour = {layer: RED for layer in read} | {l: BLUE for l in CONTENT_LAYERS if block(l) == stage}
        for j, (layer, shade) in enumerate(colour.items()):
            _say(
                page, left + wide / 2 + (j - (len(colour) - 1) / 2) * 3.6, middle, layer, 7, rotation=90, ha="center",
                va="center", color=shade,
            )  # fmt: skip
        left += wide + 3.2
    _say(page, 66, middle + 23.6, "VGG-19, its weights fixed; each pooling halves the sides.", 7.3,
         color=GREY)  # fmt: skip
    for key, shade in (("a", RED), ("0.02", INK), ("p", BLUE)):
        _arrow(page, (MARGIN + 45, middles[key]), (64.5, middle + (middles[key] - middle) * 0.4), shade)
    right = left + 4
    rows = {
        -17: (RED, r"$A^l$  of a, once"),
        -7: (RED, r"$G^l$  of x"),
        7: (BLUE, r"$F^l$  of x"),
        17: (BLUE, r"$P^l$  of p, once"),
    }
    for dy, (shade, text) in rows.items():
        _arrow(page, (left - 1.5, middle + dy * 0.35), (right + 3, middle + dy), shade)
        _say(page, right + 4, middle + dy, text, 9, va="center", color=shade)
    for dy, shade, text in (
        (-12, RED, r"$\mathcal{L}_{\mathrm{style}}$"),
        (12, BLUE, r"$\mathcal{L}_{\mathrm{content}}$"),
    ):
        _say(page, right + 34, middle + dy, text, 12, va="center", color=shade)
        _arrow(page, (right + 47, middle + dy), (right + 52, middle + dy * 0.35), shade)
    _say(page, right + 52.5, middle, r"$\mathcal{L}_{\mathrm{total}}$", 13, va="center")
    low = y + 2.5
    page.plot([right + 57, right + 57, MARGIN - 4, MARGIN - 4, MARGIN - 0.8], [middle + 5, low, low, middle, middle],
              color=INK, linewidth=1.1)  # fmt: skip
    _arrow(page, (MARGIN - 3, middle), (MARGIN - 0.2, middle), INK)
    _say(page, 150, low - 0.8, "gradient: how each pixel of x must change", 7.8, ha="center", va="bottom")


def _losses(page: Any, top: float) -> None:
    _heading(page, top, "The four losses")
    y = top + 8.5
    for name, colour, formula, source, meaning in LOSSES:
        page.plot([MARGIN + 0.6] * 2, [y, y + 13], color=colour, linewidth=2.5, solid_capstyle="butt")
        _say(page, MARGIN + 3, y + 0.4, name, 9, weight="bold", color=colour)
        _say(page, MARGIN + 3, y + 5, source, 7, color=GREY)
        _say(page, MARGIN + 33, y + 3.4, formula, 10.5, va="center")
        _say(page, MARGIN + 33, y + 8.8, meaning, 7.8)
        y += 16


def _steps_and_letters(page: Any, top: float) -> None:
    _heading(page, top, "In six steps", right=105)
    for i, text in enumerate(STEPS):
        _say(page, MARGIN, top + 8.5 + 6.3 * i, f"{i + 1}", 8.5, weight="bold")
        _say(page, MARGIN + 5, top + 8.5 + 6.3 * i, text, 8)
    _heading(page, top, "The letters", x=111)
    for i, (letters, meaning) in enumerate(LETTERS):
        _say(page, 111, top + 8.2 + 5.6 * i, letters, 9.5)
        _say(page, 126, top + 8.5 + 5.6 * i, meaning, 8)


def _trade(page: Any, shown: Mapping[str, Picture], top: float) -> None:
    _heading(page, top, "α/β: how much content for how much style")
    wide = (WIDE - 2 * MARGIN - 3 * 3) / len(RATIOS)
    high = 0.0
    for i, name in enumerate(RATIOS):
        left = MARGIN + i * (wide + 3)
        high = max(high, _picture(page, shown[name], left, top + 12.5, wide))
        _say(page, left + wide / 2, top + 7.5, f"α/β = {name}", 8.5, ha="center", weight="bold")
    _say(
        page, MARGIN, top + 14.5 + high,
        "To the left the photo stays, to the right the painting takes over. Numbers are in the units of the author's "
        "code, with filters\nrescaled to a mean of 1; another code counts differently, so say whose units you use.",
        7.5, color=GREY,
    )  # fmt: skip
