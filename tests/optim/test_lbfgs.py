"""L-BFGS against dense BFGS, SciPy and closed forms; its line search; its cost on the real problem."""

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nst_jax as nst
from nst_jax.optim.half_filter import half_filter
from nst_jax.optim.lbfgs import Products, inverse_hessian_times, lbfgs
from tests.support.objectives import START, Part, Quadratic, run_to_end
from tests.support.precision import double_precision


def products_of(S, Y, g, memory, place, pairs):
    return Products(
        Sg=S @ g, Yg=Y @ g, SY=S @ Y.T, YY=Y @ Y.T, place=jnp.asarray(place), pairs=jnp.asarray(pairs)
    )  # fmt: skip


@pytest.mark.parametrize(("pairs", "place"), [(0, 0), (1, 1), (3, 3), (5, 0), (5, 2)])
def test_the_direction_is_that_of_dense_bfgs(rng, pairs, place):
    """H from the textbook's update, H ← (1 − ρ s yᵀ) H (1 − ρ y sᵀ) + ρ s sᵀ, oldest pair first."""
    memory, n = 5, 12
    curvature = np.diag(10 ** rng.uniform(-1, 1, n))
    S = rng.normal(size=(memory, n))
    Y = S @ curvature
    g = rng.normal(size=n)
    oldest_first = [(place - pairs + k) % memory for k in range(pairs)]
    H = np.eye(n)
    if pairs:
        newest = oldest_first[-1]
        H *= S[newest] @ Y[newest] / (Y[newest] @ Y[newest])
    for i in oldest_first:
        s, y = S[i], Y[i]
        rho = 1 / (s @ y)
        V = np.eye(n) - rho * np.outer(y, s)
        H = V.T @ H @ V + rho * np.outer(s, s)
    with double_precision():
        S, Y, g = jnp.asarray(S), jnp.asarray(Y), jnp.asarray(g)
        ours = inverse_hessian_times(g, S, Y, products_of(S, Y, g, memory, place, pairs))
    np.testing.assert_allclose(ours, H @ np.asarray(g), rtol=1e-9, atol=1e-9)


def test_the_filter_is_the_square_root_of_a_symmetric_positive_map(rng):
    shape, cutoff = (6, 7, 3), 0.1
    apply = half_filter(shape, cutoff)
    n = int(np.prod(shape))
    matrix = np.stack(
        [np.asarray(apply(jnp.asarray(row.reshape(shape)))).ravel() for row in np.eye(n, dtype=np.float32)]
    )
    np.testing.assert_allclose(matrix, matrix.T, atol=1e-6)
    assert np.linalg.eigvalsh(matrix).min() > 0
    x = np.cos(2 * np.pi * np.arange(7) * 2 / 7)[None, :, None] * np.ones(shape)  # f = 2/7 cycles a pixel
    gain = (1 + (2 / 7 / cutoff) ** 2) ** -0.25
    np.testing.assert_allclose(apply(jnp.asarray(x, jnp.float32)), gain * x, atol=1e-6)


@pytest.mark.parametrize("cutoff", [None, 0.05])
def test_it_finds_the_minimum_of_a_quadratic(rng, cutoff):
    target = jnp.asarray(rng.uniform(size=START.shape), jnp.float32)
    quadratic = Quadratic(target, jnp.asarray(10 ** rng.uniform(-1, 1, START.shape), jnp.float32))
    snapshot = run_to_end(quadratic, START, lbfgs(10, cutoff), 120)
    np.testing.assert_allclose(snapshot.image, target, atol=2e-3)


def test_it_does_as_well_as_scipy_on_rosenbrocks_valley():
    scipy = pytest.importorskip("scipy.optimize", reason="SciPy, the oracle, is not installed")

    @jax.tree_util.register_dataclass
    @dataclasses.dataclass(frozen=True)
    class Rosenbrock:
        scale: float
        terms = (Part("valley"),)

        def breakdown(self, x):
            x = 4 * x.ravel() - 2  # the minimum, 1, is a picture of 0.75
            return {"valley": self.scale * jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)}

    x0 = np.random.default_rng(3).uniform(size=(2, 2, 3)).astype(np.float32)
    snapshot = run_to_end(Rosenbrock(1.0), x0, lbfgs(10, None), 150)
    with double_precision():
        value_and_grad = jax.value_and_grad(lambda x: Rosenbrock(1.0).breakdown(x)["valley"])
        found = scipy.minimize(
            lambda x: tuple(np.asarray(part, np.float64) for part in value_and_grad(jnp.asarray(x))),
            x0.ravel().astype(np.float64), jac=True, method="L-BFGS-B", options={"maxfun": 150, "maxcor": 10},
        )  # fmt: skip
    assert snapshot.losses["total"].min() <= max(10 * found.fun, 1e-6)


def test_the_first_step_does_not_depend_on_the_scale_of_the_loss(rng):
    target = jnp.asarray(rng.uniform(size=START.shape), jnp.float32)
    pictures = [
        run_to_end(Quadratic(target, jnp.full(START.shape, scale)), START, lbfgs(5), 2).image
        for scale in (1e-6, 1, 1e6)
    ]
    for image in pictures:
        assert np.sqrt(np.mean((image - START) ** 2)) == pytest.approx(0.01, rel=1e-3)


def test_pairs_without_positive_curvature_are_left_out():
    """Σ −x² curves downwards everywhere: no pair is ever remembered, and the loss still falls."""
    hill = Quadratic(jnp.full(START.shape, 0.4), jnp.full(START.shape, -1.0))
    optimizer = lbfgs(5)
    x, state = jnp.asarray(START), optimizer.init(jnp.asarray(START))
    values = []
    for _ in range(6):
        value, g = jax.value_and_grad(lambda x: sum(hill.breakdown(x).values()))(x)
        values.append(float(value))
        step, state = optimizer.update(g, state, x, value=value)
        x = x + step
    assert int(state.products.pairs) == 0
    assert (np.diff(values) < 0).all()


def test_a_trial_that_does_not_lower_the_loss_is_shortened_and_never_kept(rng):
    optimizer = lbfgs(5)
    x, state = jnp.asarray(START), optimizer.init(jnp.asarray(START))
    g = jnp.asarray(rng.normal(size=START.shape), jnp.float32)
    step, state = optimizer.update(g, state, x, value=jnp.float32(1.0))
    for worse in (5.0, jnp.inf, jnp.nan):
        trial = x + step
        shorter, state = optimizer.update(g, state, trial, value=jnp.float32(worse))
        before, step = step, trial + shorter - x
        assert 0 < float(jnp.linalg.norm(step)) <= 0.51 * float(jnp.linalg.norm(before))
        np.testing.assert_array_equal(optimizer.kept(state, trial, worse)[0], START)
    assert int(state.point.trials) == 3


def test_line_searches_that_fail_are_counted_and_the_run_ends_where_rounding_does():
    @jax.tree_util.register_dataclass
    @dataclasses.dataclass(frozen=True)
    class Raised(Quadratic):
        """So far above 0 that the last of the way is lost in rounding."""

        terms = (Part("upper"), Part("lower"), Part("raised"))

        def breakdown(self, x):
            return {**super().breakdown(x), "raised": jnp.float32(100.0)}

    snapshot = run_to_end(Raised(jnp.full(START.shape, 0.3), jnp.ones(START.shape)), START, lbfgs(5), 500)
    assert snapshot.stalled
    assert snapshot.evaluations < 100
    assert snapshot.losses["failures"][-1] >= 1
    assert (np.diff(snapshot.losses["failures"]) >= 0).all()
    np.testing.assert_allclose(snapshot.image, 0.3, atol=1e-3)


def test_a_run_that_arrives_ends():
    snapshot = run_to_end(Quadratic(jnp.full(START.shape, 0.5), jnp.ones(START.shape)), START, lbfgs(5), 500)
    assert snapshot.stalled
    assert snapshot.evaluations == 1


def test_bad_parameters_are_named():
    with pytest.raises(nst.SettingError, match="memory of 1 pair or more, not 0"):
        nst.lbfgs(0)
    with pytest.raises(nst.SettingError, match="cutoff above 0"):
        nst.lbfgs(cutoff=0)


def test_it_spends_at_most_11_evaluations_on_10_steps_of_the_real_problem(shared):
    images = shared / "images" / "paper"
    p, a = nst.load_image(images / "tubingen_neckarfront.jpg", 128), nst.load_image(images / "starry_night.jpg", 128)
    vgg = nst.load_network(shared / "networks" / "vgg19-16x.safetensors").normalized([p, a])
    style = {layer: 800.0 for layer in ("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1")}
    h, w, N = vgg.shapes(*p.shape[:2])["conv4_2"]
    snapshot = run_to_end(nst.build_objective(vgg, p, a, {"conv4_2": 2 / (h * w * N)}, style), p, nst.lbfgs(), 150)
    best = np.minimum.accumulate(snapshot.losses["total"])
    accepted = 1 + np.sum(np.diff(best) < 0)
    assert snapshot.evaluations <= 1.1 * accepted
    assert snapshot.losses["failures"][-1] == 0
