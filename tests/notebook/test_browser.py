"""The first notebook in JupyterLab, driven in Chromium as a student would."""

from pathlib import Path

import pytest

from tests.support.jupyterlab import placed, wait_for

pytest.importorskip("ipywidgets", reason="the views need ipywidgets")
pytest.importorskip("matplotlib", reason="the views need matplotlib")
nbformat = pytest.importorskip("nbformat", reason="notebooks need nbformat")

ROOT = Path(__file__).parents[2]
NOTEBOOK = "00_quickstart.ipynb"


@pytest.fixture
def folder(tmp_path):
    """A folder with the notebook, its outputs cleared."""
    book = nbformat.read(ROOT / "notebooks" / NOTEBOOK, as_version=4)
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    nbformat.write(book, tmp_path / NOTEBOOK)
    return tmp_path


@pytest.fixture
def cell_with(folder):
    """The number of the code cell in which some text stands."""
    sources = [cell.source for cell in nbformat.read(folder / NOTEBOOK, 4).cells if cell.cell_type == "code"]

    def find(text):
        (number,) = (i for i, source in enumerate(sources) if text in source)
        return number

    return find


def pixels(image):
    """What an <img> shows, as text that differs if a pixel does."""
    return image.evaluate(
        """async image => {
            for (let tries = 0; ; tries++) {  // the next picture may come while this one is decoded
                try { await image.decode(); break; } catch (fault) {
                    if (tries === 50) throw fault;
                    await new Promise(done => setTimeout(done, 100));
                }
            }
            const canvas = document.createElement("canvas");
            [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
            canvas.getContext("2d").drawImage(image, 0, 0);
            return canvas.toDataURL();
        }"""
    )


def drag(page, output, slider, by):
    """Drag the handle of an output's slider, by its number, by this many pixels, in steps, as a hand does."""
    handle = output.locator(".noUi-handle").nth(slider)
    handle.scroll_into_view_if_needed()
    box = placed(handle)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for part in range(1, 6):
        page.mouse.move(x + by * part / 5, y)
        page.wait_for_timeout(50)
    page.mouse.up()


def test_the_first_notebook_is_alive_in_jupyterlab(page, folder, cell_with):
    shots = folder / "screenshots"
    cells = page.locator(".jp-Notebook .jp-CodeCell")

    def output(text):
        """The output of the cell with this text, scrolled to, so that the notebook renders it."""
        page.evaluate(f"jupyterapp.shell.currentWidget.content.scrollToItem({position(text)}, 'start')")
        page.wait_for_timeout(500)
        return cells.nth(cell_with(text)).locator(".jp-OutputArea")

    def position(text):
        every = nbformat.read(folder / NOTEBOOK, 4).cells
        return next(i for i, cell in enumerate(every) if cell.cell_type == "code" and text in cell.source)

    def shot(name):
        page.wait_for_timeout(500)
        page.screenshot(path=shots / f"{name}.png")

    page.evaluate(
        "jupyterapp.shell.currentWidget.content.notebookConfig = "
        "{...jupyterapp.shell.currentWidget.content.notebookConfig, windowingMode: 'none'}"
    )
    page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells'); }")  # its promise waits for the end

    live = output("nst.live(")
    live.locator(".widget-label", has_text="evaluations/s").wait_for()
    picture, curves = (placed(live.locator("img.widget-image").nth(i)) for i in (0, 1))
    assert curves["x"] > picture["x"] + 100  # beside it, with the file browser open
    assert abs(curves["y"] - picture["y"]) < 10
    before = pixels(live.locator("img.widget-image").first)
    wait_for(lambda: pixels(live.locator("img.widget-image").first) != before)
    drag(page, live, 0, 80)  # α/β
    page.wait_for_timeout(2000)
    shot("live")
    live.locator("button", has_text="Stop").click()
    live.locator(".widget-label", has_text="Stopped, the picture is kept").wait_for()
    live.locator("button", has_text="Run again").wait_for()
    kept = pixels(live.locator("img.widget-image").first)
    page.wait_for_timeout(1000)
    assert pixels(live.locator("img.widget-image").first) == kept
    shot("stopped")

    comparison = output("nst.before_after(")
    comparison.locator("img.widget-image").wait_for()  # the kernel went on with the picture that was kept
    before = pixels(comparison.locator("img.widget-image"))
    drag(page, comparison, 0, -100)
    wait_for(lambda: pixels(comparison.locator("img.widget-image")) != before)
    shot("compare")

    chosen = output("nst.form(")
    chosen.locator("mjx-container").first.wait_for()
    chosen.locator("button", has_text="Run").wait_for()
    shot("form")

    features = output("nst.browse(")
    features.locator("img.widget-image").wait_for()
    for slider in (0, 1):  # layer, channel
        before = pixels(features.locator("img.widget-image"))
        drag(page, features, slider, 120)
        wait_for(lambda before=before: pixels(features.locator("img.widget-image")) != before)
    shot("browse")

    quiz = output("quiz(")
    quiz.locator("input[type=radio], button").first.wait_for()
    shot("quiz")
    assert page.errors == []
