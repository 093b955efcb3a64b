"""Progress bars in a notebook: text, which is gone at the end."""

import sys
from types import SimpleNamespace

from tqdm import tqdm

from nst_jax.progress import bar


def test_a_bar_in_a_notebook_is_text_and_clears_itself(monkeypatch, capsys):
    kernel = SimpleNamespace(IPKernelApp=SimpleNamespace(initialized=lambda: True))
    monkeypatch.setitem(sys.modules, "ipykernel.kernelapp", kernel)
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    shown = bar(range(3))
    assert type(shown) is tqdm
    assert list(shown) == [0, 1, 2]
    said = capsys.readouterr()
    assert "3" in said.out
    assert said.out.split("\r")[-2].strip() == ""  # the last thing written clears the line
    assert said.err == ""
