"""Exercises on networks that paint in one pass: instance normalisation, and when a training pays."""

import jax.numpy as jnp
import numpy as np

from ...feedforward.style_network import EPSILON, normalised
from .model import Case, Exercise, Mistake, normal


def instance_norm(F, gamma, beta):
    mu = F.mean((0, 1))  # [N], of each filter over all positions of this picture
    variance = ((F - mu) ** 2).mean((0, 1))
    return gamma * (F - mu) / jnp.sqrt(variance + 1e-3) + beta


def break_even(training, optimiser, one_pass):
    saved = optimiser - one_pass  # seconds, by each picture
    return int(training // saved) + 1  # the first whole number above training / saved


SIZES = ((5, 7, 2), (6, 6, 3), (8, 4, 5), (4, 9, 4), (7, 7, 6))


def _given(seed, h, w, N):
    """Features of small spreads, so that what stands beside the variance counts; γ and β without 0 and 1."""
    F = normal(seed, h, w, N) * np.linspace(0.03, 0.2, N) + np.linspace(0.4, -0.3, N)
    gamma, beta = (normal(seed + 50 + i, N) * 0.2 + np.linspace(1.4, 0.6, N) * (1 - 1.7 * i) for i in range(2))
    return {"F": F.astype(np.float32), "gamma": gamma.astype(np.float32), "beta": beta.astype(np.float32)}


def _over(axes):
    """With mean and variance over other axes."""

    def function(F, gamma, beta):
        mu, variance = F.mean(axes, keepdims=True), F.var(axes, keepdims=True)
        return gamma * (F - mu) / np.sqrt(variance + EPSILON) + beta

    return function


def _with(change):
    """A function of F, γ, β, μ and the variance."""

    def function(F, gamma, beta):
        return change(F, gamma, beta, F.mean((0, 1)), F.var((0, 1)))

    return function


INSTANCE_NORM = Exercise(
    "instance_norm",
    tuple(Case(_given(seed, *size), dict(zip("hwN", size, strict=True))) for seed, size in enumerate(SIZES)),
    lambda F, gamma, beta: gamma * np.asarray(normalised(jnp.asarray(F)[None]))[0] + beta,
    instance_norm,
    (
        "Each filter of this one picture gets a mean and a spread that do not depend on the photo: first 0 and 1, then "
        "β and γ.",
        "μ and σ² are over the positions, axes 0 and 1, and [N] each; ε = 1e-3 is added to σ² before the root.",
        "mu, variance = F.mean((0, 1)), F.var((0, 1)); γ (F − μ) / √(σ² + ε) + β. NumPy lines [N] up with the last "
        "axis of F.",
    ),
    (
        Mistake(
            "exchanged",
            lambda F, gamma, beta: _over((0, 1))(F, beta, gamma),
            "γ and β are exchanged: γ multiplies, β is added.",
        ),
        Mistake(
            "of_all",
            _over((0, 1, 2)),
            "One mean and one variance are taken over the whole layer (layer normalisation). Each filter has its own: "
            "over the axes 0 and 1 alone.",
        ),
        Mistake(
            "over_filters",
            _over((2,)),
            "Mean and variance are taken over the filters of each position. They are over the positions of each "
            "filter: axes 0 and 1.",
        ),
        Mistake(
            "over_rows",
            _over((0,)),
            "Mean and variance are taken over one axis of the picture alone, so each column has its own. Take both, "
            "(0, 1).",
        ),
        Mistake(
            "over_columns",
            _over((1,)),
            "Mean and variance are taken over one axis of the picture alone, so each row has its own. Take both, "
            "(0, 1).",
        ),
        Mistake(
            "no_root",
            _with(lambda F, g, b, mu, v: g * (F - mu) / (v + EPSILON) + b),
            "The variance is not square-rooted: divide by √(σ² + ε).",
        ),
        Mistake(
            "no_epsilon",
            _with(lambda F, g, b, mu, v: g * (F - mu) / np.sqrt(v) + b),
            "ε is missing beside the variance. A filter that hardly varies would be enlarged without bound.",
        ),
        Mistake(
            "epsilon_outside",
            _with(lambda F, g, b, mu, v: g * (F - mu) / (np.sqrt(v) + EPSILON) + b),
            "ε is added to σ, after the root. It stands beside the variance: √(σ² + ε).",
        ),
        Mistake(
            "not_centred",
            _with(lambda F, g, b, mu, v: g * F / np.sqrt(v + EPSILON) + b),
            "The mean is not subtracted: the result has the mean γ μ / σ + β, which depends on the photo.",
        ),
        Mistake(
            "root_mean_square",
            _with(lambda F, g, b, mu, v: g * (F - mu) / np.sqrt(v + mu**2 + EPSILON) + b),
            "The mean square stands in place of the variance, which is measured about the mean.",
        ),
        Mistake(
            "shift_scaled",
            _with(lambda F, g, b, mu, v: g * ((F - mu) / np.sqrt(v + EPSILON) + b)),
            "β is multiplied by γ too. Multiply first, then add β.",
        ),
        Mistake(
            "shift_divided",
            _with(lambda F, g, b, mu, v: (g * (F - mu) + b) / np.sqrt(v + EPSILON)),
            "β is divided by σ too, so it still depends on the photo's contrast. Divide first, then add β.",
        ),
        Mistake(
            "only_normalised",
            _with(lambda F, g, b, mu, v: (F - mu) / np.sqrt(v + EPSILON)),
            "Mean 0 and spread 1: γ and β, in which the style is, are missing.",
        ),
        Mistake(
            "no_shift",
            _with(lambda F, g, b, mu, v: g * (F - mu) / np.sqrt(v + EPSILON)),
            "β is missing: every filter has the mean 0.",
        ),
        Mistake(
            "no_scale",
            _with(lambda F, g, b, mu, v: (F - mu) / np.sqrt(v + EPSILON) + b),
            "γ is missing: every filter has the spread 1.",
        ),
        Mistake(
            "mean_put_back",
            _with(lambda F, g, b, mu, v: g * (F - mu) / np.sqrt(v + EPSILON) + b + mu),
            "The photo's mean is put back. β alone is the mean of the result.",
        ),
        Mistake(
            "unbiased",
            lambda F, gamma, beta: gamma * (F - F.mean((0, 1))) / np.sqrt(F.var((0, 1), ddof=1) + EPSILON) + beta,
            "The variance is divided by M − 1. Here it is the mean over the M positions.",
        ),
    ),
)

TIMES = ((180.0, 20.0, 0.25), (3600.0, 31.0, 4.5), (95.0, 12.0, 7.5), (1003.0, 2.5, 0.9), (61.0, 70.0, 3.0))

BREAK_EVEN = Exercise(
    "break_even",
    tuple(Case(dict(zip(("training", "optimiser", "one_pass"), each, strict=True)), {}) for each in TIMES),
    lambda training, optimiser, one_pass: int(np.floor(training / (optimiser - one_pass))) + 1,
    break_even,
    (
        "Write down the seconds of n pictures by each way. From which n on is the second sum the smaller one?",
        "training + n · one_pass < n · optimiser, so n > training / (optimiser − one_pass).",
        "n is whole, and larger than that quotient: cut the quotient to a whole number, and add 1.",
    ),
    (
        Mistake(
            "pass_is_free",
            lambda training, optimiser, one_pass: np.floor(training / optimiser) + 1,
            "One pass costs something too. What a picture saves is optimiser − one_pass.",
        ),
        Mistake(
            "not_whole",
            lambda training, optimiser, one_pass: training / (optimiser - one_pass),
            "This is where both ways cost the same. There are only whole pictures: take the next whole number.",
        ),
        Mistake(
            "rounded_down",
            lambda training, optimiser, one_pass: np.floor(training / (optimiser - one_pass)),
            "With so many pictures the optimiser is still the cheaper one. Round up.",
        ),
        Mistake(
            "one_too_many",
            lambda training, optimiser, one_pass: np.floor(training / (optimiser - one_pass)) + 2,
            "One picture fewer is cheaper with the network already.",
        ),
        Mistake(
            "added",
            lambda training, optimiser, one_pass: np.floor(training / (optimiser + one_pass)) + 1,
            "The seconds of both ways are added. A picture saves their difference.",
        ),
        Mistake(
            "speed_up",
            lambda training, optimiser, one_pass: optimiser / one_pass,
            "This is how many times faster one pass is. It leaves the training out.",
        ),
        Mistake(
            "in_passes",
            lambda training, optimiser, one_pass: np.floor(training / one_pass) + 1,
            "This is how many passes take as long as the training. Compare with what the optimiser would take.",
        ),
        Mistake(
            "training_saved",
            lambda training, optimiser, one_pass: np.floor((training + optimiser) / (optimiser - one_pass)) + 1,
            "The optimiser's seconds are counted with the training. They are what n pictures would cost without it.",
        ),
    ),
)
