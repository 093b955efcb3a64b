"""Content beside features: the terms that settings ask for, their optimiser, and runs with them."""

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.losses.building import features
from nst_jax.transfer.job import prepare
from nst_jax.transfer.objective import objective_at
from nst_jax.transfer.run import run
from nst_jax.transfer.settings import without_effect
from tests.support.pictures import picture
from tests.support.weights import random_weights

TERMS = {"laplacian": 5.0, "self_similarity": 2.0}


@pytest.fixture(scope="module")
def settings():
    layers = {"content_layers": {"conv1_2": 0.5, "conv2_2": 1}, "style_layers": ["conv1_1"]}
    return {"network": nst.VGG19(random_weights()), "size": 64, "steps": 4, "scales": 2, **layers}


def test_each_weight_has_its_terms_with_the_content_layers_shares(settings):
    job = prepare(picture(48, 64), picture(48, 64, 1), **settings, **TERMS)
    objective, x = objective_at(job, 1), picture(48, 64, 2)
    parts, p = objective.breakdown(x), nst.resize(job.content, (48, 64))
    assert float(parts["laplacian"]) == pytest.approx(5 * float(nst.laplacian_loss(x, p)), rel=1e-5)
    F, P = (features(job.network, each, ("conv1_2", "conv2_2")) for each in (x, p))
    for layer, share in settings["content_layers"].items():
        loss = nst.self_similarity_loss(*(nst.self_similarity(each[layer]) for each in (F, P)))
        assert float(parts[f"self_similarity/{layer}"]) == pytest.approx(2 * share * float(loss), rel=1e-3)
    plain = objective_at(prepare(picture(48, 64), picture(48, 64, 1), **settings), 1)
    added = {"laplacian", "self_similarity/conv1_2", "self_similarity/conv2_2"}
    assert set(parts) - {term.name for term in plain.terms} == added


def test_a_term_that_is_not_smooth_runs_with_adam_unless_an_optimiser_is_given(settings):
    for given, steerable in (  # as Adam is, and L-BFGS is not
        ({}, False),
        ({"laplacian": 1}, False),
        ({"self_similarity": 1}, True),
        ({"self_similarity": 1, "optimizer": "lbfgs"}, False),
        ({"statistic": "central-moments"}, True),
    ):
        job = prepare(picture(48, 64), picture(48, 64, 1), **settings, **given)
        assert job.optimizer.steerable == steerable


def test_a_resumed_run_with_them_is_the_uninterrupted_one(settings):
    job = prepare(picture(48, 64), picture(48, 64, 1), **settings, **TERMS)
    snapshots = iter(run(job, every=2))
    saved = next(snapshots).checkpoint()
    *_, whole = snapshots
    *_, resumed = run(job, saved)
    assert saved["scale"] == 0
    assert whole.evaluations == 8
    for column in ("total", "laplacian", "self_similarity"):
        np.testing.assert_array_equal(resumed.losses[column], whole.losses[column])
    assert whole.losses["laplacian"][-1] > 0
    assert whole.losses["self_similarity"][-1] > 0
    np.testing.assert_array_equal(resumed.image, whole.image)


@pytest.mark.parametrize("weight", ["laplacian", "self_similarity"])
def test_its_weight_keeps_what_it_measures(settings, weight):
    """It also works alone, as the only objective: a picture is found that shares it with the photo."""
    pictures, alone = (picture(48, 64), picture(48, 64, 1)), {"alpha": 0, "tv": 0, "steps": 30, "scales": 1}
    apart = nst.stylize(*pictures, **settings | alone | {"beta": 0, "init": "noise", weight: 10.0})
    assert apart.losses[weight][-1] < 0.8 * apart.losses[weight][0]
    assert "style" not in apart.losses


def test_weights_without_layers_are_told():
    no_content = {"content_layers": (), "style_layers": ("conv1_1",)}
    with pytest.raises(nst.SettingError, match="every weight is zero"):
        nst.Settings(alpha=0, beta=0, tv=0, self_similarity=1, content_layers=())
    with pytest.raises(nst.SettingError, match=r"self_similarity times its layers' weights is 1e[+]30"):
        nst.Settings(self_similarity=1e15, content_layers={"conv1_1": 1e15})
    with pytest.raises(nst.SettingError, match="laplacian=-1: give a number from 0 up"):
        nst.Settings(laplacian=-1)
    start = "the content has no weight, so the photo is a start at most"
    lost = "self_similarity has no effect without a content layer"
    for given, notes in (
        ({"alpha": 0}, [start]),
        ({"alpha": 0, "self_similarity": 1}, []),
        ({"alpha": 0, "laplacian": 1}, []),
        (no_content, [start]),
        (no_content | {"self_similarity": 1}, [start, lost]),
        (no_content | {"laplacian": 1}, []),
    ):
        assert without_effect(nst.Settings(**given)) == notes
