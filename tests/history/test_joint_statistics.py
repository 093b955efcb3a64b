"""Portilla and Simoncelli's statistics: another's, white noise, invariances, sums over pixels."""

import jax
import numpy as np
import pytest

from nst_jax.history.joint_statistics import joint_statistics
from nst_jax.history.steerable import build, filters
from tests.support.pictures import picture


def measured(z, scales=2, orientations=3, lags=5):
    return jax.tree.map(np.asarray, joint_statistics(np.asarray(z, np.float32), scales, orientations, lags))


@pytest.fixture(scope="module")
def z():
    """Two channels, [2, 48, 64]."""
    x = picture(48, 64, 5)
    return np.moveaxis((x - x.mean((0, 1))) / x.std((0, 1)), -1, 0)[:2]


@pytest.fixture(scope="module")
def S(z):
    return measured(z)


def test_shapes(S):
    C, K, lags = 2, 3, 5
    wanted = {"moments": (C, 4), "colours": (3, 5), "high": (C, C)}
    for s in range(3):
        wanted |= {f"moments of lows/{s}": (C, 2), f"autocorrelation of lows/{s}": (C, lags, lags)}
    for s in range(2):
        wanted |= {f"autocorrelation of moduli/{s}": (C * K, lags, lags), f"mean moduli/{s}": (C * K,)}
        wanted |= {f"{name}/{s}": (C * K, C * K) for name in ("moduli", "real parts")}
    wanted |= {"moduli of parents/0": (C * K, C * K), "phases of parents/0": (C * K, 2 * C * K)}
    assert {name: value.shape for name, value in S.items()} == wanted


def test_they_are_sums_over_pixels(z, S):
    pyramid = jax.tree.map(np.asarray, build(np.asarray(z, np.float32), 2, 3))
    np.testing.assert_allclose(S["moments"][:, :2].T, [z.mean((1, 2)), z.var((1, 2))], atol=1e-5)
    np.testing.assert_allclose(S["colours"][1, 0], (z[0] ** 2 * z[1]).mean(), rtol=1e-4)
    np.testing.assert_allclose(S["colours"][1, 3], (z[0] ** 2 * z[1] ** 2).mean(), rtol=1e-4)
    high = pyramid.high.reshape(2, -1)
    np.testing.assert_allclose(S["high"], high @ high.T / high.shape[1], atol=1e-6)
    for s in range(2):
        B = pyramid.bands[s].reshape(6, *pyramid.bands[s].shape[2:])
        moduli = abs(B) - abs(B).mean((1, 2), keepdims=True)
        np.testing.assert_allclose(S[f"mean moduli/{s}"], abs(B).mean((1, 2)), rtol=1e-4)
        np.testing.assert_allclose(S[f"moduli/{s}"], np.cov(abs(B).reshape(6, -1), bias=True), atol=1e-5)
        np.testing.assert_allclose(S[f"real parts/{s}"], np.cov(B.real.reshape(6, -1), bias=True), atol=1e-5)
        for u, v in ((0, 0), (1, 2), (-2, 1)):
            wanted = (moduli * np.roll(moduli, (u, v), (1, 2))).mean((1, 2))
            np.testing.assert_allclose(S[f"autocorrelation of moduli/{s}"][:, 2 + u, 2 + v], wanted, atol=1e-5)


def test_a_parent_is_interpolated_and_its_phase_doubled():
    # waves of one octave's distance: the parent's phase, doubled, turns with the child's
    x = np.mgrid[:64, :64][1]
    phase = 0.7
    child, parent = np.cos(2 * np.pi * 16 * x / 64 + 2 * phase), np.cos(2 * np.pi * 8 * x / 64 + phase)
    S = measured((child + parent)[None], scales=3, orientations=4)
    C, parents = S["phases of parents/0"][0, 0], S["phases of parents/0"][0, 4]
    band = np.sqrt(2 * S["real parts/0"][0, 0])  # the amplitude of the child
    above = np.sqrt(2 * S["real parts/1"][0, 0])
    assert np.hypot(C, parents) == pytest.approx(band * above / 2, rel=0.02)
    other = measured((np.cos(2 * np.pi * 16 * x / 64 + 1) + parent)[None], scales=3, orientations=4)
    turned = np.arctan2(other["phases of parents/0"][0, 4], other["phases of parents/0"][0, 0])
    assert abs(turned - np.arctan2(parents, C)) == pytest.approx(abs(1 - 2 * phase), abs=0.02)


def test_they_do_not_change_when_the_torus_turns(z, S):
    moved = measured(np.roll(z, (16, 8), (1, 2)))
    for name, value in S.items():
        np.testing.assert_allclose(moved[name], value, atol=1e-4, err_msg=name)


def test_white_noise(rng):
    z = rng.standard_normal((1, 256, 256))
    S, passes = measured(z, scales=2, orientations=4, lags=5), filters(256, 256, 2, 4)
    np.testing.assert_allclose(S["moments"][0], [0, 1, 0, 3], atol=0.05)
    np.testing.assert_allclose(S["high"], (passes.high**2).mean(), rtol=0.03)
    for s in range(2):
        # the variance of a band is the share of the plane that it passes
        power = (abs(passes.bands[s]) ** 2).sum((1, 2)) / 256**2
        np.testing.assert_allclose(np.diag(S[f"real parts/{s}"]), power, rtol=0.1)
        # the modulus of a complex normal variable: mean √(π/2) σ, variance (2 − π/2) σ²
        np.testing.assert_allclose(S[f"mean moduli/{s}"], np.sqrt(np.pi / 2 * power), rtol=0.05)
        np.testing.assert_allclose(np.diag(S[f"moduli/{s}"]), (2 - np.pi / 2) * power, rtol=0.15)
        np.testing.assert_allclose(S[f"moments of lows/{s}"][0], [0, 3], atol=0.2)
    scale = np.sqrt(np.outer(np.diag(S["moduli/0"]), np.diag(S["moduli/1"])))
    assert np.abs(S["moduli of parents/0"] / scale).max() < 0.15


def test_plenoptic_measures_the_same():
    plenoptic = pytest.importorskip("plenoptic")
    torch = pytest.importorskip("torch")
    x = picture(64, 64, 3)[..., 0]
    model = plenoptic.models.PortillaSimoncelli((64, 64), n_scales=2, n_orientations=4, spatial_corr_width=7)
    theirs = model.convert_to_dict(model(torch.as_tensor(x[None, None])))
    theirs = {name: value[0, 0].numpy() for name, value in theirs.items()}
    S = measured(x[None], 2, 4, 7)

    def agree(ours, other, tolerance=1e-3):
        known = np.isfinite(other)  # what follows by symmetry is left out there
        assert known.any()
        np.testing.assert_allclose(ours[known], other[known], atol=tolerance)

    agree(S["moments"][0], theirs["pixel_statistics"][:4], 2e-3)
    agree(S["high"][0], theirs["var_highpass_residual"])
    for s in range(3):
        A = S[f"autocorrelation of lows/{s}"][0]
        agree(A / A[3, 3], theirs["auto_correlation_reconstructed"][..., s])
        agree(np.sqrt(A[3, 3]) * 4**s, theirs["std_reconstructed"][s])
        agree(S[f"moments of lows/{s}"][0, 0], theirs["skew_reconstructed"][s], 2e-3)
        agree(S[f"moments of lows/{s}"][0, 1], theirs["kurtosis_reconstructed"][s], 5e-3)
    for s in range(2):
        spread = np.sqrt(np.diag(S[f"moduli/{s}"]))
        agree(S[f"moduli/{s}"] / np.outer(spread, spread), theirs["cross_orientation_correlation_magnitude"][..., s])
        agree(spread * 4**s, theirs["magnitude_std"][..., s])  # their transforms are not normalised
        A = S[f"autocorrelation of moduli/{s}"]
        agree(np.moveaxis(A / A[:, 3:4, 3:4], 0, -1), theirs["auto_correlation_magnitude"][..., s])
    ours, other = S["moduli of parents/0"], theirs["cross_scale_correlation_magnitude"][..., 0]
    spread = np.sqrt(np.diag(S["moduli/0"]))
    ratio = ours / spread[:, None] / other  # by the spread of the parents
    np.testing.assert_allclose(ratio, np.broadcast_to(np.median(ratio, 0), ratio.shape), rtol=0.02)
    ours, other = S["phases of parents/0"], theirs["cross_scale_correlation_real"][..., 0]
    ours = ours / np.sqrt(np.diag(S["real parts/0"]))[:, None]
    # each column by the spread of that parent, and a sign by convention
    for column, wanted in zip(ours.T, other.T, strict=True):
        assert abs(column @ wanted) > 0.999 * np.linalg.norm(column) * np.linalg.norm(wanted)
