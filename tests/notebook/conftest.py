"""Fixtures: the notebook of a test's `folder` in JupyterLab, in Chromium."""

import json
import socket
import subprocess
import sys
from importlib.util import find_spec

import pytest

from tests.support.jupyterlab import answers, chromium, environment, open_notebook, wait_for


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


@pytest.fixture
def page(lab, folder):
    """The folder's notebook in Chromium at 1280 × 800; `page.errors` collects what the console complains of."""
    (notebook,) = folder.glob("*.ipynb")
    with chromium() as page:
        open_notebook(page, f"{lab}/lab/tree/{notebook.name}")
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        yield page
