"""The steerable pyramid: flat response, reconstruction, energy, steering, the analytic bands, and another's bands."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nst_jax as nst
from nst_jax.history.steerable import build, collapse, cropped, filters, level_shape, padded


@pytest.mark.parametrize(("shape", "K"), [((64, 64), 2), ((64, 96), 4), ((65, 70), 3)])
def test_the_response_is_flat(shape, K):
    passes = filters(*shape, 3, K)
    total = passes.high**2
    for band in passes.bands:
        # where a level keeps no frequency, its filters are 0
        total = total + np.asarray(padded(jnp.asarray((abs(band) ** 2).sum(0)), shape))
    total = total + np.asarray(padded(jnp.asarray(passes.lows[-1] ** 2), shape))
    np.testing.assert_allclose(total, 1, atol=1e-5)


@pytest.mark.parametrize(("shape", "K"), [((64, 96), 4), ((65, 70), 3)])
def test_it_reconstructs_and_keeps_the_energy(shape, K, rng):
    x = rng.uniform(size=(2, *shape)).astype(np.float32)
    pyramid = jax.tree.map(np.asarray, build(x, 3, K))
    np.testing.assert_allclose(collapse(pyramid), x, atol=1e-6)
    energy = (pyramid.high**2).mean() + (pyramid.low**2).mean()
    energy += sum((band.real**2).mean((0, -2, -1)).sum() for band in pyramid.bands)
    np.testing.assert_allclose(energy, (x**2).mean(), rtol=1e-5)
    # the two parts of an analytic band have one energy
    for band in pyramid.bands:
        np.testing.assert_allclose((band.real**2).sum((-2, -1)), (band.imag**2).sum((-2, -1)), rtol=1e-3)


def test_sizes_of_the_levels():
    pyramid = build(np.zeros((66, 97), np.float32), 3, 4)
    assert pyramid.high.shape == (66, 97)
    assert [band.shape for band in pyramid.bands] == [(4, 66, 97), (4, 33, 49), (4, 17, 25)]
    assert pyramid.low.shape == (9, 13) == level_shape(66, 97, 3)


@pytest.mark.parametrize("k", [0, 1, 2, 3])
def test_a_wave_is_seen_by_its_scale_and_orientation(k):
    y, x = np.mgrid[:64, :64]
    directions = [(0, 16), (16, 16), (16, 0), (16, -16)]  # (ky, kx), cycles across the picture
    ky, kx = directions[k]
    wave = np.cos(2 * np.pi * (ky * y + kx * x) / 64).astype(np.float32)
    bands = np.asarray(build(wave, 3, 4).bands[0])
    energy = (abs(bands) ** 2).mean((-2, -1))
    assert energy.argmax() == k
    # cos³ of the angle between the wave and the band
    angle = np.arctan2(ky, kx) - np.pi * np.arange(4) / 4
    np.testing.assert_allclose(energy / energy.max(), np.cos(angle) ** 6, atol=1e-4)
    assert np.ptp(abs(bands[k])) < 1e-4 * abs(bands[k]).max()  # the amplitude of a wave is constant


def test_cropping_and_padding_frequencies(rng):
    for shape, size in (((8, 9), (4, 5)), ((9, 8), (5, 4)), ((7, 6), (7, 3))):
        X = rng.normal(size=shape)
        inner = cropped(X, size)
        frequencies = np.fft.fftfreq(shape[1], 1 / shape[1])
        np.testing.assert_array_equal(
            np.sort(cropped(np.tile(frequencies, (shape[0], 1)), size)[0]), np.arange(size[1]) - size[1] // 2
        )
        np.testing.assert_array_equal(cropped(np.asarray(padded(jnp.asarray(inner), shape)), size), np.float32(inner))
        np.testing.assert_allclose(np.asarray(padded(jnp.asarray(inner), shape)).sum(), inner.sum(), rtol=1e-5)


@pytest.mark.parametrize("K", [2, 4])
def test_plenoptic_has_the_same_bands(K):
    plenoptic = pytest.importorskip("plenoptic")
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(0).uniform(size=(64, 96)).astype(np.float32)
    theirs = plenoptic.process.SteerablePyramidFreq((64, 96), height=3, order=K - 1, is_complex=True)
    coefficients = theirs(torch.as_tensor(x[None, None]))
    ours = jax.tree.map(np.asarray, build(x, 3, K))
    np.testing.assert_allclose(ours.high, coefficients["residual_highpass"][0, 0].numpy(), atol=1e-3)
    for s, band in enumerate(ours.bands):
        for k in range(K):
            # theirs has the scale of unnormalised transforms, and a phase and gain by convention
            other = coefficients[s][0, 0, k].numpy() if coefficients[s].ndim == 5 else coefficients[s, k][0, 0].numpy()
            ratio = np.vdot(band[k], other) / np.vdot(band[k], band[k])
            assert np.linalg.norm(other - ratio * band[k]) < 2e-3 * np.linalg.norm(other)


def test_bad_input():
    with pytest.raises(nst.ShapeError, match="40 × 20 pixels are too few for 3 scales, which need 32"):
        build(np.zeros((20, 40), np.float32), 3)
    with pytest.raises(nst.SettingError, match="orientations=1"):
        build(np.zeros((64, 64), np.float32), 3, 1)
    with pytest.raises(nst.SettingError, match="scales=0"):
        build(np.zeros((64, 64), np.float32), 0)
