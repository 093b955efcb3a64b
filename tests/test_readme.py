"""The README and the page with the whole method: the page is the method, and what the README names is there."""

import re
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import optax
import pytest

import nst_jax as nst

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
METHOD = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")
PAGE = re.search(r"<!-- method -->\n```python\n(.*?)```", METHOD, re.S)[1]
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
    exec(compile(PAGE.replace(UPDATES, f"range({updates})"), "method.md", "exec"), names)
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


def test_the_readme_is_short():
    assert len(README.splitlines()) < 150


def test_figures_are_those_of_the_page_that_has_them_all():
    measured = (ROOT / "docs" / "measured.md").read_text(encoding="utf-8").replace("](../", "](").splitlines()
    rows = README.split("## Measured")[1].split("\n|---|---|---|\n")[1].split("\n\n")[0].splitlines()
    assert rows
    assert set(rows) <= set(measured)
    faults = [line.split("|")[-2].strip() for line in measured if re.search(r"(attempts|SIGKILLs)", line)]
    attempts = sum(int(n.replace(",", "")) for line in measured for n in re.findall(r"([\d,]+) attempts", line))
    assert set(faults) == {"0"}
    assert f"{attempts // 1000:,},000 mutated, damaged or absurd inputs" in README
