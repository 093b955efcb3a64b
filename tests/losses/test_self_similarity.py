"""Self-similarity against SciPy's cosine distances, what it must not see, and pictures that are alike all over."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import ortho_group

import nst_jax as nst
from tests.support.precision import double_precision


def features(seed, h=6, w=7, N=5):
    return np.maximum(np.random.default_rng(seed).normal(size=(h, w, N)), 0).astype(np.float32) + 0.1


@jax.jit
def loss(F, P):
    return nst.self_similarity_loss(nst.self_similarity(F), nst.self_similarity(P))


def test_it_is_cosine_distances_with_columns_that_sum_to_1():
    F = features(1)
    f = F.reshape(-1, 5).astype(np.float64)
    D = cdist(f, f, "cosine")
    S = nst.self_similarity(F)
    np.testing.assert_allclose(S, D / D.sum(0), rtol=1e-2, atol=1e-5)
    np.testing.assert_allclose(S.sum(0), 1, rtol=1e-2)


def test_the_loss_is_the_mean_over_columns_of_the_sums_of_differences(rng):
    S, target = rng.normal(size=(2, 4, 4))
    assert float(nst.self_similarity_loss(S, target)) == pytest.approx(np.abs(S - target).sum(0).mean())
    with pytest.raises(nst.ShapeError, match=r"S \[4, 4\] and target \[3, 3\] differ in shape"):
        nst.self_similarity_loss(S, target[:3, :3])


def test_features_that_are_rotated_and_scaled_alike_look_alike():
    F = features(1)
    rotation = ortho_group.rvs(5, random_state=0).astype(np.float32)
    assert float(loss(3 * F @ rotation, F)) < 1e-3
    assert float(loss(features(2), F)) > 0.1


def test_a_weight_means_the_same_at_every_size():
    F, P = features(1), features(2)
    wide = [np.tile(each, (2, 2, 1)) for each in (F, P)]
    assert float(loss(*wide)) == pytest.approx(float(loss(F, P)), rel=1e-3)


def test_many_positions_are_means_over_cells():
    F = features(1, 16, 64, 3)
    large = np.repeat(np.repeat(F, 2, 0), 2, 1)
    np.testing.assert_allclose(nst.self_similarity(large), nst.self_similarity(F), rtol=1e-3, atol=1e-6)


slope_of = jax.jit(jax.grad(loss))


def test_values_and_gradients_are_finite_if_all_parts_look_alike():
    black, flat = np.zeros((4, 5, 6), np.float32), np.full((4, 5, 6), 300, np.float32)
    for F in (black, flat, features(1, 4, 5, 6)):
        for P in (black, flat, features(2, 4, 5, 6)):
            assert np.isfinite(loss(F, P))
            assert np.isfinite(slope_of(F, P)).all()
    assert float(loss(flat, black)) < 1e-2


def test_its_gradient_is_that_of_finite_differences(rng):
    with double_precision():
        F, P = (jnp.asarray(features(seed), jnp.float64) for seed in (1, 2))
        d = rng.normal(size=F.shape)
        slope = float(jnp.vdot(slope_of(F, P), d))
        step = 1e-7
        there, back = (float(loss(F + sign * step * d, P)) for sign in (1, -1))
        assert slope == pytest.approx((there - back) / (2 * step), rel=1e-5)
