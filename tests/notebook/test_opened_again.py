"""What is left of live views when a notebook is opened again, and what screen readers read of them, in Chromium."""

import pytest

from tests.support.jupyterlab import open_notebook, run_all, wait_for

pytest.importorskip("ipywidgets", reason="the views need ipywidgets")
pytest.importorskip("anywidget", reason="names for screen readers need anywidget")
pytest.importorskip("matplotlib", reason="the views need matplotlib")
nbformat = pytest.importorskip("nbformat", reason="notebooks need nbformat")

VIEW = """\
import nst_jax as nst
from nst_jax.course.questions import QUICKSTART
from nst_jax.course.quiz import quiz
p, vgg = nst.load_image("coffee", 64), nst.load_network("vgg19-slim")
view = nst.live(p, "vortex", size=64, steps=10, scales=1)
view"""
CELLS = (VIEW, "nst.before_after(p, p[::-1])", "nst.browse(vgg, p, ['conv1_1', 'conv2_1'])", "quiz(QUICKSTART[0])")
ALTS = (
    "the picture, and its losses against evaluations: Done · 10 evaluations",
    "content | result",
    "a picture and its maps",
)

RENDER_ALL = (
    "jupyterapp.shell.currentWidget.content.notebookConfig = "
    "{...jupyterapp.shell.currentWidget.content.notebookConfig, windowingMode: 'none'}"
)
# The contrast of a text with what is behind it, as WCAG 2 defines it.
CONTRAST = """element => {
    const parts = text => (text.match(/[0-9.]+/g) ?? []).map(Number);
    const linear = c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    const luminance = ([r, g, b]) =>
        0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
    const background = element => parts(getComputedStyle(element).backgroundColor);
    let behind = element;
    while (behind.parentElement && background(behind)[3] === 0) behind = behind.parentElement;
    const [a, b] = [parts(getComputedStyle(element).color), background(behind)].map(luminance);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""
DARK = "() => jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})"


def contrasts_of(texts):
    """The contrast of every visible text of a locator with what is behind it: 4.5 is what WCAG 2 asks for."""
    return [text.evaluate(CONTRAST) for text in texts.all() if text.is_visible() and text.inner_text().strip()]


@pytest.fixture
def folder(tmp_path):
    """A folder with a notebook of four views."""
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), tmp_path / "views.ipynb")
    return tmp_path


def test_views_have_names_while_they_live_and_leave_pictures_when_opened_again(page, folder):
    outputs = page.locator(".jp-Notebook .jp-CodeCell .jp-OutputArea")
    page.evaluate(RENDER_ALL)
    run_all(page, page.locator(".widget-label", has_text="Done · 10 evaluations"))
    page.get_by_role("button", name="Check", exact=True).wait_for()

    def value(name):
        return page.get_by_role("slider", name=name).get_attribute("aria-valuetext")

    page.get_by_role("slider", name="α/β, the weight of content").wait_for()
    assert value("α/β, the weight of content") == "2.0e-2"  # and not its exponent
    assert value("total variation, the weight of tv") == "3.00"
    assert value("layer") == "conv1_1"
    page.get_by_role("slider", name="divider: the share of the width that shows content").wait_for()
    page.get_by_role("img", name="the picture as it is now").wait_for()
    page.get_by_role("img", name="losses and gradient norm against evaluations").wait_for()
    assert page.get_by_text("Run again").is_visible()
    assert not outputs.locator(".nst-kept").first.is_visible()  # the widget is alive
    page.screenshot(path=folder / "screenshots" / "alive.png", full_page=True)
    page.evaluate(DARK)
    page.locator("body[data-jp-theme-light=false]").wait_for(state="attached")
    contrasts = contrasts_of(
        page.locator(".widget-label, .widget-readout, .widget-radio-box label, .widget-html-content")
    )
    assert len(contrasts) > 10
    assert min(contrasts) > 4.5
    page.screenshot(path=folder / "screenshots" / "dark.png")

    page.evaluate("async () => { await jupyterapp.commands.execute('docmanager:save'); }")
    page.evaluate("async () => { await jupyterapp.shell.currentWidget.sessionContext.restartKernel(); }")
    page.errors.clear()  # a kernel that ends takes its widgets with it
    open_notebook(page, page.url)
    page.evaluate(RENDER_ALL)
    wait_for(lambda: outputs.locator(".nst-kept").count() == 4)
    wait_for(lambda: outputs.get_by_text("model not found").count() == 4)  # what would be seen otherwise
    for message in outputs.get_by_text("model not found").all():
        assert not message.is_visible()
    for image, alt in zip(outputs.locator(".nst-kept img").all(), ALTS, strict=True):
        assert image.is_visible()
        assert image.get_attribute("alt").startswith(alt)
        assert image.evaluate("image => image.naturalWidth") > 100
    page.get_by_text("Answer").click()
    page.screenshot(path=folder / "screenshots" / "opened-again.png", full_page=True)
    assert min(contrasts_of(outputs.locator(".nst-kept > div, .nst-kept p"))) > 4.5
    assert outputs.get_by_text("✓").is_visible()
