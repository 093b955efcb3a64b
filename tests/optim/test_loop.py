"""The loop: snapshots, history, resume, compilations, divergence; and the first-order optimisers."""

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import nst_jax as nst
from nst_jax.losses.building import build_objective
from nst_jax.optim import loop
from tests.support.objectives import START, Part, Quadratic, run_to_end
from tests.support.pictures import picture


@pytest.fixture
def quadratic(rng):
    shape = (8, 9, 3)
    return Quadratic(jnp.asarray(rng.uniform(size=shape), jnp.float32), jnp.asarray(10 ** rng.uniform(-1, 1, shape)))


@pytest.fixture
def small(vgg):
    return build_objective(
        vgg, picture(32, 40, 1), picture(32, 32, 2), {"conv3_1": 1e-3}, {"conv1_1": 1.0, "conv2_1": 1}
    )


OPTIMIZERS = {
    "lbfgs": nst.lbfgs(5),
    "adam": nst.adam(),
    "momentum": nst.momentum(1e-7),
    "gradient_descent": nst.gradient_descent(1e-6),
    "optax.rmsprop": optax.rmsprop(1e-3),
    "optax.lbfgs": optax.lbfgs(),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_lowers_the_loss(small, name):
    snapshot = run_to_end(small, picture(32, 40, 1), OPTIMIZERS[name], 40)
    assert snapshot.losses["total"][-1] < 0.7 * snapshot.losses["total"][0]
    assert snapshot.image.dtype == np.float32
    assert snapshot.image.shape == (32, 40, 3)
    assert snapshot.image.min() >= 0
    assert snapshot.image.max() <= 1


def test_history_has_a_row_an_evaluation(small):
    snapshot = run_to_end(small, picture(32, 40, 1), nst.adam(), 30)
    losses = snapshot.losses
    assert {len(column) for column in losses.values()} == {30}
    assert list(losses["evaluations"]) == list(range(1, 31))
    assert (np.diff(losses["seconds"]) > 0).all()
    parts = losses["content/conv3_1"] + losses["style/conv1_1"] + losses["style/conv2_1"]
    np.testing.assert_allclose(losses["total"], parts, rtol=1e-5)
    np.testing.assert_allclose(losses["style"], losses["style/conv1_1"] + losses["style/conv2_1"], rtol=1e-6)
    np.testing.assert_allclose(losses["content"], losses["content/conv3_1"])
    g = jax.grad(lambda x: small(x))(jnp.asarray(picture(32, 40, 1)))
    assert losses["gradient_norm"][0] == pytest.approx(float(jnp.linalg.norm(g)), rel=1e-3)
    assert losses["total"][0] == pytest.approx(float(small(picture(32, 40, 1))), rel=1e-5)


@pytest.mark.parametrize("name", ["lbfgs", "adam"])
def test_however_the_snapshots_fall_the_numbers_are_the_same(small, name):
    whole = run_to_end(small, picture(32, 40, 1), OPTIMIZERS[name], 37, interval=float("inf"))
    for every in (1, 7):
        snapshots = list(
            nst.optimize(small, picture(32, 40, 1), OPTIMIZERS[name], 37, every=every, interval=float("inf"))
        )
        assert [snapshot.evaluations for snapshot in snapshots] == [*range(every, 37, every), 37]
        np.testing.assert_array_equal(snapshots[-1].image, whole.image)
        for column in ("total", "gradient_norm", "style/conv2_1"):
            np.testing.assert_array_equal(snapshots[-1].losses[column], whole.losses[column])


@pytest.mark.parametrize("name", ["lbfgs", "adam", "momentum", "optax.rmsprop"])
def test_a_resumed_run_is_the_uninterrupted_one_bit_for_bit(small, name):
    whole = run_to_end(small, picture(32, 40, 1), OPTIMIZERS[name], 33)
    for snapshot in nst.optimize(small, picture(32, 40, 1), OPTIMIZERS[name], 33, every=13):
        if snapshot.evaluations == 13:
            saved = snapshot.checkpoint()
            break
    resumed = run_to_end(small, picture(32, 40, 1), OPTIMIZERS[name], 33, resume=saved)
    np.testing.assert_array_equal(resumed.image, whole.image)
    np.testing.assert_array_equal(resumed.losses["total"], whole.losses["total"])
    assert len(resumed.losses["seconds"]) == 33
    assert (np.diff(resumed.losses["seconds"]) > 0).all()


def test_a_finished_run_resumes_to_its_last_snapshot(small):
    snapshot = run_to_end(small, picture(32, 40, 1), nst.adam(), 5)
    again = list(nst.optimize(small, picture(32, 40, 1), nst.adam(), 5, resume=snapshot.checkpoint()))
    assert len(again) == 1
    np.testing.assert_array_equal(again[0].image, snapshot.image)


def test_a_checkpoint_of_another_run_is_refused(small):
    saved = run_to_end(small, picture(32, 40, 1), nst.adam(), 3).checkpoint()
    with pytest.raises(nst.RunError, match=r"written by nst_jax .* with another optimiser or in another layout"):
        run_to_end(small, picture(32, 40, 1), nst.lbfgs(5), 5, resume=saved)


@pytest.mark.parametrize("name", ["lbfgs", "adam"])
def test_a_run_traces_the_objective_once_and_compiles_once(rng, name):
    chunk = loop._run_chunk
    shape = (6, 7, 3) if name == "adam" else (7, 6, 3)
    compiled, Quadratic.traced = chunk._cache_size(), 0
    for weight in (1.0, 3.0):  # another weight and another target
        objective = Quadratic(jnp.asarray(rng.uniform(size=shape), jnp.float32), jnp.full(shape, weight))
        list(nst.optimize(objective, np.zeros(shape), OPTIMIZERS[name], 70, every=9))
    assert Quadratic.traced == 1
    assert chunk._cache_size() == compiled + 1


def test_equal_settings_give_the_same_optimizer_and_so_compile_once():
    assert nst.lbfgs(7) is nst.lbfgs(7)
    assert nst.adam(0.01) is nst.adam(0.01)


def test_adam_is_optaxs_with_a_projection_and_an_average(quadratic):
    snapshot = run_to_end(quadratic, START, nst.adam(0.1, average=0.9), 15)
    reference, x, average = optax.adam(0.1, b1=0.9, b2=0.99, eps=1e-12), jnp.asarray(START), 0
    state = reference.init(x)
    for _ in range(15):
        g = jax.grad(lambda x: sum(quadratic.breakdown(x).values()))(x)
        step, state = reference.update(g, state, x)
        x = jnp.clip(x + step, 0, 1)
        average = 0.9 * average + 0.1 * x
    np.testing.assert_allclose(snapshot.image, average / (1 - 0.9**15), rtol=1e-5, atol=1e-6)


def test_adam_does_not_depend_on_the_scale_of_the_loss(quadratic):
    scaled = dataclasses.replace(quadratic, curvature=1e-6 * quadratic.curvature)
    snapshots = [run_to_end(q, START, nst.adam(), 20) for q in (quadratic, scaled)]
    np.testing.assert_allclose(snapshots[0].image, snapshots[1].image, atol=1e-4)


def test_gradient_descent_and_momentum_follow_their_formulas(quadratic):
    def gradient(x):
        return np.asarray(quadratic.curvature) * (x - np.asarray(quadratic.target))

    x = START.copy()
    for _ in range(4):
        kept, x = x, x - 0.01 * gradient(x)
    np.testing.assert_allclose(run_to_end(quadratic, START, nst.gradient_descent(0.01), 4).image, kept, atol=1e-6)
    x, v = START.copy(), 0
    for _ in range(4):
        v = 0.9 * v + gradient(x)
        kept, x = x, x - 0.01 * v
    np.testing.assert_allclose(run_to_end(quadratic, START, nst.momentum(0.01), 4).image, kept, atol=1e-6)


def test_the_evaluations_of_a_foreign_line_search_are_counted(quadratic):
    calls = 0

    def count():
        nonlocal calls
        calls += 1

    @jax.tree_util.register_dataclass
    @dataclasses.dataclass(frozen=True)
    class Counted(Quadratic):
        def breakdown(self, x):
            jax.debug.callback(count)
            return super().breakdown(x)

    snapshot = run_to_end(Counted(quadratic.target, quadratic.curvature), START, optax.lbfgs(), 25)
    jax.effects_barrier()
    assert snapshot.evaluations == calls
    assert len(snapshot.losses["total"]) < calls


def test_a_diverging_run_stops_and_keeps_the_last_good_picture(quadratic):
    with pytest.raises(nst.DivergedError, match=r"evaluation \d+: the loss or its gradient is not finite") as caught:
        run_to_end(quadratic, START, nst.gradient_descent(1e6), 200)
    error = caught.value
    assert error.evaluation > 1
    assert error.snapshot.evaluations == error.evaluation
    assert len(error.snapshot.losses["total"]) == error.evaluation - 1
    assert np.isfinite(error.snapshot.losses["total"]).all()
    assert np.isfinite(error.snapshot.image).all()


def test_a_loss_that_is_never_finite_has_no_picture_to_keep(quadratic):
    nowhere = dataclasses.replace(quadratic, target=quadratic.target * jnp.nan)
    for optimizer in (nst.lbfgs(5), nst.adam(), optax.lbfgs()):
        with pytest.raises(nst.DivergedError, match=r"evaluation \d+: .* no picture to keep") as caught:
            run_to_end(nowhere, START, optimizer, 10)
        assert caught.value.snapshot is None


def test_a_gradient_that_is_not_finite_stops_the_run_too():
    @jax.tree_util.register_dataclass
    @dataclasses.dataclass(frozen=True)
    class Root:
        shift: float
        terms = (Part("root"),)

        def breakdown(self, x):
            return {"root": jnp.sum(jnp.sqrt(jnp.abs(x - self.shift)))}  # an infinite slope at 0

    with pytest.raises(nst.DivergedError, match="evaluation 1"):
        run_to_end(Root(0.5), START, nst.adam(), 10)


def test_snapshots_outlive_the_run(small):
    snapshots = list(nst.optimize(small, picture(32, 40, 1), nst.lbfgs(5), 12, every=3, interval=float("inf")))
    again = run_to_end(small, picture(32, 40, 1), nst.lbfgs(5), 3)
    np.testing.assert_array_equal(snapshots[0].image, again.image)  # not overwritten by what came later


def test_a_snapshot_can_be_checkpointed_long_after_it_was_taken(small):
    """Every snapshot keeps the state that it was taken of, whatever the run does afterwards."""
    snapshots = list(nst.optimize(small, picture(32, 40, 1), nst.lbfgs(5), 33, every=11, interval=float("inf")))
    for snapshot in snapshots[:-1]:
        resumed = run_to_end(small, picture(32, 40, 1), nst.lbfgs(5), 33, resume=snapshot.checkpoint())
        np.testing.assert_array_equal(resumed.image, snapshots[-1].image)
        np.testing.assert_array_equal(resumed.losses["total"], snapshots[-1].losses["total"])


def test_a_released_snapshot_keeps_its_picture_and_costs_no_copy(small):
    snapshots = []
    for snapshot in nst.optimize(small, picture(32, 40, 1), nst.lbfgs(5), 20, every=5, interval=float("inf")):
        snapshot.release()
        snapshots.append(snapshot)
    whole = run_to_end(small, picture(32, 40, 1), nst.lbfgs(5), 20)
    np.testing.assert_array_equal(snapshots[-1].image, whole.image)
    assert len(snapshots[0].losses["total"]) == 5
    with pytest.raises(nst.RunError, match="this snapshot was released"):
        snapshots[0].checkpoint()


def test_a_snapshot_has_the_picture_kept_and_the_iterate(quadratic):
    snapshot = run_to_end(quadratic, START, nst.gradient_descent(0.01), 3)
    step = 0.01 * np.asarray(quadratic.curvature) * (snapshot.image - np.asarray(quadratic.target))
    np.testing.assert_allclose(snapshot.iterate, snapshot.image - step, atol=1e-6)  # the next to be evaluated
    outside = dataclasses.replace(quadratic, target=quadratic.target + 2)
    snapshot = run_to_end(outside, START, nst.gradient_descent(0.5), 20)
    assert snapshot.image.max() == 1
    assert snapshot.iterate.max() > 1


def test_losses_are_summed_by_kind_whatever_the_terms_are_called(vgg):
    mean = nst.Statistic("mean", lambda F, guide: F.mean((0, 1)), lambda S, A: ((S - A) ** 2).sum(), "")
    style, F = picture(32, 32, 2), vgg(picture(32, 32, 2), ["conv1_1"])
    gram = build_objective(vgg, None, style, {}, {"conv1_1": 1.0}, tv=0.1)
    other = nst.Style("conv1_1", mean, mean.target(F["conv1_1"]), label="mean")
    snapshot = run_to_end(dataclasses.replace(gram, terms=(*gram.terms, other)), picture(32, 32), nst.lbfgs(5), 5)
    assert snapshot.terms["mean/conv1_1"] == ("style", "conv1_1")
    assert snapshot.terms["tv"] == ("tv", None)
    parts = snapshot.losses["style/conv1_1"] + snapshot.losses["mean/conv1_1"]
    np.testing.assert_allclose(snapshot.losses["style"], parts, rtol=1e-6)


def test_a_checkpoint_names_its_leaves_by_path_and_the_version_that_wrote_it(small):
    saved = run_to_end(small, picture(32, 40, 1), nst.lbfgs(5), 3).checkpoint()
    assert {"carry/x", "carry/state/S", "carry/state/point/g", "carry/state/products/SY", "losses/total"} <= set(saved)
    assert str(saved["version"]) == nst.__version__
    of_0_1 = {f"carry/{i}": array for i, array in enumerate(saved.values())}
    with pytest.raises(nst.RunError, match=r"written by nst_jax 0\.1 .* start the run again"):
        run_to_end(small, picture(32, 40, 1), nst.lbfgs(5), 5, resume=of_0_1)
    with pytest.raises(nst.RunError, match="of another size of picture"):
        run_to_end(small, picture(40, 40, 1), nst.lbfgs(5), 5, resume=saved)


def test_a_loop_is_quiet_unless_asked(small, capsys):
    assert nst.minimize(small, picture(32, 40, 1), nst.adam(), 3).evaluations == 3
    assert capsys.readouterr() == ("", "")
    nst.minimize(small, picture(32, 40, 1), nst.adam(), 3, progress=True)
    assert "loss" in capsys.readouterr().err


def test_bad_counts_are_named(quadratic):
    with pytest.raises(nst.SettingError, match="steps=0"):
        run_to_end(quadratic, START, nst.adam(), 0)
    with pytest.raises(nst.SettingError, match="every=0"):
        run_to_end(quadratic, START, nst.adam(), 5, every=0)
