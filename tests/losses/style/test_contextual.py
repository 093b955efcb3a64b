"""The contextual similarity against NumPy, pair by pair."""

import jax.numpy as jnp
import numpy as np
import pytest

from nst_jax.losses.style import contextual
from nst_jax.losses.style.contextual import CONTEXTUAL, contextual_similarity
from nst_jax.losses.style.rows import Rows, rows


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


def test_of_a_large_map_the_weighted_means_of_cells_are_compared(rng, monkeypatch):
    monkeypatch.setattr(contextual, "CELLS", 20)
    F, t = rng.normal(size=(9, 10, 4)), rng.uniform(size=(9, 10))
    S = CONTEXTUAL.measure(jnp.asarray(F, jnp.float32), jnp.asarray(t, jnp.float32))
    assert S.f.shape == (3 * 4, 4)  # cells of 3 × 3: those of 2 × 2 would be 25
    cells = [(slice(y, y + 3), slice(x, x + 3)) for y in (0, 3, 6) for x in (0, 3, 6, 9)]
    for f, weight, cell in zip(*S, cells, strict=True):
        np.testing.assert_allclose(f, np.average(F[cell].reshape(-1, 4), axis=0, weights=t[cell].ravel()), rtol=1e-4)
        assert float(weight) == pytest.approx(t[cell].sum() / 9, rel=1e-5)
