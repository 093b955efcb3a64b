"""The losses against the paper: closed forms, NumPy in float64, finite differences, and its printed gradient."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nst_jax as nst
from tests.support.precision import double_precision


def features(rng, h=5, w=7, N=4):
    return rng.normal(size=(h, w, N)).astype(np.float32)


def numpy_gram(F):
    F = F.astype(np.float64)
    h, w, N = F.shape
    G = np.zeros((N, N))
    for y in range(h):
        for x in range(w):
            G += np.outer(F[y, x], F[y, x])
    return G


def test_gram_sums_products_over_positions(rng):
    F = features(rng)
    np.testing.assert_allclose(nst.gram(F), numpy_gram(F), rtol=1e-5, atol=1e-5)


def test_gram_is_the_same_under_a_permutation_of_positions(rng):
    F = features(rng)
    shuffled = rng.permutation(F.reshape(-1, 4)).reshape(F.shape)
    np.testing.assert_allclose(nst.gram(F), nst.gram(shuffled), rtol=1e-5, atol=1e-5)


def test_gram_of_one_hot_features_counts_them():
    F = np.zeros((3, 3, 2), np.float32)
    F[:2, :, 0], F[2, :, 1] = 1, 2
    np.testing.assert_array_equal(nst.gram(F), [[6, 0], [0, 12]])


def test_content_loss_is_half_the_sum_of_squares(rng):
    F, P = features(rng), features(rng)
    want = 0.5 * ((F.astype(np.float64) - P) ** 2).sum()
    assert float(nst.content_loss(F, P)) == pytest.approx(want, rel=1e-6)
    assert float(nst.content_loss(F, F)) == 0


def test_style_loss_is_normalised_by_4_N2_M2(rng):
    F, S = features(rng), features(rng)
    N, M = 4, 35
    want = ((numpy_gram(F) - numpy_gram(S)) ** 2).sum() / (4 * N**2 * M**2)
    assert float(nst.style_loss(nst.gram(F), nst.gram(S), positions=M)) == pytest.approx(want, rel=1e-5)


def test_style_loss_takes_pictures_whose_squared_positions_exceed_32_bits():
    G = jnp.full((64, 64), 1e6)
    M = 4096 * 4096
    want = (1e6 / (2 * 64 * M)) ** 2 * 64**2
    assert float(nst.style_loss(G, jnp.zeros((64, 64)), positions=M)) == pytest.approx(want, rel=1e-5)


def test_total_variation_of_a_checkerboard():
    h, w = 6, 9
    board = np.indices((h, w)).sum(0) % 2
    x = np.repeat(board[..., None], 3, -1).astype(np.float32)
    assert float(nst.total_variation(x)) == 3 * (h * (w - 1) + w * (h - 1))


def test_total_variation_of_a_ramp_and_of_a_flat_picture():
    ramp = np.zeros((4, 5, 3), np.float32) + np.arange(5, dtype=np.float32)[:, None] / 4
    assert float(nst.total_variation(ramp)) == pytest.approx(3 * 4 * 4 / 16)
    assert float(nst.total_variation(np.full((4, 5, 3), 0.3, np.float32))) == 0


def test_gradient_of_content_is_the_papers(rng):
    # eq. 2: dL/dF = F − P where F > 0, and 0 elsewhere: the features are after ReLU.
    z, P = features(rng), np.abs(features(rng))
    gradient = jax.grad(lambda z: nst.content_loss(jax.nn.relu(z), P))(z)
    np.testing.assert_allclose(gradient, np.where(z > 0, np.maximum(z, 0) - P, 0), rtol=1e-6)


def test_gradient_of_style_is_the_papers(rng):
    # eq. 6: dE/dF = (Fᵀ (G − A))ᵀ / (N² M²) where F > 0, and 0 elsewhere.
    z, S = features(rng), features(rng)
    N, M = 4, 35
    A = numpy_gram(S)

    def E(z):
        return nst.style_loss(nst.gram(jax.nn.relu(z)), A.astype(np.float32), positions=M)

    F = np.maximum(z, 0).reshape(M, N).astype(np.float64)
    printed = np.where(z.reshape(M, N) > 0, F @ (numpy_gram(np.maximum(z, 0)) - A) / (N**2 * M**2), 0)
    np.testing.assert_allclose(jax.grad(E)(z).reshape(M, N), printed, rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("name", ["content", "style", "tv"])
def test_gradients_by_finite_differences_in_float64(rng, name):
    with double_precision():
        x, y = jnp.asarray(rng.normal(size=(4, 5, 3))), jnp.asarray(rng.normal(size=(4, 5, 3)))
        loss = {
            "content": lambda x: nst.content_loss(x, y),
            "style": lambda x: nst.style_loss(nst.gram(x), nst.gram(y), positions=20),
            "tv": nst.total_variation,
        }[name]
        d = jnp.asarray(rng.normal(size=x.shape))
        step = 1e-6
        slope = (loss(x + step * d) - loss(x - step * d)) / (2 * step)
        assert float(jnp.vdot(jax.grad(loss)(x), d)) == pytest.approx(float(slope), rel=1e-7)


def test_shapes_that_do_not_fit_are_refused_before_they_are_subtracted(rng):
    """NumPy would broadcast [5, 7, 4] with [7, 4] and give a number."""
    F = jnp.asarray(features(rng))
    with pytest.raises(nst.ShapeError, match=r"F \[5, 7, 4\] and P \[7, 4\] differ in shape"):
        nst.content_loss(F, F[0])
    with pytest.raises(nst.ShapeError, match=r"G \[4, 4\] and A \[4\] differ in shape"):
        nst.style_loss(nst.gram(F), nst.gram(F)[0], positions=35)
    with pytest.raises(nst.ShapeError, match=r"F \[5, 7\] and guide \[7, 5\] differ in shape"):
        nst.GRAM.measure(F, jnp.ones((7, 5)))
