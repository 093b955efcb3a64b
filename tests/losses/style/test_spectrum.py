"""The autocorrelation against SciPy, its spectrum against NumPy, and what it cannot tell apart."""

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.signal import correlate2d

from nst_jax.losses.style.spectrum import REACH, SPECTRUM, autocorrelation

N = 2


@pytest.fixture
def F(rng):
    return np.maximum(rng.normal(size=(9, 12, N)), 0).astype(np.float32)


def test_it_is_scipys_correlation(F):
    R = autocorrelation(jnp.asarray(F), 4)
    for n in range(N):
        full = correlate2d(F[..., n], F[..., n])  # lag 0 at [8, 11]
        np.testing.assert_allclose(R[..., n], full[8 : 8 + 5, 11 - 4 : 11 + 5], rtol=1e-4, atol=1e-4)


def test_lags_beyond_the_map_are_0(F):
    R = np.asarray(autocorrelation(jnp.asarray(F[:3, :3]), 5))
    np.testing.assert_allclose(R[3:], 0, atol=1e-5)
    assert R[0, 5].min() > 0  # lag 0


def test_at_lag_0_it_is_the_gram_matrixs_diagonal(F):
    S = SPECTRUM.measure(F, None)
    np.testing.assert_allclose(S.R[REACH], (F.astype(np.float64) ** 2).mean((0, 1)), rtol=1e-5)


def test_lags_are_known_where_more_than_a_quarter_of_the_map_overlaps(F):
    known = np.asarray(SPECTRUM.measure(F, None).known).reshape(REACH + 1, 2 * REACH + 1)
    down, right = np.mgrid[: REACH + 1, -REACH : REACH + 1]
    overlap = np.maximum(9 - down, 0) * np.maximum(12 - abs(right), 0)
    np.testing.assert_array_equal(known[overlap != 27], (overlap > 27)[overlap != 27])  # 27 is a quarter of 108


def test_a_grating_has_a_cosine_for_its_autocorrelation():
    """cos²-mean: the mean of cos(kx) cos(k(x + δ)) over whole periods is cos(kδ) / 2."""
    wave = np.cos(2 * np.pi * np.arange(160) / 8)
    S = SPECTRUM.measure(np.broadcast_to(wave[None, :, None], (40, 160, 1)).astype(np.float32), None)
    along = np.asarray(S.R).reshape(REACH + 1, 2 * REACH + 1)[0, REACH:]
    np.testing.assert_allclose(along, np.cos(2 * np.pi * np.arange(REACH + 1) / 8) / 2, atol=5e-3)


def test_it_tells_a_period_and_a_direction():
    def grating(period, axis):
        wave = 1 + np.cos(2 * np.pi * np.indices((48, 48))[axis] / period)
        return np.repeat(wave[..., None], N, -1).astype(np.float32)

    def distance(F, A):
        return float(SPECTRUM.distance(SPECTRUM.measure(F, None), SPECTRUM.target(A)))

    assert distance(grating(8, 1), grating(6, 1)) > 1e-2
    assert distance(grating(8, 1), grating(8, 0)) > 1e-2
    assert distance(grating(8, 1)[:, :40], grating(8, 1)) < 1e-3  # another size


def test_a_picture_turned_by_180_degrees_has_its_spectrum(F):
    turned = SPECTRUM.measure(F[::-1, ::-1].copy(), None)
    np.testing.assert_allclose(turned.R, SPECTRUM.measure(F, None).R, atol=1e-5)
    mirrored = SPECTRUM.measure(F[:, ::-1].copy(), None)
    assert float(jnp.abs(mirrored.R - turned.R).max()) > 1e-2
