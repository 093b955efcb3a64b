"""Colours are matched exactly, within the bound of the gain; against closed forms, POT and scikit-image."""

import numpy as np
import pytest
from skimage.exposure import match_histograms

import nst_jax as nst
from nst_jax.images.recolouring import colour_statistics, match_colours
from tests.support.pictures import picture

X, TO = picture(24, 32, seed=1), picture(20, 40, seed=2) @ np.array([[0.6, 0.2, 0], [0.2, 0.5, 0.1], [0, 0.3, 0.7]])
TO = TO.astype(np.float32)
LINEAR = ("monge-kantorovich", "pca", "cholesky")
ALL = (*LINEAR, "histogram")
linear = pytest.mark.parametrize("method", LINEAR)
every = pytest.mark.parametrize("method", ALL)


def assert_colours(x, mean, covariance, atol=1e-5):
    found_mean, found_covariance = colour_statistics(x)
    np.testing.assert_allclose(found_mean, mean, atol=atol)
    np.testing.assert_allclose(found_covariance, covariance, atol=atol)


def one_coloured(*rgb):
    return np.broadcast_to(np.array(rgb, np.float32), (6, 8, 3))


def one_hued(sigma=0.001):
    """Grey, but for a faint chroma of this standard deviation, as noise has it."""
    grey = np.repeat(picture(24, 32, seed=3)[..., :1], 3, axis=-1)
    return grey + sigma * np.random.default_rng(0).normal(size=grey.shape).astype(np.float32)


def test_statistics_are_those_of_the_colours():
    colours = X.reshape(-1, 3).astype(np.float64)
    centred = colours - colours.mean(axis=0)
    assert_colours(X, colours.mean(axis=0), centred.T @ centred / len(colours), atol=1e-12)


def test_statistics_of_large_bright_pictures_are_exact():
    x = np.full((1200, 1200, 3), 0.9, np.float32)
    x[::2] += 0.01
    mean, covariance = colour_statistics(x)
    np.testing.assert_allclose(mean, 0.905, rtol=1e-6)
    np.testing.assert_allclose(covariance, 0.005**2, rtol=1e-4)


@linear
def test_the_result_has_the_mean_and_the_covariance_of_the_other(method):
    assert_colours(match_colours(X, TO, method), *colour_statistics(TO))


@linear
def test_matching_again_changes_nothing(method):
    once = match_colours(X, TO, method)
    np.testing.assert_allclose(match_colours(once, TO, method), once, atol=1e-5)


@every
def test_matched_to_itself_a_picture_stays(method):
    np.testing.assert_allclose(match_colours(X, X, method), X, atol=1e-5)


def test_monge_kantorovich_is_the_map_of_pot():
    gaussian = pytest.importorskip("ot.gaussian", reason="POT, the oracle, is not installed")
    (mean, covariance), (to_mean, to_covariance) = colour_statistics(X), colour_statistics(TO)
    A, b = gaussian.bures_wasserstein_mapping(mean, to_mean, covariance, to_covariance)
    np.testing.assert_allclose(match_colours(X, TO), X @ A + b, atol=1e-5)


@pytest.mark.parametrize("seed", range(5))
def test_monge_kantorovich_moves_colours_least(seed):
    to = match_colours(TO, picture(12, 12, seed=seed + 10) ** 2)
    least, *others = (np.mean((match_colours(X, to, method) - X) ** 2) for method in LINEAR)
    assert least < min(others)


@pytest.mark.parametrize("method", ["monge-kantorovich", "pca"])
def test_the_order_of_channels_matters_to_cholesky_alone(method):
    turned = match_colours(X[..., ::-1], TO[..., ::-1], method)[..., ::-1]
    np.testing.assert_allclose(turned, match_colours(X, TO, method), atol=1e-5)
    cholesky = match_colours(X[..., ::-1], TO[..., ::-1], "cholesky")[..., ::-1]
    assert np.abs(cholesky - match_colours(X, TO, "cholesky")).max() > 1e-2


def test_histograms_are_those_of_scikit_image():
    np.testing.assert_array_equal(match_colours(X, TO, "histogram"), match_histograms(X, TO, channel_axis=-1))


@linear
def test_pixels_of_weight_0_do_not_count(method):
    def half_spoilt(x):
        spoilt = np.concatenate([x, np.full_like(x, 0.9)])
        weight = np.zeros(spoilt.shape[:2], np.float32)
        weight[: len(x)] = 0.5
        return spoilt, weight

    (x, weight), (to, to_weight) = half_spoilt(X), half_spoilt(TO)
    matched = match_colours(x, to, method, weight=weight, to_weight=to_weight)
    np.testing.assert_allclose(matched[: len(X)], match_colours(X, TO, method), atol=1e-6)


def test_a_weight_of_2_counts_as_two_pixels():
    weight = np.ones(X.shape[:2])
    weight[:5] = 2
    assert_colours(np.concatenate([X, X[:5]]), *colour_statistics(X, weight), atol=1e-12)


@pytest.mark.parametrize("most_gain", [2.0, 4.0])
def test_the_bound_is_the_gain_along_the_axes_of_noise(most_gain):
    x = one_hued()
    centred = (x - x.mean((0, 1))).reshape(-1, 3)
    axes = np.linalg.svd(centred, full_matrices=False)[2]  # the first is the lightness, the others are noise
    for method, gains in (
        ("monge-kantorovich", lambda A: np.einsum("ij,jk,ik->i", axes, A, axes)),
        ("pca", lambda A: np.linalg.norm(axes @ A, axis=1)),
    ):
        y = match_colours(x, TO, method, most_gain=most_gain)
        np.testing.assert_allclose(y.mean((0, 1)), TO.mean((0, 1)), atol=1e-5)
        A = np.linalg.lstsq(centred, (y - y.mean((0, 1))).reshape(-1, 3), rcond=None)[0]
        found = gains(A)
        assert found.max() < 1.01 * most_gain
        assert found[1:].min() > 0.5 * most_gain


@linear
def test_without_a_bound_one_hued_pictures_match_exactly(method):
    assert_colours(match_colours(one_hued(), TO, method, most_gain=np.inf), *colour_statistics(TO))


@pytest.mark.parametrize("method", ["monge-kantorovich", "pca"])
def test_a_bound_that_is_not_reached_changes_nothing(method):
    np.testing.assert_allclose(match_colours(X, TO, method), match_colours(X, TO, method, most_gain=np.inf), atol=1e-6)


def test_a_grey_picture_becomes_a_tint_of_the_colours_that_go_with_its_lightness():
    x = one_hued(sigma=0)
    to = np.clip(x * np.array([1.0, 0.7, 0.3]) + 0.1, 0, 1) + 0.02 * (picture(24, 32, seed=5) - 0.5)
    tint = match_colours(x, to.astype(np.float32)).reshape(-1, 3)
    direction = np.linalg.svd(tint - tint.mean(axis=0), full_matrices=False)[2][0]
    expected = np.array([1.0, 0.7, 0.3]) / np.linalg.norm([1.0, 0.7, 0.3])
    assert abs(direction @ expected) > 0.99


@every
@pytest.mark.parametrize(
    "odd",
    [one_coloured(0, 0, 0), one_coloured(1, 1, 1), one_coloured(0.2, 0.5, 0.7), X[:1, :1], X[:1, :2], one_hued(0)],
    ids=["black", "white", "constant", "one pixel", "two pixels", "grey"],
)
def test_degenerate_pictures_give_finite_results(method, odd):
    for x, to in ((odd, TO), (X, odd), (odd, odd)):
        y = match_colours(x, to, method)
        assert y.dtype == np.float32
        assert y.shape == x.shape
        assert np.abs(y).max() < 3
        if method != "histogram":
            np.testing.assert_allclose(y.mean((0, 1)), to.mean((0, 1)), atol=1e-5)


def test_what_cannot_be_matched_is_named():
    with pytest.raises(nst.SettingError, match="method='mean': give monge-kantorovich, pca, cholesky, histogram"):
        match_colours(X, TO, "mean")
    ones = np.ones(X.shape[:2])
    for weights in ({"weight": ones}, {"to_weight": np.ones(TO.shape[:2])}):
        with pytest.raises(nst.SettingError, match='"histogram" takes no weights'):
            match_colours(X, TO, "histogram", **weights)
    with pytest.raises(nst.ShapeError, match=r"a weight \[24, 32\] for a picture \[20, 40, 3\]"):
        match_colours(X, TO, to_weight=ones)
    for nothing in (0 * ones, -ones, np.nan * ones):
        with pytest.raises(nst.ImageError, match="negative or all 0"):
            match_colours(X, TO, weight=nothing)
