"""Features in bfloat16 with float32 Gram matrices: how far they are off, and what stays as it was."""

import jax
import numpy as np
import pytest

import nst_jax as nst
from tests.support.pictures import picture
from tests.support.weights import random_weights

LAYERS = ("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1")
ROUNDING = 2.0**-8  # of bfloat16, relative


@pytest.fixture(scope="module")
def networks():
    weights = random_weights()
    return {precision: nst.VGG19(weights, precision=precision) for precision in ("float32", "bfloat16")}


@pytest.fixture(scope="module")
def features(networks):
    x = picture(48, 64)
    return {precision: jax.jit(lambda vgg: vgg(x, LAYERS))(vgg) for precision, vgg in networks.items()}


@pytest.mark.parametrize("layer", LAYERS)
def test_features_are_off_by_the_rounding_of_the_layers_before(features, layer):
    F, rounded = (np.asarray(features[precision][layer]) for precision in ("float32", "bfloat16"))
    assert rounded.dtype == np.float32
    error = np.sqrt(np.mean((rounded - F) ** 2) / np.mean(F**2))
    depth = nst.VGG19(random_weights()).layers.index(layer) + 1
    assert 0.1 * ROUNDING < error < 2 * ROUNDING * np.sqrt(depth)


def test_gram_matrices_are_sums_in_float32(features):
    F = np.asarray(features["bfloat16"]["conv1_1"])
    exact = np.einsum("hwi,hwj->ij", F.astype(np.float64), F.astype(np.float64))
    np.testing.assert_allclose(nst.gram(F), exact, rtol=1e-5, atol=1e-5 * exact.max())


def test_loss_and_gradient_are_near_those_of_float32(networks):
    p, a, x = picture(48, 64), picture(40, 40, seed=1), picture(48, 64, seed=2)
    found = {}
    for precision, vgg in networks.items():
        objective = nst.build_objective(vgg, p, a, {"conv4_2": 1e-3}, dict.fromkeys(LAYERS, 1.0), 1e-3)
        value, g = jax.jit(jax.value_and_grad(lambda x, objective=objective: objective(x)))(x)
        assert g.dtype == np.float32
        found[precision] = float(value), np.asarray(g).ravel()
    (value, g), (rounded, slope) = found["float32"], found["bfloat16"]
    assert rounded != value
    assert abs(rounded / value - 1) < 0.02
    assert g @ slope / np.linalg.norm(g) / np.linalg.norm(slope) > 0.99


def test_a_normalised_network_keeps_its_precision(networks):
    assert networks["bfloat16"].normalized([picture(32, 32)]).precision == "bfloat16"


def test_a_setting_reaches_the_network_and_the_manifest():
    from nst_jax.transfer.job import prepare

    given = {"size": 32, "content_layers": "conv2_2", "style_layers": "conv1_1"}
    job = prepare(picture(32, 32), picture(32, 32), precision="bfloat16", **given)
    assert job.network.precision == "bfloat16"
    assert job.settings.precision == "bfloat16"
    assert prepare(picture(32, 32), picture(32, 32), **given).network.precision == "float32"


@pytest.mark.parametrize("given", ["float16", "bf16", 32, None])
def test_other_precisions_are_refused(given):
    with pytest.raises(nst.SettingError, match="give float32 or bfloat16"):
        nst.Settings(precision=given)


def test_a_network_refuses_them_too():
    with pytest.raises(nst.SettingError, match="precision 'float16' is not known; use float32 or bfloat16"):
        nst.VGG19(random_weights(), precision="float16")


def test_a_network_given_as_an_object_has_its_own():
    from nst_jax.transfer.job import prepare

    with pytest.raises(nst.SettingError, match="precision are set when a network is loaded"):
        prepare(picture(32, 32), picture(32, 32), network=nst.VGG19(random_weights()), precision="bfloat16")
