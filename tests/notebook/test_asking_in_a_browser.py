"""A session of `nst.ask` answered by clicks in JupyterLab, in Chromium: what is chosen is what is logged."""

import pytest

from tests.support.jupyterlab import run_all, wait_for

pytest.importorskip("ipywidgets", reason="the views need ipywidgets")
pytest.importorskip("anywidget", reason="names for screen readers need anywidget")
pytest.importorskip("matplotlib", reason="the views need matplotlib")
nbformat = pytest.importorskip("nbformat", reason="notebooks need nbformat")

from nst_jax.research.forced_choice import read_log  # noqa: E402

ASK = """\
import numpy as np, nst_jax as nst
dark, light = (np.full((60, 80, 3), value, np.float32) for value in (0.2, 0.8))
session = nst.ask({"dark": dark, "light": light}, light, dark, rater="ann", log="log.csv", question="Which is lighter?")
session"""


@pytest.fixture
def folder(tmp_path):
    """A folder with a notebook that asks about a dark and a light picture."""
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    cells = [nbformat.v4.new_code_cell(ASK)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), tmp_path / "asking.ipynb")
    return tmp_path


def brightness(image):
    """The mean of an <img>'s pixels, from 0 to 255."""
    return image.evaluate(
        """async image => {
            await image.decode();
            const canvas = document.createElement("canvas");
            [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
            const context = canvas.getContext("2d");
            context.drawImage(image, 0, 0);
            const data = context.getImageData(0, 0, canvas.width, canvas.height).data;
            return data.reduce((sum, value, i) => i % 4 == 3 ? sum : sum + value, 0) / (0.75 * data.length);
        }"""
    )


def test_a_session_is_answered_by_clicks(page, folder):
    run_all(page, page.get_by_text("Which is lighter?", exact=True))
    a, b = (page.get_by_role("img", name=f"picture {side}", exact=True) for side in "AB")
    assert brightness(page.get_by_role("img", name="the content picture")) > 190
    assert brightness(page.get_by_role("img", name="the style picture")) < 60
    shown = []
    for number in range(1, 5):
        page.get_by_text(f"{number} of 4", exact=True).wait_for()
        page.wait_for_timeout(500)  # a click that follows sooner belongs to the trial before
        shown.append([brightness(a), brightness(b)])
        if number == 1:
            page.screenshot(path=folder / "screenshots" / "asked.png")
        page.get_by_role("button", name="Choose A" if shown[-1][0] > shown[-1][1] else "Choose B").click()
        wait_for(lambda number=number: (folder / "log.csv").exists() and len(read_log(folder / "log.csv")) == number)
    page.get_by_text("Thank you for 4 answers, kept in log.csv.").wait_for()
    assert page.get_by_role("button", name="Choose A").count() == 0
    page.screenshot(path=folder / "screenshots" / "answered.png")

    log = read_log(folder / "log.csv")
    for (left, right), answer in zip(shown, log.itertuples(), strict=True):
        if not answer.catch:
            assert answer.chosen == "light"
            assert (answer.left == "light") == (left > right)
    assert (~log.catch).sum() == 2
    assert set(log[~log.catch].left) == {"dark", "light"}  # each pair twice, with sides swapped
    assert page.errors == []
