"""Distillation: its losses against NumPy and against the network's own forward pass."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nst_jax as nst
from nst_jax.training import distillation as distill
from nst_jax.training.distillation import Lesson, Teacher
from nst_jax.training.student import COLOURS, DEEPEST, as_student, responses
from tests.support.pictures import picture
from tests.support.weights import random_weights

WIDTHS = (4, 5, 6, 7, 8)


@pytest.fixture(scope="module")
def teacher():
    weights = random_weights((5, 6, 7, 8, 9), DEEPEST, seed=3)
    kernel, bias = np.random.default_rng(0).normal(size=(5, 11)), np.zeros(11)
    networks = {pool: nst.VGG19(weights, pool=pool) for pool in ("avg", "max")}
    return Teacher(networks, {"conv1_1": (jnp.asarray(kernel, jnp.float32), jnp.asarray(bias))})


@pytest.fixture(scope="module")
def weights(teacher):
    return distill.initial(teacher, WIDTHS, seed=0)


@pytest.fixture(scope="module")
def images():
    return jnp.asarray(np.stack([picture(48, 48, seed) for seed in range(2)]))


@pytest.mark.parametrize("pool", ["avg", "max"])
def test_the_student_answers_as_the_network_made_of_its_weights(weights, images, pool):
    Z = responses(weights["student"], images, pool)
    vgg = nst.VGG19({**COLOURS, **weights["student"]}, pool=pool)
    for image, b in zip(images, range(len(images)), strict=True):
        for layer, F in vgg(image, DEEPEST).items():
            np.testing.assert_allclose(jax.nn.relu(Z[layer][b]), F, rtol=1e-4, atol=1e-4)


def test_the_teacher_maps_the_layers_it_has_maps_for(teacher, images):
    T = teacher.answers("max")(images)
    kernel, bias = teacher.maps["conv1_1"]
    expected = np.maximum(np.asarray(teacher.networks["max"](images[0], ("conv1_1",))["conv1_1"]) @ kernel + bias, 0)
    np.testing.assert_allclose(T["conv1_1"][0], expected, rtol=1e-4, atol=1e-3)
    assert T["conv2_1"].shape == (2, 24, 24, 6)
    np.testing.assert_allclose(T["conv1_2"], teacher.answers("avg")(images)["conv1_2"])  # before any pooling
    assert np.abs(T["conv2_1"] - teacher.answers("avg")(images)["conv2_1"]).max() > 0.01


def test_mismatch_is_that_of_numpy(rng, monkeypatch):
    F, T = rng.uniform(size=(2, 4, 3, 5)), rng.uniform(size=(2, 4, 3, 7))
    W, b = rng.normal(size=(5, 7)), rng.normal(size=7)
    key = jax.random.key(0)
    features, kernel = distill.mismatch(jnp.asarray(F), jnp.asarray(T), (W, b), key)
    f, t = F.reshape(-1, 5), T.reshape(-1, 7)
    s = np.sqrt((t**2).mean(axis=0))
    expected = np.sum((f @ W + b - t / s) ** 2) / np.sum((t / s) ** 2)
    assert features == pytest.approx(expected, rel=1e-5)
    some = np.asarray(jax.random.randint(key, (distill.POSITIONS,), 0, len(f)))
    K, K_T = ((g / g.mean(axis=0))[some] @ (g / g.mean(axis=0))[some].T for g in (f, t))
    K, K_T = K / K.mean(), K_T / K_T.mean()
    assert kernel == pytest.approx(np.sum((K - K_T) ** 2) / np.sum(K_T**2), rel=1e-4)


def test_the_kernels_agree_where_the_losses_do(rng):
    """Copies of the teacher's filters, in any order, at any scale, equally often: the same losses."""
    T = jnp.asarray(rng.uniform(size=(1, 6, 6, 4)))
    F = jnp.concatenate([T[..., ::-1] * 3, T * 0.1], axis=-1)
    head = (jnp.zeros((8, 4)), jnp.zeros(4))
    assert distill.mismatch(F, T, head, jax.random.key(0))[1] < 1e-8
    assert distill.mismatch(F.at[..., 0].set(1), T, head, jax.random.key(0))[1] > 1e-3


def test_gradients_leak_to_the_block_before_by_the_share_given(weights, images):
    def deepest(student, leak):
        return responses(student, images, "avg", leak)["conv2_1"].sum()

    g = {leak: jax.grad(deepest)(weights["student"], leak) for leak in (0.0, 0.25, 1.0)}
    assert not np.any(g[0.0]["conv1_2.kernel"])
    assert np.any(g[1.0]["conv1_2.kernel"])
    np.testing.assert_allclose(g[0.25]["conv1_2.kernel"], 0.25 * g[1.0]["conv1_2.kernel"], rtol=1e-4)
    np.testing.assert_allclose(g[0.0]["conv2_1.kernel"], g[1.0]["conv2_1.kernel"], rtol=1e-4)


def test_silence_counts_the_filters_that_answer_nothing(rng):
    Z = rng.normal(size=(2, 8, 8, 3))
    assert distill.silence(jnp.asarray(Z)) == 0
    Z[..., 1] -= 3
    mean, deviation = Z[..., 1].mean(), Z[..., 1].std()
    expected = (-distill.SILENT - mean / (deviation + 1e-3)) ** 2 / 3
    assert distill.silence(jnp.asarray(Z)) == pytest.approx(expected, rel=1e-4)


def test_a_student_that_is_its_teacher_has_its_gradients(weights, images):
    student = weights["student"]
    teacher = Teacher({pool: nst.VGG19({**COLOURS, **student}, pool=pool) for pool in ("avg", "max")}, {})
    photos, paintings = images, images[::-1]
    canvas = distill.new_canvas(teacher, 0.5 * (photos + paintings), photos, paintings, "avg")
    np.testing.assert_allclose(distill.evaluate_gradients(student, teacher, canvas, "avg"), 0, atol=1e-5)
    other = distill.initial(teacher, WIDTHS, seed=7)["student"]
    assert np.min(distill.evaluate_gradients(other, teacher, canvas, "avg")) > 0.05
    lesson = distill.teach(teacher, photos, canvas, jax.random.key(0), "avg")
    assert isinstance(lesson, Lesson)
    own = {"student": student, "heads": distill.initial(teacher, WIDTHS, seed=0)["heads"]}
    _, (_, g) = distill.loss(own, photos, canvas, lesson, jax.random.key(1), "avg", 0.1)
    np.testing.assert_allclose(g, lesson.gradients, atol=1e-4 * float(np.abs(g).max()))


def test_heads_are_fitted_by_least_squares(weights, teacher, images):
    fitted = distill.fitted(weights, teacher, images, "avg")
    assert fitted["student"] is weights["student"]
    F = np.maximum(np.asarray(responses(weights["student"], images, "avg")["conv2_1"], np.float64), 0).reshape(-1, 5)
    T = np.asarray(teacher.answers("avg")(images)["conv2_1"], np.float64).reshape(-1, 6)
    rms = np.sqrt((T**2).mean(axis=0))
    T_s = T / np.maximum(rms, distill.FLOOR * rms.mean())
    X = np.concatenate([F, np.ones((len(F), 1))], axis=1)
    best, *_ = np.linalg.lstsq(X, T_s, rcond=None)
    W, b = fitted["heads"]["conv2_1"]
    found, least = (np.mean((X @ np.asarray(head) - T_s) ** 2) for head in (np.vstack([W, b]), best))
    assert found == pytest.approx(least, rel=0.01)
    before, after = (distill.evaluate(w, teacher, images, jax.random.key(0), "avg") for w in (weights, fitted))
    assert all(after[layer][0] < before[layer][0] for layer in DEEPEST)


def test_any_network_of_the_geometry_becomes_a_student(images):
    """Inside the border, which zeros of another colour reach, it answers as before but for a factor a filter."""
    weights = random_weights((5, 6, 7, 8, 9), DEEPEST, seed=3)
    student = as_student(weights, np.asarray(images))
    for pool in ("avg", "max"):
        Z = responses(student, images[:1], pool)
        F = nst.VGG19(weights, pool=pool)(images[0], DEEPEST)
        for layer, inside in (("conv1_2", 3), ("conv2_2", 4), ("conv3_1", 4)):
            ours, theirs = (
                a[inside:-inside, inside:-inside].reshape(-1, a.shape[-1]) for a in (jax.nn.relu(Z[layer][0]), F[layer])
            )
            alive = np.asarray(theirs.max(axis=0) > 0)
            ours, theirs = np.asarray(ours)[:, alive], np.asarray(theirs)[:, alive]
            factor = np.sum(ours * theirs, axis=0) / np.sum(theirs**2, axis=0)
            assert np.all(factor > 0)
            np.testing.assert_allclose(ours, factor * theirs, rtol=2e-3, atol=2e-3)
    means = np.asarray(jax.nn.relu(responses(student, images, "avg")["conv2_1"])).mean(axis=(0, 1, 2))
    np.testing.assert_allclose(means[means > 0], 1, rtol=0.1)  # but for the border


def test_widths_are_of_blocks_or_of_layers(teacher, weights):
    each = tuple(weights["student"][f"{layer}.bias"].shape[0] for layer in DEEPEST)
    assert jax.tree.all(jax.tree.map(np.array_equal, distill.initial(teacher, each, seed=0), weights))
    wider = distill.initial(teacher, (*each[:-1], 10), seed=0)
    assert wider["student"]["conv5_1.kernel"].shape == (3, 3, 7, 10)


def test_a_wider_student_answers_first_as_the_one_it_starts_from(weights, teacher, images, monkeypatch):
    monkeypatch.setattr(distill, "NEW", 0.0)
    wide = distill.initial(teacher, (4, 5, 6, 9, 10), seed=1, start=weights["student"])
    ours, before = (responses(w["student"], images, "avg") for w in (wide, weights))
    for layer in DEEPEST:
        N = before[layer].shape[-1]
        np.testing.assert_allclose(ours[layer][..., :N], before[layer], rtol=1e-4, atol=1e-5)
    assert np.ptp(ours["conv4_1"][..., 7:]) > 0  # the new ones answer, too
    with pytest.raises(nst.SettingError, match="the start has 7 filters at conv4_1"):
        distill.initial(teacher, (4, 5, 6, 3, 8), seed=1, start=weights["student"])
