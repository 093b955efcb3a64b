"""How many answers a question needs: the exact binomial test of a preference, and its power.

Of n independent answers w prefer one of two results. If people have no preference, w follows Binomial(n, ½), and the
two-sided test finds a preference if 2 P(X ≥ w) < level. Its power is how often n answers show a preference that people
do have. Several answers of one rater are not independent of each other: count raters.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float, Int
from scipy.stats import binom

from ...errors import SettingError

LEVEL = 0.05
SLIGHTEST = 0.51  # share; it needs about 20,000 answers


def needed_wins(n: Int[np.ndarray, "*n"] | int, level: float = LEVEL) -> Int[np.ndarray, "*n"]:
    """The smallest w with 2 P(X ≥ w) < level for X ~ Binomial(n, ½).

    Args:
        n: number of answers, 1 or more.
        level: of the two-sided test, in (0, 1).

    Returns:
        w; n + 1 if n answers cannot show a preference.
    """
    return np.asarray(binom.isf(level / 2, n, 0.5)).astype(int) + 1


def power(n: Int[np.ndarray, "*n"] | int, share: float, level: float = LEVEL) -> Float[np.ndarray, "*n"]:
    """P(X ≥ w) for X ~ Binomial(n, share): how often n answers show a preference of this share.

    Args:
        n: number of answers, 1 or more.
        share: of answers that prefer the better one, in [0.5, 1].
        level: of the two-sided test, in (0, 1).

    Returns:
        The probability. It does not grow steadily with n, since w is a whole number.
    """
    return np.asarray(binom.sf(needed_wins(n, level) - 1, n, share))


def power_table(
    trials: Sequence[int] = (6, 10, 15, 20, 30, 40, 60, 100, 200), shares: Sequence[float] = (0.6, 0.7, 0.8, 0.9)
) -> pd.DataFrame:
    """What a number of answers can show: the wins that it takes, and the power at some shares.

    Args:
        trials: numbers of answers, each 1 or more.
        shares: of answers that prefer the better one, each in [0.5, 1].

    Returns:
        A row for each number of answers; columns "wins" and the shares.
    """
    n = np.asarray(trials)
    columns: dict[Any, np.ndarray] = {"wins": needed_wins(n)} | {share: power(n, share) for share in shares}
    return pd.DataFrame(columns, index=pd.Index(n, name="answers"))


def trials_needed(share: float, wanted: float = 0.8) -> int:
    """The smallest number of answers that shows a preference with some power.

    Args:
        share: of answers that prefer the better one, in [0.51, 1].
        wanted: the power, in (0, 0.99].

    Returns:
        n.

    Raises:
        SettingError: for values outside of these ranges.
    """
    if not (SLIGHTEST <= share <= 1 and 0 < wanted <= 0.99):
        raise SettingError(
            f"share={share:g}, wanted={wanted:g}: use a share from {SLIGHTEST} to 1 and a power of 0.99 at most"
        )
    n = np.arange(1, round(8 / (share - 0.5) ** 2))  # a normal distribution gives 4.6 / (share − ½)² at a power of 0.99
    return int(n[power(n, share) >= wanted][0])
