"""The flow of edges, XDoG and the anisotropic Kuwahara filter."""

import numpy as np
import pytest
from scipy import ndimage
from skimage.color import rgb2lab

import nst_jax as nst
from nst_jax.history.flow import across, along, flow_of
from nst_jax.history.kuwahara import kuwahara, sectors
from nst_jax.history.xdog import inked, xdog
from tests.support.pictures import picture


def stripes(degrees, n=100, period=20):
    """Stripes along a direction, and the unit vector (x, y) of that direction."""
    y, x = np.mgrid[:n, :n]
    turn = np.radians(degrees)
    p = 0.5 + 0.4 * np.sin((-np.sin(turn) * x + np.cos(turn) * y) * 2 * np.pi / period)
    return np.repeat(p[..., None], 3, -1).astype(np.float32), np.array([np.cos(turn), np.sin(turn)])


@pytest.mark.parametrize("degrees", [0, 20, 90, 135])
def test_the_flow_is_that_of_the_stripes(degrees):
    p, way = stripes(degrees)
    flow, A = flow_of(p, 3.0)
    inner = np.s_[10:-10, 10:-10]
    assert np.abs(flow[inner] @ way).min() > 0.995
    assert A[inner].min() > 0.9
    assert flow_of(np.full((20, 20, 3), 0.3, np.float32), 2.0)[1].max() == 0


def test_averages_along_and_across_a_straight_flow_are_gaussians_of_one_axis():
    f = ndimage.gaussian_filter(np.random.default_rng(0).standard_normal((60, 80)), 1.5)
    right = np.broadcast_to([1.0, 0.0], (60, 80, 2))
    inner = np.s_[12:-12, 12:-12]
    how = {"mode": "nearest", "truncate": 3.0}
    np.testing.assert_allclose(
        across(f, right, 2.0)[inner], ndimage.gaussian_filter1d(f, 2.0, 0, **how)[inner], atol=1e-6
    )
    how = {"mode": "nearest", "truncate": 2.5}
    np.testing.assert_allclose(
        along(f, right, 2.0)[inner], ndimage.gaussian_filter1d(f, 2.0, 1, **how)[inner], atol=1e-6
    )
    np.testing.assert_array_equal(along(f, right, 0.0), f)


def test_an_average_along_the_flow_goes_round_a_bend():
    y, x = np.mgrid[:101, :101] - 50.0
    r = np.hypot(x, y)
    circle = np.stack([-y, x], -1) / np.maximum(r, 1e-9)[..., None]
    signs = np.where(np.random.default_rng(0).random(r.shape) < 0.5, -1, 1)[..., None]  # the flow's sign means nothing
    rings = np.cos(r)
    kept = along(rings, circle * signs, 6.0)
    ring = (r > 15) & (r < 40)
    assert np.corrcoef(kept[ring], rings[ring])[0, 1] > 0.97


def test_xdog_without_sharpness_is_a_blur_and_a_threshold():
    p = picture(50, 60)
    blurred = ndimage.gaussian_filter(rgb2lab(p)[..., 0], 1.5)
    made = xdog(p, seed=0, sigma=1.5, sharpness=0.0, epsilon=50.0, phi=1e6, flow=0.0)
    np.testing.assert_array_equal(made[..., 0], blurred >= 50)
    assert 0.1 < made.mean() < 0.9


def test_xdog_is_its_formula():
    p = picture(50, 60)
    L = rgb2lab(p)[..., 0]
    u = 6 * ndimage.gaussian_filter(L, 1.0) - 5 * ndimage.gaussian_filter(L, 1.6)
    expected = np.clip(np.where(u >= 60, 1, 1 + np.tanh(0.05 * (u - 60))), 0, 1)
    made = xdog(p, seed=0, sigma=1.0, sharpness=5.0, epsilon=60.0, phi=0.05, flow=0.0)
    np.testing.assert_allclose(made, np.repeat(expected[..., None], 3, -1), atol=1e-6)
    np.testing.assert_allclose(inked(np.array([[70.0, 60, 50]]), 60, 0.1), [[1, 1, 1 + np.tanh(-1)]])


def test_xdog_with_a_flow_draws_the_line_between_two_tones_on_the_dark_side():
    p = np.full((60, 60, 3), 0.75, np.float32)
    p[:, 30:] = 0.45  # both sides are lighter than the threshold
    made = xdog(p, seed=0, epsilon=30.0, phi=1.0, smooth=0.0)[30, :, 0]
    assert made[:27].min() == 1
    assert made[36:].min() == 1
    assert made[30] < 0.05


@pytest.mark.parametrize("method", [xdog, kuwahara])
def test_a_constant_picture_stays_constant(method):
    p = np.full((40, 50, 3), [0.2, 0.5, 0.8], np.float32)
    made = method(p, seed=0)
    np.testing.assert_allclose(made, np.broadcast_to(made[0, 0], made.shape), atol=1e-6)
    if method is kuwahara:
        np.testing.assert_allclose(made, p, atol=1e-6)


def test_the_sectors_are_the_same_but_for_a_turn_and_see_all_around():
    q, weights = sectors(6.0)
    assert len(q) == round(np.pi * 36)
    assert np.hypot(*q.T).max() < 1
    np.testing.assert_allclose(weights.sum(0), 1, rtol=1e-5)
    means = weights.T @ q
    turns = np.unwrap(np.arctan2(means[:, 1], means[:, 0]))
    np.testing.assert_allclose(np.diff(turns), np.pi / 4, atol=0.05)
    assert (weights.max(1) > 0).all()


@pytest.mark.parametrize("passes", [1, 3])
def test_a_step_edge_survives_kuwahara_and_noise_does_not(passes):
    y, x = np.mgrid[:60, :60]
    step = np.where(x < 30, 0.2, 0.8)[..., None] * np.ones(3)
    for edge in (step, step.swapaxes(0, 1)):
        np.testing.assert_allclose(kuwahara(edge.astype(np.float32), seed=0, passes=passes), edge, atol=1e-3)
    slanted = np.where(x + 0.5 * y < 45, 0.2, 0.8)[..., None] * np.ones(3)  # only its stairs are smoothed
    assert np.abs(kuwahara(slanted.astype(np.float32), seed=0, passes=passes) - slanted).mean() < 0.002
    noise = np.random.default_rng(0).normal(0, 0.05, step.shape)
    noisy = kuwahara((step + noise).astype(np.float32), seed=0, passes=passes)
    assert np.abs(noisy - step).mean() < 0.4 * np.abs(noise).mean()
    blurred = ndimage.gaussian_filter(step, (2, 2, 0))
    assert np.abs(kuwahara(blurred.astype(np.float32), seed=0, passes=4) - step).mean() < np.abs(blurred - step).mean()


def test_kuwahara_without_sharpness_is_one_weighted_mean():
    p = picture(30, 40)
    p[:, :, :] = p[:, :1]  # level stripes: the flow is (1, 0) everywhere
    made = kuwahara(p, seed=0, sharpness=0.0, radius=3.0, eccentricity=1e6)
    q, weights = sectors(3.0)
    flow, _ = flow_of(p, 2.0)
    at = q[:, :1] * flow[15, 20] + q[:, 1:] * flow[15, 20][::-1] * [-1, 1]
    x, y = np.rint(np.array([20.0, 15.0]) + 3 * at).astype(int).T
    np.testing.assert_allclose(made[15, 20], weights.mean(1) @ p[y, x], atol=1e-5)


@pytest.mark.parametrize(
    ("method", "given", "words"),
    [
        (xdog, {"sigma": 0.0}, "sigma=0"),
        (xdog, {"line": -1.0}, "line=-1: give a number from 0 to 100"),
        (kuwahara, {"radius": 0.5}, "radius=0.5: give a number from 1 to 40"),
        (kuwahara, {"passes": 0}, "passes=0"),
    ],
)
def test_wrong_values_are_refused(method, given, words):
    with pytest.raises(nst.SettingError, match=words):
        method(picture(20, 20), seed=0, **given)
