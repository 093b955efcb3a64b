"""Exercises on the content loss and total variation."""

import numpy as np

from ...losses.content import content_loss as reference_content_loss
from ...losses.total_variation import total_variation as reference_total_variation
from .model import Exercise, Mistake, cases, normal, np_gram, pictures, uniform


def content_loss(F, P):
    return 0.5 * ((F - P) ** 2).sum()


def total_variation(x):
    down = x[1:] - x[:-1]  # [h - 1, w, 3]
    right = x[:, 1:] - x[:, :-1]  # [h, w - 1, 3]
    return (down**2).sum() + (right**2).sum()


CONTENT_LOSS = Exercise(
    "content_loss",
    cases(lambda seed, h, w, N: {"F": normal(seed, h, w, N), "P": normal(seed + 100, h, w, N)}),
    reference_content_loss,
    content_loss,
    (
        "How far are two arrays from one another? Squared distance, and the sum over everything.",
        "L = ½ Σ_ij (F_ij - P_ij)² (eq. 1).",
        "Subtract, square, sum over all axes, and halve: one line, and one number.",
    ),
    (
        Mistake(
            "no_half",
            lambda F, P: ((F - P) ** 2).sum(),
            "Twice the right value: the ½ of eq. 1 is missing. It is there so that the gradient is F - P.",
        ),
        Mistake(
            "quarter",
            lambda F, P: 0.25 * ((F - P) ** 2).sum(),
            "Half of the right value: the ½ of eq. 1 is applied twice.",
        ),
        Mistake(
            "no_square", lambda F, P: 0.5 * (F - P).sum(), "The square is missing: differences of both signs cancel."
        ),
        Mistake(
            "absolute",
            lambda F, P: 0.5 * np.abs(F - P).sum(),
            "These are absolute differences (an L1 distance). Eq. 1 squares them.",
        ),
        Mistake(
            "mean",
            lambda F, P: ((F - P) ** 2).mean(),
            "This is the mean squared error, as jcjohnson's neural-style and the PyTorch tutorial use it. The paper's "
            "(eq. 1) is ½ of the sum; `nst.convert` has the factor between them, 2/(N M).",
        ),
        Mistake(
            "half_mean",
            lambda F, P: 0.5 * ((F - P) ** 2).mean(),
            "The mean is taken over all elements. Eq. 1 is ½ of the sum.",
        ),
        Mistake(
            "root",
            lambda F, P: np.sqrt(((F - P) ** 2).sum()),
            "This is the distance itself, with a root (np.linalg.norm). Eq. 1 is half of its square.",
        ),
        Mistake(
            "summed_first",
            lambda F, P: 0.5 * (F - P).sum() ** 2,
            "The differences are summed first, and the sum is squared. Square each difference, then sum.",
        ),
        Mistake(
            "squared_apart",
            lambda F, P: 0.5 * (F**2 - P**2).sum(),
            "F and P are each squared and then subtracted: F² - P². Eq. 1 squares the difference: (F - P)².",
        ),
        Mistake(
            "brackets",
            lambda F, P: 0.5 * (F - P**2).sum(),
            "Brackets are missing: `F - P**2` squares P alone. Write `(F - P) ** 2`.",
        ),
        Mistake(
            "grams",
            lambda F, P: 0.5 * ((np_gram(F) - np_gram(P)) ** 2).sum(),
            "This compares Gram matrices, as the style loss does. The content loss compares the features themselves, "
            "F - P, position by position.",
        ),
        Mistake(
            "plus", lambda F, P: 0.5 * ((F + P) ** 2).sum(), "F and P are added. Eq. 1 squares the difference, F - P."
        ),
        Mistake(
            "not_summed",
            lambda F, P: 0.5 * (F - P) ** 2,
            "The squares are right but not summed: a loss is one number, or it has no gradient.",
        ),
        Mistake(
            "summed_over_positions",
            lambda F, P: 0.5 * ((F - P) ** 2).sum(axis=(0, 1)),
            "The sum stops at one number per filter. Sum over the filters as well.",
        ),
        Mistake(
            "summed_over_filters",
            lambda F, P: 0.5 * ((F - P) ** 2).sum(axis=-1),
            "The sum stops at one number per position. Sum over the positions as well.",
        ),
    ),
)


def _down(x):
    return x[1:] - x[:-1]


def _right(x):
    return x[:, 1:] - x[:, :-1]


def _through(x):
    return x[..., 1:] - x[..., :-1]


def _square(d):
    return (d**2).sum()


def _both(x):
    """The squared differences down and to the right where there are both: [h - 1, w - 1, 3]."""
    return _down(x)[:, :-1] ** 2 + _right(x)[:-1] ** 2


TOTAL_VARIATION = Exercise(
    "total_variation",
    pictures(lambda seed, h, w: {"x": uniform(seed, h, w)}),
    reference_total_variation,
    total_variation,
    (
        "How much do neighbouring pixels differ? Compare each with the one below it and the one to its right.",
        "V(x) = Σ (x[i+1, j] - x[i, j])² + Σ (x[i, j+1] - x[i, j])². A row has one pair of neighbours fewer than "
        "pixels.",
        "x[1:] - x[:-1] are the differences down, [h - 1, w, 3]. The same on axis 1; square both, sum both, add.",
    ),
    (
        Mistake(
            "absolute",
            lambda x: np.abs(_down(x)).sum() + np.abs(_right(x)).sum(),
            "These are absolute differences (the anisotropic total variation, as in tf.image). Here they are squared, "
            "which punishes single large jumps more.",
        ),
        Mistake(
            "no_square",
            lambda x: _down(x).sum() + _right(x).sum(),
            "The square is missing: differences of both signs cancel until only the borders are left.",
        ),
        Mistake(
            "squared_apart",
            lambda x: _down(x**2).sum() + _right(x**2).sum(),
            "The pixels are each squared and then subtracted. Square the differences: (x[1:] - x[:-1]) ** 2.",
        ),
        Mistake(
            "brackets",
            lambda x: (x[1:] - x[:-1] ** 2).sum() + (x[:, 1:] - x[:, :-1] ** 2).sum(),
            "Brackets are missing: `x[1:] - x[:-1] ** 2` squares the second picture alone. Write "
            "`(x[1:] - x[:-1]) ** 2`.",
        ),
        Mistake(
            "wraps",
            lambda x: _square(np.roll(x, -1, 0) - x) + _square(np.roll(x, -1, 1) - x),
            "The picture is treated as a ring: np.roll compares the last row with the first, and the last column too. "
            "Use slices, x[1:] - x[:-1].",
        ),
        Mistake(
            "only_down",
            lambda x: _square(_down(x)),
            "Only neighbours one above the other are compared. Add those side by side.",
        ),
        Mistake(
            "only_right",
            lambda x: _square(_right(x)),
            "Only neighbours side by side are compared. Add those one above the other.",
        ),
        Mistake(
            "colours_for_rows",
            lambda x: _square(_right(x)) + _square(_through(x)),
            "The axes are 1 and 2, and axis 2 is colour: red is compared with green. A picture here is [h, w, 3], "
            "without a batch axis before it: compare along axes 0 and 1.",
        ),
        Mistake(
            "colours_for_columns",
            lambda x: _square(_down(x)) + _square(_through(x)),
            "The axes are 0 and 2, and axis 2 is colour: red is compared with green. Compare along axes 0 and 1.",
        ),
        Mistake(
            "only_colours",
            lambda x: _square(_through(x)),
            "Only colours are compared with one another: the last axis is colour, which np.diff takes where no axis "
            "is given. Rows are axis 0 and columns axis 1.",
        ),
        Mistake(
            "colours_too",
            lambda x: _square(_down(x)) + _square(_right(x)) + _square(_through(x)),
            "Colours are compared with one another too. Only rows and columns are neighbours.",
        ),
        Mistake(
            "isotropic",
            lambda x: np.sqrt(_both(x)).sum(),
            "This is Σ √(down² + right²), the isotropic total variation (exponent β = 1). Here there is no root (β = "
            "2).",
        ),
        Mistake(
            "keras",
            lambda x: (_both(x) ** 1.25).sum(),
            "This is Σ (down² + right²)^1.25 over all but the last row and column, as in a well-known Keras example. "
            "Here the exponent is 1, and the last row and column have neighbours too.",
        ),
        Mistake(
            "loses_border",
            lambda x: _both(x).sum(),
            "Both differences are cut to [h - 1, w - 1], so that the pairs within the last row and the last column "
            "are lost. Sum each on its own, then add.",
        ),
        Mistake(
            "root",
            lambda x: np.sqrt(_square(_down(x)) + _square(_right(x))),
            "A root is taken at the end. V(x) is the sum of squares itself.",
        ),
        Mistake(
            "mean",
            lambda x: (_square(_down(x)) + _square(_right(x))) / x.size,
            "This is divided by the number of values, 3 h w. V(x) is a sum.",
        ),
        Mistake(
            "mean_of_pairs",
            lambda x: (_down(x) ** 2).mean() + (_right(x) ** 2).mean(),
            "These are means, one for each direction. V(x) is a sum over all pairs.",
        ),
        Mistake(
            "half",
            lambda x: 0.5 * (_square(_down(x)) + _square(_right(x))),
            "Half of the right value: there is no ½ in V(x).",
        ),
        Mistake(
            "twice",
            lambda x: 2 * (_square(_down(x)) + _square(_right(x))),
            "Twice the right value: each pair of neighbours counts once, not from both sides.",
        ),
        Mistake(
            "grey",
            lambda x: _square(_down(x.mean(-1))) + _square(_right(x.mean(-1))),
            "The colours are averaged to grey first. Each colour has its own differences.",
        ),
        Mistake(
            "colours_summed_first",
            lambda x: _square(_down(x.sum(-1))) + _square(_right(x.sum(-1))),
            "The colours are summed before the differences are squared. Each colour has its own differences.",
        ),
        Mistake(
            "diagonal",
            lambda x: _square(x[1:, 1:] - x[:-1, :-1]),
            "Each pixel is compared with its diagonal neighbour: x[1:, 1:]. Take rows and columns apart.",
        ),
        Mistake(
            "per_colour",
            lambda x: (_down(x) ** 2).sum((0, 1)) + (_right(x) ** 2).sum((0, 1)),
            "This is one number per colour, [3]. Sum over the colours too.",
        ),
    ),
)
