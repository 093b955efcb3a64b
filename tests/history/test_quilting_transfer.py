"""Transfer by image quilting."""

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.history.quilting import block_distances
from nst_jax.history.quilting_transfer import _laid, _places, quilting_transfer
from tests.support.pictures import picture


@pytest.mark.parametrize("correspondence", ["colour", "luminance"])
def test_a_picture_in_its_own_blocks_is_itself(correspondence):
    p = picture(33, 40)
    np.testing.assert_array_equal(quilting_transfer(p, p, block=10, correspondence=correspondence), p)


def test_every_pixel_is_the_paintings():
    p, a = picture(30, 36), picture(28, 40, 1)
    x = quilting_transfer(p, a, block=12)
    assert x.shape == p.shape
    assert set(map(tuple, x.reshape(-1, 3))) <= set(map(tuple, a.reshape(-1, 3)))


def test_a_first_block_that_fits_in_luminance_alone_is_found():
    """One pass, one block: the nearest of all in luminance, by brute force."""
    p, a = picture(8, 8), picture(20, 23, 1)
    x = quilting_transfer(p, a, block=8, passes=1, tolerance=0, correspondence="luminance", blur=0)
    Y, Y_a = (each @ np.array([0.299, 0.587, 0.114]) for each in (p, a))
    Y = (Y - Y.mean()) * Y_a.std() / Y.std() + Y_a.mean()
    D = {(i, j): ((Y_a[i : i + 8, j : j + 8] - Y) ** 2).sum() for i, j in np.ndindex(13, 16)}
    i, j = min(D, key=D.__getitem__)
    np.testing.assert_array_equal(x, a[i : i + 8, j : j + 8])


def test_the_distance_to_overlap_and_earlier_pass_is_their_sum(rng):
    a, there, before = picture(14, 15), picture(6, 6, 1), picture(6, 6, 2)
    known = (rng.uniform(size=(6, 6)) > 0.5).astype(float)
    D = _laid(block_distances(a, 6))(there, known, before)
    for i, j in ((0, 0), (3, 7), (8, 9)):
        new = a[i : i + 6, j : j + 6]
        expected = (known[..., None] * (new - there) ** 2).sum() + ((new - before) ** 2).sum()
        np.testing.assert_allclose(D[i, j], expected, rtol=1e-5)


def test_blocks_cover_the_picture_and_say_how_much_they_overlap():
    covered = np.zeros((23, 30), int)
    for (row, top), (column, left) in _places((23, 30), 8, 3):
        here = covered[row : row + 8, column : column + 8]
        assert here.shape == (8, 8)
        known = np.zeros((8, 8), bool)
        known[:top] = known[:, :left] = True
        np.testing.assert_array_equal(here > 0, known)
        here += 1
    assert covered.all()


def test_a_seed_makes_the_same_bytes():
    p, a = picture(30, 36), picture(28, 40, 1)
    first, again, other = (quilting_transfer(p, a, block=12, tolerance=0.5, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"block": 25}, "the painting of 36 × 24 pixels is smaller than a patch of 25 × 25"),
        ({"block": 5}, "block=5: give a number from 6 up"),
        ({"overlap": 24}, "overlap=24: give a number from 1 to 23"),
        ({"correspondence": "hue"}, "correspondence='hue': give luminance, colour"),
    ],
)
def test_bad_input_is_refused_in_one_line(settings, message):
    with pytest.raises(nst.NSTError, match=message) as raised:
        quilting_transfer(picture(40, 40), picture(24, 36, 1), **settings)
    assert "\n" not in str(raised.value)
