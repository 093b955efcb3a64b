"""Sorted projections against closed forms, SciPy and scikit-image."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nst_jax.losses.style import sliced
from nst_jax.losses.style.sliced import HISTOGRAM, SLICED, Quantiles, directions, wasserstein
from tests.losses.style.test_matching import distance

squared = jax.jit(wasserstein)


def sample(values, t=None):
    values = np.atleast_2d(values)
    order = np.argsort(values, -1)
    t = np.ones_like(values) if t is None else np.broadcast_to(t, values.shape)
    return Quantiles(*(jnp.asarray(np.take_along_axis(each, order, -1)) for each in (values, t)))


@pytest.mark.parametrize("N", [1, 3, 16])
def test_directions_are_orthonormal_and_always_the_same(N):
    V = directions(N)
    np.testing.assert_allclose(V.T @ V, np.eye(N), atol=1e-6)
    directions.cache_clear()
    np.testing.assert_array_equal(V, directions(N))


def test_one_filter_gives_the_squared_distance_in_one_dimension(rng):
    """In one dimension W2² of samples of equal size is the mean of (x_k − y_k)² over the sorted values."""
    x, y = rng.normal(size=(4, 5, 1)), 2 * rng.normal(size=(4, 5, 1)) + 1
    want = np.mean((np.sort(x.ravel()) - np.sort(y.ravel())) ** 2)
    for statistic in (SLICED, HISTOGRAM):
        assert float(distance(statistic, jnp.asarray(x), jnp.asarray(y))) == pytest.approx(want, rel=1e-5)


def test_a_shift_of_all_values_is_scipys_wasserstein_distance(rng):
    """Of a shift, W1 and W2 are both its length, for samples of different weights too."""
    stats = pytest.importorskip("scipy.stats")
    x, t = rng.normal(size=30), rng.uniform(size=30)
    w1 = stats.wasserstein_distance(x, x + 0.7, t, t)
    assert float(squared(sample(x, t), sample(x + 0.7, t))[0]) == pytest.approx(w1**2, rel=1e-4)


def test_samples_of_different_sizes_are_compared_by_their_quantiles(rng):
    """Of 4000 and 1000 normal values: W2² = (μ − μ*)² + (σ − σ*)²."""
    x, y = rng.normal(size=4000), 3 + 2 * rng.normal(size=1000)
    assert float(squared(sample(x), sample(y))[0]) == pytest.approx(3**2 + 1**2, rel=0.05)


def test_weights_are_as_good_as_repetitions(rng):
    x, n, y = rng.normal(size=200), rng.integers(1, 9, size=200), 1 + rng.normal(size=500)
    n[x > 0] *= 4
    want = float(squared(sample(np.repeat(x, n)), sample(y))[0])
    assert float(squared(sample(x, n.astype(float)), sample(y))[0]) == pytest.approx(want, rel=0.03)
    assert float(squared(sample(x), sample(y))[0]) != pytest.approx(want, rel=0.3)  # the weights matter


def test_a_translation_of_the_features_by_t_costs_its_square_over_N(rng):
    F, t = rng.normal(size=(5, 6, 8)), rng.normal(size=8)
    for statistic in (SLICED, HISTOGRAM):
        value = distance(statistic, jnp.asarray(F, jnp.float32), jnp.asarray(F + t, jnp.float32))
        assert float(value) == pytest.approx(t @ t / 8, rel=1e-4)


def test_the_histogram_distance_is_that_to_the_picture_with_matched_histograms(rng):
    """Σ (F − R(F))² / NM, with scikit-image's R."""
    exposure = pytest.importorskip("skimage.exposure")
    F, A = rng.normal(size=(6, 8, 3)), rng.gamma(2, size=(8, 6, 3))
    R = exposure.match_histograms(F, A, channel_axis=-1)
    value = distance(HISTOGRAM, jnp.asarray(F, jnp.float32), jnp.asarray(A, jnp.float32))
    assert float(value) == pytest.approx(np.mean((F - R) ** 2), rel=1e-4)


def test_sliced_sees_what_histograms_of_filters_do_not():
    """Equal marginals; one pair of filters rises together, the other against each other."""
    r = np.linspace(0, 1, 36).reshape(6, 6, 1)
    F, A = (jnp.asarray(np.concatenate([r, other], -1), jnp.float32) for other in (r, 1 - r))
    assert float(distance(HISTOGRAM, F, A)) == pytest.approx(0, abs=1e-9)
    assert float(distance(SLICED, F, A)) > 1e-2


def test_the_blend_of_two_styles_is_their_barycentre(rng):
    """Of two normal samples: mean and spread are the weighted means."""
    a, b = rng.normal(size=(40, 50, 1)), 10 + 3 * rng.normal(size=(30, 40, 1))
    blend = HISTOGRAM.blended([HISTOGRAM.target(jnp.asarray(each)) for each in (a, b)], [0.25, 0.75])
    assert float(blend.values.mean()) == pytest.approx(0.75 * 10, rel=0.02)
    assert float(blend.values.std()) == pytest.approx(0.25 * 1 + 0.75 * 3, rel=0.05)


def test_the_blend_of_a_style_with_itself_is_that_style(rng):
    F, A = (jnp.asarray(rng.normal(size=(5, 6, 4)), jnp.float32) for _ in range(2))
    target = SLICED.target(A)
    S = SLICED.measure(F, None)
    blend = SLICED.blended([target, target], [0.3, 0.7])
    assert float(SLICED.distance(S, blend)) == pytest.approx(float(SLICED.distance(S, target)), rel=1e-4)


def test_of_a_large_map_every_position_counts_and_few_are_sorted(rng, monkeypatch):
    monkeypatch.setattr(sliced, "POSITIONS", 16)
    F, A = (jnp.asarray(rng.normal(size=(9, 7, 4)), jnp.float32) for _ in range(2))
    assert SLICED.measure(F, None).values.shape == (4, 5 * 4)  # cells of 2 × 2, cut at the rim
    g = jax.grad(lambda F: HISTOGRAM.distance(HISTOGRAM.measure(F, None), HISTOGRAM.target(A)))(F)
    np.testing.assert_array_equal((np.asarray(g) != 0).sum(-1)[:8, :6], np.ones((8, 6)))
    assert (np.asarray(g) != 0).any(-1).all()
