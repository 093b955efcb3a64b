"""What a table of runs says about its factors: means with their spread, how much each factor matters, and what is
better than a reference.

One rule decides what counts, here and in the course: runs are paired that differ in the factor alone, and a difference
counts if the 95 % interval of the mean of the paired differences excludes 0 (`interval`).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t as student

from ..described import counted
from ..errors import SettingError


def spread(
    table: pd.DataFrame, by: str | Sequence[str], of: Sequence[str] = ("content_distance", "style_distance")
) -> pd.DataFrame:
    """Mean, standard deviation and number of runs of each measure, for each level of a factor.

    Args:
        table: one row a run.
        by: names of factors.
        of: names of measures.

    Returns:
        A row for each level, in the order of the table, and columns (measure, "mean"), (measure, "std"), of a sample
        (n − 1), and (measure, "n").
    """
    by = [by] if isinstance(by, str) else list(by)
    found: Any = table.groupby(by, sort=False)[list(of)].agg(["mean", "std", "count"])
    return found.rename(columns={"count": "n"})


def effects(table: pd.DataFrame, factors: Sequence[str], of: str) -> pd.DataFrame:
    """The factors ranked by how much of a measure's variance the means of their levels explain.

    With y_f the mean of the n_f runs of a level, and ȳ the mean of all runs: η² = Σ n_f (y_f − ȳ)² / Σ (y − ȳ)². In a
    full grid the η² of the factors sum to at most 1; the rest is interaction and chance.

    Args:
        table: one row a run.
        factors: names of columns.
        of: name of a measure.

    Returns:
        A row for each factor: η² ("share"), the range of its levels' means ("range"), and the levels with the lowest
        and the highest mean ("lowest", "highest").

    Raises:
        SettingError: for an unknown column, or if all values of the measure are the same.
    """
    _check_columns(table, (*factors, of))
    y: Any = table[of]  # pandas' stubs give a union of everything
    total = ((y - y.mean()) ** 2).sum()
    if not total > 0:
        raise SettingError(f"{of} is the same in all runs; no factor can explain it")
    rows = []
    for factor in factors:
        levels: Any = y.groupby(table[factor]).agg(["mean", "count"])
        between = (levels["count"] * (levels["mean"] - y.mean()) ** 2).sum()
        low, high = levels["mean"].idxmin(), levels["mean"].idxmax()
        extent = levels["mean"].max() - levels["mean"].min()
        rows.append({"factor": factor, "share": between / total, "range": extent, "lowest": low, "highest": high})
    return pd.DataFrame(rows).sort_values("share", ascending=False, ignore_index=True)


def ranking(ranked: pd.DataFrame, of: str) -> str:
    """One sentence: the shares of the factors; one explains "most" if its share is more than half.

    Args:
        ranked: what `effects` returns.
        of: name of the measure.

    Returns:
        The sentence.
    """
    first, *others = (
        f"{factor} ({share:.0%})" for factor, share in zip(ranked["factor"], ranked["share"], strict=True)
    )
    how = "most" if ranked.share[0] > 0.5 else "the largest share, less than half,"
    rest = f"; then {', '.join(others)}" if others else ""
    return (
        f"{of}: {how} of the variance is explained by {first}{rest}; interplay and chance {1 - ranked.share.sum():.0%}."
    )


def interval(
    d: Sequence[float] | np.ndarray, comparisons: int = 1, groups: Sequence[Any] | None = None
) -> tuple[float, float]:
    """The mean of paired differences, and half the width of its 95 % interval, by Student's t.

    m ± t s / √n, with s the standard deviation of the n differences, and t the quantile of n − 1 degrees of freedom
    that is exceeded in 2.5 % of cases; of one of several comparisons, in 2.5 % divided by their number (Bonferroni).
    With g groups, s is the deviation from the means of the groups, with n − g degrees of freedom.

    Args:
        d: the differences.
        comparisons: among which this one was picked.
        groups: a label for each difference, if those of different groups may differ by more than chance.

    Returns:
        m and t s / √n; the latter is infinite without a degree of freedom.
    """
    d = np.asarray(d, float)
    g = np.zeros(len(d), int) if groups is None else pd.factorize(pd.Series(list(groups)))[0]
    freedom = len(d) - len(set(g))
    if freedom < 1:
        return float(d.mean()) if len(d) else np.nan, np.inf
    off = d - (np.bincount(g, d) / np.bincount(g))[g]
    t = student.ppf(1 - 0.025 / comparisons, freedom)
    return float(d.mean()), float(t * (off @ off / freedom / len(d)) ** 0.5)


def conclusion(
    table: pd.DataFrame, factor: str, of: str, blocks: Sequence[str] = ("content", "style"), chance: str = "seed"
) -> str:
    """One sentence: the best and the worst level of a factor, and whether chance could explain the difference.

    Runs of the two levels are paired that agree in their block (the pictures) and in their seed. Chance is what the
    differences of one block differ by; where a seed has no effect, what those of different blocks differ by. The
    difference counts if its `interval` excludes 0; of k levels, the best and the worst are one of k (k − 1) / 2
    comparisons. Lower is better, as in all distances of the referee.

    Args:
        table: one row a run.
        factor: name of a column.
        of: name of a measure.
        blocks: names of columns whose levels are compared only within themselves; those that the table lacks are left
            out.
        chance: name of the column that tells runs apart that differ by chance alone, likewise.

    Returns:
        The sentence.

    Raises:
        SettingError: for an unknown column, or if the table has no column to pair runs by.
    """
    blocks = [name for name in blocks if name in table]
    by = [*blocks, *([chance] if chance in table else [])]
    _check_columns(table, (factor, of) if by else (factor, of, f"{chance} to pair runs by"))
    wide: Any = table.pivot_table(of, by, factor, sort=False)
    levels = wide.mean()
    low, high = levels.idxmin(), levels.idxmax()
    pairs = pd.DataFrame({"low": wide[low], "high": wide[high]}).dropna().reset_index()
    pairs = pairs.drop_duplicates([*blocks, "low", "high"])  # of seeds without an effect
    d: Any = pairs["high"] - pairs["low"]
    comparisons = len(levels) * (len(levels) - 1) // 2
    mean, half = interval(d, comparisons, list(pairs[blocks].itertuples(index=False)))
    if half == np.inf:
        mean, half = interval(d, comparisons)
    means = f"lowest with {factor} {low} ({levels[low]:.3g}), highest with {high} ({levels[high]:.3g})"
    found = f"{of}: {means}; the difference of {mean:.2g} ± {half:.2g} (95 %, {counted(len(pairs), 'pair')})"
    return f"{found} counts." if mean > half else f"{found} is within chance: these runs cannot tell them apart."


def against(table: pd.DataFrame, factor: str, reference: Any, of: str, blocks: Sequence[str]) -> pd.DataFrame:
    """Every level of a factor against one of them, block by block: the relative change of a measure.

    With y_b the mean of a level's runs in block b, and y*_b that of the reference level: r_b = y_b / y*_b − 1. The
    change r is the mean of the r_b over the n blocks. It counts if its `interval` excludes 0; each level is a question
    by itself, so of twenty levels without an effect one may count.

    Args:
        table: one row a run.
        factor: name of a column.
        reference: one of its levels.
        of: name of a measure.
        blocks: names of columns; a block is a combination of their levels, such as a pair of pictures.

    Returns:
        A row for each other level, the lowest change first: r ("change"), the standard deviation of the r_b ("std"), n
        ("n"), and whether it counts ("counts"), which takes two blocks.

    Raises:
        SettingError: for an unknown column or level.
    """
    _check_columns(table, (factor, *blocks, of))
    y: Any = table.pivot_table(of, list(blocks), factor, sort=False)
    if reference not in y:
        raise SettingError(f"{factor} has no level {reference}; it has {', '.join(map(str, y))}")
    r = (y.div(y[reference], axis=0) - 1).drop(columns=reference)
    found = pd.DataFrame({"change": r.mean(), "std": r.std(), "n": r.count()})
    halves = {level: interval(r[level].dropna())[1] for level in r}
    found["counts"] = found["change"].abs() > pd.Series(halves)
    return found.sort_values("change").rename_axis(factor).reset_index()


def conclusion_against(table: pd.DataFrame, factor: str, reference: Any, of: str, blocks: Sequence[str]) -> str:
    """One sentence: with which levels of a factor a measure is lower than with the reference, and with which higher.

    Args:
        table: one row a run.
        factor: name of a column.
        reference: one of its levels.
        of: name of a measure.
        blocks: as in `against`, whose rule says what counts.

    Returns:
        The sentence; changes are in percent, with their standard deviation over the blocks.

    Raises:
        SettingError: as in `against`.
    """
    found = against(table, factor, reference, of, blocks)
    parts = {
        "lower": found[found["counts"] & (found["change"] < 0)],
        "higher": found[found["counts"] & (found["change"] > 0)],
        "no different beyond chance": found[~found["counts"]],
    }

    def listed(rows: Any) -> str:
        each = list(rows[[factor, "change", "std"]].itertuples(index=False))
        spread = {level: "" if pd.isna(std) else f" ± {100 * std:.0f}" for level, _, std in each}
        return ", ".join(f"{level} ({100 * change:+.0f}{spread[level]} %)" for level, change, _ in each)

    said = [f"{how} with {listed(rows)}" for how, rows in parts.items() if len(rows)]
    over = f"{found['n'].max()} × {' and '.join(blocks)}"
    return f"{of} against {factor} {reference}, mean and spread over {over}: {'; '.join(said)}."


def _check_columns(table: pd.DataFrame, names: Sequence[str]) -> None:
    if missing := [name for name in names if name not in table]:
        raise SettingError(f"the table has no column {', '.join(missing)}; it has {', '.join(map(str, table))}")
