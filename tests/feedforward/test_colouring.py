"""Whitening and colouring level by level, with a random network and a random decoder."""

import jax.numpy as jnp
import numpy as np
import pytest

import nst_jax as nst
from nst_jax.feedforward.colouring import (
    LEVELS,
    Target,
    _stage,
    extended,
    maps_to,
    measured,
    mixed,
    painted,
    style_moments,
)
from nst_jax.feedforward.decoder import decode, initial, load_decoder
from nst_jax.feedforward.transforms import TRANSFORMS
from nst_jax.losses.guides import guides
from nst_jax.losses.style.covariance import products
from nst_jax.networks.formats import write_weights
from tests.support.pictures import picture
from tests.support.weights import random_weights

WIDTHS = (4, 6, 8, 8, 8)


@pytest.fixture(scope="module")
def encoder():
    return nst.VGG19(random_weights(WIDTHS)).normalized([picture(64, 64, i) for i in range(4)], rare=2)


@pytest.fixture(scope="module")
def decoder(encoder):
    return initial({layer: encoder.width(layer) for layer in encoder.layers}, 0)


def at_levels(mask, encoder):
    return {level: jnp.asarray(t) for level, t in guides(mask, mask.shape, encoder, LEVELS).items()}


def everywhere(p, encoder, value=1.0):
    return at_levels(np.full(extended(p).shape[:2], value, np.float32), encoder)


def target(a, encoder, mask):
    sums = style_moments(encoder, a)
    return Target({level: mixed([sums[level]], [1.0]) for level in LEVELS}, at_levels(mask, encoder))


def covariance(F, t):
    rows = np.asarray(F, np.float64).reshape(-1, F.shape[-1])
    return np.average(rows, axis=0, weights=t.ravel()), np.cov(rows.T, ddof=0, aweights=t.ravel())


def test_features_take_mean_and_covariance_in_each_region(encoder, rng):
    """Two regions, each with its own style: within each, the moments of its style, by NumPy."""
    p, a, b = picture(64, 96, 1), picture(80, 80, 2), picture(72, 90, 3)
    left = np.zeros(p.shape[:2], np.float32)
    left[:, :48] = 1
    targets = [target(a, encoder, left), target(b, encoder, 1 - left)]
    level = LEVELS[1]  # 16 × 24 positions
    t = jnp.stack([each.guides[level] for each in targets])
    F = encoder(p, (level,))[level]
    A, c = maps_to(measured(F, t), [each.moments[level] for each in targets], TRANSFORMS["whitening"])
    coloured = F + sum(t[i][..., None] * (F @ A[i].T + c[i]) for i in range(2))
    for i, each in enumerate((a, b)):
        mean, C = covariance(coloured, np.asarray(t[i]))
        alive = np.diag(covariance(F, np.asarray(t[i]))[1]) > 1e-3  # a filter silent on the content stays constant
        assert alive.sum() >= 6
        G = encoder(each, (level,))[level]
        mean_s, C_s = covariance(G, np.ones(G.shape[:2]))
        np.testing.assert_allclose(mean, mean_s, atol=1e-4)
        both = np.ix_(alive, alive)
        np.testing.assert_allclose(C[both], C_s[both], atol=1e-3 * np.abs(C_s).max())


def test_strength_0_is_the_autoencoder(encoder, decoder):
    p, a = picture(40, 48, 1), picture(48, 40, 2)
    targets = [target(a, encoder, np.ones(p.shape[:2], np.float32))]
    x = painted(encoder, decoder, p, targets, everywhere(p, encoder, 0.0), 0.0)
    h = encoder(p, LEVELS[:1])[LEVELS[0]]
    for level in LEVELS:
        h = decode(decoder, h, level)
    np.testing.assert_allclose(x, np.clip(h, 0, 1), atol=1e-5)


def test_the_order_of_the_style_s_positions_is_irrelevant(encoder):
    """A style mirrored has the same moments up to the borders' padding; permuted features have exactly the same."""
    F = encoder(picture(48, 48, 1), ("conv2_1",))["conv2_1"]
    rows = np.asarray(F).reshape(-1, F.shape[-1])
    shuffled = jnp.asarray(np.random.default_rng(0).permutation(rows).reshape(F.shape))
    for one, other in zip(
        *(mixed([products(each, None)], [1.0]).__dict__.values() for each in (F, shuffled)), strict=True
    ):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


def test_a_mixture_has_the_moments_of_both_styles_side_by_side(encoder, rng):
    F, G = (rng.uniform(0, 2, (6, 6, 8)).astype(np.float32) for _ in range(2))
    both = mixed([products(jnp.asarray(each), None) for each in (F, G)], [0.5, 0.5])
    rows = np.concatenate([F.reshape(-1, 8), G.reshape(-1, 8)])
    np.testing.assert_allclose(both.mean, rows.mean(0), atol=1e-5)
    np.testing.assert_allclose(both.covariance, np.cov(rows.T, ddof=0), atol=1e-5)


def test_a_region_too_small_for_a_level_is_left_there(encoder, decoder):
    p, a = picture(64, 64, 1), picture(48, 48, 2)
    small = np.zeros(p.shape[:2], np.float32)
    small[:4, :4] = 1  # a quarter of a position of conv4_1
    level = LEVELS[0]
    sums = measured(encoder(extended(p), (level,))[level], at_levels(small, encoder)[level][None])
    moments = target(a, encoder, small).moments
    A, b = maps_to(sums, [moments[LEVELS[0]]], TRANSFORMS["whitening"])
    assert not A.any()
    assert not b.any()


def test_with_all_detail_each_level_is_the_photo_s_own(encoder, decoder):
    """d = 1 and r = 0: the last stage decodes the photo's features at conv1_1."""
    p, a = picture(40, 48, 1), picture(48, 40, 2)
    targets = [target(a, encoder, np.ones(p.shape[:2], np.float32))]
    x = painted(encoder, decoder, p, targets, everywhere(p, encoder, 0.0), 1.0)
    alone = decode(decoder, encoder(p, LEVELS[-1:])[LEVELS[-1]], LEVELS[-1])
    np.testing.assert_allclose(x, np.clip(alone, 0, 1), atol=1e-5)


@pytest.mark.parametrize("shape", [(40, 48), (41, 55), (16, 90)])
def test_any_size_gives_its_size(encoder, decoder, shape):
    p, a = picture(*shape, 1), picture(48, 40, 2)
    whole = [target(a, encoder, np.ones(extended(p).shape[:2], np.float32))]
    x = painted(encoder, decoder, p, whole, everywhere(p, encoder, 0.6), 0.3)
    assert x.shape == p.shape
    assert np.isfinite(x).all()


def test_stages_enlarge_to_the_features_they_stand_for(encoder, decoder):
    p = picture(32, 48, 1)
    F = encoder(p, LEVELS)
    for level, finer in zip(LEVELS, (*LEVELS[1:], None), strict=True):
        made = decode(decoder, F[level], level)
        assert made.shape == (p.shape if finer is None else F[finer].shape)


def test_a_damaged_decoder_is_named(decoder, tmp_path):
    arrays = {name: np.asarray(array) for name, array in decoder.items()}
    write_weights(tmp_path / "whole.safetensors", arrays, {})
    assert set(load_decoder(tmp_path / "whole.safetensors")) == set(decoder)
    write_weights(tmp_path / "cut.safetensors", {k: v for k, v in arrays.items() if "conv2_2" not in k}, {})
    with pytest.raises(nst.WeightsError, match="conv2_2"):
        load_decoder(tmp_path / "cut.safetensors")
    (tmp_path / "text.safetensors").write_text("no weights")
    with pytest.raises(nst.WeightsError, match="cannot be read"):
        load_decoder(tmp_path / "text.safetensors")


def test_stage_without_strength_or_guide_is_the_decoder_s(encoder, decoder):
    F = encoder(picture(32, 32, 1), LEVELS[:1])[LEVELS[0]]
    N = F.shape[-1]
    A, b = jnp.ones((1, N, N)), jnp.ones((1, N))
    ones, zeros = jnp.ones(F.shape[:2]), jnp.zeros(F.shape[:2])
    plain = decode(decoder, F, LEVELS[0])
    for guide, strength in ((zeros, ones), (ones, zeros)):
        x = _stage(decoder, F, A, b, guide[None], strength, LEVELS[0])
        np.testing.assert_allclose(x, plain, atol=1e-5)
