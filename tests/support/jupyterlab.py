"""JupyterLab for a test: where its server finds everything, and patience."""

import os
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 120  # seconds, on a machine that does other things too


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
