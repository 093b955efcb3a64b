"""Exercises on the gradients of the losses."""

import numpy as np

from .model import Exercise, Mistake, active, cases, positions, rows, style


def content_gradient(F, P):
    return (F - P) * (F > 0)


def style_gradient(F, G, A):
    h, w, N = F.shape
    M = h * w
    return (F @ (G - A)) / float(N * M) ** 2 * (F > 0)  # [h, w, N]; a float, since the whole number passes 32 bits


CONTENT_GRADIENT = Exercise(
    "content_gradient",
    cases(lambda seed, h, w, N: {"F": active(seed, h, w, N), "P": active(seed + 100, h, w, N)}),
    lambda F, P: np.where(F > 0, F - P, 0),
    content_gradient,
    (
        "Differentiate ½ (F - P)² with respect to F. Then think of ReLU: where it gave 0, nothing flows back.",
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
            "loss_of_each",
            lambda F, P: (F - P) ** 2 / 2,
            "This is the loss of each entry, ½ (F - P)², and not its derivative.",
            any_scale=True,
        ),
        Mistake(
            "selected",
            lambda F, P: (F - P)[F > 0],
            "x[F > 0] keeps the entries where F > 0 and drops the others, and with them the shape. They have to be 0: "
            "multiply by (F > 0), or use np.where.",
        ),
        Mistake(
            "mask_of_photo",
            lambda F, P: np.where(P > 0, F - P, 0),
            "The mask is P > 0. ReLU was applied to the picture that changes: F > 0.",
        ),
        Mistake(
            "mask_of_both",
            lambda F, P: np.where((F > 0) & (P > 0), F - P, 0),
            "The mask asks that F and P are both active. Only the picture that changes counts, F > 0: where P is 0 and "
            "F is not, the gradient is F.",
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
            "squared_apart",
            lambda F, P: np.where(F > 0, F**2 - P**2, 0),
            "F and P are each squared. The derivative of ½ (F - P)² is the difference itself, F - P.",
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
    return F @ D / (F.shape[-1] * positions(F)) ** 2 * scale


def _shaped_back(F, product):
    """A product [N, M], divided by N² M² and reshaped as it is."""
    return product.reshape(F.shape) / (F.shape[-1] * positions(F)) ** 2


STYLE_GRADIENT = Exercise(
    "style_gradient",
    cases(style),
    lambda F, G, A: np.where(F > 0, _by_gram(F, G - A), 0),
    style_gradient,
    (
        "Chain rule: E_l depends on G, and G on F. Both are squares, so each brings a factor 2.",
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
            "brackets",
            lambda F, G, A: np.where(F > 0, F @ (G - A) / F.shape[-1] ** 2 * float(positions(F)) ** 2, 0),
            "Brackets are missing: `/ N**2 * M**2` divides by N² and multiplies by M². Write `/ (N**2 * M**2)`.",
        ),
        Mistake(
            "gram_for_features",
            lambda F, G, A: G @ (G - A) / (F.shape[-1] * positions(F)) ** 2,
            "G - A multiplies the Gram matrix G, which gives [N, N]. Eq. 6 has the features: F @ (G - A), [h, w, N].",
        ),
        Mistake(
            "reshaped_not_transposed",
            lambda F, G, A: np.where(F > 0, _shaped_back(F, (G - A) @ F.reshape(F.shape[-1], -1)), 0),
            "The shape is right but filters are mixed with positions: reshape(N, -1) cuts [h, w, N] into N pieces in "
            "the order of memory, where channels come last. `F @ (G - A)` needs no reshape.",
        ),
        Mistake(
            "reshaped_back",
            lambda F, G, A: np.where(F > 0, _shaped_back(F, (G - A) @ rows(F).T), 0),
            "The product [N, M] is right, but it is reshaped to [h, w, N] without being transposed: filters are mixed "
            "with positions. Transpose it first, or use `F @ (G - A)`.",
        ),
        Mistake(
            "mask_of_gradient",
            lambda F, G, A: np.maximum(_by_gram(F, G - A), 0),
            "ReLU is applied to the gradient itself. The mask is where the features were active: F > 0. A gradient may "
            "well be negative.",
        ),
        Mistake(
            "mask_inverted",
            lambda F, G, A: np.where(F > 0, 0, _by_gram(F, G - A)),
            "The mask is the wrong way round: the gradient is 0 where F is 0, not where F > 0.",
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
            "squared_apart",
            lambda F, G, A: np.where(F > 0, _by_gram(F, G**2 - A**2), 0),
            "G and A are each squared. The derivative of (G - A)² has the difference itself, G - A.",
        ),
        Mistake(
            "loss",
            lambda F, G, A: ((G - A) ** 2).sum() / (4 * (F.shape[-1] * positions(F)) ** 2),
            "This is the loss E_l, one number. Its gradient has one number for each of F: [h, w, N].",
        ),
        Mistake(
            "by_gram",
            lambda F, G, A: (G - A) / (2 * (F.shape[-1] * positions(F)) ** 2),
            "This is ∂E_l/∂G, [N, N]: the first half of the chain rule. Continue to F.",
        ),
        Mistake(
            "flat",
            lambda F, G, A: rows(np.where(F > 0, _by_gram(F, G - A), 0)),
            "The numbers are right, as a matrix [M, N]. Give them back the shape of F, [h, w, N].",
        ),
        Mistake(
            "papers_layout",
            lambda F, G, A: rows(np.where(F > 0, _by_gram(F, G - A), 0)).T,
            "The numbers are right, in the paper's layout [N, M]. Here features are [h, w, N]: transpose and reshape.",
        ),
    ),
)
