"""The README: its page with the whole method is the method, and what it names is there."""

import re
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import optax
import pytest

import nst_jax as nst

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGE = re.search(r"<!-- method -->\n```python\n(.*?)```", README, re.S)[1]
UPDATES = "range(150)"
SETTINGS = {
    "content": "chelsea",
    "style": "vortex",
    "size": 256,
    "scales": 1,
    "alpha": 1e-5,
    "beta": 100.0,
    "tv": 0.0,
    "normalize": False,
    "convention": "paper",
    "optimizer": optax.adam(0.02),
}


def run_page(updates, folder, monkeypatch):
    """The names of the page after it ran with this number of updates."""
    monkeypatch.chdir(folder)
    (folder / "data").symlink_to(ROOT / "data")
    assert UPDATES in PAGE
    names = {}
    exec(compile(PAGE.replace(UPDATES, f"range({updates})"), "README.md", "exec"), names)
    return names


def test_the_page_is_stylize(tmp_path, monkeypatch):
    """Pictures are compared after few updates: Adam divides by the gradient's size, and so magnifies rounding."""
    updates = 10
    page = run_page(updates, tmp_path, monkeypatch)
    result = nst.stylize(**SETTINGS, steps=updates + 1)  # the picture kept is the one evaluated last
    x = np.asarray(page["x"])
    np.testing.assert_allclose(np.clip(x, 0, 1), result.image, atol=5e-3)
    assert np.abs(np.clip(x, 0, 1) - result.image).mean() < 1e-4
    assert float(page["L_total"](x)) == pytest.approx(result.losses["total"][-1], rel=1e-3)
    F = page["features"](jnp.asarray(page["p"]))
    assert float(page["alpha"] * page["L_content"](F)) == pytest.approx(result.losses["content"][0], abs=1e-6)
    assert float(page["beta"] * page["L_style"](F)) == pytest.approx(result.losses["style"][0], rel=1e-5)
    np.testing.assert_allclose(nst.load_image(tmp_path / "picture.png"), np.clip(x, 0, 1), atol=0.5 / 255 + 1e-6)


def test_the_page_is_short():
    assert len([line for line in PAGE.splitlines() if line.strip()]) <= 60


def test_every_file_that_is_linked_is_there():
    for link in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / link).exists(), link
