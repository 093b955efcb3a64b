"""Slides: what is on them, that they need nothing from elsewhere, and that each of the course fits the screen."""

import importlib.util
import json
import re
import shutil
from pathlib import Path

import pytest

import nst_jax as nst
from nst_jax.cli.main import main
from nst_jax.course import slides

pytest.importorskip("nbconvert", reason='slides need the extra: pip install -e ".[docs]"')
pytest.importorskip("latex2mathml", reason='slides need the extra: pip install -e ".[docs]"')
slide_text = pytest.importorskip("nst_jax.course.slide_text")
with_reveal = pytest.mark.skipif(
    importlib.util.find_spec("sphinx_revealjs") is None, reason='slides need the extra: pip install -e ".[docs]"'
)
ROOT = Path(__file__).parents[2]
MARKED = ("00_quickstart", "03_style_as_statistics")  # the notebooks whose slides are marked
LEAST = 0.7  # scale of a slide


def cell(source, kind="markdown", outputs=(), **how):
    more = {"outputs": list(outputs)} if kind == "code" else {}
    return {"cell_type": kind, "source": source, "metadata": {"slideshow": how} if how else {}, **more}


def made(*cells):
    return slides.slides_of({"cells": list(cells)})


def test_headings_and_slide_types_begin_slides_and_the_heading_is_repeated():
    found = made(
        cell("# A title\n\nand words"),
        cell("x = 1", "code", slide_type="skip"),
        cell("of the end\n\n## One\n\nfirst\n\n## Two & more\n\nsecond"),
        cell("still two"),
        cell("y = 2", "code", slide_type="subslide"),
        cell("for the speaker", slide_type="notes"),
    )
    texts = ["".join(slide.text) for slide in found]
    assert len(found) == 4
    assert all(word in texts[0] for word in ("A title", "and words", "of the end"))
    assert "first" in texts[1]
    assert "second" in texts[2]
    assert "still two" in texts[2]
    assert texts[3].startswith("<h2>Two &amp; more …</h2>")
    assert "x" not in re.sub("<[^>]*>", "", texts[3])
    assert "speaker" in found[3].notes[0]


def test_solutions_are_not_on_slides_and_code_can_be_left_out():
    printed = [{"output_type": "stream", "name": "stdout", "text": text} for text in ("1\n", "2 < 3\n")]
    (slide,) = made(
        cell("Question\n<details><summary>Solution</summary>\n\nsecret\n\n</details>"),
        cell("print(1)", "code", printed, slide_type="-", hide_code=True),
    )
    assert "secret" not in "".join(slide.text)
    assert "print" not in "".join(slide.text)
    assert slide.shown == ["<pre>1\n2 &lt; 3\n</pre>"]


def test_formulas_are_typeset_and_code_is_not_taken_for_one():
    written = slide_text.markdown("Let $G_{ij}$ be `$x$`, and\n\n$$a \\\\[8pt] b$$\n\nfor \\$5.")
    assert written.count("<math") == 2
    assert '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">' in written
    assert "<code>$x$</code>" in written
    assert "8pt" not in written
    assert "<mo>arg</mo>" in slide_text.markdown(r"$\arg\min_x f$")
    assert "FORMULA" not in written


def test_money_is_not_a_formula_and_blocks_of_code_stay_as_they_are():
    assert slide_text.markdown("From $5 to $6, and $x$.").count("<math") == 1
    assert "From $5 to $6, and <math" in slide_text.markdown("From $5 to $6, and $x$.")
    assert slide_text.markdown("$ x $").count("<math") == 1
    assert "<math" not in slide_text.markdown("```\na = `$x$`, $y$\n```")


def test_a_formula_that_cannot_be_converted_is_one_line(tmp_path, capsys):
    book = {"cells": [cell("# Title"), cell(r"Let $\left( a$ be")], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "a.ipynb").write_text(json.dumps(book))
    assert main(["slides", str(tmp_path / "a.ipynb"), "-o", str(tmp_path)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert r"a.ipynb: formula '\\left( a' cannot be converted" in line
    assert not (tmp_path / "a.html").exists()


def test_links_to_files_are_words_and_pictures_have_theirs():
    assert "href" not in slide_text.markdown("[measured](../docs/measured.md)")
    assert 'href="https://arxiv.org"' in slide_text.markdown("[arXiv](https://arxiv.org)")
    output = {"output_type": "display_data", "data": {"image/png": "aGk="}, "metadata": {"image/png": {"alt": 'a "b"'}}}
    assert slides.shown(output) == '<img alt="a &quot;b&quot;" src="data:image/png;base64,aGk=">'


def test_without_the_extra_and_for_what_is_no_notebook_one_line_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(slides, "find_spec", lambda name: None)
    assert main(["slides", "00", "-o", str(tmp_path)]) == 2
    assert 'pip install "nst_jax[slides]"' in capsys.readouterr().err
    assert main(["slides", "99", "-o", str(tmp_path)]) == 2
    assert "notebook '99': give one of 00_quickstart" in capsys.readouterr().err
    (tmp_path / "a.ipynb").write_text("{}")
    with pytest.raises(nst.NSTError, match="is not a notebook"):
        slides.write_slides(tmp_path / "a.ipynb", tmp_path / "a.html")


@with_reveal
def test_every_slide_of_the_course_fits_the_screen_and_loads_nothing(tmp_path):
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    chromium = shutil.which("chromium") or pytest.skip("Chromium is not installed")
    assert main(["slides", *MARKED, "-o", str(tmp_path)]) == 0
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        page = browser.new_page(viewport={"width": slides.WIDTH, "height": slides.HEIGHT})
        asked, errors = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        for name in MARKED:
            page.goto((tmp_path / f"{name}.html").as_uri())
            page.wait_for_function("Reveal.isReady()")
            for i in range(page.evaluate("Reveal.getTotalSlides()")):
                page.evaluate("i => Reveal.slide(i)", i)
                where = f"{name}, slide {i + 1}"
                assert float(page.evaluate("Reveal.getCurrentSlide().dataset.scale")) >= LEAST, where
                boxes = page.evaluate(
                    """() => [...Reveal.getCurrentSlide().querySelectorAll("h1, h2, p, pre, img, math, table, li")]
                        .filter(each => !each.closest("details:not([open])") && each.offsetParent !== null)
                        .map(each => {
                            const box = each.getBoundingClientRect();
                            return [box.left, box.top, box.right, box.bottom, each.innerText || each.alt];
                        })"""
                )
                assert boxes, where
                for left, top, right, bottom, what in boxes:
                    assert min(left, top) >= 0, (where, what)
                    assert right <= slides.WIDTH, (where, what)
                    assert bottom <= slides.HEIGHT, (where, what)
                for k in range(page.evaluate("Reveal.getCurrentSlide().querySelectorAll('details').length")):
                    bottom = page.evaluate(  # with one answer of a quiz opened after the other
                        """async k => {
                            const each = Reveal.getCurrentSlide().querySelectorAll("details");
                            each[k].open = true;
                            await new Promise(done => setTimeout(done, 100));
                            return Math.max(...[...each].map(d => d.getBoundingClientRect().bottom));
                        }""",
                        k,
                    )
                    assert bottom <= slides.HEIGHT, (where, k)
                broken = "[...document.images].filter(each => !each.naturalWidth).length"
                assert page.evaluate(broken) == 0, where
        browser.close()
    assert not [url for url in asked if not url.startswith(("file:", "data:"))]
    assert not errors
