"""The Wasserstein distance of Gaussians against SciPy, POT and closed forms; the barycentre."""

import numpy as np
import pytest
from scipy.linalg import sqrtm

from nst_jax.losses.style.covariance import Products
from nst_jax.losses.style.statistic import Sums
from nst_jax.losses.style.wasserstein import WASSERSTEIN, Gaussian, barycentre, gaussian, wasserstein_squared

N = 5


def spd(rng):
    B = rng.normal(size=(N, 2 * N))
    return (B @ B.T / N).astype(np.float32)


def of(mu, C):
    """The target of features with this mean and covariance."""
    return gaussian(Sums(Products(mu, C + np.outer(mu, mu)), 1.0))


@pytest.fixture
def pair(rng):
    return (rng.normal(size=N).astype(np.float32), spd(rng)), (rng.normal(size=N).astype(np.float32), spd(rng))


def test_it_is_the_formula_with_scipys_root(pair):
    (mu, C), (mu_a, A) = pair
    target = of(mu_a, A)
    ridge = float(target.ridge) * np.eye(N)
    C_r, A_r = C.astype(np.float64) + ridge, A.astype(np.float64) + ridge
    root = sqrtm(A_r)
    want = ((mu - mu_a) ** 2).sum() + np.trace(C_r + A_r - 2 * sqrtm(root @ C_r @ root).real)
    assert float(wasserstein_squared(mu, C, target)) == pytest.approx(want, rel=1e-4)


def test_it_is_pots_distance(pair):
    ot = pytest.importorskip("ot")
    (mu, C), (mu_a, A) = pair
    want = ot.gaussian.bures_wasserstein_distance(*(np.asarray(v, np.float64) for v in (mu, mu_a, C, A)))
    assert float(wasserstein_squared(mu, C, of(mu_a, A))) == pytest.approx(float(want) ** 2, rel=5e-3)  # its ε is 0


def test_of_features_it_is_the_distance_of_their_gaussians_per_filter(rng):
    F, A = (rng.normal(size=(h, w, N)).astype(np.float32) for h, w in ((6, 7), (9, 5)))
    target = WASSERSTEIN.target(A)
    np.testing.assert_allclose(target.covariance, np.cov(A.reshape(-1, N).T, bias=True), atol=5e-3)
    want = wasserstein_squared(F.mean((0, 1)), np.cov(F.reshape(-1, N).T, bias=True), target) / N
    assert float(WASSERSTEIN.distance(WASSERSTEIN.measure(F, None), target)) == pytest.approx(float(want), rel=1e-4)


def test_of_uncorrelated_filters_it_compares_spreads(rng):
    sigma, sigma_a = rng.uniform(0.5, 2, size=(2, N)).astype(np.float32)
    zero = np.zeros(N, np.float32)
    got = wasserstein_squared(zero, np.diag(sigma**2), of(zero, np.diag(sigma_a**2)))
    assert float(got) == pytest.approx(((sigma - sigma_a) ** 2).sum(), rel=1e-2)


def test_twice_the_contrast_is_four_times_the_distance(pair):
    (mu, C), (mu_a, A) = pair
    once, twice = wasserstein_squared(mu, C, of(mu_a, A)), wasserstein_squared(2 * mu, 4 * C, of(2 * mu_a, 4 * A))
    assert float(twice) == pytest.approx(4 * float(once), rel=1e-4)


def test_the_barycentre_is_pots(rng):
    ot = pytest.importorskip("ot")
    covariances, weights = [spd(rng).astype(np.float64) for _ in range(3)], [0.2, 0.5, 0.3]
    want = ot.gaussian.bures_wasserstein_barycenter(np.zeros((3, N)), np.stack(covariances), np.array(weights))[1]
    np.testing.assert_allclose(barycentre(covariances, weights), want, rtol=1e-4, atol=1e-5)


def test_the_barycentre_of_uncorrelated_filters_has_their_mean_spread(rng):
    sigma = rng.uniform(0.5, 2, size=(2, N))
    got = barycentre([np.diag(each**2) for each in sigma], [0.3, 0.7])
    np.testing.assert_allclose(got, np.diag((0.3 * sigma[0] + 0.7 * sigma[1]) ** 2), atol=1e-6)


def test_a_blend_is_nearest_to_its_styles(pair):
    """The weighted sum of distances to two styles grows away from their barycentre, in any direction."""
    targets, weights = [of(mu, C) for mu, C in pair], (0.4, 0.6)
    blend = WASSERSTEIN.blended(targets, weights)
    assert isinstance(blend, Gaussian)
    np.testing.assert_allclose(blend.root @ blend.root, blend.covariance, atol=1e-4)
    rng = np.random.default_rng(7)

    def spread(mu, C):
        return sum(w * float(wasserstein_squared(mu, C, target)) for w, target in zip(weights, targets, strict=True))

    least = spread(blend.mean, blend.covariance - blend.ridge * np.eye(N))
    for _ in range(4):
        d = rng.normal(size=(N, N)) * 0.1
        assert spread(blend.mean, blend.covariance + d @ d.T) > least
        assert spread(blend.mean + d[0], blend.covariance) > least


def test_all_of_one_style_is_that_style(pair):
    targets = [of(mu, C) for mu, C in pair]
    blend = WASSERSTEIN.blended(targets, (1.0, 0.0))
    for part, want in zip(blend, targets[0], strict=True):
        np.testing.assert_allclose(part, want, rtol=1e-4, atol=1e-5)
