"""What a table of runs says about its factors: means with their spread, how much each factor matters, and what is
better than a reference."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

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
    missing = [name for name in (*factors, of) if name not in table]
    if missing:
        raise SettingError(f"the table has no column {', '.join(missing)}; it has {', '.join(map(str, table))}")
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


def conclusion(table: pd.DataFrame, factor: str, of: str, blocks: Sequence[str] = ("style",)) -> str:
    """One sentence: the best and the worst level of a factor, and whether chance could explain the difference.

    Chance is what runs of the same level and block (the same painting) differ by, pooled over cells whose runs differ:
    s. Two means of n runs differ by chance with a standard error of s √(2/n), n the smaller number of runs; the
    difference counts if it exceeds three times that, since the best and the worst of several levels are picked. Lower
    is better, as in all distances of the referee.

    Args:
        table: one row a run.
        factor: name of a column.
        of: name of a measure.
        blocks: names of columns whose levels are compared only within themselves.

    Returns:
        The sentence.
    """
    cells: Any = table.groupby([factor, *(block for block in blocks if block in table)], sort=False)[of]
    variances = cells.var()
    chance = float(variances[variances > 0].mean() ** 0.5) if (variances > 0).any() else 0.0
    levels: Any = table.groupby(factor, sort=False)[of].agg(["mean", "count"])
    low, high = levels["mean"].idxmin(), levels["mean"].idxmax()
    difference = levels["mean"].max() - levels["mean"].min()
    error = chance * (2 / levels["count"].min()) ** 0.5
    means = f"lowest with {factor} {low} ({levels['mean'][low]:.3g}), highest with {high} ({levels['mean'][high]:.3g})"
    if difference <= 3 * error:
        return f"{of}: {means}; the difference of {difference:.2g} is within chance: these runs cannot tell them apart."
    times = f"{difference / error:.0f} times its standard error" if error else "free of chance"
    return f"{of}: {means}; the difference of {difference:.2g} is {times}, so that it counts."


def against(table: pd.DataFrame, factor: str, reference: Any, of: str, blocks: Sequence[str]) -> pd.DataFrame:
    """Every level of a factor against one of them, block by block: the relative change of a measure.

    With y_b the mean of a level's runs in block b, and y*_b that of the reference level: r_b = y_b / y*_b − 1. The
    change r is the mean of the r_b over the n blocks. It counts if it exceeds three times its standard error s / √n,
    where s is the standard deviation of the r_b.

    Args:
        table: one row a run.
        factor: name of a column.
        reference: one of its levels.
        of: name of a measure.
        blocks: names of columns; a block is a combination of their levels, such as a pair of pictures.

    Returns:
        A row for each other level, the lowest change first: r ("change"), s ("std"), n ("n"), and whether it counts
        ("counts"), which takes two blocks.

    Raises:
        SettingError: for an unknown column or level.
    """
    missing = [name for name in (factor, *blocks, of) if name not in table]
    if missing:
        raise SettingError(f"the table has no column {', '.join(missing)}; it has {', '.join(map(str, table))}")
    y: Any = table.pivot_table(of, list(blocks), factor, sort=False)
    if reference not in y:
        raise SettingError(f"{factor} has no level {reference}; it has {', '.join(map(str, y))}")
    r = (y.div(y[reference], axis=0) - 1).drop(columns=reference)
    found = pd.DataFrame({"change": r.mean(), "std": r.std(), "n": r.count()})
    found["counts"] = found["change"].abs() > 3 * found["std"] / found["n"] ** 0.5
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
