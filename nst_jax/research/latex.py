"""Tables of runs as LaTeX, in three digits, with the rules of the package booktabs."""

import math
from typing import Any

import pandas as pd

from ..errors import NSTError

LETTERS = {  # that pdfLaTeX has in formulas alone
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "η": r"\eta", "λ": r"\lambda", "μ": r"\mu",
    "σ": r"\sigma", "∞": r"\infty", "≥": r"\geq", "≤": r"\leq", "±": r"\pm", "×": r"\times", "−": "-", "²": "^2",
    "→": r"\to", "·": r"\cdot", "½": r"\tfrac12", "Σ": r"\Sigma",
}  # fmt: skip
FORMULAS = str.maketrans({letter: f"${formula}$" for letter, formula in LETTERS.items()} | {"–": "--", "…": r"\dots{}"})


def latex_table(table: pd.DataFrame, caption: str = "", label: str = "", digits: int = 3) -> str:
    r"""A table as LaTeX, to be read by \input; it needs the package booktabs.

    Args:
        table: such as `grid(…).table()`, `effects(…)` or `spread(…)`; underscores in names become spaces.
        caption: in LaTeX; none unless given.
        label: for \ref, such as "tab:pool".
        digits: significant ones of decimal numbers; 2.1e-05 is 2.1 · 10⁻⁵.

    Returns:
        An environment table, or tabular alone without caption and label.

    Raises:
        NSTError: if Jinja2, by which pandas writes it, is not installed.

    Example:
        >>> import pandas as pd, nst_jax as nst
        >>> print(nst.latex_table(pd.DataFrame({"style_loss": [0.0000214]})).splitlines()[4])
        $2.14 \cdot 10^{-5}$ \\
    """
    columns = ["r" if pd.api.types.is_numeric_dtype(kind) else "l" for kind in table.dtypes]
    written = table.map(lambda value: _cell(value, digits))
    for axis in (written.index, written.columns):
        axis.names = [None if name is None else _words(name) for name in axis.names]
    try:
        style: Any = written.style
    except (AttributeError, ImportError):
        raise NSTError('tables in LaTeX need Jinja2; run pip install "nst_jax[research]"') from None
    plain = isinstance(table.index, pd.RangeIndex) and table.index.name is None
    style = style.hide(axis="index") if plain else style
    style = style.format_index(_words, axis=0).format_index(_words, axis=1)
    left = [] if plain else ["l"] * table.index.nlevels
    return style.to_latex(
        hrules=True,
        column_format="".join([*left, *columns]),
        caption=caption or None,
        label=label or None,
        position="htbp" if caption or label else None,
        position_float="centering" if caption or label else None,
        multicol_align="c",
    )


def _cell(value: Any, digits: int) -> str:
    if isinstance(value, float):
        return _number(value, digits)
    return _words(value)


def _number(value: float, digits: int) -> str:
    if math.isnan(value):
        return "--"
    if math.isinf(value):
        return r"$\infty$" if value > 0 else r"$-\infty$"
    mantissa, _, power = f"{value:.{digits}g}".partition("e")
    return f"${mantissa}$" if not power else rf"${mantissa} \cdot 10^{{{int(power)}}}$"


def _words(value: Any) -> str:
    r"""A text with what LaTeX takes for commands written as letters: "a_b" is "a b", "50 %" is "50 \%"."""
    special = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "_": " ", "\n": " "}
    special |= {letter: f"\\{letter}" for letter in "&%$#{}"}
    return str(value).translate(str.maketrans(special)).translate(FORMULAS)
