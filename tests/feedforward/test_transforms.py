"""Maps between covariances: they give the style's, and agree where theory says so."""

import numpy as np
import pytest
from scipy import linalg

from nst_jax.feedforward.transforms import TRANSFORMS, mean_spread, monge_kantorovich, whitening

N = 12


def covariance(rng, rank=N, scale=1.0):
    x = rng.normal(size=(rank, N)) * scale
    return x.T @ x / rank


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
@pytest.mark.parametrize("transform", [whitening, monge_kantorovich])
def test_the_style_s_covariance_results(transform, scale, rng):
    C, C_s = covariance(rng, 40, scale), covariance(rng, 40)
    A = transform(C, C_s)
    np.testing.assert_allclose(A @ C @ A.T, C_s, rtol=1e-8, atol=1e-8)


def test_monge_kantorovich_moves_features_least(rng):
    """tr C + tr C_s − 2 tr (AC), the mean squared move, is the W2 distance by SciPy, and less than WCT's."""
    C, C_s = covariance(rng, 40), covariance(rng, 40)
    root = linalg.sqrtm(C)
    least = np.trace(C) + np.trace(C_s) - 2 * np.trace(linalg.sqrtm(root @ C_s @ root).real)

    def moved(A):
        return np.trace(C) + np.trace(C_s) - 2 * np.trace(A @ C)

    np.testing.assert_allclose(moved(monge_kantorovich(C, C_s)), least, rtol=1e-8)
    assert moved(whitening(C, C_s)) > least * (1 + 1e-6)


@pytest.mark.parametrize("transform", TRANSFORMS.values())
def test_a_style_like_the_content_changes_nothing(transform, rng):
    C = covariance(rng, 40)
    np.testing.assert_allclose(transform(C, C), np.eye(N), atol=1e-8)


def test_all_agree_on_diagonal_covariances(rng):
    C, C_s = (np.diag(rng.uniform(0.5, 2, N)) for _ in range(2))
    first, *others = (transform(C, C_s) for transform in TRANSFORMS.values())
    for other in others:
        np.testing.assert_allclose(other, first, atol=1e-10)


def test_whitening_and_monge_kantorovich_agree_where_covariances_commute(rng):
    Q, _ = linalg.qr(rng.normal(size=(N, N)))
    C, C_s = ((Q * rng.uniform(0.5, 2, N)) @ Q.T for _ in range(2))
    np.testing.assert_allclose(whitening(C, C_s), monge_kantorovich(C, C_s), atol=1e-10)


@pytest.mark.parametrize("transform", TRANSFORMS.values())
def test_dead_filters_and_missing_rank_stay_finite(transform, rng):
    """Fewer positions than filters, and one filter that never responds, in the content and in the style."""
    C, C_s = covariance(rng, 5), covariance(rng, 7)
    C[3] = C[:, 3] = C_s[4] = C_s[:, 4] = 0
    A = transform(C, C_s)
    assert np.isfinite(A).all()
    assert np.abs(A).max() < 1e3
    if transform is not monge_kantorovich:  # which stays within the directions in which the content varies
        assert np.abs(A[4]).max() < 1e-6  # what the style never shows is taken away


def test_mean_spread_is_adaptive_instance_normalisation(rng):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    F, S = rng.normal(1, 2, (50, N)), rng.normal(-1, 3, (70, N))
    A = mean_spread(np.cov(F.T, ddof=0), np.cov(S.T, ddof=0))
    ours = (F - F.mean(0)) @ A.T + S.mean(0)
    normal = torch.nn.functional.instance_norm(torch.tensor(F.T[None]), eps=0)
    theirs = normal[0].T.numpy() * S.std(0) + S.mean(0)
    np.testing.assert_allclose(ours, theirs, atol=1e-8)
