"""Raw and central moments: SciPy, and distributions whose moments are known in closed form."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from nst_jax.losses.style.moments import CENTRAL_MOMENTS, RAW_MOMENTS, central_moments, power_means, squash

N = 4


@pytest.fixture
def F(rng):
    return np.maximum(rng.normal(size=(6, 8, N)), 0).astype(np.float32)


def test_raw_moments_are_lengths(F):
    want = [(F.astype(np.float64) ** q).mean((0, 1)) ** (1 / q) for q in (1, 2, 3, 4)]
    np.testing.assert_allclose(power_means(RAW_MOMENTS.measure(F, None)), want, atol=1.1e-3)  # ε is 1e-3
    twice = RAW_MOMENTS.measure(2 * F, None)
    np.testing.assert_allclose(power_means(twice), 2 * np.asarray(want), atol=1.1e-3)


def test_raw_moments_of_a_constant_are_that_constant():
    S = RAW_MOMENTS.measure(np.full((3, 3, N), 0.5, np.float32), None)
    np.testing.assert_allclose(power_means(S), 0.5, rtol=3e-3)


def test_raw_moments_differ_by_the_mean_of_squares(F):
    got = RAW_MOMENTS.distance(RAW_MOMENTS.measure(3 * F, None), RAW_MOMENTS.target(F))
    lengths = [(F.astype(np.float64) ** q).mean((0, 1)) ** (1 / q) for q in (1, 2, 3, 4)]
    assert float(got) == pytest.approx(4 * np.mean(np.square(lengths)), rel=1e-2)


def test_central_moments_are_scipys(F, rng):
    s = (F / (1 + F)).reshape(-1, N).astype(np.float64)
    want = [s.mean(0), *(stats.moment(s, order=q) for q in (2, 3, 4, 5))]
    np.testing.assert_allclose(central_moments(CENTRAL_MOMENTS.measure(F, None)), want, atol=1e-6)


def test_central_moments_of_a_coin():
    """Values 0 and ½ with equal weight: odd moments 0, even ones ¼^q."""
    F = np.zeros((4, 4, N), np.float32)
    F[:, ::2] = 1
    want = np.array([1 / 4, 1 / 16, 0, 1 / 256, 0])
    got = central_moments(CENTRAL_MOMENTS.measure(F, None))
    np.testing.assert_allclose(got, np.repeat(want[:, None], N, 1), atol=1e-6)


def test_the_discrepancy_is_a_sum_of_norms(F):
    s, a = ((X / (1 + X)).reshape(-1, N) for X in (F, 2 * F))
    norms = [np.linalg.norm(s.mean(0) - a.mean(0))]
    norms += [np.linalg.norm(stats.moment(s, order=q) - stats.moment(a, order=q)) for q in (2, 3, 4, 5)]
    got = CENTRAL_MOMENTS.distance(CENTRAL_MOMENTS.measure(F, None), CENTRAL_MOMENTS.target(2 * F))
    assert float(got) == pytest.approx(sum(norms), rel=1e-3)


def test_squashed_features_lie_in_0_to_1_with_the_mean_activation_at_a_half():
    assert float(squash(jnp.float32(0))) == 0
    assert float(squash(jnp.float32(1))) == 0.5
    assert 0.99 < float(squash(jnp.float32(300))) < 1


def test_the_slope_does_not_vanish_near_the_optimum(F):
    """Norms that are not squared: a tenth of the way, the slope is what it was. A line search stops at such a kink."""
    target = CENTRAL_MOMENTS.target(F)
    slope = jax.jit(jax.grad(lambda a: CENTRAL_MOMENTS.distance(CENTRAL_MOMENTS.measure(a * F, None), target)))
    assert not CENTRAL_MOMENTS.smooth
    assert float(slope(1.01)) == pytest.approx(float(slope(1.1)), rel=0.2)
