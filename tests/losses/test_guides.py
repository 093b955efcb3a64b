"""Guides against what the network's units see: noise in or outside of the region, and areas."""

import jax
import numpy as np
import pytest

import nst_jax as nst
from nst_jax.losses.guides import guides, vanished
from nst_jax.networks.geometry import block
from tests.support.pictures import picture
from tests.support.weights import random_weights

LAYERS = ("conv1_1", "conv2_2", "conv3_1", "conv4_1", "conv5_1")
SIZES = [(48, 64), (37, 50)]
WEIGHTS = random_weights((16, 16, 16, 16, 16))


@jax.jit
def features(vgg, x):
    return vgg(x, LAYERS)


def rectangle(h, w):
    """A hard mask that touches one border and ends at odd pixels."""
    mask = np.zeros((h, w), np.float32)
    mask[: 2 * h // 3 + 1, w // 5 | 1 : w - 7] = 1
    return mask


def changed(vgg, x, where):
    """layer → [h_l, w_l]: the units with any filter that changes when the pixels `where` do."""
    noise = np.random.default_rng(0).normal(0, 100, x.shape).astype(np.float32)
    before, after = (features(vgg, each) for each in (x, x + where[..., None] * noise))
    return {layer: np.asarray(before[layer] != after[layer]).any(axis=-1) for layer in LAYERS}


@pytest.mark.parametrize("pool", ["avg", "max"])
@pytest.mark.parametrize("padding", ["zero", "reflect"])
@pytest.mark.parametrize("size", SIZES, ids=["even", "odd"])
def test_guides_are_what_units_see(pool, padding, size):
    vgg, x, mask = nst.VGG19(WEIGHTS, pool=pool, padding=padding), picture(*size), rectangle(*size)
    inside, touched = (guides(mask, x.shape, vgg, LAYERS, mode) for mode in ("inside", "all"))
    by_outside, by_region = changed(vgg, x, 1 - mask), changed(vgg, x, mask)
    for layer in LAYERS:
        assert not by_outside[layer][inside[layer] == 1].any(), layer
        assert (touched[layer][by_region[layer]] == 1).all(), layer
    for layer in LAYERS[:3]:  # nothing smaller is true: with this noise and no maximum in between, all of them change
        if pool == "avg":
            np.testing.assert_array_equal(by_outside[layer], inside[layer] == 0, layer)
            np.testing.assert_array_equal(by_region[layer], touched[layer] == 1, layer)


@pytest.mark.parametrize("size", SIZES, ids=["even", "odd"])
def test_simple_guides_are_means_over_the_pixels_of_a_position(vgg, size, rng):
    mask = rng.uniform(size=size).astype(np.float32)
    for layer, guide in guides(mask, size, vgg, LAYERS).items():
        h, w, _ = vgg.shapes(*size)[layer]
        s = 2 ** (block(layer) - 1)
        assert guide.dtype == np.float32
        expected = [[mask[s * i : s * i + s, s * j : s * j + s].mean() for j in range(w)] for i in range(h)]
        np.testing.assert_allclose(guide, expected, rtol=1e-5)


@pytest.mark.parametrize("full", [(37, 50), (111, 150), (90, 121)])
def test_a_partition_stays_one_at_each_layer(vgg, full, rng):
    labels = rng.integers(0, 3, full)
    each = [guides((labels == i).astype(np.float32), (37, 50), vgg, LAYERS) for i in range(3)]
    for layer in LAYERS:
        np.testing.assert_allclose(sum(guide[layer] for guide in each), 1, atol=1e-6)


def test_inside_is_less_than_simple_and_all_is_more(vgg, rng):
    soft = rng.uniform(size=(37, 50)).astype(np.float32)
    inside, simple, touched = (guides(soft, soft.shape, vgg, LAYERS, mode) for mode in ("inside", "simple", "all"))
    for layer in LAYERS:
        assert (inside[layer] <= simple[layer] + 1e-6).all()
        assert (simple[layer] <= touched[layer] + 1e-6).all()


@pytest.mark.parametrize("mode", ["simple", "inside", "all"])
def test_the_whole_picture_is_one_everywhere(vgg, mode):
    for guide in guides(np.ones((37, 50), np.float32), (37, 50), vgg, LAYERS, mode).values():
        np.testing.assert_allclose(guide, 1, rtol=1e-6)


def test_a_region_vanishes_at_deep_layers(vgg):
    mask = np.zeros((64, 64), np.float32)
    mask[20:30, 20:30] = 1  # 100 pixels: 100, 25, 6, 1.6 and 0.4 positions
    simple = guides(mask, mask.shape, vgg, LAYERS)
    assert [vanished(simple[layer]) for layer in LAYERS] == [False, False, False, False, True]
    inside = guides(mask, mask.shape, vgg, LAYERS, "inside")
    assert inside["conv1_1"].sum() == 64
    assert vanished(inside["conv3_1"])


def test_bad_settings_are_named(vgg):
    mask = np.ones((16, 16), np.float32)
    with pytest.raises(nst.SettingError, match="mode 'outside' is not known; use simple, inside, all"):
        guides(mask, (16, 16), vgg, LAYERS, "outside")
    with pytest.raises(nst.SettingError, match="no layer conv6_1"):
        guides(mask, (16, 16), vgg, ["conv6_1"])
    with pytest.raises(nst.ImageError, match="too small for conv5_1"):
        guides(mask, (15, 16), vgg, LAYERS)
