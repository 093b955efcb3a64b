"""The first notebook in JupyterLab, driven in Chromium as a student would."""

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

pytest.importorskip("ipywidgets", reason="the views need ipywidgets")
pytest.importorskip("matplotlib", reason="the views need matplotlib")
nbformat = pytest.importorskip("nbformat", reason="notebooks need nbformat")

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PATIENCE = 120  # seconds, on a machine that does other things too
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


def environment(folder, **more):
    """That of a kernel which finds this checkout, and leaves no trace outside of the folder."""
    places = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_RUNTIME_DIR": "runtime", "IPYTHONDIR": "ipython"}
    for place in places.values():
        (folder / "jupyter" / place).mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if name not in ("NST_MODE", "NST_STATIC", "TQDM_DISABLE")}
    return (
        kept
        | {name: str(folder / "jupyter" / place) for name, place in places.items()}
        | {"PYTHONPATH": str(ROOT)}
        | more
    )


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


def fault(message):
    """Whether a message of the console is an error of ours: the badge cannot be had without a connection."""
    return message.type == "error" and "colab-badge" not in message.location.get("url", "")


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
        page.on("console", lambda message: page.errors.append(message.text) if fault(message) else None)
        page.goto(f"{lab}/lab/tree/{NOTEBOOK}")
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

    page.evaluate("jupyterapp.shell.collapseLeft()")
    page.evaluate(
        "jupyterapp.shell.currentWidget.content.notebookConfig = "
        "{...jupyterapp.shell.currentWidget.content.notebookConfig, windowingMode: 'none'}"
    )
    page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells'); }")  # its promise waits for the end

    live = output("nst.live(")
    live.locator(".widget-label", has_text="evaluations/s").wait_for()
    before = pixels(live.locator("img").first)
    wait_for(lambda: pixels(live.locator("img").first) != before)
    drag(page, live, 0, 80)  # α/β
    page.wait_for_timeout(2000)
    shot("live")
    live.locator("button", has_text="Stop").click()
    live.locator(".widget-label", has_text="Stopped, the picture is kept").wait_for()
    live.locator("button", has_text="Run again").wait_for()
    kept = pixels(live.locator("img").first)
    page.wait_for_timeout(1000)
    assert pixels(live.locator("img").first) == kept
    shot("stopped")

    comparison = output("nst.before_after(")
    comparison.locator("img").wait_for()  # the kernel went on with the picture that was kept
    before = pixels(comparison.locator("img"))
    drag(page, comparison, 0, -100)
    wait_for(lambda: pixels(comparison.locator("img")) != before)
    shot("compare")

    chosen = output("nst.form(")
    chosen.locator("mjx-container").first.wait_for()
    chosen.locator("button", has_text="Run").wait_for()
    shot("form")

    features = output("nst.browse(")
    features.locator("img").wait_for()
    for slider in (0, 1):  # layer, channel
        before = pixels(features.locator("img"))
        drag(page, features, slider, 120)
        wait_for(lambda before=before: pixels(features.locator("img")) != before)
    shot("browse")

    quiz = output("quiz(")
    quiz.locator("input[type=radio], button").first.wait_for()
    shot("quiz")
    assert page.errors == []
