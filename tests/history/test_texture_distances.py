"""How far textures are from their sample: each distance against its definition, and 0 for the sample."""

import numpy as np
import pytest
from scipy import ndimage
from scipy.stats import wasserstein_distance

from nst_jax.history.bricks import bricks
from nst_jax.history.pca import colour_axes
from nst_jax.history.periodic import periodic_component
from nst_jax.history.texture_distances import DISTANCES, TextureDistances, autocorrelation, noise
from nst_jax.images.luminance import luminance


def test_the_autocorrelation_is_the_mean_product_at_each_shift(rng):
    x = rng.uniform(size=(20, 24, 3)).astype(np.float32)
    Y = periodic_component(luminance(x)[..., None])[..., 0]
    Y = Y - Y.mean()
    R = autocorrelation(x, 3)
    for dy, dx in ((0, 0), (1, -2), (-3, 3), (2, 0)):
        wanted = (Y * np.roll(Y, (dy, dx), (0, 1))).sum() / (Y**2).sum()
        assert R[3 + dy, 3 + dx] == pytest.approx(wanted, abs=1e-5)
    assert (autocorrelation(np.full((16, 16, 3), 0.5, np.float32), 2) == 0).all()


def test_what_is_copied_is_the_windows_that_the_sample_has(rng):
    a = rng.uniform(size=(64, 64, 3)).astype(np.float32)
    x = rng.uniform(size=(64, 64, 3)).astype(np.float32)
    x[10:30, 20:45] = a[40:60, 3:28]  # 12 × 17 windows of 9 × 9
    assert TextureDistances(a)(x)["copied"] == pytest.approx(12 * 17 / 56**2)


def test_a_sample_is_at_0_from_itself_and_noise_is_far(rng):
    a = bricks(64)
    measured = TextureDistances(a)
    own, far = measured(a), measured(noise((64, 64), a))
    assert list(own) == list(DISTANCES)
    np.testing.assert_allclose([own[name] for name in ("histogram", "period", "gram")], 0, atol=1e-4)
    assert own["joint"] < 0.2 * far["joint"]  # its borders are edges
    assert own["copied"] == 1
    assert far["copied"] == 0
    assert min(far[name] for name in ("period", "joint", "gram")) > 0.1
    smooth = ndimage.gaussian_filter(rng.normal(size=(64, 64, 3)), (1.5, 1.5, 0), mode="wrap")
    smooth = (0.5 + 0.75 * smooth).clip(0, 1).astype(np.float32)
    assert TextureDistances(smooth)(smooth)["joint"] < 0.01 * TextureDistances(smooth)(noise((64, 64), smooth))["joint"]
    shuffled = rng.permutation(a.reshape(-1, 3)).reshape(a.shape)
    of_shuffled = measured(shuffled)
    assert of_shuffled["histogram"] < 1e-5 < of_shuffled["period"]
    axes = colour_axes(a)
    z, z_far = (axes.channels(x).reshape(len(axes.spread), -1) for x in (a, noise((64, 64), a)))
    wanted = np.mean([wasserstein_distance(*pair) for pair in zip(z_far, z, strict=True)])
    assert far["histogram"] == pytest.approx(wanted)
    assert measured.of_noise(noise((64, 64), a)) == far | {"copied": 1.0}


def test_noise_has_the_mean_and_the_covariance_of_the_colours(rng):
    a = (0.5 + 0.1 * rng.normal(size=(64, 64, 3)) @ rng.normal(size=(3, 3)) * 0.3).clip(0, 1).astype(np.float32)
    x = noise((128, 128), a)
    np.testing.assert_allclose(x.mean((0, 1)), a.mean((0, 1)), atol=0.01)
    np.testing.assert_allclose(np.cov(x.reshape(-1, 3).T), np.cov(a.reshape(-1, 3).T), atol=3e-4)
