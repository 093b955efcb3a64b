"""Exercises on the conventions of different codes."""

from ...losses.conventions import LossWeights, convert
from .model import Case, Exercise, Mistake


def jcjohnson_to_paper(alpha, beta, N, M):
    return alpha * 2 / (N * M), beta * 4 / N**2


def _to_paper(alpha, beta, N, M):
    weights = convert(LossWeights({"conv4_2": alpha}, {"conv4_2": beta}), "jcjohnson", "paper", {"conv4_2": (1, M, N)})
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
            "brackets",
            lambda alpha, beta, N, M: (alpha * 2 / N * M, beta * 4 / N**2),
            "β is right; in α brackets are missing: `2 / N * M` divides by N and multiplies by M. Write `2 / (N * M)`.",
        ),
        Mistake(
            "brackets_twice",
            lambda alpha, beta, N, M: (alpha * 2 / N * M, beta * 4),
            "Brackets are missing in both: `2 / N * M` multiplies by M, and `4 / N * N` is 4. Write `2 / (N * M)` and "
            "`4 / N**2`.",
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
            "α is right; for β this is the author's convention (a factor 4), or `4 / N * N` without brackets. "
            "jcjohnson divides the Gram matrices by N too: 4/N².",
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
