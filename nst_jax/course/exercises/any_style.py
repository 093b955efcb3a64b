"""Exercises on any style in one pass: whitening, and adaptive instance normalisation."""

import jax.numpy as jnp
import numpy as np

from ...feedforward.transforms import mean_spread, whitening
from .model import Case, Exercise, Mistake, normal, rows


def whiten(F):
    f = F.reshape(-1, F.shape[-1])  # [M, N]
    f = f - f.mean(axis=0)
    eigenvalues, Q = jnp.linalg.eigh(f.T @ f / len(f))  # C = Q Λ Qᵀ
    return (f @ (Q / jnp.sqrt(eigenvalues)) @ Q.T).reshape(F.shape)


def adain(F, S):
    (mu, sigma), (mu_s, sigma_s) = ((X.mean((0, 1)), X.std((0, 1))) for X in (F, S))
    return sigma_s * (F - mu) / sigma + mu_s


# More positions than filters by far, so that no direction is nearly still; h and w differ, odd and even.
SIZES = ((5, 7, 2), (6, 6, 3), (8, 4, 5), (4, 9, 4), (7, 7, 6))


def _features(seed, h, w, N):
    """Features ≥ 0 whose filters go together, as a layer's do."""
    mix = np.eye(N) + np.random.default_rng(seed + 50).uniform(-0.4, 0.6, (N, N))
    return np.maximum(normal(seed, h, w, N) @ mix + 2.5, 0).astype(np.float32)


def _centred(F):
    return rows(F) - rows(F).mean(axis=0)


def _covariance(F):
    return _centred(F).T @ _centred(F) / len(rows(F))


def _power(C, exponent):
    eigenvalues, Q = np.linalg.eigh(C)
    return (Q * eigenvalues**exponent) @ Q.T


def _by(F, A):
    """A (f − μ) at each position."""
    return (_centred(F) @ A.T).reshape(F.shape)


def _turned(F):
    """Along the principal axes, each divided by its spread."""
    eigenvalues, Q = np.linalg.eigh(_covariance(F))
    return _by(F, (Q / np.sqrt(eigenvalues)).T)


def _axes_in_rows(F):
    eigenvalues, Q = np.linalg.eigh(_covariance(F))
    return _by(F, (Q.T / np.sqrt(eigenvalues)) @ Q)


def _reshaped(F):
    f = F.reshape(F.shape[-1], -1)
    f = f - f.mean(axis=1, keepdims=True)
    return (_power(f @ f.T / f.shape[1], -0.5) @ f).reshape(F.shape)


def _over_filters(F):
    return (F - F.mean(axis=2, keepdims=True)) / F.std(axis=2, keepdims=True)


def _second_moments(F):
    return rows(F).T @ rows(F) / len(rows(F))


WHITEN = Exercise(
    "whiten",
    tuple(Case({"F": _features(seed, *size)}, dict(zip("hwN", size, strict=True))) for seed, size in enumerate(SIZES)),
    lambda F: _by(F, whitening(_covariance(F).astype(np.float64), np.eye(F.shape[-1]))),
    whiten,
    (
        "Dividing every filter by its spread makes its variance 1, and leaves filters correlated. Along which "
        "directions are there no correlations?",
        "C = Q Λ Qᵀ, with the eigenvectors of the covariance in the columns of Q. C^−½ = Q Λ^−½ Qᵀ: turn to the "
        "principal axes, divide each by the root of its eigenvalue, turn back.",
        "f = F.reshape(-1, N), minus its mean over axis 0; eigenvalues, Q = jnp.linalg.eigh(f.T @ f / len(f)); then "
        "f @ (Q / jnp.sqrt(eigenvalues)) @ Q.T, in the shape of F.",
    ),
    (
        Mistake(
            "no_root",
            lambda F: _by(F, _power(_covariance(F), -1)),
            "The eigenvalues are not square-rooted: this is C⁻¹ (f − μ), whose covariance is C⁻¹. C^−½ stands on both "
            "sides of C.",
        ),
        Mistake(
            "coloured",
            lambda F: _by(F, _power(_covariance(F), 0.5)),
            "This is C^½ (f − μ): what varies most varies even more. Divide by the roots of the eigenvalues.",
        ),
        Mistake(
            "times_covariance",
            lambda F: _by(F, _covariance(F)),
            "This is C (f − μ): the eigenvalues multiply. Divide by their roots, C^−½.",
        ),
        Mistake(
            "not_centred",
            lambda F: (rows(F) @ _power(_covariance(F), -0.5)).reshape(F.shape),
            "The covariance is the identity, and the mean is C^−½ μ: the mean is not removed before the product.",
        ),
        Mistake(
            "mean_put_back",
            lambda F: _by(F, _power(_covariance(F), -0.5)) + F.mean((0, 1)),
            "The mean is put back at the end. White features have the mean 0; the style's mean comes with its colour.",
        ),
        Mistake(
            "gram",
            lambda F: (rows(F) @ _power(_second_moments(F), -0.5)).reshape(F.shape),
            "The mean is not removed: now the Gram matrix per position is the identity, and the covariance is not.",
        ),
        Mistake(
            "gram_for_covariance",
            lambda F: _by(F, _power(_second_moments(F), -0.5)),
            "The features are centred, and the matrix is that of the features before: a Gram matrix, C + μ μᵀ. Remove "
            "the mean before C.",
        ),
        Mistake(
            "only_centred",
            lambda F: F - F.mean((0, 1)),
            "Only the mean is removed: the covariance is that of F.",
        ),
        Mistake(
            "per_filter",
            lambda F: (F - F.mean((0, 1))) / F.std((0, 1)),
            "Every filter has mean 0 and spread 1, and filters are as correlated as before: instance normalisation. "
            "The whole covariance has to become the identity.",
        ),
        Mistake(
            "variance",
            lambda F: (F - F.mean((0, 1))) / F.var((0, 1)),
            "Every filter is divided by its variance, not by its spread, and correlations remain. Use C^−½.",
        ),
        Mistake(
            "over_filters",
            _over_filters,
            "Mean and spread are taken over the filters of a position (the last axis). They belong to a filter, over "
            "all positions; and correlations of filters have to go as well.",
        ),
        Mistake(
            "only_turned",
            lambda F: _by(F, np.linalg.eigh(_covariance(F))[1].T),
            "The features are turned to the principal axes: uncorrelated, and as uneven as before. Divide each by the "
            "root of its eigenvalue, and turn back.",
        ),
        Mistake(
            "not_turned_back",
            _turned,
            "White indeed, along the principal axes: filter 1 is no longer filter 1. Turn back, with Qᵀ.",
        ),
        Mistake(
            "cholesky",
            lambda F: _by(F, np.linalg.inv(np.linalg.cholesky(_covariance(F)))),
            "This is L⁻¹ (f − μ) with C = L Lᵀ: white indeed, but turned. Here the symmetric root C^−½ is asked for, "
            "which of all of them changes features least.",
        ),
        Mistake(
            "axes_in_rows",
            _axes_in_rows,
            "Eigenvectors are the columns of Q: C = Q Λ Qᵀ. Here Qᵀ stands where Q should, and the other way round.",
        ),
        Mistake(
            "reshaped",
            _reshaped,
            "F.reshape(N, -1) mixes filters and positions: filters are the last axis. Use F.reshape(-1, N), or move "
            "the axis first.",
        ),
        Mistake(
            "not_divided",
            lambda F: _by(F, _power(len(rows(F)) * _covariance(F), -0.5)),
            "The covariance is not divided by the number of positions M, so the result is too small by √M.",
        ),
        Mistake(
            "unbiased",
            lambda F: _by(F, _power(np.cov(rows(F), rowvar=False), -0.5)),
            "The covariance is divided by M − 1, as np.cov does unless bias=True. Here it is the mean over the M "
            "positions.",
        ),
        Mistake(
            "per_filter_after",
            lambda F: _by(F, np.diag(np.sqrt(np.diag(np.linalg.inv(_covariance(F)))))),
            "This takes roots of single entries of C⁻¹, those of its diagonal. The root of a matrix is taken of its "
            "eigenvalues.",
        ),
    ),
)


def _pair(seed, h, w, N):
    """A style of as many positions, so that a variance divided by M − 1 serves as well."""
    S = 0.7 * _features(seed + 100, w, h, N) @ np.diag(np.linspace(0.5, 2, N)) + 0.3
    return {"F": _features(seed, h, w, N), "S": S.astype(np.float32)}


def _moments(X):
    return X.mean((0, 1)), X.std((0, 1))


def _with(change):
    """A function of F and the four moments μ, σ, μ*, σ*."""

    def function(F, S):
        return change(F, *_moments(F), *_moments(S))

    return function


_adain = _with(lambda F, mu, sigma, mu_s, sigma_s: sigma_s * (F - mu) / sigma + mu_s)


def _of_all(F, S):
    return S.std() * (F - F.mean()) / F.std() + S.mean()


def _root_mean_square(F, S):
    size, size_s = (np.sqrt((X**2).mean((0, 1))) for X in (F, S))
    return size_s * (F - F.mean((0, 1))) / size + S.mean((0, 1))


ADAIN = Exercise(
    "adain",
    tuple(Case(_pair(seed, *size), dict(zip("hwN", size, strict=True))) for seed, size in enumerate(SIZES)),
    lambda F, S: _by(F, mean_spread(_covariance(F), _covariance(S))) + S.mean((0, 1)),
    adain,
    (
        "Two numbers describe a filter here: its mean and its spread over all positions. Take the photo's away, and "
        "give it the style's.",
        "σ* (F − μ) / σ + μ*, filter by filter; μ and σ are over the positions, the axes 0 and 1.",
        "mu, sigma = F.mean((0, 1)), F.std((0, 1)), the same of S; NumPy lines [N] up with the last axis of F.",
    ),
    (
        Mistake(
            "exchanged",
            lambda F, S: _adain(S, F),
            "Style and content are exchanged: S is changed, and F gives mean and spread.",
        ),
        Mistake(
            "statistics_exchanged",
            _with(lambda F, mu, sigma, mu_s, sigma_s: sigma * (F - mu_s) / sigma_s + mu),
            "The statistics are exchanged: F is normalised by the style's, and given its own.",
        ),
        Mistake(
            "variance",
            _with(lambda F, mu, sigma, mu_s, sigma_s: sigma_s**2 * (F - mu) / sigma**2 + mu_s),
            "Variances stand in place of spreads. The spread is the root of the variance: F grows in proportion to it.",
        ),
        Mistake(
            "root_twice",
            _with(lambda F, mu, sigma, mu_s, sigma_s: np.sqrt(sigma_s / sigma) * (F - mu) + mu_s),
            "A root too many: std is the spread already, the root of the variance.",
        ),
        Mistake(
            "inverse",
            _with(lambda F, mu, sigma, mu_s, sigma_s: sigma * (F - mu) / sigma_s + mu_s),
            "The ratio of spreads is upside down. Divide by the photo's, and multiply by the style's.",
        ),
        Mistake(
            "not_centred",
            _with(lambda F, mu, sigma, mu_s, sigma_s: sigma_s * F / sigma + mu_s),
            "The photo's mean is not removed before the spread is changed: the mean of the result is too large by "
            "σ* μ / σ.",
        ),
        Mistake(
            "mean_kept",
            _with(lambda F, mu, sigma, mu_s, sigma_s: sigma_s * (F - mu) / sigma + mu),
            "The photo's mean is put back. The result has to have the style's.",
        ),
        Mistake(
            "no_mean",
            _with(lambda F, mu, sigma, mu_s, sigma_s: sigma_s * (F - mu) / sigma),
            "The style's mean is missing: the result has the mean 0.",
        ),
        Mistake(
            "not_divided",
            _with(lambda F, mu, sigma, mu_s, sigma_s: sigma_s * (F - mu) + mu_s),
            "The photo's spread is not divided out: the result has the spread σ σ*.",
        ),
        Mistake(
            "spread_kept",
            _with(lambda F, mu, sigma, mu_s, sigma_s: F - mu + mu_s),
            "Only the mean is matched; the spread is still the photo's.",
        ),
        Mistake(
            "only_normalised",
            _with(lambda F, mu, sigma, mu_s, sigma_s: (F - mu) / sigma),
            "This is instance normalisation, mean 0 and spread 1: nothing of the style is in it yet.",
        ),
        Mistake(
            "of_all",
            _of_all,
            "One mean and one spread are taken over the whole layer. Each filter has its own: over the axes 0 and 1 "
            "alone.",
        ),
        Mistake(
            "root_mean_square",
            _root_mean_square,
            "Root mean squares stand in place of spreads: the spread is measured about the mean.",
        ),
        Mistake(
            "whitening",
            lambda F, S: _by(F, _power(_covariance(S), 0.5) @ _power(_covariance(F), -0.5)) + S.mean((0, 1)),
            "This is whitening and colouring: the correlations of the filters are the style's too. AdaIN is its "
            "diagonal, mean and spread alone.",
        ),
        Mistake(
            "brackets",
            _with(lambda F, mu, sigma, mu_s, sigma_s: sigma_s * F - mu / sigma + mu_s),
            "Brackets are missing: μ / σ is subtracted from σ* F. F − μ is divided by σ as a whole.",
        ),
        Mistake(
            "cut",
            _with(lambda F, mu, sigma, mu_s, sigma_s: np.maximum(sigma_s * (F - mu) / sigma + mu_s, 0)),
            "Values below 0 are cut, which changes mean and spread. It is true that no ReLU gives such features; here "
            "they are left as they are.",
        ),
    ),
)
