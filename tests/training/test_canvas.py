"""Canvases: the terms of their losses against NumPy, their gradients against differences, and what painting does."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nst_jax.training import canvas as canvases
from nst_jax.training.canvas import FLOOR, TERMS, apart, gradients, new_targets, paint, terms
from nst_jax.training.distillation import answers_of
from nst_jax.training.student import DEEPEST
from tests.support.pictures import picture
from tests.support.weights import random_weights


@pytest.fixture(scope="module")
def answers():
    weights = random_weights((4, 5, 6, 7, 8), DEEPEST, seed=1)
    return answers_of({name: jnp.asarray(array) for name, array in weights.items()}, "avg")


@pytest.fixture(scope="module")
def pictures():
    """Photos, paintings and canvases, two each."""
    return [jnp.asarray(np.stack([picture(32, 32, seed + k) for k in range(2)])) for seed in (0, 2, 4)]


def test_terms_are_those_of_numpy(answers, pictures):
    photos, paintings, images = pictures
    found = terms(answers(images), new_targets(answers, photos, paintings))
    F, P, A = ({k: np.asarray(v, np.float64) for k, v in answers(x).items()} for x in (images, photos, paintings))
    for b in range(2):
        for term, layer in enumerate(TERMS[:-1]):
            mean = A[layer][b].mean(axis=(0, 1))
            mean = np.maximum(mean, FLOOR * mean.mean() + 1e-6)
            G, target = (
                (features[layer][b] / mean).reshape(-1, len(mean)).T
                @ (features[layer][b] / mean).reshape(-1, len(mean))
                for features in (F, A)
            )
            assert found[b, term] == pytest.approx(np.sum((G - target) ** 2) / np.sum(target**2), rel=1e-4)
        content = np.sum((F["conv4_2"][b] - P["conv4_2"][b]) ** 2) / np.sum(P["conv4_2"][b] ** 2)
        assert found[b, -1] == pytest.approx(content, rel=1e-4)


def test_gradients_are_differences_of_the_chosen_term(pictures):
    weights = random_weights((4, 5, 6, 7, 8), DEEPEST, seed=1)
    with jax.enable_x64(True):
        answers = answers_of({name: jnp.asarray(array, jnp.float64) for name, array in weights.items()}, "avg")
        photos, paintings, images = (jnp.asarray(x, jnp.float64) for x in pictures)
        targets = new_targets(answers, photos, paintings)
        for chosen in (jnp.array([1, len(TERMS) - 1]), jnp.array([4, 0])):
            g, F = gradients(answers, images, targets, chosen)
            np.testing.assert_allclose(F["conv3_1"], answers(images)["conv3_1"], rtol=1e-9)
            for b in range(2):
                step = jnp.zeros_like(images).at[b].set(1e-6 * g[b] / jnp.linalg.norm(g[b]))
                up, down = (terms(answers(images + sign * step), targets)[b, chosen[b]] for sign in (1, -1))
                assert jnp.linalg.norm(g[b]) == pytest.approx(float(up - down) / 2e-6, rel=1e-4)


def test_apart_is_one_less_the_cosine():
    g = jnp.asarray(np.eye(4, 12).reshape(4, 2, 2, 3))
    others = jnp.stack([3 * g[0], g[0], -2 * g[2], 0 * g[3]])
    np.testing.assert_allclose(apart(others, g), [0, 1, 2, 1], atol=1e-6)
    np.testing.assert_allclose(apart(g, 0 * g), 0)  # nothing is to be learnt
    slope = jax.grad(lambda a: apart(a, g).sum())(others)
    assert np.all(np.isfinite(slope))


def test_painting_lowers_each_term(answers, pictures, monkeypatch):
    monkeypatch.setattr(canvases, "STROKE", 1e-4)
    photos, paintings, _ = pictures
    targets = new_targets(answers, photos, paintings)
    for term in range(len(TERMS)):
        images = 0.5 * (photos + paintings)
        before = terms(answers(images), targets)[:, term]
        for _ in range(5):
            g, _ = gradients(answers, images, targets, jnp.full(2, term))
            painted = paint(images, g)
            assert np.sqrt(np.mean((painted - images) ** 2)) == pytest.approx(canvases.STROKE, rel=0.2)  # but clipped
            images = painted
        assert np.all(terms(answers(images), targets)[:, term] < before)
        assert 0 <= images.min() <= images.max() <= 1
