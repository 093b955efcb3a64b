"""What earlier pictures say of a frame: one term for all of them, and the closest that shows a place."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nst_jax as nst
from nst_jax.video.earlier import NEARBY, Earlier, earlier_of, merged, new_part, start_of
from nst_jax.video.synthetic import ball, pan
from tests.support.pictures import picture


def test_one_term_is_as_good_as_many(rng):
    """The losses differ by a constant, so that their gradients are equal."""
    pictures = [picture(9, 11, n) for n in range(3)]
    weights = [rng.uniform(0, 0.3, (9, 11)).astype(np.float32) for _ in range(3)]
    weights[0][:4], weights[1][:3], weights[2][:2] = 0, 0, 0  # two rows that none shows
    y, c = merged(pictures, weights, picture(9, 11, 7))
    many = [nst.Temporal(jnp.asarray(each), jnp.asarray(w)) for each, w in zip(pictures, weights, strict=True)]
    one = nst.Temporal(jnp.asarray(y), jnp.asarray(c))
    gradients = jax.jit(jax.grad(lambda x: sum(term(x, {}) for term in many))), jax.jit(jax.grad(lambda x: one(x, {})))
    for seed in (8, 9):
        want, found = (np.asarray(gradient(picture(9, 11, seed))) for gradient in gradients)
        np.testing.assert_allclose(found, want, atol=1e-6)
    np.testing.assert_array_equal(y[:2], picture(9, 11, 7)[:2])
    np.testing.assert_array_equal(c[:2], 0)


def test_a_pan_brings_every_earlier_picture_to_its_place():
    clip, painted = pan(6, (40, 50), (3.0, 0.0)), pan(6, (40, 50), (3.0, 0.0))
    frame = clip.frame(5)
    found = earlier_of(5, [4, 3, 1], frame, lambda t: 1 - painted.frame(t), clip.flow)
    assert found is not None
    trusted = found.c > 0.99
    assert trusted[:, 14:].all()
    np.testing.assert_allclose(found.y[trusted], (1 - frame)[trusted], atol=1e-6)
    assert earlier_of(0, [], frame, clip.frame, clip.flow) is None


def test_what_was_hidden_for_a_while_is_found_farther_back():
    """The ball hides a place in frame 2 that frames 0 and 4 show: the longer offset brings it back."""
    clip = ball(6, (64, 96), velocity=(14.0, 0.0), background=(0.0, 0.0))
    frame = clip.frame(3)
    short, long = (earlier_of(3, others, frame, clip.frame, clip.flow) for others in ([2], [2, 0]))
    assert short is not None
    assert long is not None
    again = (clip.shown(3, 2) == 0) & (clip.shown(3, 0) == 1)
    assert again.sum() > 50
    assert short.c[again].mean() < 0.2
    assert long.c[again].mean() > 0.6
    assert long.c.max() <= 1
    good = again & (long.c > 0.99)
    assert np.abs(long.y - frame)[good].mean() == pytest.approx(0, abs=1e-3)


def test_a_new_place_starts_in_the_colours_around_it_or_of_the_whole_picture():
    """On p = 0.5 painted 0.3 brighter in the left third: nearby it starts brighter, and far away by as much."""
    p = np.full((40, 280, 3), 0.5, np.float32)
    c = np.zeros((40, 280), np.float32)
    c[:, :90] = 1
    x = start_of(Earlier(p + np.float32([0.3, 0.1, -0.2]) * c[..., None], c), p)
    np.testing.assert_allclose(x, np.broadcast_to([0.8, 0.6, 0.3], x.shape), atol=2e-3)
    nothing = start_of(Earlier(p, 0 * c), p)
    np.testing.assert_array_equal(nothing, p)
    own = np.full_like(p, 0.1)
    np.testing.assert_allclose(start_of(Earlier(p, c), p, own)[:, 100:], own[:, 100:])


def test_large_new_places_count_and_thin_strips_do_not():
    c = np.ones((60, 140), np.float32)
    assert new_part(c) == 0
    assert new_part(0 * c) == 1
    c[:, -4:] = 0  # a camera that pans by 4 pixels
    assert new_part(c) == 0
    c[:, 70:] = 0
    assert new_part(c) == pytest.approx(0.5, abs=0.02)
    one = np.ones((60, 140), np.float32)
    one[:, 140 - 140 // NEARBY :] = 0  # at the border its mirror image counts: half of the surroundings from σ/√2 on
    assert 0 < new_part(one) < 1 / NEARBY
