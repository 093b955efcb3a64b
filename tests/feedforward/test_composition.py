"""The studio's state: what is chosen, brushed and refined, and what is painted of it; no browser, no widgets."""

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.feedforward import composition as state
from nst_jax.feedforward.composition import Composition, Refinement, Source
from tests.support.pictures import picture

SIZE = 64


def source(name, h=48, w=64, seed=0):
    return Source(name, picture(h, w, seed))


@pytest.fixture
def two():
    """A photo, and two styles in equal shares."""
    c = Composition(source("photo"))
    return state.with_style(state.with_style(c, source("a", seed=1)), source("b", seed=2))


@pytest.fixture
def labels(two):
    """a to the left, then the photo, then b; the mixture below."""
    labels = np.zeros((24, 32), np.uint8)
    labels[:12, :10], labels[:12, 10:20], labels[:12, 20:] = 1, two.keep, 2
    return labels


def pixels(c, size=SIZE, draft=False):
    result = state.painted(c, size, draft)
    assert result is not None
    return result.image


def test_the_picture_is_what_paint_makes_of_the_same_words(two, labels):
    c = state.with_settings(two, strength=0.8, style_scale=0.5, colour="luminance")
    c = state.with_labels(state.with_weight(c, 1, 0.25), labels)
    a, b = (each.source.picture for each in c.styles)
    masks = [(labels == i).astype(np.float32) for i in (1, 2, 3)]
    expected = nst.paint(
        c.photo.picture,
        [(a, 1.0), (b, 0.25)],
        regions=[(masks[0], a), (masks[1], b), (masks[2], None)],
        size=SIZE,
        strength=0.8,
        style_scale=0.5,
        colour="luminance",
    )
    np.testing.assert_array_equal(pixels(c), expected.image)


def test_where_the_photo_is_kept_it_stays_and_elsewhere_it_does_not(two, labels):
    x, p = pixels(state.with_labels(two, labels)), state.photo_at(two, SIZE)
    np.testing.assert_allclose(x[4:20, 24:36], p[4:20, 24:36], atol=1e-6)
    assert np.abs(x[30:] - p[30:]).mean() > 0.02


def test_a_style_without_a_share_is_brushed_only(two):
    none = state.with_weight(state.with_weight(two, 0, 0), 1, 0)
    assert not state.paints(none)
    assert state.painted(none, SIZE) is None
    labels = np.zeros((24, 32), np.uint8)
    labels[:, :16] = 1
    x, p = pixels(state.with_labels(none, labels)), state.photo_at(none, SIZE)
    np.testing.assert_allclose(x[:, 40:], p[:, 40:], atol=1e-6)
    assert np.abs(x[:, :24] - p[:, :24]).mean() > 0.02
    all_kept = np.full((24, 32), two.keep, np.uint8)
    assert not state.paints(state.with_labels(two, all_kept))


def test_removing_a_style_moves_the_labels_of_the_others(two, labels):
    c = state.with_labels(two, labels)
    left = state.without_style(c, 0)
    assert [each.source.name for each in left.styles] == ["b"]
    np.testing.assert_array_equal(left.labels, np.select([labels == 2, labels == 3], [1, 2], 0))
    assert left.keep == 2
    right = state.without_style(c, 1)
    np.testing.assert_array_equal(right.labels, np.select([labels == 1, labels == 3], [1, 2], 0))
    more = state.with_style(c, source("c", seed=3))
    np.testing.assert_array_equal(more.labels, np.select([labels == 1, labels == 2, labels == 3], [1, 2, 4], 0))
    np.testing.assert_array_equal(c.labels, labels)  # the one before stays


def test_another_photo_takes_brushes_and_refinements_with_it(two, labels):
    p = picture(48, 64)
    c = state.refined(state.with_labels(two, labels), Refinement(np.ones((48, 64), np.float32), p, {}))
    other = state.with_photo(c, source("other", 30, 30))
    assert (other.labels, other.refinements, other.photo.name) == (None, (), "other")
    assert len(other.styles) == 2


def test_refinements_lie_on_top_and_are_undone_one_by_one(two):
    x = picture(48, 64)
    left, right = np.zeros((2, 48, 64), np.float32)
    left[:, :40], right[:, 30:] = 1, 0.5
    red, blue = np.broadcast_to(np.float32([[[1, 0, 0]], [[0, 0, 1]]])[:, None], (2, 48, 64, 3))
    c = state.refined(state.refined(two, Refinement(left, red, {})), Refinement(right, blue, {}))
    both = state.composed(x, c.refinements)
    np.testing.assert_allclose(both[:, 20], np.broadcast_to([1, 0, 0], (48, 3)))
    np.testing.assert_allclose(both[:, 35], np.broadcast_to([0.5, 0, 0.5], (48, 3)))
    np.testing.assert_allclose(both[:, 50], (x[:, 50] + [0, 0, 1]) / 2, atol=1e-6)
    one = state.undone(c)
    np.testing.assert_array_equal(state.composed(x, one.refinements)[:, 50], x[:, 50])
    np.testing.assert_array_equal(state.composed(x, state.undone(one).refinements), x)
    assert state.undone(two).refinements == ()
    small = state.composed(nst.resize(x, (24, 32)), one.refinements)
    np.testing.assert_allclose(small[:, :18], np.broadcast_to([1, 0, 0], (24, 18, 3)), atol=1e-5)


def test_a_preview_reads_reduced_pictures():
    large = source("large", 600, 900)
    assert large.draft.shape == (341, 512, 3)
    assert large.given(draft=True) is large.draft
    assert large.given(draft=False) is large.picture
    c = state.with_style(Composition(large), source("a", seed=1))
    assert pixels(c, draft=True).shape == (43, 64, 3)


def test_what_is_not_possible_is_refused_in_one_line(two, labels):
    with pytest.raises(nst.SettingError, match="a is among the styles"):
        state.with_style(two, source("a"))
    full = two
    for name in "cde":
        full = state.with_style(full, source(name))
    with pytest.raises(nst.SettingError, match="there are 5 styles; remove one"):
        state.with_style(full, source("f"))
    for change in (
        lambda: state.without_style(two, 2),
        lambda: state.with_weight(two, -1, 0.5),
        lambda: state.with_weight(two, 0, 1.5),
        lambda: state.with_settings(two, strength=2),
        lambda: state.with_settings(two, strength="coffee"),  # a map, which `paint` would read
        lambda: state.with_settings(two, style_scale=[1, 2]),
        lambda: state.with_settings(two, colour="red"),
        lambda: state.with_settings(two, detail=0.5),
        lambda: state.with_labels(two, labels + 2),
    ):
        with pytest.raises(nst.SettingError):
            change()
