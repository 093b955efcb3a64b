"""The contextual similarity against NumPy, pair by pair."""

import jax.numpy as jnp
import numpy as np
import pytest

from nst_jax.losses.style import contextual
from nst_jax.losses.style.contextual import CONTEXTUAL, contextual_similarity
from nst_jax.losses.style.positions import Rows, rows


def numpy_context(F, A):
    mean = A.mean(0)
    F, A = F - mean, A - mean
    CX = np.zeros((len(F), len(A)))
    for i, f in enumerate(F):
        d = np.array([(1 - f @ a / np.sqrt((f @ f) * (a @ a))) / 2 for a in A])
        w = np.exp((1 - d / (d.min() + 1e-5)) / 0.5)
        CX[i] = w / w.sum()
    return CX


def test_the_similarity_is_the_papers(rng):
    F, A = rng.normal(size=(4, 5, 6)), rng.normal(size=(3, 7, 6))
    value = contextual_similarity(*(rows(jnp.asarray(each, jnp.float32), None) for each in (F, A)))
    assert float(value) == pytest.approx(numpy_context(F.reshape(-1, 6), A.reshape(-1, 6)).max(0).mean(), rel=1e-3)


def test_a_weight_counts_a_feature_vector_as_equal_ones_met_together(rng):
    F, A, n = rng.normal(size=(6, 4)), rng.normal(size=(5, 4)), np.array([3, 1, 2, 1, 1])
    groups = np.repeat(np.eye(5), n, 0)  # [8, 5], which copy is of which
    want = n @ (numpy_context(F, np.repeat(A, n, 0)) @ groups).max(0) / n.sum()
    value = contextual_similarity(
        Rows(jnp.asarray(F, jnp.float32), jnp.ones(6)), Rows(*(jnp.asarray(each, jnp.float32) for each in (A, n)))
    )
    assert float(value) == pytest.approx(want, rel=1e-3)


def test_a_large_map_is_sampled_evenly(rng, monkeypatch):
    monkeypatch.setattr(contextual, "POSITIONS", 20)
    F = jnp.asarray(rng.normal(size=(9, 10, 4)), jnp.float32)
    S = CONTEXTUAL.measure(F, None)
    np.testing.assert_array_equal(S.f, F[::3, ::3].reshape(-1, 4))  # every second would be 25
