"""A camera's frames: by the network where it knows the styles; what belongs to the photo stays out."""

from dataclasses import replace

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.feedforward import composition as state
from nst_jax.feedforward.composition import Composition, Source
from nst_jax.feedforward.live import live, mixture, strange
from tests.support.pictures import picture


def known(name):
    return Source(name, nst.load_image(name), nst.picture(name))


@pytest.fixture
def c():
    """Two styles that the network knows, and brushes that belong to the photo."""
    c = state.with_style(state.with_style(Composition(known("coffee")), known("vortex")), known("mosaic"), 0.4)
    labels = np.full((40, 60), c.keep, np.uint8)
    return state.with_labels(c, labels)


@pytest.fixture
def frame():
    return picture(48, 64, 7)


def test_a_frame_is_painted_by_the_network_in_the_mixture(c, frame):
    wanted = nst.paint(frame, [("vortex", 1.0), ("mosaic", 0.4)], network="six-styles", size=64).image
    np.testing.assert_array_equal(live(c, frame), wanted)
    assert mixture(c) == {"vortex": 1.0, "mosaic": 0.4}
    one = live(state.with_weight(c, 1, 0), frame)
    np.testing.assert_array_equal(one, nst.paint(frame, "vortex", network="six-styles", size=64).image)
    assert np.abs(one - wanted).mean() > 0.01
    photo = live(state.with_settings(c, colour="luminance"), frame)
    kept = nst.paint(frame, [("vortex", 1.0), ("mosaic", 0.4)], network="six-styles", size=64, colour="luminance")
    np.testing.assert_array_equal(photo, kept.image)


def test_with_a_style_that_the_network_does_not_know_it_is_any_style(c, frame):
    own = state.with_style(c, Source("own", picture(40, 40, 3)))
    assert strange(own) == ["own"]
    wanted = state.painted(replace(own, photo=Source("frame", frame), labels=None), 64, draft=True)
    assert wanted is not None
    np.testing.assert_array_equal(live(own, frame), wanted.image)
    assert strange(state.with_weight(own, 2, 0)) == []


def test_a_picture_that_borrows_the_name_of_a_style_is_another(c, tmp_path):
    upload = state.with_style(Composition(c.photo), Source("vortex", picture(40, 40, 3)))
    file = state.with_style(Composition(c.photo), Source("vortex", picture(40, 40, 3), tmp_path / "vortex.jpg"))
    assert strange(upload) == strange(file) == ["vortex"]
    assert strange(c) == []


def test_without_a_share_the_frame_is_seen_as_it_is(c, frame):
    for i in (0, 1):
        c = state.with_weight(c, i, 0)
    np.testing.assert_array_equal(live(c, frame), frame)
