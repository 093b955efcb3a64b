"""The studies: optimisers by name and Adam by its rate in one grid, and tables that say which level is best."""

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.research import studies
from nst_jax.research.rates import RATES, TUNED, with_rate
from nst_jax.research.scores import picture_of


def test_optimisers_by_name_and_by_rate_are_in_one_table(tmp_path):
    small = {"size": 32, "steps": 3, "seed": [1], "style": ["vortex"]}
    runs = studies.study("optimiser", tmp_path, **small | {"optimizer": ["lbfgs", "adam 0.4", "adam 0.1"]})
    table = runs.table()
    assert list(table.optimizer) == ["lbfgs", "adam 0.4", "adam 0.1"]
    assert list(table.state) == 3 * ["done"]
    made = {run.factors["optimizer"]: picture_of(run.folder) for run in runs.runs}
    adam = nst.adam(0.4, average=0.0)
    base = {name: value for name, value in studies.BASE.items() if name != "optimizer"}
    settings = base | {"size": 32, "steps": 3, "seed": 1, "optimizer": adam}
    own = nst.stylize(studies.PHOTO, "vortex", **settings).image
    np.testing.assert_allclose(made["adam 0.4"], own, atol=1 / 255)  # of 8 bits
    assert np.abs(made["adam 0.4"] - made["adam 0.1"]).max() > 0.1
    runs.sheet("style", "optimizer", width=32)


def test_statistics_are_compared_at_equal_content_from_a_start_for_each_seed(tmp_path):
    few = {"network": ["vgg19-slim"], "style": ["vortex"], "content": ["chelsea", "coffee"], "seed": [0, 3]}
    short = {"size": 48, "steps": 4, "beta": 0.01, "statistic": ["gram", "mean"]}
    runs = studies.study("statistic", tmp_path, **few | short)
    table = studies.rows_of("statistic", runs)
    assert list(table.seed) == 4 * [0, 3]
    assert list(table.statistic) == 2 * ["gram", "gram", "mean", "mean"]
    assert table.roughness.notna().all()
    means = table.groupby(["content", "statistic"]).content_distance.mean().unstack()
    assert (means["mean"] / means["gram"]).values == pytest.approx(1, rel=0.05)
    p = nst.load_image("chelsea", 48)
    zero, three = (nst.load_image(tmp_path / "starts" / f"chelsea-48-{seed}.png") for seed in (0, 3))
    assert [np.std(x - p) for x in (zero, three)] == 2 * [pytest.approx(studies.NOISE, rel=0.1)]
    assert np.abs(zero - three).mean() > 0.05
    assert "vgg19-slim, style_distance against statistic gram" in studies.better_than_gram(table)


def test_a_run_by_rate_is_named_by_the_module_that_makes_it():
    assert with_rate.__module__ == "nst_jax.research.rates"  # not __main__, where the studies are started


@pytest.mark.parametrize("name", studies.STUDIES)
def test_each_table_of_the_package_is_of_the_levels_of_its_study(name):
    table = studies.table(name)
    for factor, levels in studies.STUDIES[name].items():
        assert table[factor].nunique() == len(levels)
    assert (table.state == "done").all()
    assert table.style_distance.notna().all()


def test_the_rate_called_tuned_has_the_lowest_loss():
    losses = studies.table("optimiser").groupby("optimizer")["loss"].mean()
    assert losses[list(RATES)].idxmin() == TUNED
