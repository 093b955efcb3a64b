"""Shifted Gram matrices: pairs of positions, one by one; periodic textures; what is too small."""

import jax.numpy as jnp
import numpy as np
import pytest

import nst_jax as nst
from nst_jax.losses.style.gram import GRAM
from nst_jax.losses.style.shifted_gram import SHIFTED_GRAM, SHIFTS, shifted_gram

N = 3


@pytest.fixture
def F(rng):
    return np.maximum(rng.normal(size=(6, 5, N)), 0).astype(np.float32)


def test_it_sums_products_over_pairs_of_positions(F):
    want = np.zeros((N, N))
    for y in range(6 - 2):
        for x in range(5 - 1):
            want += np.outer(F[y, x], F[y + 2, x + 1])
    np.testing.assert_allclose(shifted_gram(jnp.asarray(F), (2, 1)), want, rtol=1e-5)


def test_without_a_shift_it_is_the_gram_matrix(F):
    np.testing.assert_allclose(shifted_gram(jnp.asarray(F), (0, 0)), nst.gram(F), rtol=1e-6)


def test_on_a_map_too_small_for_any_shift_it_is_the_gram_loss(rng):
    F, A = rng.uniform(size=(2, 2, 2, N)).astype(np.float32)
    shifted, plain = (float(s.distance(s.measure(F, None), s.target(A))) for s in (SHIFTED_GRAM, GRAM))
    assert shifted == pytest.approx(plain, rel=1e-5)


def test_shifts_that_one_picture_is_too_small_for_are_left_out(F):
    S = SHIFTED_GRAM.measure(F, None)
    assert [shift for shift, known in zip(SHIFTS, S.known, strict=True) if known] == [
        (0, 0), (0, 2), (0, 4), (2, 0), (4, 0),
    ]  # fmt: skip
    large = np.tile(F, (6, 6, 1))
    differences = [
        np.mean((shifted_gram(F, shift) / ((6 - shift[0]) * (5 - shift[1]))
                 - shifted_gram(large, shift) / ((36 - shift[0]) * (30 - shift[1]))) ** 2) / 4
        for shift in ((0, 0), (0, 2), (0, 4), (2, 0), (4, 0))
    ]  # fmt: skip
    for one, other in ((F, large), (large, F)):
        got = SHIFTED_GRAM.distance(SHIFTED_GRAM.measure(one, None), SHIFTED_GRAM.target(other))
        assert float(got) == pytest.approx(np.mean(differences), rel=1e-4)


def test_a_texture_with_the_period_of_a_shift_meets_itself(rng):
    tile = rng.uniform(size=(4, 4, N)).astype(np.float32)
    S = SHIFTED_GRAM.measure(np.tile(tile, (6, 6, 1)), None)
    for shift, R in zip(SHIFTS, S.R, strict=True):
        if max(shift) % 4 == 0:
            np.testing.assert_allclose(R, S.R[0], rtol=1e-5)
        else:
            assert float(jnp.abs(R - S.R[0]).max()) > 1e-3


def test_it_tells_stripes_from_their_shuffle_and_the_gram_matrix_does_not(rng):
    stripes = np.zeros((16, 16, N), np.float32)
    stripes[:, ::4] = 1
    shuffled = rng.permutation(stripes.reshape(-1, N)).reshape(stripes.shape)
    gram, shifted = (float(s.distance(s.measure(shuffled, None), s.target(stripes))) for s in (GRAM, SHIFTED_GRAM))
    assert gram < 1e-10
    assert shifted > 1e-4


@pytest.mark.parametrize("share", [0.25, 0.5])
def test_constant_shares_of_a_picture_have_its_correlations(F, share):
    S = SHIFTED_GRAM.measure(F, np.full((6, 5), share, np.float32))
    np.testing.assert_allclose(S.R, SHIFTED_GRAM.measure(F, None).R, rtol=1e-4, atol=1e-6)


def test_a_guide_weighs_pairs_by_the_root_of_both(F, rng):
    t = rng.uniform(size=(6, 5))
    pairs = np.sqrt(t[:, :-2] * t[:, 2:])
    want = np.einsum("yx,yxi,yxj->ij", pairs, F[:, :-2], F[:, 2:]) / pairs.sum()
    S = SHIFTED_GRAM.measure(F, jnp.asarray(t, jnp.float32))
    np.testing.assert_allclose(S.R[SHIFTS.index((0, 2))], want, rtol=1e-4)


def test_a_blend_has_the_gradient_of_the_weighted_losses(F, rng):
    import jax

    targets = [SHIFTED_GRAM.target(rng.uniform(size=(7, 6, N)).astype(np.float32)) for _ in range(2)]
    slope = jax.jit(jax.grad(lambda F, target: SHIFTED_GRAM.distance(SHIFTED_GRAM.measure(F, None), target)))
    apart = 0.3 * slope(F, targets[0]) + 0.7 * slope(F, targets[1])
    np.testing.assert_allclose(slope(F, SHIFTED_GRAM.blended(targets, (0.3, 0.7))), apart, rtol=1e-3, atol=1e-7)
