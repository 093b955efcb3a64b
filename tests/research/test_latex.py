"""Tables in LaTeX: every cell in its place, numbers as formulas, and nothing of a name taken for a command."""

import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.mathtext import MathTextParser

import nst_jax as nst

TABLE = pd.DataFrame(
    {
        "pool_type": ["avg", "max"],
        "α/β": ["50 % & more", "a_b#$^~\\"],
        "seed": [0, 1],
        "style_distance": [0.12345, 2.14e-5],
        "lost": [np.nan, np.inf],
    }
)


def rows(text):
    """The cells of a tabular, row by row."""
    body = re.search(r"\\begin\{tabular\}\{(\w+)\}\n(.*)\\end\{tabular\}", text, re.S)
    lines = [line.strip() for line in body[2].splitlines() if line.strip().endswith("\\\\")]
    return body[1], [[cell.strip() for cell in re.split(r"(?<!\\)&", line[:-2])] for line in lines]


def test_cells_stand_in_their_places_and_numbers_to_the_right():
    form, (head, first, second) = rows(nst.latex_table(TABLE))
    assert form == "llrrr"
    assert head == ["pool type", r"$\alpha$/$\beta$", "seed", "style distance", "lost"]
    assert first == ["avg", r"50 \% \& more", "0", "$0.123$", "--"]
    assert second == ["max", r"a b\#\$\textasciicircum{}\textasciitilde{}\textbackslash{}", "1",
                      r"$2.14 \cdot 10^{-5}$", r"$\infty$"]  # fmt: skip


@pytest.mark.parametrize("value", [0.0, -1.5, 1e-12, -3.20e7, 123.456, 999999.0])
@pytest.mark.parametrize("digits", [2, 5])
def test_a_number_reads_as_it_was_to_its_digits(value, digits):
    _, (_, (cell,)) = rows(nst.latex_table(pd.DataFrame({"x": [value]}), digits=digits))
    found = re.fullmatch(r"\$(-?[\d.]+)(?: \\cdot 10\^\{(-?\d+)\})?\$", cell)
    assert float(found[1]) * 10.0 ** int(found[2] or 0) == pytest.approx(value, rel=0.51 * 10 ** (1 - digits))


def test_the_formulas_are_formulas():
    text = nst.latex_table(pd.DataFrame({name: [1e-9] for name in "αβγδηλμσ∞≥≤±×−²→·Σ"}))
    found = re.findall(r"\$([^$]+)\$", text.splitlines()[2])
    assert len(found) == 18
    for formula in found:
        MathTextParser("path").parse(f"$x{formula}$")


def test_a_table_with_levels_names_them_and_has_its_caption():
    levels = nst.spread(TABLE.assign(style_distance=[1.0, 2.0]), "pool_type", ["style_distance"])
    text = nst.latex_table(levels, caption="By pooling", label="tab:pool")
    form, cells = rows(text)
    assert form == "lrrr"
    assert cells[0] == ["", r"\multicolumn{3}{c}{style distance}"]
    assert cells[2][0] == "pool type"
    assert cells[3] == ["avg", "$1$", "--", "1"]
    assert r"\caption{By pooling}" in text
    assert r"\label{tab:pool}" in text
    assert r"\toprule" in text


def test_without_jinja2_one_line_says_so(monkeypatch):
    def missing(self):
        raise ImportError("Missing optional dependency 'Jinja2'.")

    monkeypatch.setattr(pd.DataFrame, "style", property(missing))
    with pytest.raises(nst.NSTError, match="need Jinja2; run pip install"):
        nst.latex_table(TABLE)
