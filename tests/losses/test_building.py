"""From pictures to terms: several styles, weights that compare between statistics, what is kept, what is chosen."""

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nst_jax as nst
from nst_jax.losses.building import Example, as_strong_as_gram, frozen, style_terms
from nst_jax.losses.objective import Kept
from nst_jax.losses.style.catalogue import STATISTICS
from tests.support.pictures import picture
from tests.support.weights import random_weights

WEIGHTS = {"conv1_1": 0.5, "conv2_1": 2.0}


@pytest.fixture(scope="module")
def vgg():
    return nst.VGG19(random_weights())


def objective(vgg, shares, statistic=nst.GRAM):
    styles = [Example(jnp.asarray(picture(20, 24, seed)), share) for seed, share in shares]
    return nst.Objective(vgg, tuple(style_terms(vgg, styles, WEIGHTS, statistic)))


def test_a_blend_of_grams_has_the_gradient_of_the_weighted_losses_and_differs_from_them_by_a_constant(vgg):
    x = picture(16, 18, 9)
    blend, both = objective(vgg, [(1, 0.7), (2, 0.3)]), [objective(vgg, [(seed, 1.0)]) for seed in (1, 2)]
    weighted = sum(w * jax.grad(each)(x) for w, each in zip((0.7, 0.3), both, strict=True))
    np.testing.assert_allclose(jax.grad(blend)(x), weighted, rtol=1e-4, atol=1e-6 * np.abs(weighted).max())
    apart = 0.7 * both[0](x) + 0.3 * both[1](x) - blend(x)
    expected = 0.0
    for a, b, mean in zip(*(each.terms for each in both), blend.terms, strict=True):
        N = len(mean.target.total)
        for share, A in ((0.7, a), (0.3, b)):
            expected += mean.weight * share * ((A.target.total - mean.target.total) ** 2).sum() / (4 * N**2)
    np.testing.assert_allclose(apart, expected, rtol=1e-3)


def test_two_equal_styles_are_one_bit_for_bit_and_one_of_weight_zero_is_none(vgg):
    x = picture(16, 18, 9)
    one = objective(vgg, [(1, 1.0)])(x)
    assert objective(vgg, [(1, 0.5), (1, 0.5)])(x) == one
    assert objective(vgg, [(1, 1.0), (2, 0.0)])(x) == one


def test_statistics_without_a_blend_add_the_losses_of_the_styles(vgg):
    x, statistic = picture(16, 18, 9), STATISTICS["contextual"]
    both = objective(vgg, [(1, 0.7), (2, 0.3)], statistic)
    assert [term.name for term in both.terms][:2] == ["style 1/conv1_1", "style 2/conv1_1"]
    each = [objective(vgg, [(seed, 1.0)], statistic)(x) for seed in (1, 2)]
    np.testing.assert_allclose(both(x), 0.7 * each[0] + 0.3 * each[1], rtol=1e-5)


@pytest.mark.parametrize("name", ["wasserstein", "sliced", "patches"])
def test_a_statistic_pulls_as_strongly_as_gram_at_the_picture_it_was_weighed_at(vgg, name):
    p = jnp.asarray(picture(16, 18, 9))
    F = vgg(p, tuple(WEIGHTS))
    grams, terms = (objective(vgg, [(1, 1.0)], STATISTICS[each]).terms for each in ("gram", name))
    for term, gram in zip(as_strong_as_gram(terms, grams, F), grams, strict=True):
        if term.statistic.freeze is not None:
            term = dataclasses.replace(term, target=term.statistic.freeze(term.target, F[term.layer], None))
        pulls = [
            float(jnp.linalg.norm(jax.grad(lambda f, each=each: each(p, {each.layer: f}))(F[each.layer])))
            for each in (term, gram)
        ]
        np.testing.assert_allclose(pulls[0], pulls[1], rtol=1e-3)


def test_a_picture_equal_to_its_style_has_no_pull_and_keeps_its_weight(vgg):
    a = jnp.asarray(picture(20, 24, 1))
    grams, terms = (objective(vgg, [(1, 1.0)], STATISTICS[each]).terms for each in ("gram", "mean"))
    assert all(np.isfinite(float(each.weight)) for each in as_strong_as_gram(terms, grams, vgg(a, tuple(WEIGHTS))))


def test_what_is_kept_is_the_picture_whatever_x_is_there(vgg):
    p, x = picture(16, 18, 3), picture(16, 18, 9)
    T = np.zeros((16, 18, 1), np.float32)
    T[:, 9:] = 1
    kept = dataclasses.replace(objective(vgg, [(1, 1.0)]), kept=Kept(jnp.asarray(p), jnp.asarray(T)))
    assert kept(x) == objective(vgg, [(1, 1.0)])(p + T * (x - p))
    g = jax.grad(kept)(jnp.asarray(x))
    assert not g[:, :9].any()
    assert (np.abs(g[:, 9:]).max(axis=(0, 1)) > 0).all()


def test_what_a_stage_matches_is_chosen_at_its_start_and_kept(vgg):
    x, y = picture(16, 18, 9), picture(16, 18, 8)
    fresh = objective(vgg, [(1, 1.0)], STATISTICS["nearest"])
    stage = frozen(fresh, x)
    np.testing.assert_allclose(stage(x), fresh(x), rtol=1e-5)
    assert stage(y) > fresh(y) * 1.001  # matches chosen for x are not the nearest of y
    np.testing.assert_allclose(frozen(stage, y)(y), fresh(y), rtol=1e-5)
    gram = objective(vgg, [(1, 1.0)])
    assert frozen(gram, x) is gram
