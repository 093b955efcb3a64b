"""Synthesis by joint statistics: zero for the sample, gradients, torus, what a run reaches, colours, bad input."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

import nst_jax as nst
from nst_jax.history.pca import colour_axes
from nst_jax.history.periodic import periodic_component
from nst_jax.history.portilla_simoncelli import JointStatistics, portilla_simoncelli, with_spread_of_bands
from nst_jax.history.steerable import build
from tests.support.pictures import picture


@pytest.fixture(scope="module")
def z():
    """Channels of a periodic sample, [2, 32, 32]."""
    noise = np.random.default_rng(0).standard_normal((2, 32, 32))
    blobs = gaussian_filter(noise, (0, 2, 1), mode="wrap") ** 2
    blobs = (blobs - blobs.mean((1, 2), keepdims=True)) / blobs.std((1, 2), keepdims=True)
    return np.moveaxis(periodic_component(np.moveaxis(blobs, 0, -1)), -1, 0).astype(np.float32)


@pytest.fixture(scope="module")
def objective(z):
    return JointStatistics.of(z, 2, 2, 5)


@pytest.fixture(scope="module")
def losses():
    return jax.jit(lambda objective, u: objective.breakdown(u))


def test_the_sample_has_loss_0_wherever_its_torus_begins(z, objective, losses):
    periodic = np.moveaxis(periodic_component(np.moveaxis(z, 0, -1)), -1, 0)
    for shift in (0, 4):
        u = objective.places(np.roll(periodic, shift, (1, 2)))
        found = losses(objective, u)
        assert set(found) == {term.name for term in objective.terms}
        for name, value in found.items():
            # the periodic component leaves the range of the sample a little
            assert value < (1e-2 if name == "range" else 1e-6), name


def test_every_kind_sees_another_texture(z, objective, losses, rng):
    found = losses(objective, objective.places(rng.standard_normal(z.shape).astype(np.float32)))
    assert all(value > 1e-3 for value in found.values())


def test_the_gradient_is_the_finite_difference(z, objective, rng):
    with jax.enable_x64(True):
        exact = jax.tree.map(lambda leaf: jnp.asarray(np.asarray(leaf), jnp.float64), objective)
        total = jax.jit(lambda u: sum(exact.breakdown(u).values()))
        u = jnp.asarray(rng.uniform(-0.1, 1.1, (16, 24, 2)))
        direction, step = jnp.asarray(rng.standard_normal(u.shape)), 1e-5
        slope = (total(u + step * direction) - total(u - step * direction)) / (2 * step)
        np.testing.assert_allclose(jnp.vdot(jax.jit(jax.grad(total))(u), direction), slope, rtol=1e-3)


def test_places_and_channels_are_inverse(z, objective):
    np.testing.assert_allclose(objective.channels(objective.places(z)), z, atol=1e-5)
    assert objective.places(z).min() == pytest.approx(0, abs=1e-6)
    assert objective.places(z).max() == pytest.approx(1)


def test_noise_gets_the_spread_of_the_bands(z, rng):
    white = rng.standard_normal((2, 64, 64)).astype(np.float32)

    def distance(x):
        """The greatest ratio of two bands' spreads, as a logarithm."""
        bands = zip(*(jax.tree.leaves(build(each, 2, 2)) for each in (x, z)), strict=True)
        ratios = [jnp.real(band).std((-2, -1)) / jnp.real(wanted).std((-2, -1)) for band, wanted in bands]
        return max(float(abs(jnp.log(ratio)).max()) for ratio in ratios)

    # bands overlap, so that collapsing mixes them a little
    assert distance(with_spread_of_bands(white, z, 2, 2)) < 0.4
    assert distance(white) > 1


def test_a_run_reaches_the_sample(losses):
    a = picture(32, 32, 2)
    how = {"steps": 40, "scales": 2, "orientations": 2, "lags": 5}
    x = portilla_simoncelli(a, (32, 32), **how)
    axes = colour_axes(a)
    periodic = periodic_component(a)
    np.testing.assert_allclose(x.mean((0, 1)), a.mean((0, 1)), atol=0.02)
    np.testing.assert_allclose(np.cov(x.reshape(-1, 3).T), np.cov(periodic.reshape(-1, 3).T), atol=0.002)
    objective = JointStatistics.of(axes.channels(a), 2, 2, 5)
    reached = sum(losses(objective, objective.places(axes.channels(x))).values())
    start = sum(losses(objective, objective.places(axes.channels(picture(32, 32, 9)))).values())
    assert reached < 0.05 * start
    cut, other = (portilla_simoncelli(a, (30, 29), seed=seed, **how) for seed in (0, 1))
    assert cut.tobytes() == x[:30, :29].tobytes()  # the torus is a multiple of 4; the same seed gives the same bytes
    assert cut.tobytes() != other.tobytes()


def test_bad_input():
    a = picture(32, 32)
    with pytest.raises(nst.ImageError, match="too small for 4 scales, which needs 64"):
        portilla_simoncelli(a, (64, 64))
    with pytest.raises(nst.SettingError, match="steps=0"):
        portilla_simoncelli(a, (64, 64), steps=0)
    with pytest.raises(nst.SettingError, match="lags=4: must be odd"):
        portilla_simoncelli(a, (64, 64), scales=2, lags=4)
