"""A budget of memory: how it is written, what is planned for it, and what a run of that plan makes."""

import dataclasses

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.networks.formats import write_weights
from nst_jax.transfer import plan as planning
from nst_jax.transfer.budget import bytes_of, free_memory, gigabytes
from nst_jax.transfer.estimate import memory
from nst_jax.transfer.job import prepare
from nst_jax.transfer.plan import Needs, plan_scale
from tests.support.pictures import picture
from tests.support.weights import random_weights

LARGE, WHOLE = (3072, 4096), 3072 * 4096
LAYERS = {"content_layers": "conv2_2", "style_layers": ("conv1_1", "conv2_1")}


@pytest.fixture(scope="module")
def network():
    return nst.VGG19(random_weights((4, 6, 8, 8, 8)))


@pytest.fixture(scope="module")
def needs(network):
    layers = ("conv4_2", "conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1")
    return Needs(network, layers, ("conv4_2",), nst.lbfgs(), lowers=True)


@pytest.mark.parametrize(
    ("given", "size"),
    [("4GB", 4e9), ("800 MB", 8e8), ("1.5GiB", 1.5 * 2**30), ("2g", 2e9), ("64kib", 2**16), (5e9, 5e9), ("123", 123)],
)
def test_a_budget_is_written_as_people_do(given, size):
    assert bytes_of(given) == size
    assert nst.Settings(memory=given).memory == size


@pytest.mark.parametrize("given", ["", "much", "4XB", "-1GB", 0, -5, True, [1], "1e3", "nan", float("inf"), "9" * 30])
def test_what_is_no_budget_is_refused(given):
    with pytest.raises(nst.SettingError, match=r"memory=.*: give a number of bytes, or text such as 4GB or 800MB"):
        nst.Settings(memory=given)


@pytest.mark.parametrize("size", [7.9e6, 8e8, 1.23e9, 64e9])
def test_what_is_printed_can_be_given(size):
    assert bytes_of(gigabytes(size)) == pytest.approx(size, rel=0.07)


def test_free_memory_is_less_than_the_machine_has():
    free = free_memory()
    assert free is None or 0 < free < 2**50


def test_a_plan_keeps_to_its_budget_and_takes_the_largest_tiles(needs):
    whole = plan_scale(needs, LARGE, 20, None)
    assert (whole.tiling, whole.pairs, whole.work) == (None, None, 1)
    window, pairs = 0, 0
    for gigabytes_ in (4.2, 4.5, 5, 6, 8):
        plan = plan_scale(needs, LARGE, 20, int(gigabytes_ * 1e9))
        assert plan.bytes <= gigabytes_ * 1e9
        assert plan.bytes == needs.bytes(LARGE, plan.tiling.pixels if plan.tiling else WHOLE, plan.optimizer)
        here = LARGE if plan.tiling is None else plan.tiles.window
        assert plan.pairs >= pairs
        if plan.pairs == pairs:
            assert here[0] * here[1] >= window
        window, pairs = here[0] * here[1], plan.pairs
    assert plan_scale(needs, LARGE, 20, whole.bytes) == whole


def test_pairs_are_given_up_before_a_picture_is_cut_but_not_the_last_ten(needs):
    ten = needs.bytes(LARGE, WHOLE, nst.lbfgs(10))
    assert plan_scale(needs, LARGE, 30, ten).pairs == 10
    assert plan_scale(needs, LARGE, 30, ten).tiling is None
    assert plan_scale(needs, LARGE, 30, ten - 10**7).tiling is not None
    # Of ten evaluations no more than ten pairs come, so that more are never missed.
    assert plan_scale(needs, LARGE, 10, ten).pairs == 10


def test_other_optimisers_are_left_as_they_are(needs):
    adam = dataclasses.replace(needs, optimizer=nst.adam(), lowers=False)
    plan = plan_scale(adam, LARGE, 20, (adam.bytes(LARGE, 0, nst.adam()) + adam.bytes(LARGE, WHOLE, nst.adam())) // 2)
    assert (plan.pairs, plan.optimizer) == (None, nst.adam())
    assert plan.tiling is not None
    assert plan_scale(dataclasses.replace(needs, lowers=False), LARGE, 20, int(8e9)) is None


def test_checkpoints_take_memory(needs):
    kept = dataclasses.replace(needs, kept=True)
    assert kept.bytes(LARGE, 10**6, nst.lbfgs(20)) > needs.bytes(LARGE, 10**6, nst.lbfgs(20))


def settings(network, **more):
    return {"network": network, "size": 160, "scales": 1, "steps": 4, "optimizer": "adam", **LAYERS, **more}


P, A = picture(120, 160), picture(100, 90, 1)


def test_a_run_in_tiles_makes_the_picture_of_a_run_in_one_piece(network):
    given = settings(network, optimizer=nst.lbfgs(5))  # pairs of the user's own, which are not lowered
    whole = prepare(P, A, **given)
    budget = memory(whole) - 200_000
    in_tiles = prepare(P, A, **given, memory=budget)
    assert whole.notes == ()
    (note,) = in_tiles.notes
    assert f"160 pixels: {gigabytes(memory(in_tiles))} of memory, " in note
    assert " tiles of " in note
    assert " with a halo of 6, " in note
    assert memory(in_tiles) <= budget
    one, other = nst.stylize(P, A, **given), nst.stylize(P, A, **given, memory=budget)
    assert np.abs(one.image - other.image).max() < 1e-3
    assert one.loss == pytest.approx(other.loss, rel=1e-4)
    assert other.notes == (note,)


def test_a_run_of_several_scales_is_cut_where_it_must_be(network):
    given = settings(network, optimizer="lbfgs", scales=2)
    plan = prepare(P, A, **given).plan
    coarse, fine = prepare(P, A, **given | {"memory": (plan[0].bytes + plan[1].bytes) // 2}).plan
    assert (coarse.tiling, coarse.pairs) == (None, None)
    assert fine.pairs == 4  # of four evaluations


def test_what_cannot_fit_is_refused_with_what_would(network):
    least = planning.PROCESS + 3_000_000
    with pytest.raises(nst.SettingError, match=r"memory=\d+MB: a picture of 160 × 120 needs \d+MB; give") as refused:
        prepare(P, A, **settings(network, memory=least))
    words = str(refused.value).replace(",", "").split()
    assert "optimizer=adam" not in str(refused.value)  # which it has already
    advice = dict(
        word.split("=") for word in words if "=" in word and not word.startswith("memory=" + gigabytes(least))
    )
    assert prepare(P, A, **settings(network, memory=advice["memory"]))
    assert prepare(P, A, **settings(network, memory=least) | {"size": int(advice["size"])})


@pytest.mark.parametrize(
    ("how", "what"),
    [({"statistic": "patches"}, "the statistic patches"), ({"self_similarity": 1.0}, "self_similarity")],
)
def test_what_is_no_sum_over_positions_is_whole_or_refused(network, how, what):
    given = settings(network, **how)
    job = prepare(P, A, **given)
    assert job.plan[-1].tiling is None
    with pytest.raises(nst.SettingError, match=f"{what} cannot be computed in tiles; give memory="):
        prepare(P, A, **given, memory=memory(job) - 500_000)


def test_the_default_is_a_share_of_what_is_free(network, monkeypatch):
    monkeypatch.setattr(planning, "free_memory", lambda: None)
    assert prepare(P, A, **settings(network)).budget is None
    monkeypatch.setattr(planning, "free_memory", lambda: 3_000_000)
    with pytest.raises(nst.SettingError, match="give memory="):
        prepare(P, A, **settings(network))


def test_a_resumed_run_has_the_tiles_that_it_began_with(tmp_path, monkeypatch):
    nst.save_image(tmp_path / "p.png", P)
    nst.save_image(tmp_path / "a.png", A)
    write_weights(
        tmp_path / "narrow.safetensors", random_weights(layers=("conv1_1", "conv1_2", "conv2_1", "conv2_2")), {}
    )
    given = settings(tmp_path / "narrow.safetensors", optimizer="lbfgs")
    monkeypatch.setattr(planning, "free_memory", lambda: 10**10)
    whole = prepare(tmp_path / "p.png", tmp_path / "a.png", **given, kept=True)
    free = (memory(whole) - planning.PROCESS - 200_000) / planning.SHARE
    monkeypatch.setattr(planning, "free_memory", lambda: int(free))
    folder = nst.RunFolder(tmp_path / "run")
    begun = folder.begin(tmp_path / "p.png", tmp_path / "a.png", **given)
    assert begun.plan != whole.plan
    monkeypatch.setattr(planning, "free_memory", lambda: 10**12)
    again = folder.reopen()
    assert again.plan == begun.plan
    assert again.settings.memory is None
