"""Image quilting: the cut against brute force, distances against sums, periodic samples, seeds, bad input."""

import itertools

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.history.quilting import block_distances, cut_mask, draw, minimum_cut, quilt
from tests.support.pictures import picture


def tile(h, w, period=4, seed=0):
    """A periodic picture of random tiles."""
    small = np.random.default_rng(seed).uniform(size=(period, period, 3)).astype(np.float32)
    return np.tile(small, (-(-h // period), -(-w // period), 1))[:h, :w]


@pytest.mark.parametrize("seed", range(8))
def test_the_cut_is_the_best_of_all_paths(seed):
    e = np.random.default_rng(seed).uniform(size=(4, 5))
    paths = [p for p in itertools.product(range(5), repeat=4) if max(abs(np.diff(p))) <= 1]
    costs = [e[range(4), p].sum() for p in paths]
    assert len(paths) == 95
    np.testing.assert_array_equal(minimum_cut(e), paths[np.argmin(costs)])


def test_a_cut_through_one_column():
    np.testing.assert_array_equal(minimum_cut(np.ones((3, 1))), [0, 0, 0])


def test_the_new_block_lies_beyond_both_cuts():
    e = np.ones((6, 6))
    e[:, 1] = e[2, 2:] = 0  # the cheap path is column 1 of the left overlap, row 2 of the upper one
    e[2, 0] = 0
    taken = cut_mask(e, 3, left=True, top=True)
    wanted = np.ones((6, 6), bool)
    wanted[:, :1] = False
    wanted[:2, 1:] = False
    np.testing.assert_array_equal(taken[3:], wanted[3:])
    np.testing.assert_array_equal(taken[:, 3:], wanted[:, 3:])
    assert cut_mask(e, 3, left=False, top=False).all()


@pytest.mark.parametrize("size", [(13, 17), (16, 24)])
def test_distances_are_the_sums_of_squares(size, rng):
    a, t, m = rng.uniform(size=(*size, 3)), rng.uniform(size=(5, 5, 3)), rng.uniform(size=(5, 5))
    D = block_distances(a, 5)(t, m)
    windows = np.lib.stride_tricks.sliding_window_view(a, (5, 5), (0, 1))  # [I, J, 3, 5, 5]
    wanted = (m * (windows - np.moveaxis(t, -1, 0)) ** 2).sum((2, 3, 4))
    np.testing.assert_allclose(D, wanted, atol=1e-10)


def test_the_draw_takes_every_candidate_and_no_other(rng):
    D = np.array([[1.0, 1.05], [1.2, 1.1]])
    drawn = {draw(D, 0.1, rng) for _ in range(100)}
    assert drawn == {(0, 0), (0, 1), (1, 1)}


def test_a_periodic_sample_is_continued():
    x = quilt(tile(24, 30), (50, 61), block=12, overlap=5)
    np.testing.assert_array_equal(x[4:], x[:-4])
    np.testing.assert_array_equal(x[:, 4:], x[:, :-4])


def test_every_pixel_is_one_of_the_sample():
    a = picture(30, 40)
    x = quilt(a, (45, 33), block=10)
    assert x.shape == (45, 33, 3)
    assert x.dtype == np.float32
    assert set(map(tuple, x.reshape(-1, 3))) <= set(map(tuple, a.reshape(-1, 3)))


def test_the_seed_decides():
    a = picture(30, 40)
    x, again, other = (quilt(a, (40, 40), block=10, seed=seed) for seed in (1, 1, 2))
    assert x.tobytes() == again.tobytes() != other.tobytes()


def test_cuts_join_better_than_straight_borders():
    a, block, overlap = picture(48, 48, 3), 16, 6
    x = quilt(a, (80, 80), block=block, overlap=overlap)
    # the jump across the straight borders of blocks is no larger than elsewhere
    jump = np.abs(np.diff(x, axis=1)).mean((0, 2))
    borders = np.arange(block - overlap - 1, 79, block - overlap)
    assert jump[borders].mean() < 1.5 * np.delete(jump, borders).mean()


def test_bad_input():
    a = picture(20, 20)
    with pytest.raises(nst.ImageError, match="20 × 20 pixels is too small for blocks of 32"):
        quilt(a, (40, 40))
    with pytest.raises(nst.SettingError, match="overlap=8: give a number from 1 to 7"):
        quilt(a, (40, 40), block=8, overlap=8)
    with pytest.raises(nst.SettingError, match="block=2"):
        quilt(a, (40, 40), block=2)
    with pytest.raises(nst.SettingError, match="shape"):
        quilt(a, (0, 40), block=8)
    with pytest.raises(nst.ImageError, match="the sample"):
        quilt(np.full((20, 20, 3), np.nan), (40, 40), block=8)
