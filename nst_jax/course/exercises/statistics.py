"""Exercises on the Gram matrix and the style loss."""

import numpy as np

from ...losses.style.gram import gram as reference_gram
from ...losses.style.gram import style_loss as reference_style_loss
from .model import SIZES, Case, Exercise, Mistake, cases, normal, np_gram, positions, rows, style


def gram(F):
    F = F.reshape(-1, F.shape[-1])  # [M, N]: one row per position
    return F.T @ F  # [N, N]


def style_loss(G, A, positions):
    N, M = G.shape[0], positions
    return ((G - A) ** 2).sum() / (4 * float(N * M) ** 2)  # a float, since the whole number passes 32 bits


def _centred(F):
    return F - F.mean(axis=(0, 1))


def _cosine(F):
    X = rows(F)
    X = X / np.sqrt((X**2).sum(axis=0))
    return X.T @ X


GRAM = Exercise(
    "gram",
    cases(lambda seed, h, w, N: {"F": normal(seed, h, w, N)}),
    reference_gram,
    gram,
    (
        "G_ij tells how often filters i and j are active at the same place. It forgets the place: which axes of F [h, "
        "w, N] must be gone at the end?",
        "G_ij = Σ_k F_ik F_jk, with k over all M = h·w positions. Make F a matrix of one row per position first.",
        "F.reshape(-1, N) is [M, N]. A matrix product of it with its own transpose, in the order that leaves [N, N].",
    ),
    (
        Mistake(
            "over_positions",
            lambda F: rows(F) @ rows(F).T,
            "This compares positions with positions, [M, M]. The Gram matrix compares filters with filters, [N, N]: "
            "put the transpose on the other factor.",
        ),
        Mistake(
            "reshaped_not_transposed",
            lambda F: F.reshape(F.shape[-1], -1) @ F.reshape(F.shape[-1], -1).T,
            "The shape is right but filters are mixed with positions: reshape(N, -1) cuts [h, w, N] into N pieces in "
            "the order of memory, where channels come last. Use reshape(-1, N), then transpose.",
        ),
        Mistake(
            "row_by_row",
            lambda F: F.swapaxes(1, 2) @ F,
            "This is one matrix per row of the picture, [h, N, N]: `@` treats the first axis as a batch. Flatten both "
            "axes of position before the product, or sum over the first axis after it.",
        ),
        Mistake(
            "per_position",
            lambda F: np_gram(F) / positions(F),
            "This is the mean over the M positions. The paper's Gram matrix (eq. 3) is the sum; M² stands in E_l (eq. "
            "4). The paper's author divides by M in his later code.",
        ),
        Mistake(
            "per_filter",
            lambda F: np_gram(F) / F.shape[-1],
            "This is divided by N, the number of filters. The Gram matrix (eq. 3) is a plain sum over positions.",
        ),
        Mistake(
            "per_element",
            lambda F: np_gram(F) / F.size,
            "This is divided by N·M, the number of elements of F, as jcjohnson's neural-style and the PyTorch "
            "tutorial do. The paper's (eq. 3) is a plain sum; its E_l divides later.",
        ),
        Mistake(
            "per_row",
            lambda F: np_gram(F) / F.shape[0],
            "This is divided by h alone: len(F) and F.shape[0] are the number of rows, not of positions. The paper's "
            "sum is not divided at all.",
        ),
        Mistake(
            "per_column",
            lambda F: np_gram(F) / F.shape[1],
            "This is divided by w alone. The paper's sum is not divided at all.",
        ),
        Mistake(
            "brackets",
            lambda F: np_gram(F) / F.shape[0] * F.shape[1],
            "`G / h * w` divides by h and multiplies by w: brackets are missing. And the paper's sum (eq. 3) is not "
            "divided at all.",
        ),
        Mistake(
            "per_colour",
            lambda F: np_gram(F) / (3 * positions(F)),
            "This is divided by 3·M, as if F had the 3 channels of a picture; it has N filters. The paper's sum is "
            "not divided at all.",
        ),
        Mistake(
            "centred",
            lambda F: np_gram(_centred(F)),
            "Each filter's mean is subtracted first: that is (M times) the covariance. The Gram matrix (eq. 3) keeps "
            "the mean, which is part of the style.",
        ),
        Mistake(
            "covariance",
            lambda F: np_gram(_centred(F)) / (positions(F) - 1),
            "This is the sample covariance, as np.cov gives it: centred, and divided by M - 1. The Gram matrix (eq. "
            "3) is neither centred nor divided.",
        ),
        Mistake(
            "correlation",
            lambda F: _cosine(_centred(F)),
            "This is the correlation, as np.corrcoef gives it: each filter is centred and scaled to length 1. The Gram "
            "matrix (eq. 3) keeps the mean and the strength of the filters.",
        ),
        Mistake(
            "correlation_of_positions",
            lambda F: np.corrcoef(rows(F)),
            "Rows are what np.corrcoef compares, here positions, [M, M], and it centres and scales them. "
            "The Gram matrix compares filters, [N, N], and keeps their means and strengths.",
        ),
        Mistake(
            "cosine",
            _cosine,
            "The diagonal is 1: each filter is normalised to length 1, which leaves cosines. The Gram matrix (eq. 3) "
            "keeps how strong the filters are.",
        ),
        Mistake(
            "absolute",
            lambda F: np_gram(np.abs(F)),
            "Absolute values are taken before the products. F is to be used with its signs.",
        ),
        Mistake(
            "summed_first",
            lambda F: np.outer(F.sum(axis=(0, 1)), F.sum(axis=(0, 1))),
            "The filters are summed over positions first and multiplied afterwards. Multiply at each position, then "
            "sum: it matters that two filters are active at the same place.",
        ),
        Mistake(
            "only_squares",
            lambda F: (F**2).sum(axis=(0, 1)),
            "This is only the diagonal, each filter with itself, [N]. The products of all pairs belong to it: [N, N].",
        ),
        Mistake(
            "diagonal",
            lambda F: np.diag((F**2).sum(axis=(0, 1))),
            "Only the diagonal is filled. The products of different filters are what makes it more than a list of "
            "energies.",
        ),
        Mistake(
            "upper",
            lambda F: np.triu(np_gram(F)),
            "Only the upper triangle is filled. G is symmetric: G_ij = G_ji.",
        ),
    ),
)


STYLE_LOSS = Exercise(
    "style_loss",
    tuple(
        Case(
            {"G": style(seed, h, w, N)["G"], "A": style(seed, h, w, N)["A"], "positions": h * w},
            {"N": N, "M": h * w},
        )
        for seed, (h, w, N) in enumerate(SIZES)
    ),
    reference_style_loss,
    style_loss,
    (
        "The squared distance of two Gram matrices, made comparable between layers of different sizes.",
        "E_l = Σ_ij (G_ij - A_ij)² / (4 N² M²) (eq. 4). N is in the shape of G; M is given as `positions`.",
        "N = G.shape[0]; then sum the squares of G - A over both axes and divide by 4 * N**2 * positions**2.",
    ),
    (
        Mistake(
            "not_normalised",
            lambda G, A, positions: ((G - A) ** 2).sum(),
            "Nothing is divided: 1 / (4 N² M²) of eq. 4 is missing, and layers of many filters would rule the others.",
        ),
        Mistake(
            "no_four",
            lambda G, A, positions: ((G - A) ** 2).sum() / (len(G) * positions) ** 2,
            "Four times the right value: the 4 of eq. 4 is missing. (The mean of (G/M - A/M)², as in the author's "
            "later code, is this.)",
        ),
        Mistake(
            "two_for_four",
            lambda G, A, positions: ((G - A) ** 2).sum() / (2 * (len(G) * positions) ** 2),
            "Twice the right value: eq. 4 divides by 4, not by 2.",
        ),
        Mistake(
            "not_squared_sizes",
            lambda G, A, positions: ((G - A) ** 2).sum() / (4 * len(G) * positions),
            "N and M are not squared: eq. 4 divides by 4 N² M².",
        ),
        Mistake(
            "no_positions",
            lambda G, A, positions: ((G - A) ** 2).sum() / (4 * len(G) ** 2),
            "M² is missing from what eq. 4 divides by: 4 N² M².",
        ),
        Mistake(
            "no_filters",
            lambda G, A, positions: ((G - A) ** 2).sum() / (4 * positions**2),
            "N² is missing from what eq. 4 divides by: 4 N² M².",
        ),
        Mistake(
            "mean",
            lambda G, A, positions: ((G - A) ** 2).mean(),
            "This is the mean of the squares, so divided by N² alone. Eq. 4 divides by 4 M² too.",
        ),
        Mistake(
            "jcjohnson",
            lambda G, A, positions: ((G - A) ** 2).mean() / (len(G) * positions) ** 2,
            "This is the mean of (G/(NM) - A/(NM))², as in jcjohnson's neural-style and the PyTorch tutorial: 4/N² "
            "times the paper's E_l.",
        ),
        Mistake(
            "brackets",
            lambda G, A, positions: ((G - A) ** 2).sum() / 4 * float(len(G) * positions) ** 2,
            "Brackets are missing: `/ 4 * N**2 * M**2` divides by 4 and multiplies by the rest. Write "
            "`/ (4 * N**2 * M**2)`.",
        ),
        Mistake(
            "brackets_of_positions",
            lambda G, A, positions: ((G - A) ** 2).sum() / (4 * len(G) ** 2) * float(positions) ** 2,
            "M² multiplies where it should divide: it stands outside the brackets of `/ (4 * N**2 * M**2)`.",
        ),
        Mistake(
            "elements_for_filters",
            lambda G, A, positions: ((G - A) ** 2).sum() / (4 * G.size**2 * positions**2),
            "N is taken as G.size, which is N² already. N is the number of filters, G.shape[0].",
        ),
        Mistake(
            "three_channels",
            lambda G, A, positions: ((G - A) ** 2).sum() / (4 * 3**2 * positions**2),
            "N is taken as 3, the channels of a picture. It is the number of filters of this layer, G.shape[0].",
        ),
        Mistake(
            "fixed_size",
            lambda G, A, positions: ((G - A) ** 2).sum() / (4 * 3**2 * (400 * 400) ** 2),
            "The sum of squares is divided by the same number for every layer. N and M are those of the layer: "
            "G.shape[0] and `positions`, not names of another cell, nor fixed numbers as in a well-known Keras example "
            "(3 channels and the area of the picture).",
            any_scale=True,
        ),
        Mistake(
            "no_square",
            lambda G, A, positions: (G - A).sum() / (4 * (len(G) * positions) ** 2),
            "The square of the differences is missing.",
        ),
        Mistake(
            "squared_apart",
            lambda G, A, positions: (G**2 - A**2).sum() / (4 * (len(G) * positions) ** 2),
            "G and A are squared each and then subtracted: G² - A². Eq. 4 squares the difference: (G - A)².",
        ),
        Mistake(
            "brackets_of_square",
            lambda G, A, positions: (G - A**2).sum() / (4 * (len(G) * positions) ** 2),
            "Brackets are missing: `G - A**2` squares A alone. Write `(G - A) ** 2`.",
        ),
        Mistake(
            "plus",
            lambda G, A, positions: ((G + A) ** 2).sum() / (4 * (len(G) * positions) ** 2),
            "G and A are added. Eq. 4 squares the difference, G - A.",
        ),
        Mistake(
            "gram_of_gram",
            lambda G, A, positions: ((G.T @ G - A.T @ A) ** 2).sum() / (4 * (len(G) * positions) ** 2),
            "G and A are Gram matrices already; here the Gram matrices of these are compared. Use G - A as it is.",
        ),
        Mistake(
            "absolute",
            lambda G, A, positions: np.abs(G - A).sum() / (4 * (len(G) * positions) ** 2),
            "These are absolute differences. Eq. 4 squares them.",
        ),
        Mistake(
            "root",
            lambda G, A, positions: np.sqrt(((G - A) ** 2).sum()) / (4 * (len(G) * positions) ** 2),
            "A root is taken (np.linalg.norm). Eq. 4 has the squared distance.",
        ),
        Mistake(
            "summed_first",
            lambda G, A, positions: (G - A).sum() ** 2 / (4 * (len(G) * positions) ** 2),
            "The differences are summed first, and the sum is squared. Square each difference, then sum.",
        ),
        Mistake(
            "pairs_once",
            lambda G, A, positions: (np.triu(G - A) ** 2).sum() / (4 * (len(G) * positions) ** 2),
            "Each pair of filters is counted once. Eq. 4 sums over all i and j, so that G_ij and G_ji both count.",
        ),
        Mistake(
            "lower_triangle",
            lambda G, A, positions: (np.tril(G - A, -1) ** 2).sum() / (4 * (len(G) * positions) ** 2),
            "Each pair of different filters is counted once, and the diagonal not at all, as in a loop `for j in "
            "range(i)`. Eq. 4 sums over all i and j.",
        ),
        Mistake(
            "first_entry",
            lambda G, A, positions: (G - A)[0, 0] ** 2 / (4 * (len(G) * positions) ** 2),
            "Only the first entry counts, as if the `return` stood inside the loop: the first turn then ends it.",
        ),
        Mistake(
            "matrix_product",
            lambda G, A, positions: ((G - A) @ (G - A)).sum() / (4 * (len(G) * positions) ** 2),
            "`@` multiplies matrices. Eq. 4 squares every entry: (G - A) ** 2.",
        ),
        Mistake(
            "diagonal",
            lambda G, A, positions: (np.diag(G - A) ** 2).sum() / (4 * (len(G) * positions) ** 2),
            "Only the diagonal is compared. Eq. 4 sums over all pairs i, j.",
        ),
        Mistake(
            "not_summed",
            lambda G, A, positions: (G - A) ** 2 / (4 * (len(G) * positions) ** 2),
            "The squares are right but not summed: E_l is one number.",
        ),
    ),
)
