"""Means with their spread, and the ranking of factors, on constructed tables and against SciPy."""

import itertools

import numpy as np
import pandas as pd
import pytest

import nst_jax as nst
from nst_jax.research.effects import against, conclusion, conclusion_against, effects, interval, ranking, spread


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
    with pytest.raises(nst.SettingError, match="no column c; it has a, b, seed, y"):
        conclusion(table, "c", of="y")
    with pytest.raises(nst.SettingError, match="no column seed to pair runs by; it has b, y"):
        conclusion(table[["b", "y"]], "b", of="y")
    with pytest.raises(nst.SettingError, match="same in all runs"):
        effects(table.assign(y=1.0), ["a"], of="y")


def test_a_conclusion_counts_what_is_beyond_chance_and_says_so_of_what_is_not(table):
    said = conclusion(table, "b", of="y", blocks=["a"])
    assert "lowest with b small" in said
    assert said.endswith("(95 %, 6 pairs) counts.")
    same = table.assign(y=np.random.default_rng(1).normal(size=len(table)))
    assert conclusion(same, "b", of="y", blocks=["a"]).endswith("cannot tell them apart.")


@pytest.mark.parametrize("shift", [0.15, 0.45])
def test_what_counts_is_what_a_paired_t_test_finds_at_5_percent(shift):
    stats = pytest.importorskip("scipy.stats")
    left, right = np.array([0.1, 0.7, 0.4, 0.9]), np.array([0.3, 0.5, 0.8, 0.9]) + shift
    runs = [{"side": side, "seed": i, "y": y} for side, each in (("l", left), ("r", right)) for i, y in enumerate(each)]
    p = stats.ttest_rel(left, right).pvalue
    assert conclusion(pd.DataFrame(runs), "side", of="y").endswith("counts.") == (p < 0.05) == (shift == 0.45)


def test_the_interval_is_that_of_a_t_test_and_wider_for_several_comparisons():
    stats = pytest.importorskip("scipy.stats")
    d = np.array([0.2, 0.5, 0.1, 0.4, 0.9])
    for comparisons in (1, 6):
        low, high = stats.ttest_1samp(d, 0).confidence_interval(1 - 0.05 / comparisons)
        mean, half = interval(d, comparisons)
        assert (mean - half, mean + half) == (pytest.approx(low), pytest.approx(high))
    assert interval(d[:1]) == (0.2, np.inf)


def test_of_twelve_levels_by_chance_alone_the_best_and_the_worst_rarely_differ():
    rng = np.random.default_rng(0)

    def counts(levels):
        rows = [{"level": k, "seed": s, "y": rng.normal()} for k in range(levels) for s in range(6)]
        return conclusion(pd.DataFrame(rows), "level", of="y").endswith("counts.")

    assert sum(counts(12) for _ in range(60)) <= 6


def test_what_paintings_differ_by_is_not_chance_where_seeds_tell():
    stats = pytest.importorskip("scipy.stats")
    rng = np.random.default_rng(0)
    d = {"p": 1 + rng.normal(0, 0.1, 3), "q": 5 + rng.normal(0, 0.1, 3)}
    rows = [
        {"side": side, "style": style, "seed": seed, "y": side * each[seed]}
        for side, (style, each), seed in itertools.product((False, True), d.items(), range(3))
    ]
    each = np.concatenate(list(d.values()))
    s = np.sqrt(np.mean([each.var(ddof=1) for each in d.values()]))  # pooled over groups of one size
    mean, half = interval(each, groups=[*"pppqqq"])
    assert half == pytest.approx(stats.t.ppf(0.975, 4) * s / np.sqrt(6))
    said = conclusion(pd.DataFrame(rows), "side", of="y")
    assert f"lowest with side False (0), highest with True ({mean:.3g})" in said
    assert said.endswith("counts.")
    assert interval(each)[1] > 5 * half


def test_where_a_seed_has_no_effect_three_runs_count_once():
    rows = [
        {"start": start, "style": style, "seed": seed, "y": y + tilt * (start == "b")}
        for (style, tilt), (start, y), seed in itertools.product(
            (("p", 0.5), ("q", 0.6)), (("a", 1.0), ("b", 2.0)), range(3)
        )
    ]
    assert "2 pairs" in conclusion(pd.DataFrame(rows), "start", of="y")


def test_a_factor_explains_most_only_with_more_than_half(table):
    said = ranking(effects(table, ["a", "b", "seed"], of="y"), "y")
    assert said.startswith("y: most of the variance is explained by b (9")
    even = table.assign(y=table.groupby(["a", "b"]).ngroup() % 3 + table.seed / 10)
    ranked = effects(even, ["a", "b", "seed"], of="y")
    assert ranked.share[0] < 0.5
    assert ranking(ranked, "y").startswith("y: the largest share, less than half, of the variance is explained by ")


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
