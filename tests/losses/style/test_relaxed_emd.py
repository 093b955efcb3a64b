"""The relaxed earth mover's distance against NumPy and POT."""

import jax.numpy as jnp
import numpy as np
import pytest

from nst_jax.losses.style.relaxed_emd import moments_loss, relaxed_emd
from nst_jax.losses.style.rows import Rows


@pytest.fixture
def pair(rng):
    """Features of 12 and 9 positions, with weights that sum to 1."""
    return [(np.abs(rng.normal(size=(M, 5))), rng.dirichlet(np.ones(M))) for M in (12, 9)]


def weighted_rows(pair):
    return [Rows(*(jnp.asarray(each, jnp.float32) for each in picture)) for picture in pair]


def cosine_distances(f, g):
    return 1 - (f / np.linalg.norm(f, axis=1, keepdims=True)) @ (g / np.linalg.norm(g, axis=1, keepdims=True)).T


def test_it_is_the_larger_mean_of_the_least_distances(pair):
    (f, t), (a, t_a) = pair
    D = cosine_distances(f, a)
    want = max(t @ D.min(1), t_a @ D.min(0))
    assert float(relaxed_emd(*weighted_rows(pair))) == pytest.approx(want, rel=1e-4)


def test_it_is_a_lower_bound_of_the_earth_movers_distance(pair):
    ot = pytest.importorskip("ot")
    (f, t), (a, t_a) = pair
    exact = ot.emd2(t, t_a, cosine_distances(f, a))
    assert 0.3 * exact < float(relaxed_emd(*weighted_rows(pair))) <= exact + 1e-6


def test_both_directions_count():
    """Every feature of the picture is in the style, but half of the style is not in the picture."""
    one, both = Rows(jnp.eye(2)[:1], jnp.ones(1)), Rows(jnp.eye(2), jnp.ones(2))
    assert float(relaxed_emd(one, both)) == pytest.approx(0.5, rel=1e-4)
    assert float(relaxed_emd(both, one)) == pytest.approx(0.5, rel=1e-4)


def test_moments_are_numpys(pair):
    (f, t), (a, t_a) = pair
    means = np.abs(np.average(f, axis=0, weights=t) - np.average(a, axis=0, weights=t_a)).mean()
    covariances = np.abs(np.cov(f.T, aweights=t, ddof=0) - np.cov(a.T, aweights=t_a, ddof=0)).mean()
    assert float(moments_loss(*weighted_rows(pair))) == pytest.approx(means + covariances, rel=1e-4)
