"""The temporal term: by hand in NumPy, by finite differences, in an objective, in the formula, and its knob."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nst_jax as nst
from nst_jax.losses.formula import formula
from nst_jax.losses.objective import Objective
from nst_jax.notebook.knobs import knobs_of_terms
from tests.support.objectives import run_to_end
from tests.support.pictures import picture
from tests.support.precision import double_precision

h, w = 12, 17


@pytest.fixture
def three(rng):
    return picture(h, w, 1), picture(h, w, 2), rng.uniform(size=(h, w)).astype(np.float32)


def test_it_is_the_weighted_mean_of_squared_differences(three):
    x, y, c = three
    want = sum(c[i, j] * (x[i, j, k] - y[i, j, k]) ** 2 for i in range(h) for j in range(w) for k in range(3))
    assert float(nst.temporal_loss(x, y, c)) == pytest.approx(want / (3 * h * w), rel=1e-5)


def test_a_static_scene_costs_nothing(three):
    x, y, c = three
    assert float(nst.temporal_loss(x, x, c)) == 0
    assert float(nst.temporal_loss(x, y, 0 * c)) == 0


def test_its_gradient_is_that_of_finite_differences(rng):
    with double_precision():
        x, y, d = (rng.normal(size=(h, w, 3)) for _ in range(3))
        c = rng.uniform(size=(h, w))
        term = nst.Temporal(jnp.asarray(y), jnp.asarray(c), 7.0)
        slope = np.vdot(jax.grad(lambda x: term(x, {}))(jnp.asarray(x)), d)
        there, back = (float(term(x + sign * 1e-4 * d, {})) for sign in (1, -1))
        assert slope == pytest.approx((there - back) / 2e-4, rel=1e-7)


def test_shapes_that_do_not_fit_are_named(three):
    x, y, c = three
    with pytest.raises(nst.ShapeError, match="differ in shape"):
        nst.temporal_loss(x, y[1:], c)
    with pytest.raises(nst.ShapeError, match="give a weight for each pixel"):
        nst.temporal_loss(x, y, c[1:])


def test_alone_it_brings_back_what_can_be_trusted(vgg, three):
    """The minimum is y where c > 0; where c = 0, nothing pulls."""
    x, y, c = three
    c = (c > 0.5).astype(np.float32)
    objective = Objective(vgg, (nst.Temporal(jnp.asarray(y), jnp.asarray(c), jnp.float32(100)),))
    found = run_to_end(objective, x, nst.lbfgs(cutoff=None), 40).image
    np.testing.assert_allclose(found[c > 0], y[c > 0], atol=1e-3)
    np.testing.assert_allclose(found[c == 0], x[c == 0], atol=1e-6)


def test_it_has_a_knob_and_stands_in_the_formula(vgg, three):
    _, y, c = three
    objective = Objective(vgg, (nst.Temporal(jnp.asarray(y), jnp.asarray(c)), nst.TotalVariation(1.0)))
    (knob, _) = knobs_of_terms(objective)
    assert (knob.name, knob.kind, knob.layer) == ("temporal", "temporal", None)
    written = formula("author", 1.0, 50.0, 0.0, ["conv4_2"], ["conv1_1"], temporal=300.0)
    assert r"\underbrace{300}_{\mathrm{temporal}} \, \frac{1}{3hw} \sum_{i,j,k} c_{ij}" in written
    assert "temporal" not in formula("author", 1.0, 50.0, 0.0, ["conv4_2"], ["conv1_1"])
