"""Contact sheets: every picture in its place, labels outside of the pictures, gaps where there is none."""

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.show import ROOM, contact_sheet


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
