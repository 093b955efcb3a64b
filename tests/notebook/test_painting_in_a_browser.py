"""Masks painted in JupyterLab, in Chromium: with the mouse, a finger and the keyboard, and read in Python."""

import numpy as np
import pytest

import nst_jax as nst
from tests.support.jupyterlab import placed, wait_for

pytest.importorskip("anywidget", reason="painting masks needs anywidget")
nbformat = pytest.importorskip("nbformat", reason="notebooks need nbformat")

PAINT = """\
import nst_jax as nst
painter, arrived = nst.paint_mask("coffee", ("cup", "table")), []
painter.widget.observe(arrived.append, "labels")
empty = painter.widget.labels
painter"""
SAVE = """\
painter.save(f"{len(arrived)}.png")"""
FROM_PYTHON = """\
painter.widget.labels = empty"""


@pytest.fixture
def folder(tmp_path):
    """A folder with a notebook that paints, and saves what is painted under the number of messages that brought it."""
    cells = [nbformat.v4.new_code_cell(source) for source in (PAINT, SAVE, FROM_PYTHON)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), tmp_path / "painting.ipynb")
    return tmp_path


def test_masks_are_painted_in_jupyterlab_and_read_in_python(page, folder):
    def run(cell):
        page.evaluate(f"() => {{ jupyterapp.shell.currentWidget.content.activeCellIndex = {cell}; }}")
        page.evaluate("jupyterapp.commands.execute('notebook:run-cell')")

    def painted(messages):
        """What the masks are in Python after this many changes: the number of a region for each pixel [400, 600]."""
        file = folder / f"{messages}.png"

        def saved():
            run(1)
            return file.exists()

        wait_for(saved)
        return nst.paint_mask("coffee", ("cup", "table"), start=file).labels

    def at(x, y):
        box = placed(canvas)
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def stroke(start, end):
        """From one place to another, in shares of the picture's width and height, in steps, as a hand does."""
        page.mouse.move(*at(*start))
        page.mouse.down()
        for part in np.linspace(0, 1, 6):
            page.mouse.move(*at(*(np.array(start) * (1 - part) + np.array(end) * part)))
        page.mouse.up()

    def point(x, y):
        return dict(zip("xy", at(x, y), strict=True))

    def press(keys):
        canvas.focus()
        page.keyboard.press(keys)

    def choose(name):
        page.get_by_role("button", name=name, exact=True).click()

    def chosen():
        return page.locator(".nst-mask button[aria-pressed=true]").inner_text()

    page.evaluate("jupyterapp.shell.collapseLeft()")
    run(0)
    canvas = page.locator(".nst-mask canvas")
    canvas.wait_for()
    assert chosen() == "1 cup"
    stroke((0.2, 0.25), (0.8, 0.25))
    choose("2 table")
    stroke((0.2, 0.75), (0.8, 0.75))
    page.screenshot(path=folder / "screenshots" / "painted.png")
    labels = painted(2)  # one message a stroke
    assert labels.shape == (400, 600)
    along = slice(130, 470)
    assert (labels[95:105, along] == 1).all()
    assert (labels[295:305, along] == 2).all()
    assert (labels[[0, 199, 399]] == 0).all()
    assert (labels[:, [0, 599]] == 0).all()

    pixel = "(canvas, [x, y]) => [...canvas.getContext('2d').getImageData(x, y, 1, 1).data]"
    assert canvas.evaluate(pixel, (300, 100)) == [230, 159, 0, 255]
    assert canvas.evaluate(pixel, (300, 75)) == [0, 0, 0, 255]  # the line around a stroke of 50 pixels
    assert canvas.evaluate(pixel, (300, 200))[3] == 0

    choose("Erase")
    stroke((0.5, 0.1), (0.5, 0.9))
    erased = painted(3)
    assert (erased[:, 300][45:355] == 0).all()
    assert (erased[100, [130, 470]] == 1).all()
    choose("Undo")
    np.testing.assert_array_equal(painted(4), labels)

    press("0")
    assert chosen() == "Erase"
    press("1")
    assert chosen() == "1 cup"
    press("b")  # JupyterLab's key for a new cell
    assert page.locator(".jp-Cell").count() == 3
    choose("Fill the rest")
    np.testing.assert_array_equal(painted(5), np.where(labels == 0, 1, labels))
    choose("Clear")
    assert (painted(6) == 0).all()
    press("Control+z")
    press("Control+z")
    np.testing.assert_array_equal(painted(8), labels)

    press("2")
    finger = page.context.new_cdp_session(page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point(0.2, 0.5)]})
    for x in np.linspace(0.3, 0.8, 6):
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point(x, 0.5)]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    touched = painted(9)
    assert (touched[195:205, along] == 2).all()
    np.testing.assert_array_equal(touched[:150], labels[:150])

    page.get_by_role("slider", name="Brush").fill("10")
    choose("1 cup")
    stroke((0.1, 0.5), (0.1, 0.9))
    page.mouse.move(*at(0.1, 0.6))
    page.get_by_text("here: 1 cup").wait_for()
    page.screenshot(path=folder / "screenshots" / "thin.png")
    thin = np.flatnonzero(painted(10)[280, :100] == 1)
    assert 8 <= len(thin) <= 12

    press("Space")  # at the middle, with a brush of 10 pixels
    page.get_by_text("brush at 50 %, 50 %: 1 cup").wait_for()
    spot = painted(11)
    assert (spot[198:203, 298:303] == 1).all()
    assert (spot[200, [290, 310]] == 2).all()
    for _ in range(4):
        press("ArrowUp")
    page.keyboard.down("Shift")
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    page.keyboard.up("Shift")
    line = painted(12)  # one message, as of a stroke
    assert (line[188:193, 300:320] == 1).all()  # an arrow moves it by a quarter
    assert (line[190, [290, 330]] == 2).all()

    run(2)
    page.get_by_text("unpainted 100 %").wait_for()
    assert canvas.evaluate(pixel, (300, 100))[3] == 0
    assert page.errors == []
