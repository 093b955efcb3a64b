"""Exercises beyond the Gram matrix: a distance of distributions, and a statistic that sees neighbours."""

import jax.numpy as jnp
import numpy as np

from .model import Case, Exercise, Mistake, active, cases, normal


def wasserstein_1d(f, a):
    return jnp.mean((jnp.sort(f) - jnp.sort(a)) ** 2)


def mean_and_step(F, A):
    def measured(F):
        down, right = F[1:] - F[:-1], F[:, 1:] - F[:, :-1]
        pairs = down[..., 0].size + right[..., 0].size
        square = ((down**2).sum((0, 1)) + (right**2).sum((0, 1))) / pairs
        return F.mean((0, 1)), jnp.sqrt(square + 1e-6)  # a map without steps has a gradient too

    (mean, step), (mean_a, step_a) = measured(F), measured(A)
    return jnp.mean((mean - mean_a) ** 2 + (step - step_a) ** 2)


WASSERSTEIN_1D = Exercise(
    "wasserstein_1d",
    tuple(
        Case({"f": normal(seed, M), "a": 0.5 + 1.5 * normal(seed + 100, M)}, {"M": M})
        for seed, M in enumerate((5, 8, 13, 2, 9))
    ),
    wasserstein_1d,
    wasserstein_1d,
    (
        "Each value of f moves to a value of a, and no two to the same one. Which goes where, if the squared "
        "distances that they move are to be least?",
        "On a line, paths that cross are never the shortest: the smallest goes to the smallest, the next to the next.",
        "Sort both, subtract, square, and take the mean over the M values.",
    ),
    (
        Mistake(
            "not_sorted",
            lambda f, a: np.mean((f - a) ** 2),
            "Values are compared in the order they come in, as the content loss does. A distribution has no order: "
            "sort both first.",
        ),
        Mistake(
            "one_sorted",
            lambda f, a: np.mean((np.sort(f) - a) ** 2),
            "Only f is sorted. Sort a as well, so that the smallest meets the smallest.",
        ),
        Mistake(
            "other_sorted",
            lambda f, a: np.mean((f - np.sort(a)) ** 2),
            "Only a is sorted. Sort f as well, so that the smallest meets the smallest.",
        ),
        Mistake(
            "crossed",
            lambda f, a: np.mean((np.sort(f) - np.sort(a)[::-1]) ** 2),
            "The smallest goes to the largest, which is the farthest of all. Sort both in the same direction.",
        ),
        Mistake(
            "positions_sorted",
            lambda f, a: np.mean((np.argsort(f) - np.argsort(a)) ** 2.0),
            "These are the places of the sorted values, as argsort gives them, and not the values. Use sort.",
        ),
        Mistake(
            "absolute",
            lambda f, a: np.mean(np.abs(np.sort(f) - np.sort(a))),
            "This is the mean distance moved, the first Wasserstein distance. Here its mean square is asked for.",
        ),
        Mistake(
            "no_square",
            lambda f, a: np.mean(np.sort(f) - np.sort(a)),
            "The square is missing: moves to left and right cancel, and the difference of the means is left.",
        ),
        Mistake(
            "root",
            lambda f, a: np.sqrt(np.mean((np.sort(f) - np.sort(a)) ** 2)),
            "A root is taken at the end: this is the distance. Its square is asked for.",
        ),
        Mistake(
            "sum",
            lambda f, a: np.sum((np.sort(f) - np.sort(a)) ** 2),
            "This is the sum over the M values: a larger picture would be farther away. Take the mean.",
        ),
        Mistake(
            "of_gaussians",
            lambda f, a: (f.mean() - a.mean()) ** 2 + (f.std() - a.std()) ** 2,
            "This is the distance of two Gaussians with these means and spreads. It is smaller wherever the "
            "distributions have another shape: sort the values themselves.",
        ),
        Mistake(
            "not_averaged",
            lambda f, a: (np.sort(f) - np.sort(a)) ** 2,
            "The squares are right but not averaged: a distance is one number.",
        ),
    ),
)


def _down(F):
    return F[1:] - F[:-1]


def _right(F):
    return F[:, 1:] - F[:, :-1]


def _pairs(F):
    return _down(F)[..., 0].size + _right(F)[..., 0].size


def _mean_square(*differences):
    """Over the pairs of all arrays, filter by filter: [N]."""
    return sum((d**2).sum((0, 1)) for d in differences) / sum(d[..., 0].size for d in differences)


def _step(F):
    return np.sqrt(_mean_square(_down(F), _right(F)))


def _rolled(F, axis):
    return np.roll(F, -1, axis) - F


def _with(step):
    """The distance in means and in another measure of steps."""

    def distance(F, A):
        means = np.mean((F.mean((0, 1)) - A.mean((0, 1))) ** 2)
        return means + np.mean((step(F) - step(A)) ** 2)

    return distance


def _total(F):
    return np.sqrt(_mean_square(_down(F), _right(F)) * _pairs(F))


MEAN_AND_STEP = Exercise(
    "mean_and_step",
    cases(lambda seed, h, w, N: {"F": active(seed, h, w, N), "A": 1.5 * active(seed + 100, h + 2, w + 1, N)}),
    mean_and_step,
    mean_and_step,
    (
        "Two numbers for each filter: how active it is on average, and how much it changes from one position to the "
        "next. The two pictures may differ in size.",
        "δ_i² = Σ (F_ik − F_ik')² / (number of pairs), over all pairs of neighbours k, k' side by side and one above "
        "the other. There are h (w − 1) + (h − 1) w pairs.",
        "F[1:] - F[:-1] and F[:, 1:] - F[:, :-1]; square, sum over the axes 0 and 1, add, divide by the pairs, take "
        "the root. Then the mean over filters of (μ − μ*)² + (δ − δ*)².",
    ),
    (
        Mistake(
            "no_root",
            _with(lambda F: _mean_square(_down(F), _right(F))),
            "The mean squared steps are compared without their root. They grow with the square of the contrast, and "
            "would outweigh the means: take the root.",
        ),
        Mistake(
            "spread",
            _with(lambda F: F.std((0, 1))),
            "This is mean and spread: how far values lie from the mean, wherever they are. A step compares neighbours.",
        ),
        Mistake(
            "no_mean",
            lambda F, A: np.mean((_step(F) - _step(A)) ** 2),
            "Only steps are compared. Compare the means too: brightness does not show in differences.",
        ),
        Mistake(
            "no_step",
            lambda F, A: np.mean((F.mean((0, 1)) - A.mean((0, 1))) ** 2),
            "Only means are compared. Add the steps.",
        ),
        Mistake(
            "only_down",
            _with(lambda F: np.sqrt(_mean_square(_down(F)))),
            "Only neighbours one above the other are compared. Add those side by side.",
        ),
        Mistake(
            "only_right",
            _with(lambda F: np.sqrt(_mean_square(_right(F)))),
            "Only neighbours side by side are compared. Add those one above the other.",
        ),
        Mistake(
            "wraps",
            _with(lambda F: np.sqrt(_mean_square(_rolled(F, 0), _rolled(F, 1)))),
            "The map is treated as a ring: np.roll compares the last row with the first. Use slices, F[1:] - F[:-1].",
        ),
        Mistake(
            "absolute",
            _with(lambda F: (np.abs(_down(F)).sum((0, 1)) + np.abs(_right(F)).sum((0, 1))) / _pairs(F)),
            "This is the mean of absolute steps. Here steps are squared, averaged, and the root is taken.",
        ),
        Mistake(
            "no_square",
            _with(lambda F: (_down(F).sum((0, 1)) + _right(F).sum((0, 1))) / _pairs(F)),
            "Steps are averaged with their signs, up against down, until only the borders are left. Square them first.",
        ),
        Mistake(
            "positions_for_pairs",
            _with(lambda F: _total(F) / np.sqrt(F[..., 0].size)),
            "The squares are divided by the number of positions, h w. There are h (w − 1) + (h − 1) w pairs, nearly "
            "twice as many.",
        ),
        Mistake(
            "twice_the_positions",
            _with(lambda F: _total(F) / np.sqrt(2 * F[..., 0].size)),
            "The squares are divided by 2 h w. The last row has no neighbour below and the last column none to its "
            "right: there are h (w − 1) + (h − 1) w pairs.",
        ),
        Mistake(
            "two_means",
            _with(lambda F: np.sqrt(_mean_square(_down(F)) + _mean_square(_right(F)))),
            "The mean over the pairs below and that over the pairs beside are added. It is one mean, over all pairs.",
        ),
        Mistake(
            "mean_of_two",
            _with(lambda F: np.sqrt((_mean_square(_down(F)) + _mean_square(_right(F))) / 2)),
            "The means of the two directions count equally, though one has more pairs if h is not w. It is one mean, "
            "over all pairs.",
        ),
        Mistake(
            "sum_of_pairs",
            _with(_total),
            "The squares are summed over the pairs, not averaged: two pictures of one texture, in two sizes, would be "
            "far apart.",
        ),
        Mistake(
            "sums",
            lambda F, A: np.mean((F.sum((0, 1)) - A.sum((0, 1))) ** 2 + (_total(F) - _total(A)) ** 2),
            "Sums are compared, not means: two pictures of one texture, in two sizes, would be far apart. Divide by "
            "the number of positions, and of pairs.",
        ),
        Mistake(
            "filters_averaged",
            lambda F, A: (
                (F.mean() - A.mean()) ** 2 + (np.sqrt(np.mean(_step(F) ** 2)) - np.sqrt(np.mean(_step(A) ** 2))) ** 2
            ),
            "The filters are averaged before they are compared. Compare filter by filter, and average last.",
        ),
        Mistake(
            "sum_over_filters",
            lambda F, A: F.shape[-1] * _with(_step)(F, A),
            "This is the sum over the N filters. Take the mean, so that layers of different width have one scale.",
        ),
        Mistake(
            "halves",
            lambda F, A: _with(_step)(F, A) / 2,
            "Half of the right value: means and steps are averaged with each other. Add them.",
        ),
        Mistake(
            "not_averaged",
            lambda F, A: (F.mean((0, 1)) - A.mean((0, 1))) ** 2 + (_step(F) - _step(A)) ** 2,
            "This is one number a filter, [N]. Take the mean over the filters.",
        ),
    ),
)
