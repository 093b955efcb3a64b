"""Patches and their matches against NumPy, patch by patch."""

import jax.numpy as jnp
import numpy as np
import pytest

import nst_jax as nst
from nst_jax.losses.style import rows
from nst_jax.losses.style.patches import PATCHES, Features, matched, patches


def numpy_patches(F):
    h, w, _ = F.shape
    return {(y, x): F[y - 1 : y + 2, x - 1 : x + 2] for y in range(1, h - 1) for x in range(1, w - 1)}


def numpy_nearest(psi, candidates):
    """The candidate of the largest normalised cross-correlation."""
    ncc = [(psi * each).sum() / np.sqrt((psi**2).sum() * (each**2).sum()) for each in candidates]
    return candidates[int(np.argmax(ncc))]


def numpy_loss(F, A, t, t_a):
    candidates = [psi for place, psi in numpy_patches(A).items() if t_a[place] > 0]
    terms = {place: ((psi - numpy_nearest(psi, candidates)) ** 2).mean() for place, psi in numpy_patches(F).items()}
    return sum(t[place] * term for place, term in terms.items()) / sum(t[place] for place in terms)


@pytest.fixture
def pair(rng):
    return tuple(np.abs(rng.normal(size=(h, w, 3))).astype(np.float32) for h, w in ((7, 6), (6, 9)))


def test_patches_are_the_neighbourhoods(pair):
    F, _ = pair
    psi = patches(jnp.asarray(F))
    for (y, x), want in numpy_patches(F).items():
        np.testing.assert_array_equal(psi[y - 1, x - 1].reshape(3, 3, 3), want)


@pytest.mark.parametrize("block", [2048, 7])  # 20 patches: a block is larger, or the last one is smaller
def test_matches_are_those_of_the_largest_normalised_cross_correlation(pair, monkeypatch, block):
    monkeypatch.setattr(rows, "BLOCK", block)
    F, A = pair
    found = matched(jnp.asarray(F), Features(jnp.asarray(A), jnp.ones(A.shape[:2])))
    for (y, x), psi in numpy_patches(F).items():
        want = numpy_nearest(psi, list(numpy_patches(A).values()))
        np.testing.assert_array_equal(found[y - 1, x - 1].reshape(3, 3, 3), want)


@pytest.mark.parametrize("guided", [False, True])
def test_the_loss_is_the_mean_over_patches_and_their_entries(pair, rng, guided):
    F, A = pair
    t = rng.uniform(size=F.shape[:2]) if guided else np.ones(F.shape[:2])
    t_a = (rng.uniform(size=A.shape[:2]) > 0.5) * 1.0 if guided else np.ones(A.shape[:2])
    guide, style_guide = (jnp.asarray(each, jnp.float32) if guided else None for each in (t, t_a))
    frozen = PATCHES.freeze(PATCHES.target(jnp.asarray(A), style_guide), jnp.asarray(F), guide)
    value = PATCHES.distance(PATCHES.measure(jnp.asarray(F), guide), frozen)
    assert float(value) == pytest.approx(numpy_loss(F, A, t, t_a), rel=1e-5)


def test_a_cut_of_the_style_is_at_no_distance(pair):
    _, A = pair
    S = PATCHES.measure(jnp.asarray(A[1:5, 2:8]), None)
    assert float(PATCHES.distance(S, PATCHES.target(jnp.asarray(A)))) == pytest.approx(0, abs=1e-9)


def test_a_map_smaller_than_a_patch_is_refused(pair):
    F, A = (jnp.asarray(each) for each in pair)
    with pytest.raises(nst.ShapeError, match="6 × 2 positions hold no patch of 3 × 3; use a larger picture"):
        PATCHES.freeze(PATCHES.target(A), F[:2], None)
    with pytest.raises(nst.ShapeError, match="2 × 6 positions hold no patch of 3 × 3; use a larger picture"):
        PATCHES.freeze(PATCHES.target(A[:, :2]), F, None)
