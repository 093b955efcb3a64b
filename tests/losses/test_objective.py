"""The objective: its parts, what it costs, and what changing it compiles."""

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nst_jax as nst
from nst_jax.losses.building import build_objective
from tests.networks.test_vgg import convolutions
from tests.support.pictures import picture

CONTENT = {"conv3_2": 2.0, "conv2_1": 0.5}
STYLE = {"conv1_1": 3.0, "conv3_1": 1.0, "conv4_1": 0.25}


@pytest.fixture
def objective(vgg):
    return build_objective(vgg, picture(40, 48, 1), picture(36, 60, 2), CONTENT, STYLE, tv=0.1)


def test_breakdown_holds_every_term_and_adds_up(objective):
    parts = objective.breakdown(picture(40, 48, 3))
    assert tuple(parts) == tuple(term.name for term in objective.terms)
    assert set(parts) == {*(f"content/{l}" for l in CONTENT), *(f"style/{l}" for l in STYLE), "tv"}
    assert float(objective(picture(40, 48, 3))) == pytest.approx(sum(map(float, parts.values())), rel=1e-6)
    assert all(float(part) > 0 for part in parts.values())


def test_terms_are_the_papers_losses_times_their_weights(vgg, objective):
    p, a, x = picture(40, 48, 1), picture(36, 60, 2), picture(40, 48, 3)
    parts = objective.breakdown(x)
    F, P, S = (vgg(image, [*CONTENT, *STYLE]) for image in (x, p, a))
    for layer, weight in CONTENT.items():
        want = weight * 0.5 * np.sum((np.asarray(F[layer], np.float64) - np.asarray(P[layer])) ** 2)
        assert float(parts[f"content/{layer}"]) == pytest.approx(want, rel=1e-4)
    for layer, weight in STYLE.items():
        f, s = (np.asarray(features[layer], np.float64).reshape(-1, features[layer].shape[-1]) for features in (F, S))
        G, A = f.T @ f / len(f), s.T @ s / len(s)  # the painting has another number of positions
        want = weight * np.sum((G - A) ** 2) / (4 * f.shape[1] ** 2)
        assert float(parts[f"style/{layer}"]) == pytest.approx(want, rel=1e-4)
    assert float(parts["tv"]) == pytest.approx(0.1 * float(nst.total_variation(x)), rel=1e-6)


def test_the_content_picture_has_no_content_loss(vgg):
    p = picture(40, 48, 1)
    loss = build_objective(vgg, p, None, CONTENT, {})
    assert float(loss(p)) <= 1e-9 * float(loss(picture(40, 48, 3)))


def test_the_style_picture_has_no_style_loss(vgg):
    a = picture(40, 48, 2)
    loss = build_objective(vgg, None, a, {}, STYLE)
    assert float(loss(a)) <= 1e-9 * float(loss(picture(40, 48, 3)))


def test_one_pass_of_the_network_serves_all_terms(objective):
    assert convolutions(objective, picture(40, 48)) == 9  # to conv4_1, the deepest of them


def test_changing_weights_and_targets_compiles_nothing(objective):
    traced = 0

    @jax.jit
    def loss(objective, x):
        nonlocal traced
        traced += 1
        return objective(x)

    x = picture(40, 48, 3)
    first = loss(objective, x)
    terms = tuple(dataclasses.replace(term, weight=2 * term.weight) for term in objective.terms)
    heavier = dataclasses.replace(objective, terms=terms)
    assert float(loss(heavier, x)) == pytest.approx(2 * float(first), rel=1e-5)
    content = dataclasses.replace(objective.terms[0], P=jnp.zeros_like(objective.terms[0].P))
    loss(dataclasses.replace(objective, terms=(content, *objective.terms[1:])), x)
    loss(build_objective(objective.network, picture(40, 48, 7), picture(20, 20, 8), CONTENT, STYLE, tv=9.0), x)
    assert traced == 1


def test_layers_without_weight_are_left_out(vgg):
    objective = build_objective(vgg, picture(32, 32), picture(32, 32), {"conv1_1": 1.0, "conv4_2": 0.0}, {"conv5_1": 0})
    assert [term.name for term in objective.terms] == ["content/conv1_1"]


def test_bad_weights_are_named(vgg):
    with pytest.raises(nst.SettingError, match="every weight is zero"):
        build_objective(vgg, picture(32, 32), picture(32, 32), {"conv1_1": 0.0}, {})
    with pytest.raises(nst.SettingError, match="the weight of conv1_1 is -1"):
        build_objective(vgg, picture(32, 32), picture(32, 32), {"conv1_1": -1.0}, {})
    with pytest.raises(nst.SettingError, match="the weight of tv is nan"):
        build_objective(vgg, picture(32, 32), picture(32, 32), {"conv1_1": 1.0}, {}, tv=float("nan"))


def test_a_term_of_ones_own_is_all_it_takes(vgg):
    @jax.tree_util.register_dataclass
    @dataclasses.dataclass(frozen=True)
    class Brightness:
        target: float
        weight: float = 1.0
        kind = name = "brightness"
        layer = None

        def __call__(self, x, F):
            return self.weight * (jnp.mean(x) - self.target) ** 2

    objective = nst.Objective(vgg, (Brightness(0.9),))
    *_, snapshot = nst.optimize(objective, np.full((16, 16, 3), 0.2, np.float32), nst.lbfgs(), 20)
    assert snapshot.image.mean() == pytest.approx(0.9, abs=1e-3)


def test_two_terms_of_one_name_are_refused(vgg):
    for terms, named in (((nst.TotalVariation(1.0), nst.TotalVariation(2.0)), "tv, tv"), ((), "none")):
        with pytest.raises(nst.SettingError, match=f"the terms are {named}; give one or more, each under its own name"):
            nst.Objective(vgg, terms)(picture(32, 32))
