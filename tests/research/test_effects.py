"""Means with their spread, and the ranking of factors, on constructed tables and against SciPy."""

import itertools

import numpy as np
import pandas as pd
import pytest

import nst_jax as nst
from nst_jax.research.effects import against, conclusion, conclusion_against, effects, spread


@pytest.fixture
def table():
    """y = 3·(b is large) + 1·(a is large) + noise, over a full grid with three seeds."""
    rng = np.random.default_rng(0)
    rows = [
        {"a": a, "b": b, "seed": seed, "y": 3.0 * (b == "large") + 1.0 * (a == "large") + rng.normal(0, 0.1)}
        for a, b, seed in itertools.product(("small", "large"), ("small", "large"), range(3))
    ]
    return pd.DataFrame(rows)


def test_factors_are_ranked_by_the_variance_that_they_explain(table):
    ranked = effects(table, ["a", "b", "seed"], of="y")
    assert list(ranked.factor) == ["b", "a", "seed"]
    assert ranked.share[0] == pytest.approx(0.9, abs=0.03)  # 3² / (3² + 1²)
    assert ranked.share.sum() <= 1
    assert ranked.range[0] == pytest.approx(3, abs=0.2)
    assert (ranked.lowest[0], ranked.highest[0]) == ("small", "large")


def test_the_share_is_that_of_an_analysis_of_variance(table):
    stats = pytest.importorskip("scipy.stats")
    groups = [group.y.to_numpy() for _, group in table.groupby("b")]
    F = stats.f_oneway(*groups).statistic
    k, n = len(groups), len(table)
    expected = F * (k - 1) / (F * (k - 1) + n - k)
    ranked = effects(table, ["b"], of="y")
    assert ranked.share[0] == pytest.approx(expected)


def test_spread_gives_mean_deviation_and_number(table):
    made = spread(table, "b", of=["y"])
    small = table[table.b == "small"].y
    assert made.loc["small", ("y", "mean")] == pytest.approx(small.mean())
    assert made.loc["small", ("y", "std")] == pytest.approx(np.std(small, ddof=1))
    assert list(made[("y", "n")]) == [6, 6]


def test_faults_are_one_line(table):
    with pytest.raises(nst.SettingError, match="no column c; it has a, b, seed, y"):
        effects(table, ["c"], of="y")
    with pytest.raises(nst.SettingError, match="same in all runs"):
        effects(table.assign(y=1.0), ["a"], of="y")


def test_a_conclusion_counts_what_is_beyond_chance_and_says_so_of_what_is_not(table):
    said = conclusion(table, "b", of="y", blocks=["a"])
    assert "lowest with b small" in said
    assert said.endswith("so that it counts.")
    same = table.assign(y=np.random.default_rng(1).normal(size=len(table)))
    assert conclusion(same, "b", of="y", blocks=["a"]).endswith("cannot tell them apart.")


def test_the_standard_error_of_a_conclusion_is_that_of_two_means():
    y = {"left": [0.0, 0.2, 0.4], "right": [2.0, 2.1, 2.2]}
    table = pd.DataFrame([{"side": side, "y": value} for side, values in y.items() for value in values])
    error = np.sqrt((0.2**2 + 0.1**2) / 2 * 2 / 3)
    assert f"is {1.9 / error:.0f} times its standard error" in conclusion(table, "side", of="y")


@pytest.fixture
def statistics():
    """At every pair of pictures: half of the reference's measure, a third more, and as much but for chance."""
    rng = np.random.default_rng(0)
    factor = {"reference": 1.0, "better": 0.5, "worse": 4 / 3, "alike": 1.0}
    rows = [
        {"kind": kind, "content": p, "style": a, "y": scale * times * (1 + rng.normal(0, 0.02) * (kind != "reference"))}
        for (p, scale), a, (kind, times) in itertools.product((("p", 1.0), ("q", 7.0)), "ab", factor.items())
    ]
    return pd.DataFrame(rows)


def test_levels_are_compared_with_the_reference_pair_by_pair(statistics):
    found = against(statistics, "kind", "reference", of="y", blocks=["content", "style"])
    assert list(found.kind) == ["better", "alike", "worse"]
    assert list(found.change) == pytest.approx([-0.5, 0, 1 / 3], abs=0.05)
    assert list(found.counts) == [True, False, True]
    better, reference = (statistics[statistics.kind == kind].y.to_numpy() for kind in ("better", "reference"))
    assert found["std"][0] == pytest.approx(np.std(better / reference, ddof=1))
    assert (found.n == 4).all()


def test_a_conclusion_against_names_what_is_better_and_what_chance_explains(statistics):
    said = conclusion_against(statistics, "kind", "reference", of="y", blocks=["content", "style"])
    assert "over 4 × content and style: lower with better (-50 ± " in said
    assert "; higher with worse (+33 ± " in said or "; higher with worse (+34 ± " in said
    assert "; no different beyond chance with alike (" in said


def test_one_pair_of_pictures_shows_nothing(statistics):
    one = statistics[(statistics.content == "p") & (statistics["style"] == "a")]
    assert not against(one, "kind", "reference", of="y", blocks=["content", "style"]).counts.any()
    said = conclusion_against(one, "kind", "reference", of="y", blocks=["content", "style"])
    assert "no different beyond chance with better (-50 %)" in said  # one pair has no spread


def test_an_unknown_reference_is_one_line(statistics):
    with pytest.raises(nst.SettingError, match="kind has no level gram; it has reference, better, worse, alike"):
        against(statistics, "kind", "gram", of="y", blocks=["content", "style"])
    with pytest.raises(nst.SettingError, match="the table has no column z"):
        against(statistics, "kind", "reference", of="z", blocks=["content", "style"])
