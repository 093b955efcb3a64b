"""Means, spreads and covariances against NumPy, also where the mean is far above the spread."""

import jax.numpy as jnp
import numpy as np
import pytest

from nst_jax.losses.style.covariance import COVARIANCE, mean_and_covariance
from nst_jax.losses.style.gram import GRAM
from nst_jax.losses.style.mean import MEAN
from nst_jax.losses.style.mean_spread import MEAN_SPREAD, mean_and_spread

N = 4


@pytest.fixture
def F(rng):
    return np.maximum(rng.normal(size=(6, 8, N)), 0).astype(np.float32)


@pytest.fixture
def A(rng):
    return np.maximum(rng.normal(1, 2, size=(5, 5, N)), 0).astype(np.float32)


def distance(statistic, F, A):
    return float(statistic.distance(statistic.measure(F, None), statistic.target(A)))


def rows(F):
    return F.reshape(-1, N).astype(np.float64)


def test_mean(F, A):
    want = np.mean((rows(F).mean(0) - rows(A).mean(0)) ** 2)
    assert distance(MEAN, F, A) == pytest.approx(want, rel=1e-5)


def test_mean_and_spread(F, A):
    want = np.mean((rows(F).mean(0) - rows(A).mean(0)) ** 2 + (rows(F).std(0) - rows(A).std(0)) ** 2)
    assert distance(MEAN_SPREAD, F, A) == pytest.approx(want, rel=1e-4)


def test_covariance(F, A):
    (mu, C), (mu_a, C_a) = ((rows(X).mean(0), np.cov(rows(X).T, bias=True)) for X in (F, A))
    want = (np.sum((C - C_a) ** 2) + np.sum((np.outer(mu, mu) - np.outer(mu_a, mu_a)) ** 2)) / (4 * N**2)
    assert distance(COVARIANCE, F, A) == pytest.approx(want, rel=1e-5)


def test_a_guide_weighs_positions(F, rng):
    t = rng.uniform(size=(6, 8)).astype(np.float32)
    mu, C = mean_and_covariance(COVARIANCE.measure(F, t))
    np.testing.assert_allclose(mu, np.average(rows(F), axis=0, weights=t.ravel()), rtol=1e-5)
    np.testing.assert_allclose(C, np.cov(rows(F).T, aweights=t.ravel(), bias=True), rtol=1e-4, atol=1e-6)
    _, sigma = mean_and_spread(MEAN_SPREAD.measure(F, t))
    np.testing.assert_allclose(sigma**2, np.diag(C), rtol=1e-4)


def test_of_centred_features_the_covariance_is_the_gram_matrix(rng):
    F, A = (rng.normal(size=(6, 8, N)).astype(np.float32) for _ in range(2))
    F, A = F - F.mean((0, 1)), A - A.mean((0, 1))
    assert distance(COVARIANCE, F, A) == pytest.approx(distance(GRAM, F, A), rel=1e-4)


def test_brightness_is_apart_from_texture(F):
    """The Gram matrix mixes them: here only its part outside of the covariance changes."""
    _, C = mean_and_covariance(COVARIANCE.measure(F, None))
    _, brighter = mean_and_covariance(COVARIANCE.measure(F + 3, None))
    np.testing.assert_allclose(brighter, C, atol=1e-5)


def test_a_mean_far_above_the_spread_leaves_the_spread(rng):
    """μ² = 10⁴ C: plain sums of products in float32 are off by ten times as much."""
    F = (100 + rng.normal(size=(128, 128, N))).astype(np.float32)
    want = np.cov(rows(F).T, bias=True)
    _, C = mean_and_covariance(COVARIANCE.measure(jnp.asarray(F), None))
    _, sigma = mean_and_spread(MEAN_SPREAD.measure(jnp.asarray(F), None))
    np.testing.assert_allclose(C, want, atol=2e-3)
    np.testing.assert_allclose(sigma, np.sqrt(np.diag(want)), atol=1e-3)
