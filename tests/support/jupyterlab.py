"""JupyterLab, the studio's server and Chromium for a test: where they find everything, and patience."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

ROOT = Path(__file__).parents[2]
PATIENCE = 120  # seconds, on a machine that does other things too
KERNEL_ANSWERS = """patience => {
    const context = jupyterapp.shell.currentWidget.sessionContext;
    const answer = context.ready.then(() => context.session.kernel.info).then(() => true);
    return Promise.race([answer, new Promise(done => setTimeout(() => done(false), patience))]);
}"""


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


def answers(url):
    try:
        return urllib.request.urlopen(url, timeout=5).status == 200
    except OSError:
        return False


def wait_for(condition):
    """Return when the condition holds; fail if it does not within the time allowed."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.2)


def open_notebook(page, url):
    """Open a notebook in JupyterLab, and wait until its kernel answers.

    Cells that are run before it does open a dialogue that asks for one. Now and then JupyterLab's session does not
    start, and its promise is never kept.
    """
    for tries in range(3):
        page.goto(url)
        page.wait_for_selector(".jp-Notebook .jp-CodeCell")
        if page.evaluate(KERNEL_ANSWERS, 1000 * PATIENCE):
            return
        assert tries < 2, "JupyterLab starts no kernel"


def shows(element, seconds):
    """Whether an element of a page is visible before some seconds have passed."""
    end = time.monotonic() + seconds
    while not element.is_visible() and time.monotonic() < end:
        element.page.wait_for_timeout(200)
    return element.is_visible()


def run_all(page, element):
    """Run all cells, and again if an element of their outputs is not shown: a busy page can miss widgets' messages."""
    for _ in range(3):
        page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells'); }")  # which does not wait
        if shows(element, PATIENCE / 2):
            return
    raise AssertionError("the cells' widgets are not shown")


def placed(element):
    """The box of an element of a page, once it is shown: what it shows may just be drawn again."""
    boxes = []

    def shown():
        boxes.append(element.bounding_box())
        return boxes[-1] is not None

    wait_for(shown)
    return boxes[-1]


@contextmanager
def served_studio(folder, *arguments):
    """The address of a studio that the command serves, with its files in the folder."""
    pytest.importorskip("voila", reason="serving the studio needs Voilà")
    command = [sys.executable, "-m", "nst_jax", "studio", *arguments, "--no-browser"]
    with open(folder / "log", "w") as log:
        # A shell that starts the tests in the background has them ignore Ctrl-C, and so would what they start.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        server = subprocess.Popen(
            command, cwd=folder, env=environment(folder), stdout=subprocess.PIPE, stderr=log, text=True
        )
        signal.signal(signal.SIGINT, before)
    try:
        assert server.stdout is not None
        line = server.stdout.readline().strip()
        assert line, (folder / "log").read_text()
        yield line
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            server.kill()
            server.communicate()
            raise


@contextmanager
def chromium(*arguments, width=1280, height=800, **context):
    """A page in Chromium; `page.errors` collects what the console complains of."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="driving a browser needs playwright")
    if CHROMIUM is None:
        pytest.skip("there is no chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", *arguments])
        page = browser.new_context(viewport={"width": width, "height": height}, **context).new_page()
        page.set_default_timeout(1000 * PATIENCE)
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("console", lambda message: page.errors.append(message.text) if fault(message) else None)
        yield page
        browser.close()


def fault(message):
    """Whether a message of the console is an error of ours: the badge cannot be had without a connection."""
    return message.type == "error" and "colab-badge" not in message.location.get("url", "")
