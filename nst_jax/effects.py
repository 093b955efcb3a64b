"""What a table of runs says of its factors: means with their spread, and which factor matters how much."""

from collections.abc import Sequence

import pandas as pd

from .errors import SettingError


def spread(table: pd.DataFrame, by: str | Sequence[str], of: Sequence[str] = ("content_distance", "style_distance")):
    """Mean, standard deviation (of a sample, n − 1) and number of runs of each measure, for each level of `by`.

    A DataFrame with a row for each level, in the order of the table, and columns (measure, "mean"), (measure, "std"),
    (measure, "n").
    """
    by = [by] if isinstance(by, str) else list(by)
    return table.groupby(by, sort=False)[list(of)].agg(["mean", "std", "count"]).rename(columns={"count": "n"})


def effects(table: pd.DataFrame, factors: Sequence[str], of: str) -> pd.DataFrame:
    """The factors ranked by how much of the measure's variance their levels' means explain.

    With y_f the means over the levels of a factor, weighted by their runs, and ȳ the mean of all runs:
    η² = Σ n_f (y_f − ȳ)² / Σ (y − ȳ)². In a grid, where all levels meet all others, the η² of the factors add up to 1
    at most; what is left is their interplay and chance. A row for each factor: η² ("share"), the range of its levels'
    means, and the levels with the lowest and the highest ("lowest", "highest").
    Raises SettingError for a column that there is none, or where all values of the measure are the same.
    """
    missing = [name for name in (*factors, of) if name not in table]
    if missing:
        raise SettingError(f"the table has no column {', '.join(missing)}; it has {', '.join(map(str, table))}")
    y = table[of]
    total = ((y - y.mean()) ** 2).sum()
    if not total > 0:
        raise SettingError(f"{of} is the same in all runs, so that no factor can explain it")
    rows = []
    for factor in factors:
        levels = y.groupby(table[factor]).agg(["mean", "count"])
        between = (levels["count"] * (levels["mean"] - y.mean()) ** 2).sum()
        low, high = levels["mean"].idxmin(), levels["mean"].idxmax()
        extent = levels["mean"].max() - levels["mean"].min()
        rows.append({"factor": factor, "share": between / total, "range": extent, "lowest": low, "highest": high})
    return pd.DataFrame(rows).sort_values("share", ascending=False, ignore_index=True)


def conclusion(table: pd.DataFrame, factor: str, of: str, blocks: Sequence[str] = ("style",)) -> str:
    """One sentence: the best and the worst level of a factor, and whether chance could have made the difference.

    Chance is what runs of the same level and block (the same painting) differ by, pooled over those that know chance (a
    start from the photo does not): s. Two means
    of n runs differ by chance with a standard error of s √(2/n), n the smaller number of runs; the difference counts
    where it is more than three times that, since the best and the worst of several levels are picked.
    Lower is better, as in all of the referee's distances.
    """
    cells = table.groupby([factor, *(block for block in blocks if block in table)], sort=False)[of]
    variances = cells.var()
    chance = float(variances[variances > 0].mean() ** 0.5) if (variances > 0).any() else 0.0
    levels = table.groupby(factor, sort=False)[of].agg(["mean", "count"])
    low, high = levels["mean"].idxmin(), levels["mean"].idxmax()
    difference = levels["mean"].max() - levels["mean"].min()
    error = chance * (2 / levels["count"].min()) ** 0.5
    means = f"lowest with {factor} {low} ({levels['mean'][low]:.3g}), highest with {high} ({levels['mean'][high]:.3g})"
    if difference <= 3 * error:
        return f"{of}: {means}; the difference of {difference:.2g} is within chance: these runs cannot tell them apart."
    times = f"{difference / error:.0f} times its standard error" if error else "without any chance in it"
    return f"{of}: {means}; the difference of {difference:.2g} is {times}, so that it counts."
