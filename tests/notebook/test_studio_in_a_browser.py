"""The studio in JupyterLab, in Chromium: drop a file, mix, brush, refine, stop, undo, compare, save."""

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from nst_jax.images.picture import bytes8
from tests.support.jupyterlab import placed, wait_for
from tests.support.pictures import picture

pytest.importorskip("anywidget", reason="the studio needs anywidget")
nbformat = pytest.importorskip("nbformat", reason="notebooks need nbformat")

EVIL = '<img src=x onerror="window.hacked=1">.png'
STUDIO = """\
import nst_jax as nst
studio = nst.studio("coffee", ["vortex", "mosaic"], size=256)
studio"""


@pytest.fixture
def folder(tmp_path):
    """A folder with a notebook that opens the studio."""
    cells = [nbformat.v4.new_code_cell(STUDIO)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), tmp_path / "studio.ipynb")
    return tmp_path


def test_a_picture_is_made_from_a_dropped_photo_to_a_saved_file(page, folder):
    shots = folder / "screenshots"
    shots.mkdir()
    status = page.get_by_role("status")

    def shot(name):
        page.wait_for_timeout(300)
        page.screenshot(path=shots / f"{name}.png")

    def says(text):
        status.filter(has_text=text).wait_for()

    def stage():
        """The picture's bytes: they differ if it does."""
        return page.locator(".nst-mask-frame img").evaluate(
            "async image => [...new Uint8Array(await (await fetch(image.src)).arrayBuffer())].join()"
        )

    def stroke(start, end):
        box = placed(page.locator(".nst-mask canvas"))
        for i, (x, y) in enumerate(np.linspace(start, end, 6)):
            page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
            if i == 0:
                page.mouse.down()
        page.mouse.up()

    def button(name):
        return page.get_by_role("button", name=name, exact=True)

    page.evaluate("jupyterapp.shell.collapseLeft()")
    page.evaluate("jupyterapp.commands.execute('notebook:run-cell')")
    says("Painted, 256 × 171")
    shot("begun")

    # A file is dropped on the picture; its name is text, and plain.
    file = io.BytesIO()
    Image.fromarray(bytes8(picture(192, 256))).save(file, "PNG")
    page.evaluate(
        """([data, name]) => {
            const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
            const files = new DataTransfer();
            files.items.add(new File([bytes], name, { type: "image/png" }));
            const target = document.querySelector(".nst-mask canvas");
            for (const type of ["dragover", "drop"]) {
                target.dispatchEvent(new DragEvent(type, { dataTransfer: files, bubbles: true, cancelable: true }));
            }
        }""",
        [base64.b64encode(file.getvalue()).decode(), EVIL],
    )
    says("Painted, 256 × 192")
    photo = page.get_by_role("combobox", name="Photo", exact=True)
    assert photo.input_value() == "img src_x onerror_window.hacked_1_.png"
    assert page.evaluate("window.hacked") is None

    # Styles are mixed, by the keyboard; the preview follows.
    before = stage()
    share = page.get_by_role("slider", name="Share of vortex")
    share.focus()
    page.keyboard.press("Home")
    wait_for(lambda: stage() != before)
    says("Painted, 256 × 192")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Remove vortex"
    strength = page.get_by_role("slider", name="Strength")
    strength.focus()
    page.keyboard.press("a")  # JupyterLab's key for a new cell
    assert page.locator(".jp-Cell").count() == 1

    # A style is brushed.
    before = stage()
    button("1 vortex").click()
    stroke((0.2, 0.2), (0.8, 0.2))
    wait_for(lambda: stage() != before)
    says("Painted, 256 × 192")
    shot("brushed")
    page.get_by_label("Show where it is brushed").uncheck()
    wait_for(lambda: page.locator(".nst-mask canvas").evaluate("canvas => getComputedStyle(canvas).opacity") == "0")
    page.get_by_label("Show where it is brushed").check()

    # A part is refined, watched, stopped, and taken back.
    button("Refine").click()
    assert button("Refine here").is_disabled()
    stroke((0.1, 0.2), (0.9, 0.9))  # most of the picture, so that it takes a while
    refine, stop = button("Refine here"), button("Stop")
    wait_for(refine.is_enabled)
    before = stage()
    refine.focus()
    page.keyboard.press("Enter")
    says("Refining what is brushed")
    wait_for(lambda: page.evaluate("document.activeElement.textContent") == "Stop")
    assert strength.is_disabled()
    page.get_by_text("evaluation ").wait_for()
    wait_for(lambda: stage() != before)
    shot("refining")
    stop.click()
    says("It was stopped.")
    refined = stage()
    assert refined != before
    button("Undo refinement").click()
    says("taken back")
    wait_for(lambda: stage() == before)

    # Photo and picture are compared, by the keyboard.
    button("Compare").click()
    divider = page.get_by_role("slider", name="Divider between photo and picture")
    divider.focus()
    page.keyboard.press("Home")
    assert divider.input_value() == "0"
    divider.fill("50")
    shot("compared")

    button("Save").click()
    says("Saved in studio/001.")
    saved = folder / "studio" / "001"
    manifest = json.loads((saved / "manifest.json").read_text())
    assert manifest["settings"]["size"] == 256
    assert np.asarray(Image.open(saved / "result.png")).shape == (192, 256, 3)
    np.testing.assert_array_equal(np.asarray(Image.open(saved / "content.png")), bytes8(picture(192, 256)))
    mask = np.asarray(Image.open(saved / "mask-1.png").convert("L"))
    assert (mask[38, 60:196] == 255).all()
    assert (mask[[0, 100]] == 0).all()
    with page.expect_download() as download:
        button("Download").click()
    assert download.value.suggested_filename == "studio.zip"
    assert page.errors == []
