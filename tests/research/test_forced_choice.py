"""Forced choice: sessions, the log, scores of simulated raters, and power, against SciPy, choix and closed forms."""

import itertools
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from math import comb

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

import nst_jax as nst
from nst_jax.research.combinations import GridRun
from nst_jax.research.forced_choice import (
    Answer,
    Group,
    append,
    bradley_terry,
    frame,
    groups_of,
    needed_wins,
    power_table,
    raters,
    read_log,
    scores,
    session,
    trials_needed,
)
from nst_jax.research.forced_choice.trials import DECOY
from nst_jax.research.grid import Grid
from tests.support.pictures import picture

TRUE = {"good": 1.0, "fair": 0.2, "poor": -1.2}  # scores of the simulated raters


def group(names, content=None, style=None):
    return Group({name: picture(6, 8, seed) for seed, name in enumerate(names)}, content, style)


GROUPS = {"": group(TRUE)}


def answers_of(rater, choose, groups=GROUPS, seed=0):
    """A rater's answers to all trials of a session."""
    return [
        Answer(rater, seed, trial.pair, trial.left, trial.right, choose(trial), 2.0, trial.catch, trial.repeat)
        for trial in session(groups, seed, rater)
    ]


def preferring(s, rng):
    """Chooses by Bradley and Terry's model, and never the decoy."""

    def choose(trial):
        if trial.catch:
            return trial.right if trial.left == DECOY else trial.left
        return trial.left if rng.random() < 1 / (1 + np.exp(s[trial.right] - s[trial.left])) else trial.right

    return choose


def simulated(s, n, rng):
    choose = preferring(s, rng)
    return frame(answer for i in range(n) for answer in answers_of(f"rater {i}", choose))


# Sessions


def test_every_pair_comes_twice_with_sides_swapped_between_two_catch_trials():
    groups = {"cat": group("abcd"), "boat": group("abcd")}
    trials = session(groups, seed=3, rater="ann")
    shown = Counter((trial.group, trial.left, trial.right) for trial in trials if not trial.catch)
    assert set(shown.values()) == {1}
    assert set(shown) == {(name, *pair) for name in groups for pair in itertools.permutations("abcd", 2)}
    halves = trials[: len(trials) // 2], trials[len(trials) // 2 :]
    for half, repeat in zip(halves, (False, True), strict=True):
        assert {trial.repeat for trial in half if not trial.catch} == {repeat}
        assert len({trial.pair for trial in half if not trial.catch}) == 12
    caught = [trial for trial in trials if trial.catch]
    assert sorted([trial.left == DECOY for trial in caught]) == [False, True]
    assert not trials[0].catch


def test_a_session_depends_on_seed_and_rater_alone():
    groups = {"": group("abcd")}
    assert session(groups, 1, "ann") == session({"": group("abcd")}, 1, "ann")
    different = {session(groups, seed, rater) for seed in range(3) for rater in ("", "ann", "Ann")}
    assert len(different) == 9


def test_sides_are_balanced_over_raters():
    sessions = [session({"": group("ab")}, 0, str(i)) for i in range(300)]
    left = sum(trials[0].left == "a" for trials in sessions)
    decoys_left = sum(next(trial for trial in trials if trial.catch).left == DECOY for trials in sessions)
    for count in (left, decoys_left):
        assert binomtest(count, 300).pvalue > 0.001


def test_pictures_of_a_trial_have_one_size_whatever_theirs():
    pictures = {"small": picture(30, 40), "large": picture(601, 800, 1)}
    each = Group(pictures, picture(9, 9), picture(50, 20))
    shapes = {each.picture(name, "small").shape for name in ("small", "large", DECOY)}
    assert shapes == {(300, 400, 3)}


def test_the_decoy_is_the_blurred_style_picture_or_without_one_the_blurred_result():
    def detail(x):
        return np.abs(np.diff(x, axis=0)).mean()

    style = np.zeros((40, 40, 3), np.float32)
    style[::2] = [0.9, 0.1, 0.1]
    decoy = group("ab", style=style).picture(DECOY, "a")
    np.testing.assert_allclose(decoy.mean((0, 1)), style.mean((0, 1)), atol=0.02)
    assert detail(decoy) < detail(style) / 50
    alone = Group({"a": picture(60, 80), "b": picture(60, 80, 1)})
    assert 0 < detail(alone.picture(DECOY, "a")) < detail(alone.picture("a", DECOY)) / 2


def test_what_cannot_be_compared_is_said():
    with pytest.raises(nst.SettingError, match="two or more"):
        groups_of({"one": picture(4, 4)})
    with pytest.raises(nst.SettingError, match="none of them named"):
        groups_of({DECOY: picture(4, 4), "b": picture(4, 4)})
    with pytest.raises(nst.ShapeError, match="wide has 16 × 9 pixels, square has 9 × 9 pixels"):
        groups_of({"wide": picture(9, 16), "square": picture(9, 9)})
    with pytest.raises(nst.SettingError, match="a dict"):
        groups_of([picture(4, 4), picture(4, 4)])
    with pytest.raises(nst.SettingError, match="same names"):
        groups_of({"cat": group("ab"), "boat": group("bc")})
    with pytest.raises(nst.SettingError, match="same names"):
        groups_of({"cat": group("ab"), "boat": picture(4, 4)})
    with pytest.raises(nst.SettingError, match="have their own"):
        groups_of({"cat": group("ab"), "boat": group("ab")}, content=picture(4, 4))
    with pytest.raises(nst.ImageError, match=r"nowhere\.png"):
        groups_of({"a": "nowhere.png", "b": picture(4, 4)})


def test_results_and_the_runs_of_a_grid_are_compared_by_their_factors(tmp_path):
    def run(content, beta):
        x = picture(6, 8, seed=int(beta))
        losses = {name: np.zeros(1) for name in ("evaluations", "seconds", "total")}
        result = nst.Result(x, 0.0, losses, {}, {}, [], 1, 0.0, 0)
        folder = nst.RunFolder(tmp_path / f"{content}-{beta}")
        result.save(folder.path)
        factors = {"content": content, "beta": beta}
        return GridRun(factors, {**factors, "style": "vortex"}, folder), result

    made = [run(content, beta) for content in ("coffee", "chelsea") for beta in (5.0, 50.0)]
    groups = groups_of(Grid(tuple(each for each, _ in made)))
    assert {name: list(each.results) for name, each in groups.items()} == {
        "content coffee": ["beta 5", "beta 50"],
        "content chelsea": ["beta 5", "beta 50"],
    }
    np.testing.assert_array_equal(groups["content coffee"].content, nst.load_image("coffee"))
    np.testing.assert_array_equal(groups["content coffee"].style, nst.load_image("vortex"))
    (named,) = groups_of({"run": made[0][0], "folder": made[0][0].folder, "result": made[0][1]}).values()
    np.testing.assert_allclose(named.results["run"], named.results["result"], atol=0.01)
    np.testing.assert_array_equal(named.results["run"], named.results["folder"])


# The log


def test_a_log_keeps_names_of_every_kind(tmp_path):
    path = tmp_path / "answers" / "log.csv"
    names = ["NA", "007", "1e3", "β = 5, α", 'so "called"']
    written = answers_of("Zoë,\n2", lambda trial: trial.left, {"": group(names)})
    path.parent.mkdir()
    for answer in written:
        append(path, answer)
    assert [Answer(*row) for row in read_log(path).itertuples(index=False)] == written


def test_logs_of_many_raters_are_merged_and_copies_count_once(tmp_path):
    made = {rater: answers_of(rater, lambda trial: trial.right) for rater in ("ann", "bob")}
    for rater, answers in made.items():
        for answer in answers:
            append(tmp_path / f"{rater}.csv", answer)
    (tmp_path / "copy.csv").write_bytes((tmp_path / "ann.csv").read_bytes())
    log = read_log(*sorted(tmp_path.glob("*.csv")))
    assert log.groupby("rater").size().to_dict() == {"ann": 8, "bob": 8}


def test_raters_who_answer_at_once_share_a_log(tmp_path):
    answers = [replace(answers_of("x", lambda trial: trial.left)[0], rater=str(i)) for i in range(20)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda answer: append(tmp_path / "log.csv", answer), answers))
    assert set(read_log(tmp_path / "log.csv").rater) == set(map(str, range(20)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a,b\n1,2\n",
        "\x00\xff",
        "HEADER\nann,x,p,a,b,a,1.0,False,False\n",
        "HEADER\nann,0,p,a,b,c,1.0,False,False\n",
    ],
)
def test_another_file_is_refused_and_kept(tmp_path, text):
    path = tmp_path / "log.csv"
    path.write_bytes(text.replace("HEADER", "rater,seed,pair,left,right,chosen,seconds,catch,repeat").encode("latin-1"))
    before = path.read_bytes()
    with pytest.raises(nst.NSTError, match=r"log\.csv: is not a log of answers"):
        read_log(path)
    with pytest.raises(nst.NSTError, match="choose another file"):
        append(path, answers_of("ann", lambda trial: trial.left)[0])
    assert path.read_bytes() == before


def test_a_log_that_is_not_there_is_said(tmp_path):
    with pytest.raises(nst.NSTError, match=r"none\.csv: cannot be read"):
        read_log(tmp_path / "none.csv")
    with pytest.raises(nst.NSTError, match="name one file"):
        read_log(*tmp_path.glob("*.csv"))


# Raters


def test_who_does_not_look_is_flagged():
    rng = np.random.default_rng(0)
    choosers = {
        "left": lambda trial: trial.left,
        "right": lambda trial: trial.right,
        "coin": lambda trial: (trial.left, trial.right)[rng.integers(2)],
        "honest": preferring(TRUE, rng),
        "sure": lambda trial: max(trial.left, trial.right, key=lambda name: TRUE.get(name, -9)),
    }
    log = frame(answer for rater, choose in choosers.items() for answer in answers_of(rater, choose))
    found = raters(log)
    assert found.flag["left"] == found.flag["right"] == "chose a blurred picture, prefers one side"
    assert found.flag["honest"] == found.flag["sure"] == ""
    assert list(found.left[["left", "right", "sure"]]) == [1.0, 0.0, 0.5]
    assert list(found.agreement[["left", "right", "sure"]]) == [0.0, 0.0, 1.0]
    assert list(found.caught[["left", "right", "sure"]]) == [0.5, 0.5, 1.0]
    assert set(found.answers) == {8}


def test_half_a_session_has_no_agreement_yet():
    found = raters(frame(answers_of("ann", lambda trial: trial.left)[:3]))
    assert np.isnan(found.agreement["ann"])


# Scores


def test_two_results_have_the_logit_of_the_share():
    for won, lost in ((14, 6), (1, 19), (5, 5)):
        s = bradley_terry(np.array([[0.0, won], [lost, 0.0]]), prior=1e-9)
        assert s[0] - s[1] == pytest.approx(np.log(won / lost), abs=1e-7)
        s = bradley_terry(np.array([[0.0, won], [lost, 0.0]]), prior=1)
        assert s[0] - s[1] == pytest.approx(np.log((won + 0.5) / (lost + 0.5)))


def test_scores_are_those_of_choix():
    choix = pytest.importorskip("choix", reason="choix, the oracle, is not installed")
    w = np.random.default_rng(0).integers(0, 9, (20, 5, 5)) * (1 - np.eye(5))
    w[0, 0], w[1, :, 0] = 0, 0  # never preferred, always preferred
    for prior in (0.05, 1.0):
        made = bradley_terry(w, prior)
        for each, s in zip(w, made, strict=True):
            expected = choix.ilsr_pairwise_dense(each + prior / 5 * (1 - np.eye(5)), max_iter=2000, tol=1e-10)
            np.testing.assert_allclose(s, expected, atol=1e-5)


def test_scores_balance_expected_and_counted_wins():
    """At the highest likelihood every result is expected to win as often as it did."""
    w = np.array([[0, 9, 4], [2, 0, 7], [1, 5, 0.0]])
    s = bradley_terry(w, prior=1e-9)
    P = 1 / (1 + np.exp(s - s[:, None]))
    np.testing.assert_allclose(((w + w.T) * P).sum(1), w.sum(1), atol=1e-6)


def test_a_result_that_always_wins_has_a_finite_score():
    w = np.array([[0, 1000.0], [0, 0]])
    assert bradley_terry(w, prior=1e-6)[0] == pytest.approx(np.log(2e9 + 1) / 2, rel=1e-6)
    with pytest.raises(nst.SettingError, match="prior=0"):
        bradley_terry(w, prior=0)


def test_swapping_names_flips_the_scores():
    other = {"a": "b", "b": "a", DECOY: DECOY}
    log = frame(answers_of("ann", lambda trial: min(trial.left, trial.right), {"": group("ab")}))
    swapped = log.replace({column: other for column in ("left", "right", "chosen")})
    assert scores(log).score["a"] > 0
    assert scores(swapped).score["a"] == pytest.approx(-scores(log).score["a"])


def test_simulated_raters_are_ranked_and_intervals_cover_the_truth():
    rng = np.random.default_rng(0)
    true = pd.Series(TRUE) - np.mean(list(TRUE.values()))
    covered = []
    for _ in range(100):
        table = scores(simulated(TRUE, 15, rng), resamples=300)
        assert (table.low < table.score).all()
        assert (table.score < table.high).all()
        covered += list((table.low <= true[table.index]) & (true[table.index] <= table.high))
    assert 0.9 <= np.mean(covered) <= 0.98
    assert list(scores(simulated(TRUE, 60, rng), resamples=10).index) == ["good", "fair", "poor"]


def test_raters_are_the_unit_of_the_intervals():
    """Twenty raters of whom each repeats one opinion know less than their answers' number says."""
    opinions = [lambda trial: min(trial.left, trial.right), lambda trial: max(trial.left, trial.right)]
    groups = {"": group("ab")}
    stubborn = frame(a for i in range(20) for a in answers_of(str(i), opinions[i % 2], groups))
    table = scores(stubborn)
    wide = (table.high - table.low)["a"]
    alone = scores(stubborn.assign(rater=stubborn.rater + stubborn.repeat.astype(str)))
    assert wide > 1.25 * (alone.high - alone.low)["a"]  # √2 with independent answers


def test_the_table_counts_and_leaves_catch_trials_out():
    rng = np.random.default_rng(0)
    log = simulated(TRUE, 4, rng)
    table = scores(log)
    assert list(table.answers) == [16, 16, 16]
    assert table.wins.sum() == 24
    assert table.score.mean() == pytest.approx(0)
    alone = scores(log[log.rater == "rater 0"])
    assert alone[["low", "high"]].isna().all(axis=None)
    nothing = scores(frame([]))
    assert nothing.empty
    assert list(nothing) == list(table)


# Power


def test_the_power_table_is_that_of_the_exact_binomial():
    table = power_table()
    wins = {6: 6, 10: 9, 15: 12, 20: 15, 30: 21, 40: 27, 60: 39}
    assert table.wins[list(wins)].to_dict() == wins
    known = {0.7: [0.12, 0.15, 0.30, 0.42, 0.59, 0.70, 0.84], 0.8: [0.26, 0.38, 0.65, 0.80, 0.94, 0.98, 1.00]}
    for share, powers in known.items():
        np.testing.assert_allclose(table[share][list(wins)], powers, atol=0.005)
    for n, row in table.iterrows():
        for share in (0.6, 0.9):
            summed = sum(comb(n, w) * share**w * (1 - share) ** (n - w) for w in range(int(row.wins), n + 1))
            assert row[share] == pytest.approx(summed)


@pytest.mark.parametrize("n", [6, 7, 20, 49, 200])
def test_the_wins_needed_are_the_fewest_that_the_test_finds(n):
    w = int(needed_wins(n))
    assert binomtest(w, n).pvalue < 0.05 <= binomtest(w - 1, n).pvalue


def test_the_trials_needed_for_a_power_of_80_percent():
    needed = {share: trials_needed(share) for share in (0.9, 0.8, 0.75, 0.7, 0.65, 0.6)}
    assert needed == {0.9: 12, 0.8: 20, 0.75: 30, 0.7: 49, 0.65: 90, 0.6: 199}
    assert power_table([5]).loc[5, 0.9] == 0  # five answers cannot show anything
    assert trials_needed(1.0, 0.99) == 6
    assert 19_000 < trials_needed(0.51) < 20_000
    for share, wanted in ((0.5, 0.8), (1.1, 0.8), (0.8, 1.0)):
        with pytest.raises(nst.SettingError, match="use a share from"):
            trials_needed(share, wanted)
