"""Matched feature vectors against NumPy, position by position."""

import jax.numpy as jnp
import numpy as np
import pytest

from nst_jax.losses.style.nearest import NEAREST, replaced
from nst_jax.losses.style.rows import rows


def cosine(f, g):
    return f @ g / np.sqrt((f @ f) * (g @ g))


def numpy_replaced(F, A, t_a):
    mean, mean_a = F.mean(0), (t_a @ A) / t_a.sum()
    allowed = A[t_a > 0]
    return np.array([allowed[np.argmax([cosine(f - mean, a - mean_a) for a in allowed])] for f in F])


@pytest.mark.parametrize("guided", [False, True])
def test_matches_are_the_nearest_by_the_centred_cosine(rng, guided):
    F, A = rng.normal(size=(5, 6, 4)).astype(np.float32), rng.normal(size=(7, 3, 4)).astype(np.float32)
    t_a = rng.uniform(size=(7, 3)) * (rng.uniform(size=(7, 3)) > 0.5) if guided else np.ones((7, 3))
    style_guide = jnp.asarray(t_a, jnp.float32) if guided else None
    want = numpy_replaced(F.reshape(-1, 4), A.reshape(-1, 4), t_a.ravel())
    style = NEAREST.target(jnp.asarray(A), style_guide)
    np.testing.assert_array_equal(replaced(rows(jnp.asarray(F), None), style), want)
    value = NEAREST.distance(NEAREST.measure(jnp.asarray(F), None), style)
    cosines = [cosine(f, a) for f, a in zip(F.reshape(-1, 4), want, strict=True)]
    assert float(value) == pytest.approx(np.mean(1 - np.array(cosines)), rel=1e-4)


def test_contrast_has_no_effect_on_matches(rng):
    F, A = (jnp.asarray(rng.normal(size=(4, 5, 6)), jnp.float32) for _ in range(2))
    style = NEAREST.target(A)
    np.testing.assert_array_equal(replaced(rows(F, None), style), replaced(rows(3 * F + 1, None), style))


def test_a_row_of_zeros_is_at_no_distance_from_itself(rng):
    A = jnp.asarray(np.abs(rng.normal(size=(4, 5, 6))), jnp.float32).at[1, 2].set(0)
    assert float(NEAREST.distance(NEAREST.measure(A, None), NEAREST.target(A))) == 0
