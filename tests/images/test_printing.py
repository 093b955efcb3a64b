"""Figures for print: labels stay text, pictures keep every pixel, and what cannot be written is refused."""

import base64
import io
import re
import sys
import zlib
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

import nst_jax as nst
from nst_jax.images.sheets import Sheet
from nst_jax.notebook import show

SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"


@pytest.fixture
def noise():
    """A picture of which every pixel differs."""
    return (np.random.default_rng(0).integers(0, 256, (40, 60, 3)) / 255).astype(np.float32)


def drawn(path):
    """The texts, and the pictures [h, w, 3] with their places (x, y, width, height), of an SVG."""
    tree = ElementTree.parse(path)
    texts = ["".join(each.itertext()) for each in tree.iter(f"{SVG}text")]
    pictures = []
    for each in tree.iter(f"{SVG}image"):
        data = base64.b64decode(each.attrib[LINK].split(",")[1])
        pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
        a, b, c, d, x, y = map(float, re.findall(r"[-\d.e]+", each.attrib["transform"].removeprefix("matrix")))
        assert (b, c) == (0, 0)
        pictures.append((pixels, [x, y, a * float(each.attrib["width"]), d * float(each.attrib["height"])]))
    return texts, pictures


def test_labels_are_text_and_pictures_have_all_their_pixels(noise, tmp_path):
    sheet = show.pictures([[noise, None], [noise[:, ::-1], noise[::-1]]], ["α/β = 1e-3", "b"], ["seed 0", "seed 1"])
    sheet.save(tmp_path / "a.svg")
    texts, pictures = drawn(tmp_path / "a.svg")
    assert sorted(texts) == sorted(["α/β = 1e-3", "b", "seed 0", "seed 1"])
    assert [pixels.shape for pixels, _ in pictures] == [(40, 60, 3)] * 3
    for (pixels, _), x in zip(pictures, (noise, noise[:, ::-1], noise[::-1]), strict=True):
        np.testing.assert_array_equal(pixels, np.rint(255 * x))


def test_panels_stand_in_rows_and_columns_and_fill_the_width(noise, tmp_path):
    show.pictures([[noise, noise], [noise, noise[:30]]]).save(tmp_path / "a.svg", width=100)
    _, pictures = drawn(tmp_path / "a.svg")
    (a, b, c, d) = (np.array(place) for _, place in pictures)
    assert a[2] == pytest.approx(b[2])
    assert a[1] == pytest.approx(b[1])
    assert a[0] == pytest.approx(c[0])
    assert b[0] - a[0] - a[2] == pytest.approx(4, abs=0.5)
    assert b[0] + b[2] == pytest.approx(100 / 25.4 * 72, abs=0.5)
    assert c[1] > a[1] + a[3]
    assert a[2] / a[3] == pytest.approx(1.5, rel=0.02)
    assert d[2] / d[3] == pytest.approx(2, rel=0.02)


def test_a_gallery_keeps_its_rows_each_under_its_labels(noise, tmp_path):
    show.gallery(dict.fromkeys("abcdefg", noise), across=3).save(tmp_path / "a.svg")
    texts, pictures = drawn(tmp_path / "a.svg")
    assert sorted(texts) == list("abcdefg")
    widths = {round(place[2], 3) for _, place in pictures}
    assert len(widths) == 1
    assert len({round(place[1]) for _, place in pictures}) == 3


def test_a_pdf_has_letters_as_letters_and_pictures_at_full_size(noise, tmp_path):
    show.pictures({"first": noise, "second": noise}).save(tmp_path / "a.pdf")
    held = (tmp_path / "a.pdf").read_bytes()
    sizes = re.findall(rb"/Subtype /Image\b[^>]*?/Width (\d+)\s+/Height (\d+)", held)
    assert sizes == [(b"60", b"40")] * 2
    assert b"/FontFile2" in held  # TrueType, so that letters can be searched for and copied
    found = re.search(rb"/Length \d+ 0 R /Filter /FlateDecode >>\s*stream\r?\n", held)
    page = zlib.decompressobj().decompress(held[found.end() :])
    assert len(re.findall(rb"\bT[jJ]\b", page)) >= 2


def test_the_same_figure_gives_the_same_bytes(noise, tmp_path):
    for ending in (".pdf", ".svg", ".png"):
        for name in ("a", "b"):
            show.pictures({"first": noise}).save(tmp_path / f"{name}{ending}")
        assert (tmp_path / f"a{ending}").read_bytes() == (tmp_path / f"b{ending}").read_bytes()


@pytest.mark.parametrize("dpi", [100, 300])
def test_a_png_has_the_resolution_asked_for(noise, tmp_path, dpi):
    show.pictures([[noise, noise]]).save(tmp_path / "a.png", dpi=dpi, width=127)
    with Image.open(tmp_path / "a.png") as image:
        assert image.width == 5 * dpi
        assert image.info["dpi"] == pytest.approx((dpi, dpi), abs=0.1)


def test_long_labels_get_smaller_letters_and_do_not_overlap(noise, tmp_path):
    labels = ["a label that is rather long", "b label that is rather long"] * 2
    show.pictures([[noise] * 4], labels).save(tmp_path / "a.svg", width=120)
    text = (tmp_path / "a.svg").read_text()
    sizes = {float(each) for each in re.findall(r"font(?:-size)?: ([\d.]+)px", text)}
    (size,) = sizes
    assert 5 <= size < 8
    show.pictures([[noise] * 4], ["short"] * 4).save(tmp_path / "b.svg", width=120)
    assert re.search(r"font(-size)?: 8px", (tmp_path / "b.svg").read_text())


def test_a_sheet_of_which_the_parts_are_not_known_is_one_picture(noise, tmp_path):
    Sheet(noise, "a picture").save(tmp_path / "a.svg")
    texts, ((pixels, _),) = drawn(tmp_path / "a.svg")
    assert texts == []
    np.testing.assert_array_equal(pixels, np.rint(255 * noise))


def test_a_drawing_is_written_with_its_lines(tmp_path):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    axes.plot([0, 1, 2], label="a line")
    axes.set(title="a title")
    shown = show.drawing(figure)
    shown.save(tmp_path / "a.svg")
    texts, pictures = drawn(tmp_path / "a.svg")
    assert "a title" in texts
    assert not pictures
    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    ("name", "how", "message"),
    [
        ("a.jpg", {}, r"a\.jpg: its ending names no format for print; use \.pdf"),
        ("a", {}, "names no format"),
        ("a.pdf", {"width": 5}, "width=5: give a number from 20"),
        ("a.png", {"dpi": 10_000}, "dpi=10000: give a number from 30"),
        ("file/a.pdf", {}, "cannot be written"),
    ],
)
def test_what_cannot_be_written_is_refused(noise, tmp_path, name, how, message):
    (tmp_path / "file").touch()
    with pytest.raises(nst.NSTError, match=message):
        show.pictures({"a": noise}).save(tmp_path / name, **how)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_labels_that_leave_no_room_for_pictures_are_refused(noise, tmp_path):
    sheet = show.pictures([[noise]], rows=["a label that is far too long for so narrow a figure"])
    with pytest.raises(nst.SettingError, match="width=20: labels and gaps leave no room"):
        sheet.save(tmp_path / "a.pdf", width=20)
    assert not list(tmp_path.iterdir())


def test_without_matplotlib_one_line_says_so(noise, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(nst.NSTError, match=r"run pip install .nst_jax\[research\]"):
        Sheet(noise, "a").save(tmp_path / "a.pdf")
