"""The site's own programs: formulas of docstrings and LaTeX are typeset, and what loads from elsewhere is found."""

import sys
from pathlib import Path

import pytest

pytest.importorskip("sphinx", reason='the site needs the extra: pip install -e ".[docs]"')
pytest.importorskip("latex2mathml", reason='the site needs the extra: pip install -e ".[docs]"')
DOCS = Path(__file__).parents[1] / "docs"


@pytest.fixture
def site(monkeypatch):
    """Imports a module of the site by its name."""
    monkeypatch.syspath_prepend(DOCS / "extensions")
    names = {path.stem for path in (DOCS / "extensions").glob("*.py")}
    yield __import__
    for name in names:
        sys.modules.pop(name, None)


@pytest.mark.parametrize(
    ("text", "set_as"),
    [
        ("Σ_ij (G_ij − A_ij)²", r"Σ\ :sub:`ij`\  (G\ :sub:`ij`\  − A\ :sub:`ij`\ )²"),
        ("|μ_i − μ*_i|", r"\|μ\ :sub:`i`\  − μ\*\ :sub:`i`\ \|"),
        ("Lap(y)_ij = y_(i−s)j + y_i(j−s)", r"Lap(y)\ :sub:`ij`\  = y\ :sub:`(i−s)j`\  + y\ :sub:`i(j−s)`\ "),
        ("μ_l(y), F_{l−1}, F^l", r"μ\ :sub:`l`\ (y), F\ :sub:`l−1`\ , F\ :sup:`l`\ "),
        ("conv4_2 and style_loss", r"conv4\_2 and style\_loss"),
        ("`x_ij` as it is", "`x_ij` as it is"),
        ("of `row`s", r"of `row`\ s"),
    ],
)
def test_formulas_in_docstrings(site, text, set_as):
    assert site("docstrings").typeset(text) == set_as


def test_what_is_returned_is_no_type_and_tables_are_tables(site):
    docstrings = site("docstrings")
    lines = ["G.", "", "| a | b |", "|---|---|", "| 1 | 2 |", "", "Args:", "    F: features.", "", "Returns:"]
    lines += ["    [N, N], a sum: it grows.", "", "Raises:", "    ShapeError: if not."]
    docstrings.before_napoleon(None, "function", "f", None, None, lines)
    assert f"    [N, N], a sum{docstrings.COLON} it grows." in lines
    assert {"    ShapeError: if not.", "    F: features.", ".. list-table::"} <= set(lines)
    docstrings.after_napoleon(None, "function", "f", None, None, lines)
    assert "    [N, N], a sum: it grows." in lines


def test_columns_are_tables(site):
    lines = ["Two numbers:", "", "content  mean of", "         1 − r", "style    ‖G − A‖", "", "Done.  Yes."]
    made = site("docstrings").columns(lines)
    assert "   * - content" in made
    assert "     - mean of 1 − r" in made
    assert made[0] == lines[0]
    assert made[-1] == lines[-1]


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ('<script src="https://cdn.example/x.js"></script>', 1),
        ('<link rel="stylesheet" href="//fonts.example/x.css">', 1),
        ("@font-face { src: url(https://fonts.example/x.woff) }", 1),
        ('<img alt="" src="../_images/x.png"><a href="https://arxiv.org">read</a>', 0),
    ],
)
def test_what_loads_from_elsewhere_is_found(site, page, found):
    assert len(site("offline").remote(page)) == found


def test_formulas_are_mathml(site):
    from docutils import nodes

    from nst_jax.losses.conventions import CONVENTIONS

    mathml = site("mathml").mathml
    for convention in CONVENTIONS.values():
        made = mathml(nodes.math("", convention.style_formula), "inline")
        assert made.startswith("<math")
        assert "<mfrac>" in made
        assert "\\" not in made


def test_the_table_of_conventions_is_computed(site):
    """The paper's α/β = 1e-3 in the author's code: β w_l / 4, and NM/2 for the content of conv4_2 at 512 × 384."""
    table = site("pages").conventions_table()
    rows = [[cell.strip(" -") for cell in row.splitlines()] for row in table.split("\n* - ")[1:]]
    content = next(row for row in rows if row[0] == "content, conv4_2")
    style = next(row for row in rows if row[0] == "style, conv1_1")
    assert float(content[3]) == pytest.approx(512 * 48 * 64 / 2, rel=1e-3)
    assert float(style[3]) == 1000 / 5 / 4


def test_every_room_has_a_page(site):
    pages = site("pages")
    assert {*pages.ROOMS, "cli"} == {path.parent.name for path in pages.PACKAGE.glob("*/__init__.py")}
    names = pages.public()
    text = "\n".join(pages.room_page(room, names) for room in pages.ROOMS)
    for name in ("stylize", "gram", "Objective", "load_image", "STATISTICS"):
        assert any(f":: {prefix}{name}\n" in text for prefix in ("nst_jax.", "")), name
