"""The handout: one page of A4, nothing outside it, nothing over anything else, and the losses of the package."""

import re

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.cli.main import main
from nst_jax.course import handout

PAGE = (595.28, 841.89)  # A4 in points


@pytest.fixture
def shown():
    rng = np.random.default_rng(0)
    names = ("p", "a", *handout.RATIOS)
    return {name: rng.uniform(size=(120 if name != "a" else 144, 180, 3)).astype(np.float32) for name in names}


@pytest.fixture
def figure(shown, tmp_path, monkeypatch):
    """The figure that is saved."""
    saved = []
    monkeypatch.setattr(handout, "save_figure", lambda figure, path: saved.append(figure))
    handout.write_handout(tmp_path / "a.pdf", shown)
    return saved[0]


def test_it_is_one_page_of_a4(shown, tmp_path):
    handout.write_handout(tmp_path / "a.pdf", shown)
    held = (tmp_path / "a.pdf").read_bytes()
    assert len(re.findall(rb"/Type /Page\b", held)) == 1
    box = [float(each) for each in re.search(rb"/MediaBox \[ ([\d. ]+) \]", held)[1].split()]
    assert box == pytest.approx([0, 0, *PAGE], abs=0.01)
    assert len(re.findall(rb"/Subtype /Image\b", held)) == 3 + len(handout.RATIOS)


def test_every_text_is_on_the_page_and_over_no_other(figure):
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    with_renderer = FigureCanvasAgg(figure).get_renderer()
    (page,) = figure.axes
    boxes = [(text.get_text(), text.get_window_extent(with_renderer)) for text in page.texts if text.get_text()]
    wide, high = figure.bbox.size
    edge = wide * 10 / 210  # 10 mm, which every printer can print
    assert len(boxes) > 40
    for text, box in boxes:
        assert edge <= box.x0, text
        assert box.x1 <= wide - edge, text
        assert edge <= box.y0, text
        assert box.y1 <= high - edge, text
    for i, (text, a) in enumerate(boxes):
        for other, b in boxes[i + 1 :]:
            across, up = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
            assert min(across, up) <= 1, (text, other)
    for image in page.images:
        left, right, low, top = image.get_extent()
        assert 10 <= left < right <= 200
        assert 10 <= top < low <= 287


def test_the_formulas_are_the_packages():
    """Each formula, written out in NumPy from the page, gives what the package computes."""
    rng = np.random.default_rng(0)
    F, P = rng.uniform(size=(2, 4, 5, 3)).astype(np.float32)
    rows = [each.reshape(-1, 3).T for each in (F, P)]  # [N, M], as on the page
    G, A = (X @ X.T for X in rows)
    N, M = rows[0].shape
    np.testing.assert_allclose(nst.content_loss(F, P), 0.5 * ((rows[0] - rows[1]) ** 2).sum(), rtol=1e-5)
    np.testing.assert_allclose(nst.gram(F), G, rtol=1e-5)
    np.testing.assert_allclose(nst.style_loss(G, A, positions=M), ((G - A) ** 2).sum() / (4 * N**2 * M**2), rtol=1e-5)
    V = sum((np.diff(F, axis=axis) ** 2).sum() for axis in (0, 1))
    np.testing.assert_allclose(nst.total_variation(F), V, rtol=1e-5)
    said = " ".join(formula for _, _, formula, _, _ in handout.LOSSES)
    for part in (r"\frac{1}{2}", r"\frac{1}{4 N_l^2 M_l^2}", r"(F^l_{ij} - P^l_{ij})^2", r"(G^l_{ij} - A^l_{ij})^2"):
        assert part in said


def test_its_ratios_are_those_of_its_runs():
    assert all(float(name) == pytest.approx(1 / beta) for name, beta in handout.RATIOS.items())
    assert nst.Settings().alpha / nst.Settings().beta in map(float, handout.RATIOS)
    assert (nst.Settings().convention, nst.Settings().normalize) == ("author", True)  # as its last lines say


def test_the_command_makes_its_own_pictures_and_says_nothing(tmp_path, monkeypatch, capsys):
    real = handout.pictures
    monkeypatch.setattr(handout, "pictures", lambda size: real(size, steps=2))
    assert main(["handout", str(tmp_path / "a.pdf"), "--size", "32"]) == 0
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    assert capsys.readouterr() == ("", "")
    assert main(["handout", str(tmp_path / "a.doc")]) == 2
    assert "a.doc: its ending names no format for print" in capsys.readouterr().err
