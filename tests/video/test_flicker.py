"""The warping error of clips whose flicker is known."""

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.video.flicker import summary
from nst_jax.video.synthetic import pan, still


def test_a_picture_that_moves_along_does_not_flicker():
    clip = pan(7, (32, 40), (2.0, 1.0))
    frames = [clip.frame(t) for t in range(7)]
    table = nst.flicker(frames, frames, clip.flow)
    assert table["span"].tolist() == [1] * 6 + [5] * 2
    assert table["frame"].tolist() == [1, 2, 3, 4, 5, 6, 1, 2]
    np.testing.assert_allclose(table["painted"], 0, atol=1e-10)


def test_noise_of_its_own_in_every_frame_counts_twice(rng):
    """E (n − m)² = 2σ² for independent n and m of spread σ."""
    frames = [np.full((64, 80, 3), 0.5, np.float32) for _ in range(6)]
    noisy = [x + rng.normal(0, 0.05, x.shape).astype(np.float32) for x in frames]
    clip = still(6, (64, 80))
    table = nst.flicker(frames, noisy, clip.flow)
    np.testing.assert_allclose(table["painted"], 2 * 0.05**2, rtol=0.05)
    np.testing.assert_array_equal(table["photo"], 0)
    np.testing.assert_array_equal(table["shown"], 1)


def test_what_is_hidden_does_not_count():
    x, y = np.zeros((4, 5, 3), np.float32), np.zeros((4, 5, 3), np.float32)
    y[:, 3:] = 1
    c = np.ones((4, 5), np.float32)
    flow = np.zeros((4, 5, 2), np.float32)
    assert nst.warping_error(x, y, flow, c) == pytest.approx(0.4)
    c[:, 4:] = 0
    assert nst.warping_error(x, y, flow, c) == pytest.approx(0.25)
    c[:, 3:] = 0
    assert nst.warping_error(x, y, flow, c) == 0
    assert np.isnan(nst.warping_error(x, y, flow, 0 * c))


def test_the_summary_has_the_ratio_to_the_floor():
    table = {"frame": np.array([1, 2, 1]), "span": np.array([1, 1, 5]), "painted": np.array([0.2, 0.4, 0.8]),
             "photo": np.array([0.1, 0.1, 0.0]), "shown": np.ones(3)}  # fmt: skip
    found = summary(table)
    assert found[1] == pytest.approx({"painted": 0.3, "photo": 0.1, "ratio": 3.0})
    assert found[5]["ratio"] == float("inf")
    assert nst.flicker([], [], lambda i, j: None)["frame"].size == 0
