"""Heeger and Bergen: histograms equal their targets; the periodic component; colours; seeds; bad input."""

import numpy as np
import pytest
from scipy import ndimage, stats

import nst_jax as nst
from nst_jax.history.heeger_bergen import heeger_bergen, real_bands, sorted_bands, with_histogram, with_histograms
from nst_jax.history.pca import colour_axes
from nst_jax.history.periodic import periodic_component
from nst_jax.history.steerable import build
from tests.support.pictures import picture


def test_a_histogram_of_as_many_values_is_a_permutation(rng):
    x, values = rng.normal(size=(8, 9)), np.sort(rng.uniform(size=72)).astype(np.float32)
    y = with_histogram(x, values)
    np.testing.assert_array_equal(np.sort(y, None), values)
    np.testing.assert_array_equal(np.argsort(y, None), np.argsort(x, None))


def test_a_histogram_of_other_values_is_their_quantiles(rng):
    x, values = rng.normal(size=50), np.sort(rng.uniform(size=301)).astype(np.float32)
    wanted = np.quantile(values, (np.arange(50) + 0.5) / 50, method="hazen")
    np.testing.assert_allclose(np.sort(with_histogram(x, values)), wanted, rtol=1e-6)


def test_every_band_gets_the_samples_histogram(rng):
    noise, a = (build(rng.normal(size=(64, 64)).astype(np.float32), 3, 4) for _ in range(2))
    matched = with_histograms(noise, sorted_bands(a))
    assert len(real_bands(matched)) == 1 + 3 * 4 + 1
    for band, target in zip(real_bands(matched), real_bands(a), strict=True):
        assert band.shape == target.shape
        np.testing.assert_array_equal(np.sort(band, None), np.sort(target, None))


def test_the_texture_has_the_samples_histograms_and_band_energies():
    a = picture(64, 80)
    x = heeger_bergen(a, (64, 80), scales=3)
    axes = colour_axes(a)
    for z, wanted in zip(axes.channels(x), axes.channels(a), strict=True):
        # clipping to [0, 1] alone moves it from the sample's
        assert stats.wasserstein_distance(z.ravel(), wanted.ravel()) < 0.03
        energies, targets = (np.array([band.std() for band in real_bands(build(c, 3, 4))][:-1]) for c in (z, wanted))
        np.testing.assert_allclose(energies, targets, rtol=0.25)


def test_the_periodic_component_solves_its_equation(rng):
    x = rng.uniform(size=(9, 12, 2))
    periodic = periodic_component(x)
    np.testing.assert_allclose(periodic.mean((0, 1)), x.mean((0, 1)))
    for c in range(2):
        # inside of the torus its Laplacian is that of x with reflected borders
        wrapped = ndimage.laplace(periodic[..., c], mode="wrap")
        np.testing.assert_allclose(wrapped, ndimage.laplace(x[..., c], mode="reflect"), atol=1e-12)


def test_a_periodic_picture_hardly_changes():
    y, x = np.mgrid[:32, :48]
    wave = np.sin(2 * np.pi * (2 * y / 32 + 3 * x / 48))[..., None]
    ramp = wave + 3 * x[..., None] / 48
    inside = (slice(8, -8), slice(12, -12))
    assert np.abs(periodic_component(wave) - wave)[inside].max() < 0.06
    jump = np.abs(ramp[:, 0] - ramp[:, -1]).mean()
    periodic = periodic_component(ramp)
    assert np.abs(periodic[:, 0] - periodic[:, -1]).mean() < 0.2 * jump


def test_colour_axes_whiten_and_come_back(rng):
    a = picture(20, 30)
    axes = colour_axes(a)
    z = axes.channels(a)
    np.testing.assert_allclose(np.cov(z.reshape(3, -1), bias=True), np.eye(3), atol=1e-4)
    np.testing.assert_allclose(axes.colours(z), a, atol=1e-5)
    grey = np.repeat(rng.uniform(size=(9, 9, 1)).astype(np.float32), 3, -1)
    assert colour_axes(grey).channels(grey).shape == (1, 9, 9)
    np.testing.assert_allclose(colour_axes(grey).colours(colour_axes(grey).channels(grey)), grey, atol=1e-5)


def test_one_colour_stays():
    a = np.full((64, 64, 3), (0.2, 0.5, 0.7), np.float32)
    np.testing.assert_allclose(heeger_bergen(a, (40, 50)), a[:40, :50], atol=1e-5)


def test_the_seed_decides():
    a = picture(40, 40)
    x, again, other = (heeger_bergen(a, (33, 50), seed=seed, scales=2, iterations=2) for seed in (1, 1, 2))
    assert x.shape == (33, 50, 3)
    assert x.tobytes() == again.tobytes() != other.tobytes()


def test_bad_input():
    with pytest.raises(nst.ImageError, match="20 × 20 pixels is too small for 4 scales, which needs 64"):
        heeger_bergen(picture(20, 20), (64, 64))
    with pytest.raises(nst.SettingError, match="iterations=0"):
        heeger_bergen(picture(64, 64), (64, 64), iterations=0)
