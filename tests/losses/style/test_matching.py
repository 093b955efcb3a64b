"""What holds for every statistic that is not a sum over positions."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nst_jax as nst
from nst_jax.losses.style.contextual import CONTEXTUAL
from nst_jax.losses.style.nearest import NEAREST
from nst_jax.losses.style.patches import PATCHES
from nst_jax.losses.style.relaxed_emd import RELAXED_EMD
from nst_jax.losses.style.sliced import HISTOGRAM, SLICED
from tests.support.pictures import picture
from tests.support.precision import double_precision

STATISTICS = {each.name: each for each in (SLICED, HISTOGRAM, PATCHES, NEAREST, CONTEXTUAL, RELAXED_EMD)}
FROZEN = {name: each for name, each in STATISTICS.items() if each.freeze is not None}
every_one = pytest.mark.parametrize("statistic", STATISTICS.values(), ids=STATISTICS)
every_frozen_one = pytest.mark.parametrize("statistic", FROZEN.values(), ids=FROZEN)


@pytest.fixture
def F(rng):
    return jnp.asarray(np.abs(rng.normal(size=(6, 5, 4))), jnp.float32)


@pytest.fixture
def A(rng):
    return jnp.asarray(np.abs(rng.normal(size=(5, 7, 4))), jnp.float32)


@partial(jax.jit, static_argnames="statistic")
def distance(statistic, F, A, guide=None, style_guide=None):
    return statistic.distance(statistic.measure(F, guide), statistic.target(A, style_guide))


def test_those_with_matches_are_frozen():
    assert set(FROZEN) == {"patches", "nearest"}


@every_one
def test_a_picture_is_at_no_distance_from_itself(statistic, A):
    assert float(distance(statistic, A, A)) == pytest.approx(0, abs=1e-2 if statistic is CONTEXTUAL else 1e-6)


@every_one
def test_pictures_of_other_sizes_are_compared_under_jit(statistic, F, A):
    value = statistic.distance(statistic.measure(F, None), statistic.target(A))
    assert float(value) > 1e-2
    assert float(distance(statistic, F, A)) == pytest.approx(float(value), rel=1e-4)


@every_one
def test_a_guide_of_ones_changes_nothing(statistic, F, A):
    ones = distance(statistic, F, A, jnp.ones(F.shape[:2]), jnp.ones(A.shape[:2]))
    assert float(ones) == pytest.approx(float(distance(statistic, F, A)), rel=1e-5)


@every_one
def test_weights_have_no_scale(statistic, F, A, rng):
    t, t_a = (jnp.asarray(rng.uniform(0.1, 1, size=G.shape[:2]), jnp.float32) for G in (F, A))
    assert float(distance(statistic, F, A, 3 * t, 5 * t_a)) == pytest.approx(
        float(distance(statistic, F, A, t, t_a)), rel=1e-4
    )


@every_one
def test_a_guide_leaves_out_positions_of_both_pictures(statistic, F, A):
    """The left columns are styled with the style's upper rows; what stands elsewhere has no effect."""
    reach = 1 if statistic is PATCHES else 0  # a patch is left out with its centre
    guide, style_guide = jnp.zeros((6, 5)).at[:, :3].set(1), jnp.zeros((5, 7)).at[:3].set(1)
    want = distance(statistic, F, A, guide, style_guide)
    other = distance(statistic, F.at[:, 3 + reach :].set(9), A.at[3 + reach :].set(-7), guide, style_guide)
    assert float(other) == pytest.approx(float(want), rel=1e-5)
    g = jax.grad(distance, argnums=1)(statistic, F, A, guide, style_guide)
    assert float(jnp.abs(g[:, :3]).max()) > 0
    assert float(jnp.abs(g[:, 3 + reach :]).max()) == 0


@pytest.mark.parametrize("statistic", [s for s in STATISTICS.values() if s is not PATCHES], ids=lambda s: s.name)
def test_places_have_no_effect(statistic, F, A, rng):
    def shuffled(F):
        return jnp.asarray(rng.permutation(np.asarray(F).reshape(-1, 4)).reshape(F.shape))

    assert float(distance(statistic, shuffled(F), shuffled(A))) == pytest.approx(
        float(distance(statistic, F, A)), rel=1e-4
    )


@every_one
def test_degenerate_features_have_a_finite_distance_and_gradient(statistic, F, A):
    value_and_grad = partial(jax.value_and_grad(distance, argnums=1), statistic)
    black, flat, dead = jnp.zeros_like, jnp.ones_like, lambda F: F.at[..., 1:].set(0)
    for of_picture in (black, flat, dead):
        for of_style in (jnp.asarray, black, flat, dead):
            value, g = value_and_grad(of_picture(F), of_style(A))
            assert np.isfinite(value)
            assert np.isfinite(g).all()


@every_one
def test_the_smallest_map(statistic, A):
    side = 3 if statistic is PATCHES else 1
    value, g = jax.value_and_grad(distance, argnums=1)(statistic, A[:side, :side], A)
    assert np.isfinite(value)
    assert np.isfinite(g).all()


@every_one
def test_gradients_by_finite_differences_in_float64(statistic, F, A, rng):
    with double_precision():
        F, A, d = (jnp.asarray(np.asarray(G, np.float64)) for G in (F, A, rng.normal(size=F.shape)))
        loss = partial(distance, statistic, A=A)
        step = 1e-6
        slope = (loss(F + step * d) - loss(F - step * d)) / (2 * step)
        assert float(jnp.vdot(jax.grad(loss)(F), d)) == pytest.approx(float(slope), rel=1e-4)


@every_one
def test_a_guide_of_another_shape_is_refused(statistic, F):
    with pytest.raises(nst.ShapeError, match=r"F \[6, 5\] and guide \[5, 6\] differ in shape"):
        statistic.measure(F, jnp.ones((5, 6)))


@every_frozen_one
def test_frozen_at_a_picture_the_distance_there_is_that_with_fresh_matches(statistic, F, A, rng):
    guide = jnp.asarray(rng.uniform(size=(6, 5)), jnp.float32)
    frozen = statistic.freeze(statistic.target(A), F, guide)
    S = statistic.measure(F, guide)
    assert float(statistic.distance(S, frozen)) == pytest.approx(float(distance(statistic, F, A, guide)), rel=1e-5)


@every_frozen_one
def test_matches_stay_until_they_are_frozen_again(statistic, F, A):
    elsewhere = F[::-1]
    old = statistic.freeze(statistic.target(A), F, None)
    again, first = (statistic.freeze(target, elsewhere, None) for target in (old, statistic.target(A)))
    S = statistic.measure(elsewhere, None)
    jax.tree.map(np.testing.assert_array_equal, again, first)
    assert float(statistic.distance(S, old)) > float(statistic.distance(S, again)) + 1e-3


@every_frozen_one
def test_lbfgs_lowers_the_distance_to_frozen_matches(statistic, vgg):
    a, x = jnp.asarray(picture(24, 20, 2)), jnp.asarray(picture(16, 16, 3))
    A, F = (vgg(each, ["conv2_1"])["conv2_1"] for each in (a, x))
    term = nst.Style("conv2_1", statistic, statistic.freeze(statistic.target(A), F, None))
    *_, snapshot = nst.optimize(nst.Objective(vgg, (term,)), x, nst.lbfgs(), 40)
    assert snapshot.losses["style"][-1] < 0.5 * snapshot.losses["style"][0]
    assert snapshot.losses["failures"][-1] == 0
