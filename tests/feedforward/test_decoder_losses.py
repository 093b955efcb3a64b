"""The losses of a decoder: roots by SciPy, moments by NumPy, gradients by finite differences."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import linalg

import nst_jax as nst
from nst_jax.feedforward.decoder import LEVELS, initial
from nst_jax.feedforward.decoder_losses import (
    RIDGE,
    coloured,
    features,
    moments,
    reconstruction_loss,
    roots,
    style_transfer_loss,
)
from nst_jax.networks.geometry import STYLE_LAYERS
from tests.support.pictures import picture
from tests.support.weights import random_weights


@pytest.fixture(scope="module")
def encoder():
    return nst.VGG19(random_weights((4, 6, 6, 8, 8))).normalized([picture(64, 64, i) for i in range(4)], rare=2)


@pytest.fixture(scope="module")
def decoder(encoder):
    return initial({layer: encoder.width(layer) for layer in encoder.layers}, 0)


@pytest.mark.parametrize("rank", [5, 40])
def test_roots_are_scipy_s(rank, rng):
    x = rng.normal(size=(2, rank, 12)) * np.logspace(0, 1.5, 12)
    C = np.einsum("bkm,bkn->bmn", x, x) / rank
    root, inverse = roots(jnp.asarray(C, jnp.float32))
    for i in range(2):
        A = C[i] + RIDGE * np.trace(C[i]) / 12 * np.eye(12)
        want = linalg.sqrtm(A).real
        np.testing.assert_allclose(root[i], want, atol=1e-4 * np.abs(want).max())
        want = linalg.inv(want)
        np.testing.assert_allclose(inverse[i], want, atol=2e-3 * np.abs(want).max())


def test_moments_are_numpy_s(rng):
    F = rng.normal(size=(2, 5, 6, 4)).astype(np.float32)
    mu, C = moments(jnp.asarray(F))
    for i in range(2):
        np.testing.assert_allclose(mu[i], F[i].reshape(-1, 4).mean(0), atol=1e-6)
        np.testing.assert_allclose(C[i], np.cov(F[i].reshape(-1, 4).T, ddof=0), atol=1e-5)


def test_coloured_features_have_the_style_s_moments(rng):
    F, S = (jnp.asarray(rng.normal(m, 1 + m, (2, 16, 16, 4)), jnp.float32) for m in (0, 1))
    for one, other in zip(moments(coloured(F, S)), moments(S), strict=True):
        np.testing.assert_allclose(one, other, atol=2e-2)  # the ridge is a thousandth of the variance


def test_gradients_are_finite_differences(encoder, decoder):
    x = jnp.stack([jnp.asarray(picture(32, 32, i)) for i in range(2)])
    s = jnp.stack([jnp.asarray(picture(32, 32, i)) for i in (5, 6)])
    F, S = features(encoder, x, LEVELS), features(encoder, s, STYLE_LAYERS)
    detail = jnp.array([0.2, 0.5])

    def loss(weights):
        return reconstruction_loss(weights, encoder, x, F, detail)

    g = jax.grad(loss)(decoder)
    rng = np.random.default_rng(0)
    step = {name: jnp.asarray(rng.normal(size=w.shape), jnp.float32) for name, w in decoder.items()}
    ahead, behind = ({name: w + sign * 1e-4 * step[name] for name, w in decoder.items()} for sign in (1, -1))
    slope = sum(jnp.vdot(g[name], step[name]) for name in decoder)
    np.testing.assert_allclose((loss(ahead) - loss(behind)) / 2e-4, slope, rtol=0.03)
    painted = jax.grad(lambda w: style_transfer_loss(w, encoder, F, S, jnp.ones(2), detail, 2.0))(decoder)
    assert all(np.isfinite(each).all() for each in painted.values())
    assert np.abs(painted["picture.kernel"]).max() > 0


def test_without_strength_the_style_does_not_count(encoder, decoder):
    x = jnp.stack([jnp.asarray(picture(32, 32, 1))])
    F = features(encoder, x, LEVELS)
    losses = [
        style_transfer_loss(
            decoder,
            encoder,
            F,
            features(encoder, picture(32, 32, i)[None], STYLE_LAYERS),
            jnp.zeros(1),
            jnp.zeros(1),
            2.0,
        )
        for i in (3, 4)
    ]
    np.testing.assert_allclose(*losses, rtol=1e-5)
