"""Examples in docstrings: they run, and print what they say."""

import doctest
import importlib
from pathlib import Path

import pytest

import nst_jax as nst

PACKAGE = Path(nst.__file__).parent
EXAMPLES = sorted(path for path in PACKAGE.rglob("*.py") if ">>> " in path.read_text(encoding="utf-8"))
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
SHOWN = ("stylize", "paint", "make", "gram", "style_loss", "total_variation", "convert", "load_image",
         "save_image", "resize")  # fmt: skip


@pytest.mark.parametrize("path", EXAMPLES, ids=[str(path.relative_to(PACKAGE)) for path in EXAMPLES])
def test_examples_print_what_they_say(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = ".".join(("nst_jax", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
    module = importlib.import_module(name)
    counts = doctest.testmod(module, optionflags=FLAGS)
    assert counts.attempted > 0
    assert counts.failed == 0


@pytest.mark.parametrize("name", SHOWN)
def test_what_a_newcomer_calls_has_an_example(name):
    assert ">>> " in getattr(nst, name).__doc__
