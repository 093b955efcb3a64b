"""The Gram matrix as a statistic: guides, sums over positions, blends."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nst_jax as nst
from nst_jax.losses.building import build_objective
from tests.support.pictures import picture


@pytest.fixture
def F(rng):
    return jnp.asarray(rng.normal(size=(6, 8, 4)), jnp.float32)


@pytest.fixture
def A(rng):
    return nst.GRAM.target(jnp.asarray(rng.normal(size=(5, 5, 4)), jnp.float32))


def test_the_distance_is_the_papers_style_loss(F, A):
    M = 6 * 8
    want = nst.style_loss(nst.gram(F), M * A.total, positions=M)
    assert float(nst.GRAM.distance(nst.GRAM.measure(F, None), A)) == pytest.approx(float(want), rel=1e-6)


def test_a_guide_of_ones_changes_nothing(F, A):
    guided = nst.GRAM.measure(F, jnp.ones((6, 8)))
    np.testing.assert_allclose(guided.total, nst.gram(F), rtol=1e-6)
    assert float(guided.mass) == 48
    plain = nst.GRAM.distance(nst.GRAM.measure(F, None), A)
    assert float(nst.GRAM.distance(guided, A)) == pytest.approx(float(plain), rel=1e-5)


def test_a_guide_weighs_positions_and_not_features(F, rng):
    t = rng.uniform(size=(6, 8))
    want = np.einsum("yx,yxi,yxj->ij", t, np.asarray(F, np.float64), np.asarray(F, np.float64))
    guided = nst.GRAM.measure(F, jnp.asarray(t, jnp.float32))
    np.testing.assert_allclose(guided.total, want, rtol=1e-4, atol=1e-5)
    assert float(guided.mass) == pytest.approx(t.sum(), rel=1e-6)


@pytest.mark.parametrize("soft", [False, True])
def test_a_partition_of_guides_adds_up_to_the_whole(F, rng, soft):
    t = rng.uniform(size=(6, 8)) if soft else (rng.uniform(size=(6, 8)) > 0.5).astype(float)
    one, other = (nst.GRAM.measure(F, jnp.asarray(guide, jnp.float32)) for guide in (t, 1 - t))
    np.testing.assert_allclose(one.total + other.total, nst.gram(F), rtol=1e-4, atol=1e-5)
    assert float(one.mass + other.mass) == pytest.approx(48)


def test_sums_over_two_halves_are_the_sum_over_the_whole(F):
    halves = [nst.GRAM.measure(half, None) for half in (F[:3], F[3:])]
    both = jax.tree.map(lambda a, b: a + b, *halves)
    np.testing.assert_allclose(both.total, nst.gram(F), rtol=1e-5, atol=1e-5)
    assert both.mass == 48


def test_a_guided_term_ignores_what_its_guide_leaves_out(vgg):
    a, x = picture(32, 32, 2), picture(32, 32, 3)
    F = vgg(a, ["conv1_1"])["conv1_1"]
    guide = np.zeros((32, 32), np.float32)
    guide[:, :16] = 1
    term = nst.Style("conv1_1", nst.GRAM, nst.GRAM.target(F), guide=jnp.asarray(guide))
    g = jax.grad(lambda x: nst.Objective(vgg, (term,))(x))(jnp.asarray(x))
    assert float(jnp.abs(g[:, :16]).max()) > 0
    assert float(jnp.abs(g[:, 17:]).max()) == 0  # conv1_1 sees one pixel further


def test_blended_targets_have_the_gradient_of_the_weighted_losses(F, rng):
    """Σ_s w_s ‖G − A_s‖² and ‖G − Σ w_s A_s‖² differ by a constant, if the weights sum to 1."""
    targets = [nst.GRAM.target(jnp.asarray(rng.normal(size=(5, 5, 4)), jnp.float32)) for _ in range(2)]
    weights = (0.3, 0.7)
    blend = jax.tree.map(lambda a, b: weights[0] * a + weights[1] * b, *targets)

    def distance(F, target):
        return nst.GRAM.distance(nst.GRAM.measure(F, None), target)

    apart = jax.grad(lambda F: sum(w * distance(F, A) for w, A in zip(weights, targets, strict=True)))(F)
    np.testing.assert_allclose(jax.grad(distance)(F, blend), apart, rtol=1e-4, atol=1e-8)


def test_a_statistic_of_ones_own_is_one_object(vgg):
    """The mean of each filter: the optimiser reaches it, in the objective that the Gram matrix uses."""

    def measure(F, guide):
        t = jnp.ones(F.shape[:2]) if guide is None else guide
        return nst.Sums((t[..., None] * F).sum((0, 1)), t.sum())

    def distance(S, target):
        return jnp.mean((S.total / S.mass - target.total / target.mass) ** 2)

    mean = nst.Statistic("mean", measure, distance, r"\\|\\mu - \\mu^*\\|^2 / N_l", additive=True)
    layers = {"conv1_1": 1.0, "conv2_1": 1.0}
    objective = build_objective(vgg, None, picture(48, 40, 2), {}, layers, statistic=mean)
    *_, snapshot = nst.optimize(objective, picture(32, 32, 5), nst.lbfgs(), 60)
    assert snapshot.losses["style"][-1] < 1e-3 * snapshot.losses["style"][0]
