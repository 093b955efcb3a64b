"""What every style statistic promises, over the whole catalogue."""

from functools import lru_cache, partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nst_jax as nst
from nst_jax.losses.style import names
from nst_jax.losses.style.catalogue import STATISTICS, statistic_named

EVERY = pytest.mark.parametrize("statistic", STATISTICS.values(), ids=list(STATISTICS))
N = 6


def every_but(name):
    known = {other: statistic for other, statistic in STATISTICS.items() if other != name}
    return pytest.mark.parametrize("statistic", known.values(), ids=list(known))


def features(seed, h, w):
    """Like features after ReLU: half of them 0, and one filter dead."""
    F = np.maximum(np.random.default_rng(seed).normal(size=(h, w, N)), 0).astype(np.float32)
    F[..., 2] = 0
    return F


@lru_cache
def value_and_gradient(statistic):
    def loss(F, guide, target):
        return statistic.distance(statistic.measure(F, guide), target)

    return jax.jit(jax.value_and_grad(loss))


@partial(jax.jit, static_argnums=0)
def target_of(statistic, A):
    return statistic.target(A)


@EVERY
def test_a_picture_has_its_own_style(statistic):
    F, other = features(1, 10, 8), 2 * features(2, 7, 9)
    loss = value_and_gradient(statistic)
    at_itself, _ = loss(F, None, target_of(statistic, F))
    apart, slope = loss(F, None, target_of(statistic, other))
    assert abs(float(at_itself)) < 1e-4 * float(apart)
    assert float(jnp.abs(slope).max()) > 0


@every_but("contextual")  # in a flat picture every feature is the nearest to every other
def test_a_style_picture_of_another_size_serves_as_it_is(statistic):
    """A flat picture has the style of any part of it."""
    flat = np.full((20, 16, N), 0.7, np.float32)
    target = target_of(statistic, flat)
    loss = value_and_gradient(statistic)
    assert abs(float(loss(flat[:9, :7], None, target)[0])) < 1e-5
    other = flat[:9, :7] * np.linspace(0.2, 3, N, dtype=np.float32)  # in direction, too: some compare no lengths
    assert float(loss(other, None, target)[0]) > 1e-2


@EVERY
def test_a_guide_of_ones_changes_nothing(statistic):
    F, target = features(1, 10, 8), target_of(statistic, features(2, 7, 9))
    loss = value_and_gradient(statistic)
    plain, guided = loss(F, None, target), loss(F, np.ones((10, 8), np.float32), target)
    assert float(guided[0]) == pytest.approx(float(plain[0]), rel=1e-3)
    np.testing.assert_allclose(guided[1], plain[1], rtol=1e-2, atol=1e-5)


@EVERY
def test_the_size_of_a_guides_weights_is_of_no_account(statistic, rng):
    F, target = features(1, 10, 8), target_of(statistic, features(2, 7, 9))
    guide = rng.uniform(size=(10, 8)).astype(np.float32)
    loss = value_and_gradient(statistic)
    assert float(loss(F, 3 * guide, target)[0]) == pytest.approx(float(loss(F, guide, target)[0]), rel=1e-3)


@every_but("patches")  # a patch at the border holds features of both sides
def test_a_hard_guide_is_the_picture_without_the_rest(statistic):
    F, target = features(1, 10, 8), target_of(statistic, features(2, 7, 9))
    guide = np.zeros((10, 8), np.float32)
    guide[:, :5] = 1
    loss = value_and_gradient(statistic)
    value, slope = loss(F, guide, target)
    assert float(value) == pytest.approx(float(loss(F[:, :5], None, target)[0]), rel=1e-3)
    assert float(jnp.abs(slope[:, 5:]).max()) < 1e-6


@EVERY
def test_a_guide_of_another_size_is_refused(statistic):
    with pytest.raises(nst.ShapeError, match=r"F \[10, 8\] and guide \[8, 10\] differ in shape"):
        statistic.measure(features(1, 10, 8), np.ones((8, 10), np.float32))


PICTURES = {
    "black": np.zeros((4, 5, N), np.float32),
    "flat": np.full((4, 5, N), 300, np.float32),
    "fewer positions than filters": features(3, 1, 4),
    "strong": 1000 * features(3, 4, 5),
}


@EVERY
def test_values_and_gradients_are_finite(statistic):
    """Of black and flat pictures, dead filters, fewer positions than filters, networks that are not normalised."""
    loss = value_and_gradient(statistic)
    pictures = {name: F for name, F in PICTURES.items() if statistic.name != "patches" or min(F.shape[:2]) >= 3}
    for name, F in pictures.items():
        for other, A in pictures.items():
            value, slope = loss(F, None, target_of(statistic, A))
            assert np.isfinite(value), f"{name} to {other}"
            assert np.isfinite(slope).all(), f"{name} to {other}"


@EVERY
def test_the_gradient_is_that_of_finite_differences(statistic):
    from tests.support.precision import double_precision

    F, A = features(1, 5, 4), features(2, 4, 6)
    direction = np.random.default_rng(5).normal(size=F.shape) * (F > 0)
    with double_precision():
        loss = value_and_gradient(statistic)
        F, target = jnp.asarray(F, jnp.float64), target_of(statistic, jnp.asarray(A, jnp.float64))
        _, slope = loss(F, None, target)
        step = 1e-6
        there, back = (float(loss(F + sign * step * direction, None, target)[0]) for sign in (1, -1))
        assert float(jnp.vdot(slope, direction)) == pytest.approx((there - back) / (2 * step), rel=1e-5)


ADDITIVE = pytest.mark.parametrize("statistic", [s for s in STATISTICS.values() if s.additive], ids=lambda s: s.name)


def add(one, other):
    return jax.tree.map(lambda a, b: a + b, one, other)


def assert_equal(S, want):
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-4), S, want)


@ADDITIVE
def test_two_halves_add_up_to_the_whole(statistic):
    F = features(1, 10, 8)
    assert_equal(add(statistic.measure(F[:3], None), statistic.measure(F[3:], None)), statistic.measure(F, None))


@ADDITIVE
def test_a_soft_partition_adds_up_to_the_whole(statistic, rng):
    F, t = features(1, 10, 8), rng.uniform(size=(10, 8)).astype(np.float32)
    assert_equal(add(statistic.measure(F, t), statistic.measure(F, 1 - t)), statistic.measure(F, None))


@ADDITIVE
def test_a_part_without_weight_adds_nothing(statistic):
    F = features(1, 10, 8)
    nothing = statistic.measure(F, np.zeros((10, 8), np.float32))
    assert_equal(add(statistic.measure(F, None), nothing), statistic.measure(F, None))


@pytest.mark.parametrize("statistic", [s for s in STATISTICS.values() if s.blends], ids=lambda s: s.name)
def test_a_style_blended_with_itself_is_itself(statistic):
    F, target = features(1, 10, 8), target_of(statistic, features(2, 7, 9))
    blended = statistic.blended([target, target], [0.3, 0.7])
    loss = value_and_gradient(statistic)
    assert float(loss(F, None, blended)[0]) == pytest.approx(float(loss(F, None, target)[0]), rel=1e-3)


def test_those_that_look_for_the_nearest_have_no_blend():
    apart = {name for name, statistic in STATISTICS.items() if not statistic.blends}
    assert apart == {"patches", "nearest", "contextual", "relaxed-emd"}


def test_statistics_have_names():
    assert tuple(STATISTICS) == names.STATISTICS
    assert next(iter(STATISTICS)) == "gram"
    assert statistic_named("mean-spread") is STATISTICS["mean-spread"]
    with pytest.raises(nst.SettingError, match="there is no statistic 'grams'; there are gram, "):
        statistic_named("grams")
