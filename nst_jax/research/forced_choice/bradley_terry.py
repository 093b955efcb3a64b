"""Bradley and Terry's model of paired comparisons: P(i > j) = 1 / (1 + e^{−(s_i − s_j)}).

Bradley & Terry, Biometrika 39, 1952. A difference of scores of 1.1 is a preference of 3 in 4.
"""

import numpy as np
import pandas as pd
from jaxtyping import Float
from scipy.stats import norm, t

from ...errors import SettingError

PRIOR = 1.0
STEPS, PRECISE = 500, 1e-9  # of Newton's method; change of the scores at which it ends


def bradley_terry(wins: Float[np.ndarray, "*batch k k"], prior: float = PRIOR) -> Float[np.ndarray, "*batch k"]:
    """The scores s, of mean 0, that maximise Σ_ij (w_ij + prior / k) log P(i > j).

    For two results, s_1 − s_2 = log((w_12 + prior / 2) / (w_21 + prior / 2)). The prior keeps the score of a result
    that always or never wins finite.

    Args:
        wins: w_ij, how often i was preferred to j, 0 or more; zeros on the diagonal.
        prior: above 0; as it goes to 0, scores go to those of the highest likelihood. If results are alike, 1 removes
            the bias of first order: Firth, Biometrika 80, 1993.

    Returns:
        s.

    Raises:
        SettingError: for a prior that is not above 0.

    Source: the step is Newton's, shortened to log(1 + r) / r of its length, r = max Δs − min Δs, with which it always
    converges: Sun & Tran-Dinh, arXiv 1703.04599 (generalised self-concordance of the logistic loss).
    """
    if not prior > 0:
        raise SettingError(f"prior={prior:g}: give a number above 0, so that scores are finite")
    k = wins.shape[-1]
    w = wins + prior / k * (1 - np.eye(k))
    n = w + np.swapaxes(w, -1, -2)
    s = np.zeros(wins.shape[:-1])
    for _ in range(STEPS):
        P = 1 / (1 + np.exp(s[..., None, :] - s[..., :, None]))
        gradient = (w - n * P).sum(-1)
        curvature = n * P * (1 - P)
        H = curvature.sum(-1)[..., None] * np.eye(k) - curvature + 1  # + 1 fixes the mean, which the gradient does not
        step = np.linalg.solve(H, gradient[..., None])[..., 0]
        r = np.ptp(step, axis=-1, keepdims=True)
        s = s + step * np.where(r > 0, np.log1p(r) / np.where(r > 0, r, 1), 1)
        if r.max() < PRECISE:
            break
    return s - s.mean(-1, keepdims=True)


def scores(
    log: pd.DataFrame, *, level: float = 0.95, prior: float = PRIOR, resamples: int = 1000, seed: int = 0
) -> pd.DataFrame:
    """The results of a log by their score, the best first, with intervals by bootstrap over raters.

    A resample draws as many raters as there are, R, with replacement, each with all of their answers. The interval
    holds the middle of the resamples' scores, more than `level` of them for few raters: it leaves
    Φ(−√(R / (R − 1)) t_{R−1}) on each side (Hesterberg, arXiv 1411.5279, expanded percentile interval). Catch trials do
    not count.

    Args:
        log: from `read_log`; leave flagged raters out first, if you decide to: `log[log.rater != "ann"]`.
        level: of the intervals, in (0, 1).
        prior: as in `bradley_terry`.
        resamples: number of bootstrap samples.
        seed: of the bootstrap.

    Returns:
        A row for each result: "score" (mean 0), "low", "high" (NaN for a single rater, who says nothing about others;
        too narrow with fewer than about ten), "wins", "answers". No rows if there are no answers.
    """
    log = log.loc[~log.catch]
    if log.empty:
        return pd.DataFrame(columns=["score", "low", "high", "wins", "answers"])
    names = pd.unique(log[["left", "right"]].to_numpy().ravel())
    wins = _wins(log, list(names))
    total = wins.sum(0)
    table = pd.DataFrame({"score": bradley_terry(total, prior)}, index=pd.Index(names, name="result"))
    table["low"] = table["high"] = np.nan
    R = len(wins)
    if R > 1:
        counts = np.random.default_rng(seed).multinomial(R, np.full(R, 1 / R), resamples)
        drawn = bradley_terry(np.einsum("br,rij->bij", counts, wins), prior)
        tail = norm.cdf(-np.sqrt(R / (R - 1)) * t.ppf((1 + level) / 2, R - 1))
        table["low"], table["high"] = np.quantile(drawn, [tail, 1 - tail], axis=0)
    table["wins"], table["answers"] = total.sum(1).astype(int), (total.sum(0) + total.sum(1)).astype(int)
    return table.sort_values("score", ascending=False)


def _wins(log: pd.DataFrame, names: list[str]) -> Float[np.ndarray, "raters k k"]:
    """How often each rater preferred one result to another."""
    rater, _ = pd.factorize(log.rater)
    chosen, left, right = (pd.Categorical(log[column], names).codes for column in ("chosen", "left", "right"))
    wins = np.zeros((rater.max() + 1, len(names), len(names)))
    np.add.at(wins, (rater, chosen, np.where(chosen == left, right, left)), 1)
    return wins
