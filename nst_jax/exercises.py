"""The course's exercises as data: a solution in code, inputs, hints, and the mistakes that are known.

`nst_jax.checks` runs them. A mistake is a function too: what it returns is what a student's own mistake returns. The
inputs of an exercise have different h, w and N, so that no two mistakes look alike on all of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
import numpy as np

from . import losses, vgg
from .conventions import Weights, convert
from .layers import BLOCKS, LAYERS, block, opens_block

WIDTHS = {1: 64, 2: 128, 3: 256, 4: 512, 5: 512}  # N of the layers of each block
CAFFE_MEANS = np.array([103.939, 116.779, 123.68], np.float32)  # blue, green, red


@dataclass(frozen=True, eq=False)
class Mistake:
    """name; function, of the exercise's arguments; diagnosis: what to tell whoever returns the same;
    any_scale: whether results that are these times one constant count as the same."""

    name: str
    function: Callable
    diagnosis: str
    any_scale: bool = False


@dataclass(frozen=True, eq=False)
class Case:
    """One input: argument → value, in order; sizes: the letters of the exercise's formula, for a factor's sake."""

    arguments: Mapping[str, Any]
    sizes: Mapping[str, int]

    def __str__(self) -> str:
        return ", ".join(
            f"{name} {list(value.shape)}" if isinstance(value, np.ndarray) else f"{name} = {value!r}"
            for name, value in self.arguments.items()
        )


@dataclass(frozen=True, eq=False)
class Exercise:
    """reference: the right function, of the package where it has one; solution: the same, to be read by students;
    hints: from the idea to nearly the code."""

    name: str
    cases: tuple[Case, ...]
    reference: Callable
    solution: Callable
    hints: tuple[str, ...]
    mistakes: tuple[Mistake, ...]


# Solutions, as a teacher would show them. `inspect` reads their source, so that each stands alone.


def gram(F):
    F = F.reshape(-1, F.shape[-1])  # [M, N]: one row per position
    return F.T @ F  # [N, N]


def content_loss(F, P):
    return 0.5 * ((F - P) ** 2).sum()


def style_loss(G, A, positions):
    N, M = G.shape[0], positions
    return ((G - A) ** 2).sum() / (4 * N**2 * M**2)


def total_variation(x):
    down = x[1:] - x[:-1]  # [h - 1, w, 3]
    right = x[:, 1:] - x[:, :-1]  # [h, w - 1, 3]
    return (down**2).sum() + (right**2).sum()


def content_gradient(F, P):
    return (F - P) * (F > 0)


def style_gradient(F, G, A):
    h, w, N = F.shape
    M = h * w
    return (F @ (G - A)) / (N**2 * M**2) * (F > 0)  # [h, w, N]


def preprocess(x):
    bgr = 255 * x[..., ::-1]
    return bgr - jnp.array([103.939, 116.779, 123.68])


def jcjohnson_to_paper(alpha, beta, N, M):
    return alpha * 2 / (N * M), beta * 4 / N**2


def feature_shape(layer, h, w):
    block = int(layer[4])  # 4 for conv4_2
    N = {1: 64, 2: 128, 3: 256, 4: 512, 5: 512}[block]
    halvings = block - 1
    return h // 2**halvings, w // 2**halvings, N


def receptive_field(layer):
    block, last = int(layer[4]), int(layer[6])
    convolutions = {1: 2, 2: 2, 3: 4, 4: 4, 5: 4}
    field, step = 1, 1  # pixels that one unit sees, and pixels between neighbouring units
    for b in range(1, block + 1):
        if b > 1:
            field += step  # a pooling of 2 × 2 sees one unit more ...
            step *= 2  # ... and its outputs are twice as far apart
        for _ in range(last if b == block else convolutions[b]):
            field += 2 * step  # a 3 × 3 convolution sees one unit more on either side
    return field


def parameters(layer):
    widths = {1: 64, 2: 128, 3: 256, 4: 512, 5: 512}
    block, number = int(layer[4]), int(layer[6])
    N = widths[block]
    if layer == "conv1_1":
        C = 3
    elif number == 1:
        C = widths[block - 1]
    else:
        C = N
    return 3 * 3 * C * N + N  # kernel, bias


def gradient_step(x, g, lr):
    return x - lr * g


def lbfgs_direction(g, s, y):
    rho = 1 / (s * y).sum()
    a = rho * (s * g).sum()
    q = g - a * y
    gamma = (s * y).sum() / (y * y).sum()
    r = gamma * q
    b = rho * (y * r).sum()
    return -(r + (a - b) * s)


def average_pool(F):
    h, w, N = F.shape
    windows = F[: h // 2 * 2, : w // 2 * 2].reshape(h // 2, 2, w // 2, 2, N)
    return windows.mean(axis=(1, 3))  # [h // 2, w // 2, N]


# Inputs: seeded, float32, small. Two sizes are square and two are even, one of them both; two of a kind differ in N.

SIZES = ((3, 5, 2), (4, 4, 3), (6, 2, 5), (2, 7, 4), (3, 3, 6))


def _normal(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def _active(seed, *shape):
    """Features after ReLU: about a third of them exactly 0."""
    return np.maximum(_normal(seed, *shape) + 0.4, 0).astype(np.float32)


def _cases(make):
    return tuple(Case(make(seed, h, w, N), {"h": h, "w": w, "N": N}) for seed, (h, w, N) in enumerate(SIZES))


def _style(seed, h, w, N):
    F = _active(seed, h, w, N)
    return {"F": F, "G": _np_gram(F), "A": _np_gram(_active(seed + 100, h, w, N))}


def _pictures(make):
    return tuple(Case(make(seed, h, w), {"h": h, "w": w}) for seed, (h, w, _) in enumerate(SIZES))


def _uniform(seed, h, w):
    return np.random.default_rng(seed).uniform(size=(h, w, 3)).astype(np.float32)


def _lbfgs(seed, h, w):
    s = _normal(seed, h, w, 3)
    return {"g": _normal(seed + 100, h, w, 3), "s": s, "y": 1.7 * s + 0.4 * _normal(seed + 200, h, w, 3)}


def _layers(layers):
    return tuple(Case({"layer": layer}, {}) for layer in layers)


# Mistakes, in NumPy.


def _rows(F):
    return F.reshape(-1, F.shape[-1])


def _positions(F):
    return F.shape[0] * F.shape[1]


def _np_gram(F):
    return _rows(F).T @ _rows(F)


def _centred(F):
    return F - F.mean(axis=(0, 1))


def _cosine(F):
    X = _rows(F)
    X = X / np.sqrt((X**2).sum(axis=0))
    return X.T @ X


GRAM = Exercise(
    "gram",
    _cases(lambda seed, h, w, N: {"F": _normal(seed, h, w, N)}),
    losses.gram,
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
            lambda F: _rows(F) @ _rows(F).T,
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
            lambda F: _np_gram(F) / _positions(F),
            "This is the mean over the M positions. The paper's Gram matrix (eq. 3) is the sum; M² stands in E_l (eq. "
            "4). The paper's author divides by M in his later code.",
        ),
        Mistake(
            "per_filter",
            lambda F: _np_gram(F) / F.shape[-1],
            "This is divided by N, the number of filters. The Gram matrix (eq. 3) is a plain sum over positions.",
        ),
        Mistake(
            "per_element",
            lambda F: _np_gram(F) / F.size,
            "This is divided by N·M, the number of elements of F, as jcjohnson's neural-style and the PyTorch "
            "tutorial do. The paper's (eq. 3) is a plain sum; its E_l divides later.",
        ),
        Mistake(
            "per_row",
            lambda F: _np_gram(F) / F.shape[0],
            "This is divided by h alone: len(F) and F.shape[0] are the number of rows, not of positions. The paper's "
            "sum is not divided at all.",
        ),
        Mistake(
            "per_column",
            lambda F: _np_gram(F) / F.shape[1],
            "This is divided by w alone. The paper's sum is not divided at all.",
        ),
        Mistake(
            "per_colour",
            lambda F: _np_gram(F) / (3 * _positions(F)),
            "This is divided by 3·M, as if F had the 3 channels of a picture; it has N filters. The paper's sum is "
            "not divided at all.",
        ),
        Mistake(
            "centred",
            lambda F: _np_gram(_centred(F)),
            "Each filter's mean is subtracted first: that is (M times) the covariance. The Gram matrix (eq. 3) keeps "
            "the mean, which is part of the style.",
        ),
        Mistake(
            "covariance",
            lambda F: _np_gram(_centred(F)) / (_positions(F) - 1),
            "This is the sample covariance, as np.cov gives it: centred, and divided by M - 1. The Gram matrix (eq. "
            "3) is neither centred nor divided.",
        ),
        Mistake(
            "cosine",
            _cosine,
            "The diagonal is 1: each filter is normalised to length 1, which leaves cosines. The Gram matrix (eq. 3) "
            "keeps how strong the filters are.",
        ),
        Mistake(
            "absolute",
            lambda F: _np_gram(np.abs(F)),
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
            lambda F: np.triu(_np_gram(F)),
            "Only the upper triangle is filled. G is symmetric: G_ij = G_ji.",
        ),
    ),
)


CONTENT_LOSS = Exercise(
    "content_loss",
    _cases(lambda seed, h, w, N: {"F": _normal(seed, h, w, N), "P": _normal(seed + 100, h, w, N)}),
    losses.content_loss,
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
            "F and P are squared each and then subtracted: F² - P². Eq. 1 squares the difference: (F - P)².",
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


STYLE_LOSS = Exercise(
    "style_loss",
    tuple(
        Case(
            {"G": _style(seed, h, w, N)["G"], "A": _style(seed, h, w, N)["A"], "positions": h * w},
            {"N": N, "M": h * w},
        )
        for seed, (h, w, N) in enumerate(SIZES)
    ),
    losses.style_loss,
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
            "The sum of squares is divided by the same number for every layer, as in a well-known Keras example (3 "
            "channels and the area of the picture). N and M are those of the layer: G.shape[0] and `positions`.",
            any_scale=True,
        ),
        Mistake(
            "no_square",
            lambda G, A, positions: (G - A).sum() / (4 * (len(G) * positions) ** 2),
            "The square of the differences is missing.",
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
    _pictures(lambda seed, h, w: {"x": _uniform(seed, h, w)}),
    losses.total_variation,
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
            "wraps",
            lambda x: _square(np.roll(x, -1, 0) - x) + _square(np.roll(x, -1, 1) - x),
            "The picture is closed to a ring: np.roll compares the last row with the first, and the last column too. "
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


CONTENT_GRADIENT = Exercise(
    "content_gradient",
    _cases(lambda seed, h, w, N: {"F": _active(seed, h, w, N), "P": _active(seed + 100, h, w, N)}),
    lambda F, P: np.where(F > 0, F - P, 0),
    content_gradient,
    (
        "Differentiate ½ (F - P)² by F. Then think of ReLU: where it gave 0, nothing can flow back through it.",
        "∂L/∂F_ij = F_ij - P_ij where F_ij > 0, and 0 elsewhere (eq. 2).",
        "F > 0 is an array of True and False, which multiplies as 1 and 0; or use where(F > 0, ..., 0).",
    ),
    (
        Mistake(
            "no_relu",
            lambda F, P: F - P,
            "The derivative of ½ (F - P)² is right, but the paper's eq. 2 goes back through ReLU too: 0 wherever F is "
            "0. (A mask F >= 0 masks nothing, since F after ReLU is never negative.)",
        ),
        Mistake(
            "sign",
            lambda F, P: np.where(F > 0, P - F, 0),
            "The sign is wrong: the gradient points away from P, and descent subtracts it.",
        ),
        Mistake(
            "twice",
            lambda F, P: np.where(F > 0, 2 * (F - P), 0),
            "Twice the right value: the ½ of eq. 1 cancels the 2 of the square.",
        ),
        Mistake(
            "half",
            lambda F, P: np.where(F > 0, (F - P) / 2, 0),
            "Half of the right value: the square brings a 2, which cancels the ½ of eq. 1.",
        ),
        Mistake(
            "mask_of_photo",
            lambda F, P: np.where(P > 0, F - P, 0),
            "The mask is P > 0. ReLU was applied to the picture that changes: F > 0.",
        ),
        Mistake(
            "mask_of_gradient",
            lambda F, P: np.maximum(F - P, 0),
            "ReLU is applied to the gradient itself: F - P > 0. The mask is where the features were active: F > 0. A "
            "gradient may well be negative.",
        ),
        Mistake(
            "mask_inverted",
            lambda F, P: np.where(F > 0, 0, F - P),
            "The mask is the wrong way round: the gradient is 0 where F is 0, not where F > 0.",
        ),
        Mistake(
            "times_features",
            lambda F, P: F * (F - P),
            "F - P is multiplied by F itself. Multiply by the mask (F > 0), which is 1 or 0.",
        ),
        Mistake(
            "absolute",
            lambda F, P: np.where(F > 0, np.abs(F - P), 0),
            "Absolute values are taken. The gradient's sign says which way F must go.",
        ),
        Mistake(
            "squared",
            lambda F, P: np.where(F > 0, (F - P) ** 2, 0),
            "The differences are still squared: that is the loss. Its derivative is F - P.",
        ),
        Mistake(
            "loss",
            lambda F, P: 0.5 * ((F - P) ** 2).sum(),
            "This is the loss, one number. Its gradient has one number for each of F: [h, w, N].",
        ),
        Mistake(
            "summed",
            lambda F, P: np.where(F > 0, F - P, 0).sum(),
            "The gradient is summed to one number. It has one number for each of F: [h, w, N].",
        ),
    ),
)


def _by_gram(F, D, scale=1.0):
    """F (G - A) / (N² M²), at every position, without the mask."""
    return F @ D / (F.shape[-1] * _positions(F)) ** 2 * scale


STYLE_GRADIENT = Exercise(
    "style_gradient",
    _cases(_style),
    lambda F, G, A: np.where(F > 0, _by_gram(F, G - A), 0),
    style_gradient,
    (
        "Chain rule: E_l depends on G, and G on F. Both are squares, so that each brings a factor 2.",
        "∂E_l/∂F = (Fᵀ (G - A))ᵀ / (N² M²) where F > 0, and 0 elsewhere (eq. 6). At one position: F's N numbers times "
        "the matrix G - A.",
        "F @ (G - A) works on [h, w, N] as it is, since `@` uses the last axis. Divide by N**2 * M**2, with M = h * "
        "w, and multiply by (F > 0).",
    ),
    (
        Mistake(
            "no_relu",
            lambda F, G, A: _by_gram(F, G - A),
            "The derivative of E_l is right, but the paper's eq. 6 goes back through ReLU too: 0 wherever F is 0. (A "
            "mask F >= 0 masks nothing, since F after ReLU is never negative.)",
        ),
        Mistake(
            "sign",
            lambda F, G, A: np.where(F > 0, _by_gram(F, A - G), 0),
            "The sign is wrong: A - G instead of G - A.",
        ),
        Mistake(
            "four",
            lambda F, G, A: np.where(F > 0, _by_gram(F, G - A, 1 / 4), 0),
            "A quarter of the right value. The 4 of eq. 4 is gone in eq. 6: the square brings a 2, and G, a product "
            "of F with F, brings another.",
        ),
        Mistake(
            "two",
            lambda F, G, A: np.where(F > 0, _by_gram(F, G - A, 1 / 2), 0),
            "Half of the right value: a factor 2 of the chain rule is missing. F is in G twice.",
        ),
        Mistake(
            "twice",
            lambda F, G, A: np.where(F > 0, _by_gram(F, G - A, 2), 0),
            "Twice the right value. 2 from the square times 2 from G over the 4 of eq. 4 is 1.",
        ),
        Mistake(
            "four_times",
            lambda F, G, A: np.where(F > 0, _by_gram(F, G - A, 4), 0),
            "Four times the right value: the 2 · 2 of the chain rule cancels the 4 of eq. 4.",
        ),
        Mistake(
            "not_normalised",
            lambda F, G, A: np.where(F > 0, F @ (G - A), 0),
            "The factor 1 / (N² M²) is missing.",
        ),
        Mistake(
            "not_squared_sizes",
            lambda F, G, A: np.where(F > 0, F @ (G - A) / F.size, 0),
            "N and M are not squared: eq. 6 divides by N² M².",
        ),
        Mistake(
            "rows_for_positions",
            lambda F, G, A: np.where(F > 0, F @ (G - A) / (F.shape[-1] * F.shape[0]) ** 2, 0),
            "M is taken as h, the number of rows: len(F). It is the number of positions, h·w.",
        ),
        Mistake(
            "no_target",
            lambda F, G, A: np.where(F > 0, _by_gram(F, G), 0),
            "A is not subtracted: this pulls the Gram matrix to 0 and not to the painting's.",
        ),
        Mistake(
            "squared",
            lambda F, G, A: np.where(F > 0, _by_gram(F, (G - A) ** 2), 0),
            "G - A is still squared. The derivative of a square has the difference itself.",
        ),
        Mistake(
            "by_gram",
            lambda F, G, A: (G - A) / (2 * (F.shape[-1] * _positions(F)) ** 2),
            "This is ∂E_l/∂G, [N, N]: the first half of the chain rule. Go on to F.",
        ),
        Mistake(
            "flat",
            lambda F, G, A: _rows(np.where(F > 0, _by_gram(F, G - A), 0)),
            "The numbers are right, as a matrix [M, N]. Give them back the shape of F, [h, w, N].",
        ),
        Mistake(
            "papers_layout",
            lambda F, G, A: _rows(np.where(F > 0, _by_gram(F, G - A), 0)).T,
            "The numbers are right, in the paper's layout [N, M]. Here features are [h, w, N]: transpose and reshape.",
        ),
    ),
)


PREPROCESS = Exercise(
    "preprocess",
    _pictures(lambda seed, h, w: {"x": _uniform(seed, h, w)}),
    lambda x: 255 * x[..., ::-1] - CAFFE_MEANS,
    preprocess,
    (
        "Caffe's VGG was trained on pictures in another range and with colours in another order, their mean taken "
        "away.",
        "Three steps: RGB to BGR on the last axis, [0, 1] to [0, 255], minus (103.939, 116.779, 123.68) in BGR order.",
        "x[..., ::-1] turns the colours round. Multiply by 255, then subtract the three means as one array: blue's is "
        "the smallest and comes first.",
    ),
    (
        Mistake(
            "not_swapped",
            lambda x: 255 * x - CAFFE_MEANS,
            "The colours are still RGB, and red loses the mean of blue. Turn the last axis round first: x[..., ::-1].",
        ),
        Mistake(
            "rgb_throughout",
            lambda x: 255 * x - CAFFE_MEANS[::-1],
            "Each colour has its own mean, but the order is still RGB; the network expects blue first.",
        ),
        Mistake(
            "means_reversed",
            lambda x: 255 * x[..., ::-1] - CAFFE_MEANS[::-1],
            "The colours are BGR but the means are in RGB order: 103.939 belongs to blue, which comes first.",
        ),
        Mistake(
            "no_255",
            lambda x: x[..., ::-1] - CAFFE_MEANS,
            "The picture is still in [0, 1], so that the means swamp it. Multiply by 255 first.",
        ),
        Mistake(
            "no_means",
            lambda x: 255 * x[..., ::-1],
            "The means are not subtracted.",
        ),
        Mistake(
            "means_added",
            lambda x: 255 * x[..., ::-1] + CAFFE_MEANS,
            "The means are added. Subtract them.",
        ),
        Mistake(
            "unit_range",
            lambda x: x[..., ::-1] - CAFFE_MEANS / 255,
            "This is the right picture divided by 255. The network was trained on the range of 0 to 255.",
        ),
        Mistake(
            "times_256",
            lambda x: 256 * x[..., ::-1] - CAFFE_MEANS,
            "The factor is 256. White is 255.",
        ),
        Mistake(
            "means_before_255",
            lambda x: 255 * (x[..., ::-1] - CAFFE_MEANS),
            "The means are subtracted before the picture is multiplied by 255: they are in the range of 0 to 255.",
        ),
        Mistake(
            "torchvision",
            lambda x: (x - np.float32([0.485, 0.456, 0.406])) / np.float32([0.229, 0.224, 0.225]),
            "This is torchvision's preprocessing: RGB, minus its means, divided by its deviations. Caffe's VGG wants "
            "BGR, 0 to 255, minus (103.939, 116.779, 123.68), and no division.",
        ),
        Mistake(
            "torchvision_means",
            lambda x: 255 * (x[..., ::-1] - np.float32([0.406, 0.456, 0.485])),
            "These are torchvision's means times 255. Caffe's are (103.939, 116.779, 123.68).",
        ),
        Mistake(
            "symmetric",
            lambda x: 2 * x - 1,
            "This is the range of -1 to 1, as other networks want it. Caffe's VGG wants BGR, 0 to 255, minus its "
            "means.",
        ),
        Mistake(
            "upside_down",
            lambda x: 255 * x[::-1] - CAFFE_MEANS,
            "x[::-1] turns the picture upside down. Colour is the last axis: x[..., ::-1].",
        ),
        Mistake(
            "mirrored",
            lambda x: 255 * x[:, ::-1] - CAFFE_MEANS,
            "x[:, ::-1] mirrors the picture. Colour is the last axis: x[..., ::-1].",
        ),
        Mistake(
            "rounded",
            lambda x: np.uint8(255 * x[..., ::-1]) - CAFFE_MEANS,
            "The picture is rounded to whole numbers (uint8) on the way. Stay with floats: a rounded picture has no "
            "gradient.",
        ),
        Mistake(
            "clipped",
            lambda x: np.clip(255 * x[..., ::-1] - CAFFE_MEANS, 0, 255),
            "Values below 0 are cut off. After the means are subtracted, about half of them are negative, rightly.",
        ),
        Mistake(
            "channels_first",
            lambda x: (255 * x[..., ::-1] - CAFFE_MEANS).transpose(2, 0, 1),
            "The numbers are right, but as [3, h, w], PyTorch's layout. Here pictures are [h, w, 3].",
        ),
    ),
)


def _to_paper(alpha, beta, N, M):
    weights = convert(Weights({"conv4_2": alpha}, {"conv4_2": beta}), "jcjohnson", "paper", {"conv4_2": (1, M, N)})
    return weights.content["conv4_2"], weights.style["conv4_2"]


JCJOHNSON_TO_PAPER = Exercise(
    "jcjohnson_to_paper",
    tuple(
        Case({"alpha": alpha, "beta": beta, "N": N, "M": M}, {"N": N, "M": M})
        for alpha, beta, N, M in ((30.0, 4.0, 2, 15), (50.0, 7.0, 3, 16), (200.0, 60.0, 5, 12), (90.0, 11.0, 4, 14))
    ),
    _to_paper,
    jcjohnson_to_paper,
    (
        "A term times its weight must stay the same number. If the other code's term is c times the paper's, what is "
        "the weight in the paper's terms?",
        "jcjohnson's content term is a mean of squares where the paper has ½ of the sum; his style term is the mean "
        "of (G/(NM) - A/(NM))² where the paper has Σ (G - A)² / (4 N² M²). Divide each by the paper's.",
        "The quotients are 2/(N M) for content and 4/N² for style: M is gone from the latter. Return both weights "
        "times their quotients.",
    ),
    (
        Mistake(
            "reversed",
            lambda alpha, beta, N, M: (alpha * N * M / 2, beta * N**2 / 4),
            "This is the other direction, from the paper's terms to jcjohnson's. His terms are smaller than the "
            "paper's, so that the same contribution needs smaller weights in the paper's terms.",
        ),
        Mistake("unchanged", lambda alpha, beta, N, M: (alpha, beta), "Nothing is converted."),
        Mistake(
            "only_content",
            lambda alpha, beta, N, M: (alpha * 2 / (N * M), beta),
            "α is right and β is not converted: the style terms differ by 4/N².",
        ),
        Mistake(
            "only_style",
            lambda alpha, beta, N, M: (alpha, beta * 4 / N**2),
            "β is right and α is not converted: the content terms differ by 2/(N M).",
        ),
        Mistake(
            "no_two",
            lambda alpha, beta, N, M: (alpha / (N * M), beta * 4 / N**2),
            "β is right; α lacks the 2 that comes from the paper's ½.",
        ),
        Mistake(
            "half",
            lambda alpha, beta, N, M: (alpha / (2 * N * M), beta * 4 / N**2),
            "β is right; in α the paper's ½ is on the wrong side: mean / (½ sum) is 2/(N M).",
        ),
        Mistake(
            "no_four",
            lambda alpha, beta, N, M: (alpha * 2 / (N * M), beta / N**2),
            "α is right; β lacks the 4 that comes from the 4 N² M² of E_l.",
        ),
        Mistake(
            "positions_in_style",
            lambda alpha, beta, N, M: (alpha * 2 / (N * M), beta * 4 / (N * M) ** 2),
            "α is right; β is divided by M² too, but both style terms have 1/M², which cancels.",
        ),
        Mistake(
            "author",
            lambda alpha, beta, N, M: (alpha * 2 / (N * M), beta * 4),
            "α is right; for β this is the author's convention (a factor 4). jcjohnson divides the Gram matrices by N "
            "too.",
        ),
        Mistake(
            "filters_not_squared",
            lambda alpha, beta, N, M: (alpha * 2 / (N * M), beta * 4 / N),
            "α is right; β is divided by N where it should be N².",
        ),
        Mistake(
            "style_reversed",
            lambda alpha, beta, N, M: (alpha * 2 / (N * M), beta * N**2 / 4),
            "α is right; β is converted in the other direction.",
        ),
        Mistake(
            "content_reversed",
            lambda alpha, beta, N, M: (alpha * N * M / 2, beta * 4 / N**2),
            "β is right; α is converted in the other direction.",
        ),
        Mistake(
            "exchanged",
            lambda alpha, beta, N, M: (beta * 4 / N**2, alpha * 2 / (N * M)),
            "Both numbers are right, in the wrong order: return α first, then β.",
        ),
        Mistake(
            "ratio",
            lambda alpha, beta, N, M: (alpha * 2 / (N * M)) / (beta * 4 / N**2),
            "This is the ratio α/β. Return the two weights.",
        ),
    ),
)


def _halved(layer, h, w, times, N=None):
    return h // 2**times, w // 2**times, N or WIDTHS[block(layer)]


def _unpadded(layer, h, w):
    for name in LAYERS[: LAYERS.index(layer) + 1]:
        if opens_block(name):
            h, w = h // 2, w // 2
        h, w = h - 2, w - 2
    return h, w, WIDTHS[block(layer)]


def _width_before(layer):
    return WIDTHS[max(1, block(layer) - 1)]


FEATURE_SHAPE = Exercise(
    "feature_shape",
    tuple(
        Case({"layer": layer, "h": h, "w": w}, {"h": h, "w": w})
        for layer, h, w in (
            ("conv4_2", 224, 224),
            ("conv1_2", 225, 300),
            ("conv2_1", 97, 130),
            ("conv3_4", 75, 101),
            ("conv5_1", 350, 233),
            ("conv4_1", 161, 500),
            ("conv2_2", 64, 64),
        )
    ),
    lambda layer, h, w: _halved(layer, h, w, block(layer) - 1),
    feature_shape,
    (
        "Which steps of the network change the size? Count them between the picture and the layer.",
        "A 3 × 3 convolution with padding keeps the size; each pooling halves it and drops an odd edge. conv4_2 comes "
        "after three poolings. The filters are 64, 128, 256, 512 and 512 in blocks 1 to 5.",
        "block = int(layer[4]); divide h and w by 2 ** (block - 1) with //; look N up by the block.",
    ),
    (
        Mistake(
            "pooling_too_many",
            lambda layer, h, w: _halved(layer, h, w, block(layer)),
            "One pooling too many: the pooling stands after a block, so that convB_i comes after B - 1 of them.",
        ),
        Mistake(
            "pooling_too_few",
            lambda layer, h, w: _halved(layer, h, w, max(0, block(layer) - 2)),
            "One pooling too few: convB_i comes after B - 1 of them.",
        ),
        Mistake(
            "never_pooled",
            lambda layer, h, w: _halved(layer, h, w, 0),
            "The size of the picture is kept. Each of the B - 1 poolings before convB_i halves it.",
        ),
        Mistake(
            "every_layer_halves",
            lambda layer, h, w: _halved(layer, h, w, LAYERS.index(layer)),
            "Every convolution is taken to halve the size. They are padded and keep it; only poolings halve.",
        ),
        Mistake(
            "rounded_up",
            lambda layer, h, w: (*(-(-n // 2 ** (block(layer) - 1)) for n in (h, w)), WIDTHS[block(layer)]),
            "Odd sizes are rounded up. The pooling drops an odd edge: //.",
        ),
        Mistake(
            "not_rounded",
            lambda layer, h, w: (h / 2 ** (block(layer) - 1), w / 2 ** (block(layer) - 1), WIDTHS[block(layer)]),
            "There are no fractions of a position: the pooling drops an odd edge. Use // for /.",
        ),
        Mistake(
            "exchanged",
            lambda layer, h, w: _halved(layer, w, h, block(layer) - 1),
            "Height and width are exchanged: [h, w, N].",
        ),
        Mistake(
            "channels_first",
            lambda layer, h, w: (WIDTHS[block(layer)], *_halved(layer, h, w, block(layer) - 1)[:2]),
            "The numbers are right, as [N, h, w], PyTorch's order. Here it is [h, w, N].",
        ),
        Mistake(
            "ever_wider",
            lambda layer, h, w: _halved(layer, h, w, block(layer) - 1, 64 * 2 ** (block(layer) - 1)),
            "The filters double once too often: block 5 has 512, as block 4.",
        ),
        Mistake(
            "width_before",
            lambda layer, h, w: _halved(layer, h, w, block(layer) - 1, _width_before(layer)),
            "N is the width of the block before. The first convolution of a block widens already.",
        ),
        Mistake(
            "unpadded",
            _unpadded,
            "Every convolution is taken to lose a border of one pixel. VGG pads, so that a 3 × 3 convolution keeps "
            "the size.",
        ),
        Mistake(
            "no_filters",
            lambda layer, h, w: _halved(layer, h, w, block(layer) - 1)[:2],
            "Height and width are right; N, the number of filters, is missing.",
        ),
        Mistake(
            "flat",
            lambda layer, h, w: ((h >> block(layer) - 1) * (w >> block(layer) - 1), WIDTHS[block(layer)]),
            "This is the paper's matrix, M positions by N filters. Here h and w stay apart: [h, w, N].",
        ),
    ),
)


def _field(layer, convolution=2, pooling=1, stride=2, before=lambda name: opens_block(name)):
    field = step = 1
    for name in LAYERS[: LAYERS.index(layer) + 1]:
        if before(name):
            field, step = field + pooling * step, stride * step
        field += convolution * step
    return field


def _ends_block(layer):
    return int(layer[6]) == BLOCKS[block(layer)]


def _depth(layer):
    return LAYERS.index(layer) + 1


def _previous(layer, function):
    """The function's value at the layer before; 1 before the first."""
    return function(LAYERS[_depth(layer) - 2]) if _depth(layer) > 1 else 1


RECEPTIVE_FIELD = Exercise(
    "receptive_field",
    _layers(LAYERS),
    _field,
    receptive_field,
    (
        "Start with one unit and go up from the picture: by how many pixels does each step widen what it sees?",
        "Keep two numbers: `field`, in pixels, and `step`, the pixels between neighbouring units. A 3 × 3 convolution "
        "adds 2 steps; a 2 × 2 pooling adds 1 step, and then doubles the step.",
        "conv1_1: 3. conv1_2: 5. The pooling: 6, and the step is 2. conv2_1: 6 + 2·2 = 10. Go on in a loop.",
    ),
    (
        Mistake(
            "no_stride",
            lambda layer: _field(layer, stride=1),
            "Poolings widen the field by a pixel but do not double the step: after each, one unit further is twice as "
            "many pixels further.",
        ),
        Mistake(
            "no_poolings",
            lambda layer: _field(layer, pooling=0, stride=1),
            "Only convolutions are counted, 2 pixels each. Poolings widen the field too, and double the step.",
        ),
        Mistake(
            "pooling_sees_one",
            lambda layer: _field(layer, pooling=0),
            "The steps double rightly, but a pooling of 2 × 2 also sees one unit more.",
        ),
        Mistake(
            "pooling_after_stride",
            lambda layer: _field(layer, pooling=2),
            "The step is doubled before the pooling's own unit is added. It is a neighbour at the finer scale: add, "
            "then double. (A 3 × 3 pooling would give this too.)",
        ),
        Mistake(
            "after_pooling",
            lambda layer: _field(layer) + 2 ** (block(layer) - 1),
            "A pooling after the layer is counted too. The field is that of the layer itself.",
        ),
        Mistake(
            "one_early",
            lambda layer: _previous(layer, _field),
            "The layer's own convolution is missing: conv1_1 sees 3 pixels.",
        ),
        Mistake(
            "convolution_of_three",
            lambda layer: _field(layer, convolution=3),
            "Each 3 × 3 convolution adds 3 steps. It adds 2, one on either side: the one in the middle is there "
            "already.",
        ),
        Mistake(
            "convolution_of_one",
            lambda layer: _field(layer, convolution=1),
            "Each 3 × 3 convolution adds one step. It adds one on either side: 2.",
        ),
        Mistake(
            "from_zero",
            lambda layer: _field(layer) - 1,
            "One pixel too few: begin with 1, since a unit of the picture sees itself.",
        ),
        Mistake(
            "radius",
            lambda layer: _field(layer) // 2,
            "This is the way from the middle to the edge. The field is the whole side.",
        ),
        Mistake("area", lambda layer: _field(layer) ** 2, "This is the area of the field. Give its side."),
        Mistake(
            "three_to_the_depth",
            lambda layer: 3 ** _depth(layer),
            "The field is multiplied by 3 at each convolution. Neighbouring windows overlap: it adds 2 steps.",
        ),
    ),
)


def _widths(layer):
    """C, N of the layer."""
    number = LAYERS.index(layer)
    return 3 if number == 0 else WIDTHS[block(LAYERS[number - 1])], WIDTHS[block(layer)]


def _count(layer, area=9, bias=True):
    C, N = _widths(layer)
    return area * C * N + bias * N


PARAMETERS = Exercise(
    "parameters",
    _layers(("conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1", "conv3_4", "conv4_1", "conv5_1", "conv5_4")),
    _count,
    parameters,
    (
        "One filter looks at a window of 3 × 3 positions in all C channels of the layer before, and adds one number.",
        "A kernel [3, 3, C, N] and a bias [N]. C is N of the layer before, and 3 for conv1_1, which sees the picture.",
        "9 * C * N + N, where C is the width of the block before if the name ends in _1 (3 for conv1_1), else N.",
    ),
    (
        Mistake("no_bias", lambda layer: _count(layer, bias=False), "The biases are missing: N more."),
        Mistake(
            "no_channels",
            lambda layer: 9 * _widths(layer)[1] + _widths(layer)[1],
            "Each filter has a window for each of the C channels that it sees: [3, 3, C, N].",
        ),
        Mistake(
            "three_for_nine",
            lambda layer: _count(layer, area=3),
            "The window counts as 3. It is 3 × 3 = 9.",
        ),
        Mistake(
            "no_window",
            lambda layer: _count(layer, area=1),
            "The window of 3 × 3 is missing: this would be a 1 × 1 convolution.",
        ),
        Mistake(
            "own_width",
            lambda layer: 9 * _widths(layer)[1] ** 2 + _widths(layer)[1],
            "C is taken as N. For the first convolution of a block it is the width of the block before, and 3 for "
            "conv1_1.",
        ),
        Mistake(
            "grey_picture",
            lambda layer: _count(layer) if layer != "conv1_1" else 9 * 64 + 64,
            "All is right but conv1_1: it sees the picture's 3 colours.",
        ),
        Mistake(
            "colours_everywhere",
            lambda layer: 27 * _widths(layer)[1] + _widths(layer)[1],
            "C is taken as 3 everywhere. Only conv1_1 sees the picture; the others see the filters of the layer "
            "before.",
        ),
        Mistake(
            "bias_of_input",
            lambda layer: 9 * _widths(layer)[0] * _widths(layer)[1] + _widths(layer)[0],
            "There are as many biases as filters, N, not as channels that come in.",
        ),
        Mistake(
            "bias_per_window",
            lambda layer: 9 * (_widths(layer)[0] + 1) * _widths(layer)[1],
            "Each filter has one bias, not one for each of its 9 places: 9 C N + N.",
        ),
        Mistake(
            "bias_of_one",
            lambda layer: _count(layer, bias=False) + 1,
            "Each filter has a bias of its own: N of them, not 1.",
        ),
        Mistake(
            "up_to_here",
            lambda layer: sum(map(_count, LAYERS[: _depth(layer)])),
            "These are the parameters of all layers up to this one. Count this one alone.",
        ),
    ),
)


GRADIENT_STEP = Exercise(
    "gradient_step",
    tuple(
        Case({"x": _uniform(seed, h, w), "g": _normal(seed, h, w, 3), "lr": lr}, {"h": h, "w": w})
        for seed, (lr, (h, w, _)) in enumerate(zip((0.1, 0.5, 0.03, 2.0, 0.7), SIZES, strict=True))
    ),
    lambda x, g, lr: x - lr * g,
    gradient_step,
    (
        "The gradient points uphill.",
        "x ← x - lr · g.",
        "One line: return x minus lr times g, as a new array.",
    ),
    (
        Mistake(
            "uphill",
            lambda x, g, lr: x + lr * g,
            "This goes uphill: the gradient points to larger losses. Subtract it.",
        ),
        Mistake("no_lr", lambda x, g, lr: x - g, "The step ignores lr: multiply the gradient by it."),
        Mistake(
            "uphill_no_lr",
            lambda x, g, lr: x + g,
            "This adds the gradient, and ignores lr: subtract lr times the gradient.",
        ),
        Mistake(
            "divided",
            lambda x, g, lr: x - g / lr,
            "The gradient is divided by lr. Multiply: a small lr is a small step.",
        ),
        Mistake("only_step", lambda x, g, lr: -lr * g, "This is the step alone. Add it to x."),
        Mistake(
            "only_step_uphill", lambda x, g, lr: lr * g, "This is lr times the gradient alone. Subtract it from x."
        ),
        Mistake("exchanged", lambda x, g, lr: g - lr * x, "The arguments x and g have changed places."),
        Mistake(
            "scaled_all",
            lambda x, g, lr: lr * (x - g),
            "Here lr multiplies the picture too. It belongs to the gradient alone.",
        ),
        Mistake("backwards", lambda x, g, lr: lr * g - x, "The difference is the wrong way round: x minus lr times g."),
        Mistake(
            "sign_only",
            lambda x, g, lr: x - lr * np.sign(g),
            "Only the gradient's sign is used. How steep it is counts too.",
        ),
        Mistake(
            "normalised",
            lambda x, g, lr: x - lr * g / np.sqrt((g**2).sum()),
            "The gradient is normalised to length 1. Plain descent uses it as it is.",
        ),
        Mistake(
            "clipped",
            lambda x, g, lr: np.clip(x - lr * g, 0, 1),
            "The step is right and then cut to [0, 1]. The paper leaves the picture free while it is optimised.",
        ),
        Mistake("unchanged", lambda x, g, lr: x, "The picture comes back as it was."),
    ),
)


def _two_loops(g, s, y, *, gamma=None, back=None):
    """As the solution; gamma(sy, yy, ss) and back(a, b) stand for its scaling and for what multiplies s at the end."""
    sy = (s * y).sum()
    a = (s * g).sum() / sy
    r = (gamma or (lambda sy, yy, ss: sy / yy))(sy, (y * y).sum(), (s * s).sum()) * (g - a * y)
    b = (y * r).sum() / sy
    return -(r + (back or (lambda a, b: a - b))(a, b) * s)


def _no_rho(g, s, y):
    a = (s * g).sum()
    r = (s * y).sum() / (y * y).sum() * (g - a * y)
    return -(r + (a - (y * r).sum()) * s)


LBFGS_DIRECTION = Exercise(
    "lbfgs_direction",
    _pictures(_lbfgs),
    _two_loops,
    lbfgs_direction,
    (
        "y = H⁻¹ s for the last step: whoever goes by y in the gradient went by s in the picture. H must know that: H "
        "y = s.",
        "ρ = 1/(s·y); a = ρ s·g; q = g - a y; r = γ q with γ = (s·y)/(y·y); b = ρ y·r; d = -(r + (a - b) s). Each dot "
        "sums over all of the picture.",
        "Write s·y as (s * y).sum(), and the six formulas one below the other. Check: for g = y the direction is -s.",
    ),
    (
        Mistake(
            "sign", lambda g, s, y: -_two_loops(g, s, y), "This is +H g, uphill. The direction of descent is -H g."
        ),
        Mistake("gradient", lambda g, s, y: -g, "This is steepest descent: s and y are not used."),
        Mistake(
            "no_gamma",
            lambda g, s, y: _two_loops(g, s, y, gamma=lambda sy, yy, ss: 1),
            "γ is missing (H starts as the identity): the first guess of the scale is (s·y)/(y·y).",
        ),
        Mistake(
            "gamma_inverted",
            lambda g, s, y: _two_loops(g, s, y, gamma=lambda sy, yy, ss: yy / sy),
            "γ is upside down: it is (s·y)/(y·y), the size of a step per gradient.",
        ),
        Mistake(
            "gamma_of_steps",
            lambda g, s, y: _two_loops(g, s, y, gamma=lambda sy, yy, ss: ss / sy),
            "γ is (s·s)/(s·y), the other step length of Barzilai and Borwein. L-BFGS takes (s·y)/(y·y).",
        ),
        Mistake("no_rho", _no_rho, "ρ = 1/(s·y) is missing from a and b."),
        Mistake(
            "no_second_loop",
            lambda g, s, y: _two_loops(g, s, y, back=lambda a, b: 0),
            "The second loop is missing: add (a - b) s at the end.",
        ),
        Mistake(
            "no_b",
            lambda g, s, y: _two_loops(g, s, y, back=lambda a, b: a),
            "The b of the second loop is missing: at the end (a - b) s is added.",
        ),
        Mistake(
            "plus_b",
            lambda g, s, y: _two_loops(g, s, y, back=lambda a, b: a + b),
            "Here a and b are added: it is (a - b) s.",
        ),
        Mistake(
            "b_minus_a",
            lambda g, s, y: _two_loops(g, s, y, back=lambda a, b: b - a),
            "The difference is the wrong way round: it is (a - b) s.",
        ),
        Mistake(
            "exchanged",
            lambda g, s, y: _two_loops(g, y, s),
            "The roles of s and y are exchanged: s is the step of the picture, y that of the gradient.",
        ),
    ),
)


def _quarters(F):
    """The four members of each 2 × 2 window, odd edges dropped: [4, h // 2, w // 2, N]."""
    F = F[: F.shape[0] // 2 * 2, : F.shape[1] // 2 * 2]
    return np.stack([F[i::2, j::2] for i in (0, 1) for j in (0, 1)])


def _edges_kept(F):
    h, w, _ = F.shape
    return np.array([[F[i : i + 2, j : j + 2].mean(axis=(0, 1)) for j in range(0, w, 2)] for i in range(0, h, 2)])


def _padded(F):
    return _quarters(np.pad(F, ((0, F.shape[0] % 2), (0, F.shape[1] % 2), (0, 0)))).mean(0)


def _even(F):
    return F[: F.shape[0] // 2 * 2, : F.shape[1] // 2 * 2]


def _halves(F):
    return F.shape[0] // 2, F.shape[1] // 2, F.shape[2]


AVERAGE_POOL = Exercise(
    "average_pool",
    _cases(lambda seed, h, w, N: {"F": _normal(seed, h, w, N)}),
    vgg.average_pool,
    average_pool,
    (
        "Each output is the mean of four neighbours; windows do not overlap. What happens to a last odd row?",
        "out[i, j] = mean of F[2i : 2i + 2, 2j : 2j + 2], for i < h // 2 and j < w // 2: an odd edge is dropped.",
        "Cut to even sizes, reshape to (h // 2, 2, w // 2, 2, N), and take the mean over axes 1 and 3.",
    ),
    (
        Mistake(
            "maximum",
            lambda F: _quarters(F).max(0),
            "This takes the maximum, as VGG was trained. The paper replaces it with the mean.",
        ),
        Mistake("sum", lambda F: _quarters(F).sum(0), "This is the sum of the four. Divide by 4."),
        Mistake(
            "half", lambda F: _quarters(F).sum(0) / 2, "The sum of four is divided by 2. A 2 × 2 window has 4 members."
        ),
        Mistake(
            "subsampled",
            lambda F: _quarters(F)[0],
            "Only the upper left of each window is taken. Average all four.",
        ),
        Mistake(
            "subsampled_with_edges",
            lambda F: F[::2, ::2],
            "F[::2, ::2] takes every second position and averages nothing; odd edges are to be dropped, too.",
        ),
        Mistake(
            "edges_kept",
            _edges_kept,
            "The windows are right, but an odd last row or column gives smaller windows of its own. Drop it: [h // 2, "
            "w // 2].",
        ),
        Mistake(
            "edges_padded",
            _padded,
            "The windows are right, but odd sizes are filled up with zeros, which darkens the edge. Drop the odd "
            "edge: [h // 2, w // 2].",
        ),
        Mistake(
            "overlapping",
            lambda F: (F[1:, 1:] + F[1:, :-1] + F[:-1, 1:] + F[:-1, :-1]) / 4,
            "The windows overlap: they move by 1. Move them by 2, and the result is half as large.",
        ),
        Mistake(
            "only_rows",
            lambda F: (F[: F.shape[0] // 2 * 2 : 2] + F[1::2]) / 2,
            "Only pairs of rows are averaged. Average pairs of columns as well.",
        ),
        Mistake(
            "only_columns",
            lambda F: (F[:, : F.shape[1] // 2 * 2 : 2] + F[:, 1::2]) / 2,
            "Only pairs of columns are averaged. Average pairs of rows as well.",
        ),
        Mistake(
            "halves_averaged",
            lambda F: _even(F).reshape(2, F.shape[0] // 2, 2, *_halves(F)[1:]).mean((0, 2)),
            "The shape (2, h // 2, 2, w // 2, N) averages the upper half of the picture with the lower. Neighbours "
            "are the faster index: reshape(h // 2, 2, w // 2, 2, N).",
        ),
        Mistake(
            "windows_misread",
            lambda F: _even(F).reshape(*_halves(F)[:2], 2, 2, -1).mean((2, 3)),
            "The shape (h // 2, w // 2, 2, 2, N) leaves the right size but the wrong neighbours: it cuts memory into "
            "runs of four. Use (h // 2, 2, w // 2, 2, N).",
        ),
        Mistake(
            "flattened_filters",
            lambda F: _quarters(F).mean((0, -1)),
            "The filters are averaged too. Each keeps its own map: [h // 2, w // 2, N].",
        ),
        Mistake(
            "global",
            lambda F: F.mean((0, 1)),
            "This averages over the whole picture. Average over windows of 2 × 2.",
        ),
    ),
)


EXERCISES = {
    exercise.name: exercise
    for exercise in (
        GRAM,
        CONTENT_LOSS,
        STYLE_LOSS,
        TOTAL_VARIATION,
        CONTENT_GRADIENT,
        STYLE_GRADIENT,
        PREPROCESS,
        JCJOHNSON_TO_PAPER,
        FEATURE_SHAPE,
        RECEPTIVE_FIELD,
        PARAMETERS,
        GRADIENT_STEP,
        LBFGS_DIRECTION,
        AVERAGE_POOL,
    )
}
