"""Where a flow can be trusted: nothing moves, everything moves, and something moves before something else."""

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.video.masks import closest_first, consistent, steady, visible
from nst_jax.video.synthetic import ball


def test_nothing_moves_and_everything_is_trusted():
    still = np.zeros((20, 30, 2), np.float32)
    np.testing.assert_array_equal(visible(still, still), 1)


def test_what_leaves_the_picture_is_not_trusted():
    """A pan by 4 pixels: a band of 4 columns has no partner, and the mask grows by about one more."""
    flow = np.zeros((20, 30, 2), np.float32)
    flow[..., 0] = 4
    c = visible(flow, -flow)
    assert c[:, -4:].max() < 0.5
    np.testing.assert_array_equal(c[:, :-7], 1)


def test_the_tests_are_those_of_the_paper(rng):
    flow, back = rng.normal(0, 1.5, (2, 16, 18, 2)).astype(np.float32)
    flow, back = np.round(flow), np.round(back)  # so that the warp needs no interpolation
    c, d = consistent(flow, back), steady(flow)
    for i, j in ((5, 5), (8, 3), (10, 12), (4, 9), (7, 7), (9, 14)):
        u, v = flow[i, j]
        there = back[int(np.clip(i + v, 0, 15)), int(np.clip(j + u, 0, 17))]
        off = ((flow[i, j] + there) ** 2).sum()
        assert c[i, j] == (off <= 0.01 * ((flow[i, j] ** 2).sum() + (there**2).sum()) + 0.5)
        down, right = (flow[i + 1, j] - flow[i - 1, j]) / 2, (flow[i, j + 1] - flow[i, j - 1]) / 2
        assert d[i, j] == ((down**2).sum() + (right**2).sum() <= 0.01 * (flow[i, j] ** 2).sum() + 0.002)


def test_a_ball_hides_a_band_of_known_width():
    """It moves 6 pixels a frame relative to the background: on its way, a crescent 6 pixels wide is shown anew."""
    clip = ball(4, (72, 96), velocity=(6.0, 0.0), background=(0.0, 0.0))
    hidden = 1 - clip.shown(1, 0)
    row = round(0.45 * 72)
    assert hidden[row].sum() == 6  # behind the ball, in frame 1
    trusted = visible(clip.flow(1, 0), clip.flow(0, 1))
    assert trusted[hidden > 0].max() < 0.5
    assert (trusted > 0.99).mean() > 0.85
    np.testing.assert_array_equal(visible(clip.flow(2, 2), clip.flow(2, 2)), 1)


def test_weights_of_the_closest_frame_come_first_and_sum_to_one_at_most(rng):
    masks = [rng.uniform(size=(9, 11)) for _ in range(4)]
    weights = closest_first(masks)
    np.testing.assert_array_equal(weights[0], masks[0])
    assert all((each >= 0).all() for each in weights)
    assert np.sum(weights, axis=0).max() <= 1
    np.testing.assert_allclose(weights[2], np.maximum(masks[2] - masks[0] - masks[1], 0))
    sharp = closest_first([np.float64([[1, 0, 0, 0]]), np.float64([[1, 1, 0, 0]]), np.float64([[1, 1, 1, 0]])])
    np.testing.assert_array_equal(np.concatenate(sharp), [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]])


def test_flows_of_other_shapes_are_named():
    with pytest.raises(nst.ShapeError, match="give two of one shape"):
        consistent(np.zeros((4, 5, 2)), np.zeros((4, 6, 2)))
