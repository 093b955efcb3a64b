"""Contact sheets: every picture in its place, labels outside, gaps where one is missing; maps, curves and drawings."""

import io

import numpy as np
import pytest
from PIL import Image

import nst_jax as nst
from nst_jax.images.sheets import ROOM, contact_sheet, gallery
from nst_jax.notebook import show


def plain(colour, h=40, w=60):
    return np.broadcast_to(np.array(colour, np.float32), (h, w, 3))


RED, GREEN, BLUE = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)


def extent(sheet, colour):
    """(top, bottom, left, right) of the pixels of this colour."""
    y, x = np.nonzero(np.abs(sheet - np.array(colour)).max(axis=-1) < 0.01)
    return y.min(), y.max() + 1, x.min(), x.max() + 1


def test_pictures_stand_in_rows_and_columns_at_one_width():
    sheet = contact_sheet([[plain(RED), plain(GREEN, 60, 60)], [plain(BLUE)]], width=60)
    red, green, blue = (extent(sheet, colour) for colour in (RED, GREEN, BLUE))
    assert red[1] - red[0] == 40
    assert red[3] - red[2] == 60
    assert green[0] == red[0]
    assert green[2] == red[3] + ROOM
    assert green[1] - green[0] == 60
    assert blue[2] == red[2]
    assert blue[0] == green[1] + ROOM
    assert sheet.dtype == np.float32
    assert sheet.min() >= 0
    assert sheet.max() <= 1


def test_labels_stand_outside_of_the_pictures():
    panels = [[plain(RED), plain(GREEN)], [plain(BLUE), plain(RED)]]
    bare = contact_sheet(panels, width=60)
    labelled = contact_sheet(panels, ["α/β", "1e-3\nauthor"], ["one", "a longer label"], width=60)
    assert labelled.shape[0] > bare.shape[0]
    assert labelled.shape[1] > bare.shape[1]
    for colour in (GREEN, BLUE):
        top, bottom, left, right = extent(labelled, colour)
        assert (bottom - top, right - left) == (40, 60)
    top, left = extent(labelled, GREEN)[0], extent(labelled, BLUE)[2]
    assert (labelled[:top, left:] < 0.5).any()  # ink above
    assert (labelled[top:, :left] < 0.5).any()  # and to the left


def test_a_gap_is_marked_and_keeps_its_place():
    sheet = contact_sheet([[None, plain(GREEN)]], width=60)
    top, _, left, _ = extent(sheet, GREEN)
    assert left >= 60
    assert (sheet[top, left - ROOM - 60 : left - ROOM] < 0.9).all()  # its frame


def test_a_sheet_of_nothing_is_refused():
    with pytest.raises(nst.SettingError, match="at least one picture"):
        contact_sheet([[None]])


def test_pictures_are_a_small_sheet_with_words():
    sheet = show.pictures({"red": plain(RED), "green": plain(GREEN)}, width=60, quality=90)
    np.testing.assert_array_equal(sheet.image, contact_sheet([[plain(RED), plain(GREEN)]], ["red", "green"], width=60))
    assert repr(sheet) == "1 × 2 pictures: red, green"
    read = np.asarray(Image.open(io.BytesIO(sheet.jpeg())), np.float32) / 255
    assert read.shape == sheet.image.shape
    assert np.abs(read - sheet.image).mean() < 0.03


def test_a_map_in_colours_is_dark_at_zero_and_all_alike_above_its_limit():
    shown = show.coloured(np.array([[0.0, 1.0, 2.0, 5.0]]), limit=2.0)
    light = shown.sum(-1)[0]
    assert shown.shape == (1, 4, 3)
    assert light[0] < 0.1 < light[1] < light[2] == light[3]
    assert show.coloured(np.zeros((2, 2))).max() < 0.1  # not divided by zero


def test_what_is_stretched_fills_0_to_1_in_the_same_order():
    x = np.random.default_rng(0).normal(5, 40, (30, 30, 3))
    shown = show.stretched(x)
    assert (shown.min(), shown.max()) == (0, 1)
    inside = (shown > 0) & (shown < 1)
    assert inside.mean() > 0.98
    assert np.corrcoef(shown[inside], x[inside])[0, 1] == pytest.approx(1)


def test_curves_and_drawings_show_what_was_computed():
    import matplotlib.pyplot as plt

    losses = {"evaluations": np.array([1, 2, 4]), "total": np.array([9.0, 3.0, 1.0]), "tv": np.array([3.0, 2.0, 1.0])}
    axes = show.curves({"Adam": losses}, of="tv")
    (line,) = axes.get_lines()
    np.testing.assert_array_equal(line.get_xydata(), np.c_[losses["evaluations"], losses["tv"]])
    assert (line.get_label(), axes.get_yscale(), axes.get_ylabel()) == ("Adam", "log", "loss, tv")
    drawn = show.drawing(axes.figure, colours=16)
    assert not plt.get_fignums()  # closed: a notebook shows it once
    assert repr(drawn) == "figure: loss, tv against evaluations: Adam"
    image = Image.open(io.BytesIO(drawn.png))
    assert len(image.getcolors()) <= 16


def test_a_gallery_has_every_picture_once_with_its_label():
    colours = {"red": (1, 0, 0), "green": (0, 1, 0), "blue": (0, 0, 1)}
    panels = {name: np.broadcast_to(np.float32(c), (10, 20, 3)) for name, c in colours.items()}
    sheet = gallery(panels, 2, width=40)
    assert sheet.text == "3 pictures: red, green, blue"
    wide = contact_sheet([[*panels.values()][:2]], list(panels)[:2], width=40)
    np.testing.assert_array_equal(sheet.image[: len(wide)], wide)
    for c in colours.values():
        assert (sheet.image == np.float32(c)).all(-1).sum() == 40 * 20
    with pytest.raises(nst.SettingError, match="at least one picture"):
        gallery({})
