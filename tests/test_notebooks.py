"""The notebooks: each runs from top to bottom, offline and small; what is published is in step with its source."""

import re
import types
from pathlib import Path

import pytest

jupytext = pytest.importorskip("jupytext", reason="notebooks are paired by jupytext")
nbformat = pytest.importorskip("nbformat", reason="notebooks need nbformat")
pytest.importorskip("nbclient", reason="running notebooks needs nbclient")
pytest.importorskip("ipykernel", reason="running notebooks needs ipykernel")

from notebooks import publish  # noqa: E402
from tests.support.cells import names_of, rebound  # noqa: E402

SOURCES = publish.sources()
PICTURE = re.compile(r"!\[([^\]]*)\]\(")  # of Markdown
ROOT = Path(__file__).parents[1]
each = pytest.mark.parametrize("source", SOURCES, ids=[path.stem for path in SOURCES])
NARROWS = [path for path in SOURCES if publish.NARROW.match(path.name)]  # 00 to 08
narrow = pytest.mark.parametrize("source", NARROWS, ids=[path.stem for path in NARROWS])


@each
def test_every_cell_runs_offline_in_fast_mode(source, tmp_path, monkeypatch):
    monkeypatch.setenv("NST_JAX_DATA", str(tmp_path / "cache"))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nobody answers there: a download would fail
    (tmp_path / "folder").mkdir()
    book = publish.read(source)
    publish.run(book, "fast", tmp_path / "folder")
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    loud = [out.text for cell in code for out in cell.outputs if out.output_type == "stream" and out.name == "stderr"]
    assert not loud
    kinds = [set(out.get("data", ())) for cell in code for out in cell.outputs]
    assert not [kind for kind in kinds if publish.WIDGET in kind]  # without a frontend they are pictures
    assert any({"image/jpeg", "image/png"} & kind for kind in kinds)


@each
def test_the_published_notebook_is_in_step_with_its_source(source):
    published = nbformat.read(source.with_suffix(".ipynb"), as_version=4)
    paired = publish.read(source)
    cells = ([(c.cell_type, c.source, c.metadata) for c in book.cells] for book in (published, paired))
    assert next(cells) == next(cells)
    assert published == publish.cleaned(nbformat.from_dict(published))


@each
def test_the_published_notebook_is_small_and_shows_its_figures(source):
    path = source.with_suffix(".ipynb")
    assert path.stat().st_size < publish.LIMIT
    outputs = [out for cell in nbformat.read(path, 4).cells for out in cell.get("outputs", ())]
    assert not [out for out in outputs if out.output_type == "error" or out.get("name") == "stderr"]
    pictures = [out for out in outputs if {"image/jpeg", "image/png"} & set(out.get("data", ()))]
    assert len(pictures) >= 3


@each
def test_every_picture_has_words_for_those_who_do_not_see_it(source):
    book = nbformat.read(source.with_suffix(".ipynb"), 4)
    said = [
        output.metadata.get(kind, {}).get("alt", "")
        for cell in book.cells
        for output in cell.get("outputs", ())
        for kind in publish.PICTURES
        if kind in output.get("data", {})
    ]
    in_text = [alt for cell in book.cells if cell.cell_type == "markdown" for alt in PICTURE.findall(cell.source)]
    assert len(said) >= 3
    for alt in (*said, *in_text):
        assert alt.removeprefix("figure:").strip(), alt
        assert not alt.startswith("<"), alt
    assert not [cell for cell in book.cells if cell.cell_type == "markdown" and "<img" in cell.source]


def test_publishing_keeps_the_words_of_a_picture_and_finds_some_where_there_are_none():
    def published(text, metadata):
        source = "# %% [markdown]\n# ## Where it stands\n# and more\n\n# %%\n1\n"
        book = jupytext.reads(source, fmt="py:percent")
        data = {"text/plain": text, "image/png": "aGVsbG8="}
        book.cells[1].outputs = [nbformat.v4.new_output("display_data", data, metadata=metadata)]
        return publish.cleaned(book).cells[1].outputs[0].metadata

    assert published("x", {"image/png": {"alt": "a cat"}, "needs_background": "light"}) == {
        "image/png": {"alt": "a cat"}
    }
    assert published("1 × 2 pictures: a,\n x", {}) == {"image/png": {"alt": "1 × 2 pictures: a, x"}}
    assert published("<Figure size 600x240 with 1 Axes>", {}) == {"image/png": {"alt": "figure: Where it stands"}}


@each
def test_the_first_cells_install_the_package_and_name_the_notebook(source):
    book, first = publish.read(source), publish.read(SOURCES[0])
    title, install, setup = book.cells[:3]
    assert title.source.startswith(f"# {source.stem[:2]} · ")
    assert "colab" not in title.source  # no address that nobody can confirm
    assert "**Question.**" in title.source
    assert "**Cost.**" in title.source
    assert install.source == first.cells[1].source
    assert "nst_jax" in setup.source


@each
def test_cells_are_short_enough_to_be_read(source):
    for cell in publish.read(source).cells[3:]:
        lines = [line for line in cell.source.splitlines() if line.strip()]
        assert cell.cell_type != "code" or cell.source.startswith("quiz(") or len(lines) <= 20, cell.source


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_quiz_shows_no_answer_above_its_questions(source):
    asked = [cell.source for cell in publish.read(source).cells if cell.source.startswith("quiz(")]
    assert asked == [f"quiz(*{source.stem[3:].upper()})"]


@pytest.mark.parametrize("page", ["README.md", "notebooks/README.md"])
def test_every_notebook_is_listed_and_every_one_listed_is_there(page):
    listed = re.findall(r"\b(\d\d_\w+)\.ipynb", (ROOT / page).read_text(encoding="utf-8"))
    assert sorted(set(listed)) == [source.stem for source in SOURCES]


@each
def test_the_teachers_page_says_what_each_notebook_says_of_its_minutes(source):
    page = (ROOT / "notebooks" / "README.md").read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if f"({source.stem}.ipynb)" in line).split("|")
    cost = " ".join(publish.read(source).cells[0].source.split("**Cost.**")[1].split())
    assert f"Reading and exercises: {int(re.search(r'[0-9]+', row[3])[0])} minutes" in cost
    assert int(re.search(r"[0-9]+", row[4])[0]) == int(re.search(r"[0-9]+", cost)[0])


def test_an_address_is_stamped_in_one_place_and_taken_out_again():
    for source in SOURCES:
        text = source.read_text(encoding="utf-8")
        stamped = publish.stamped(text, source.stem, "someone/somewhere")
        assert f"/github/someone/somewhere/blob/main/notebooks/{source.stem}.ipynb)" in stamped
        assert stamped.count('repository = "someone/somewhere"') == 1
        assert publish.stamped(stamped, source.stem, "") == text


def install_cell(folder, monkeypatch, *, repository=""):
    """What the install cell tells pip, in a folder where the package is not installed."""
    import importlib.util

    import IPython

    said = []
    shell = types.SimpleNamespace(run_line_magic=lambda magic, line: said.append(line))
    real = importlib.util.find_spec
    with monkeypatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(IPython, "get_ipython", lambda: shell)
        patch.setattr(importlib.util, "find_spec", lambda name: None if name == "nst_jax" else real(name))
        source = publish.read(SOURCES[0]).cells[1].source
        exec(source.replace('repository = ""', f'repository = "{repository}"'), {})
    return said[0]


def test_the_install_cell_finds_a_checkout_an_archive_or_the_repository(tmp_path, monkeypatch):
    with pytest.raises(SystemExit, match="upload its archive"):
        install_cell(tmp_path, monkeypatch)
    assert "'git+https://github.com/a/b[notebook]' jax==" in install_cell(tmp_path, monkeypatch, repository="a/b")
    (tmp_path / "nst_jax-0.2.0.zip").touch()
    assert "'nst_jax-0.2.0.zip[notebook]' jax==" in install_cell(tmp_path, monkeypatch, repository="a/b")
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "notebooks").mkdir()
    assert "'..[notebook]'" in install_cell(tmp_path / "notebooks", monkeypatch)
    assert "'.[notebook]'" in install_cell(tmp_path, monkeypatch)


def test_text_alone_is_brought_up_to_date_only_where_the_code_is_as_it_was():
    old = publish.cleaned(jupytext.reads("# %% [markdown]\n# old\n\n# %%\n1 + 1\n", fmt="py:percent"))
    old.cells[1].outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "2"})]
    new = publish.cleaned(jupytext.reads("# %% [markdown]\n# new\n\n# %%\n1 + 1\n", fmt="py:percent"))
    both = publish.with_outputs_of(new, old)
    assert both.cells[0].source == "new"
    assert both.cells[1].outputs[0].data["text/plain"] == "2"
    other = publish.cleaned(jupytext.reads("# %% [markdown]\n# new\n\n# %%\n1 + 2\n", fmt="py:percent"))
    with pytest.raises(ValueError, match="run it again"):
        publish.with_outputs_of(other, old)


@pytest.mark.parametrize("stem", ["07_your_picture", "08_test_an_idea"])
def test_where_pictures_may_be_exchanged_claims_about_them_are_asserted_by_claim_alone(stem):
    (source,) = (path for path in SOURCES if path.stem == stem)
    code = [cell.source for cell in publish.read(source).cells if cell.cell_type == "code"]
    assert sum('claim = course.claims(PHOTO, PAINTING, shipped=("coffee", "cutout"))' in text for text in code) == 1
    lines = [line for text in code for line in text.splitlines() if line.startswith("assert")]
    # Of the run that was killed and resumed, and of imaginary experiments: those hold for all pairs.
    assert [line.split()[1] for line in lines] == (["same"] if stem[0:2] == "07" else ["0.23", "all(0.04", "cases[1,"])


@narrow
def test_no_name_that_other_cells_read_depends_on_the_order_in_which_cells_are_run(source):
    code = [cell.source for cell in publish.read(source).cells[2:] if cell.cell_type == "code"]
    assert rebound(code) == {}


LETTERS = {"F", "G", "A", "P", "M", "N", "p", "a", "x"}


@narrow
def test_a_letter_of_the_paper_means_one_thing_in_a_notebook(source):
    """A letter that is bound in one section is not bound in another."""
    section, bound = 0, {}
    for cell in publish.read(source).cells[2:]:
        if cell.cell_type == "markdown":
            section += len(re.findall("^## ", cell.source, re.MULTILINE))
        else:
            for letter in names_of(cell.source)[0] & LETTERS:
                assert bound.setdefault(letter, section) == section, f"{letter}, in: {cell.source}"


@narrow
def test_cells_are_narrow(source):
    text = source.read_text(encoding="utf-8")
    assert publish.formatted(text) == text, "python -m notebooks.publish --format"
    for cell in publish.read(source).cells[2:]:
        lines = cell.source.splitlines() if cell.cell_type == "code" else []
        assert max(map(len, lines), default=0) <= publish.COLUMNS


def test_sizes_come_from_one_call():
    for source in SOURCES:
        text = source.read_text(encoding="utf-8")
        assert "NST_MODE" not in text, source.name
        assert "course.size(" in text, source.name


def test_what_depends_on_the_order_of_cells_is_found():
    assert rebound(["x = 1", "print(x)"]) == {}
    assert rebound(["x = 1", "x = 2", "print(x)"]) == {"x": [0, 1]}
    assert rebound(["x = 1\nprint(x)", "x = 2\nprint(x)"]) == {}  # each reads its own
    assert rebound(["x = 1", "x = x + 1"]) == {"x": [0, 1]}
    assert rebound(["def f():\n    return A", "A = 1", "for A in (1, 2):\n    pass"]) == {"A": [1, 2]}
    assert rebound(["A = 1", "A = 2", "def f(A):\n    return [A for A in (1, 2)]"]) == {}
    assert rebound(["r = await f()", "g = lambda q: q + r", "with f() as r:\n    r += 1"]) == {"r": [0, 2]}
    assert rebound(["import numpy as np", "np = 1"]) == {}  # nobody else reads it
    assert rebound(["import numpy as np", "np = 1", "[np.pi for _ in range(3)]"]) == {"np": [0, 1]}
