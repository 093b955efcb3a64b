"""The views in JupyterLab, driven in Chromium; and the same notebook run without anybody who looks."""

import base64
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from importlib.util import find_spec
from pathlib import Path

import pytest

import nst_jax as nst
from tests.conftest import picture, random_weights

pytest.importorskip("ipywidgets", reason="the views need ipywidgets")
pytest.importorskip("matplotlib", reason="the views need matplotlib")
nbformat = pytest.importorskip("nbformat", reason="notebooks need nbformat")

ROOT = Path(__file__).parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WIDGET = "application/vnd.jupyter.widget-view+json"
PATIENCE = 120  # seconds, on a machine that does other things too
CELLS = (
    """
    import json, os
    import nst_jax as nst
    from nst_jax.browse import browse
    from nst_jax.compare import compare
    from nst_jax.form import form
    from nst_jax.live import live

    p, a = nst.load_image("photo.png"), nst.load_image("painting.png")
    steps = 8 if os.environ.get("NST_MODE") == "fast" else 10**6
    """,
    """
    view = live(p, a, network="network.safetensors", size=96, scales=1, steps=steps)
    view.at_end.append(lambda: open("moves.json", "w").write(json.dumps(view.result.inputs.get("steered"))))
    view
    """,
    "compare(p, a, labels=('photo', 'painting'))",
    "browse(nst.load_network('network.safetensors'), p)",
    "form(p, a, network='network.safetensors', size=96, scales=1, steps=20)",
)


@pytest.fixture
def folder(tmp_path):
    """A folder with a notebook that shows all views, and what it needs."""
    from safetensors.numpy import save_file

    save_file(random_weights(widths=(8, 8, 8, 8, 8)), tmp_path / "network.safetensors")
    nst.save_image(tmp_path / "photo.png", picture(120, 160))
    nst.save_image(tmp_path / "painting.png", picture(120, 160, seed=1) ** 2)
    lines = ["\n".join(line.removeprefix("    ") for line in cell.strip("\n").splitlines()).strip() for cell in CELLS]
    cells = [nbformat.v4.new_code_cell(line) for line in lines]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), tmp_path / "views.ipynb")
    return tmp_path


def environment(folder, **more):
    """That of a kernel which finds this checkout, and leaves no trace outside of the folder."""
    places = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_RUNTIME_DIR": "runtime", "IPYTHONDIR": "ipython"}
    for place in places.values():
        (folder / "jupyter" / place).mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if name != "NST_MODE"}
    return (
        kept
        | {name: str(folder / "jupyter" / place) for name, place in places.items()}
        | {"PYTHONPATH": str(ROOT)}
        | more
    )


def test_the_notebook_runs_to_its_end_without_a_frontend_and_leaves_pictures(folder):
    nbclient = pytest.importorskip("nbclient", reason="running notebooks needs nbclient")
    book = nbformat.read(folder / "views.ipynb", as_version=4)
    place = {"metadata": {"path": str(folder)}}
    client = nbclient.NotebookClient(book, timeout=PATIENCE, resources=place, store_widget_state=False)
    client.execute(env=environment(folder, NST_MODE="fast"))
    bundles = [cell.outputs[-1].data for cell in book.cells[1:]]
    assert not any(WIDGET in bundle for bundle in bundles)
    for bundle in bundles[:3]:
        assert base64.b64decode(bundle["image/jpeg"])[:3] == b"\xff\xd8\xff"
    assert bundles[0]["text/plain"].startswith("Done · 8 evaluations")
    assert r"\mathcal{L}_{\mathrm{total}}" in bundles[3]["text/latex"]
    assert len(json.dumps(book)) < 500_000


@pytest.fixture
def lab(folder):
    """The address of a JupyterLab that serves the folder to this machine alone, without a token."""
    if not find_spec("jupyterlab"):
        pytest.skip("JupyterLab is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = folder / "jupyter" / "config" / "labconfig"
    settings.mkdir(parents=True, exist_ok=True)
    quiet = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
    (settings / "page_config.json").write_text(json.dumps(quiet))
    options = {
        "ServerApp.ip": "127.0.0.1", "ServerApp.port": port, "ServerApp.root_dir": folder, "ServerApp.allow_root": True,
        "ServerApp.open_browser": False, "IdentityProvider.token": "", "LabApp.expose_app_in_browser": True,
        "LabApp.extension_manager": "readonly",
    }  # fmt: skip
    command = [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]
    with open(folder / "lab.log", "w") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment(folder), stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(lambda: answers(url + "/api") or server.poll() is not None)
        assert server.poll() is None, (folder / "lab.log").read_text()
        yield url
    finally:
        server.terminate()
        server.wait(60)


def answers(url):
    try:
        return urllib.request.urlopen(url, timeout=5).status == 200
    except OSError:
        return False


def wait_for(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.2)


@pytest.fixture
def page(lab):
    """The notebook in Chromium at 1280 × 800; `page.errors` collects what the console complains of."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="driving a browser needs playwright")
    if CHROMIUM is None:
        pytest.skip("there is no chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(1000 * PATIENCE)
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("console", lambda message: page.errors.append(message.text) if message.type == "error" else None)
        page.goto(f"{lab}/lab/tree/views.ipynb")
        page.wait_for_selector(".jp-Notebook .jp-CodeCell")
        # Cells that are run before the kernel answers open a dialogue that asks for one.
        page.evaluate(
            """async () => {
                const context = jupyterapp.shell.currentWidget.sessionContext;
                await context.ready;
                await context.session.kernel.info;
            }"""
        )
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        yield page
        browser.close()


def pixels(image):
    """What an <img> shows, as text that differs if a pixel does."""
    return image.evaluate(
        """async image => {
            await image.decode();
            const canvas = document.createElement("canvas");
            [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
            canvas.getContext("2d").drawImage(image, 0, 0);
            return canvas.toDataURL();
        }"""
    )


def drag(page, output, slider, by):
    """Drag the handle of an output's slider, by its number, by so many pixels, in steps, as a hand does."""
    handle = output.locator(".noUi-handle").nth(slider)
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for part in range(1, 6):
        page.mouse.move(x + by * part / 5, y)
        page.wait_for_timeout(50)
    page.mouse.up()


def test_the_views_answer_in_jupyterlab(page, folder):
    shots = folder / "screenshots"
    cells = page.locator(".jp-Notebook .jp-CodeCell")

    def shot(name, cell):
        cells.nth(cell).locator(".jp-Cell-outputArea").scroll_into_view_if_needed()
        page.wait_for_timeout(500)
        page.screenshot(path=shots / f"{name}.png")

    page.evaluate("jupyterapp.shell.collapseLeft()")
    page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")

    live = cells.nth(1).locator(".jp-OutputArea")
    status = live.locator(".widget-label", has_text="evaluations/s")
    status.wait_for()
    before = pixels(live.locator("img").first)
    wait_for(lambda: pixels(live.locator("img").first) != before)
    drag(page, live, 0, 80)
    page.wait_for_timeout(4000)
    shot("live", 1)
    live.locator("button", has_text="Stop").click()
    ended = live.locator(".widget-label", has_text="Stopped, the picture is kept")
    ended.wait_for()
    live.locator("button", has_text="Run again").wait_for()
    kept = pixels(live.locator("img").first)
    page.wait_for_timeout(1000)
    assert pixels(live.locator("img").first) == kept
    live.locator(".jp-Accordion, .widget-accordion, .jupyter-widget-Collapse").first.click()
    shot("stopped", 1)
    wait_for(lambda: (folder / "moves.json").is_file() and (folder / "moves.json").read_text())
    moves = json.loads((folder / "moves.json").read_text())
    assert {move["knob"] for move in moves} == {"alpha/beta"}

    comparison = cells.nth(2).locator(".jp-OutputArea")
    before = pixels(comparison.locator("img"))
    drag(page, comparison, 0, -100)
    wait_for(lambda: pixels(comparison.locator("img")) != before)
    shot("compare", 2)

    features = cells.nth(3).locator(".jp-OutputArea")
    for slider in (0, 1):  # layer, channel
        before = pixels(features.locator("img"))
        drag(page, features, slider, 120)
        wait_for(lambda before=before: pixels(features.locator("img")) != before)
    shot("browse", 3)

    chosen = cells.nth(4).locator(".jp-OutputArea")
    chosen.locator("mjx-container").first.wait_for()
    chosen.locator("button", has_text="Run").click()
    chosen.locator(".widget-label", has_text="Done · 20 evaluations").wait_for()
    shot("form", 4)
    assert page.errors == []
