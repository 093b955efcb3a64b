"""The network against PyTorch, layer by layer, and its normalisation."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

import nst_jax as nst
from nst_jax.networks.geometry import LAYERS, known_as
from nst_jax.networks.vgg import conv3x3
from tests.support.pictures import picture
from tests.support.weights import random_weights

RELATIVE = 1e-4


@jax.jit
def all_features(vgg, x):
    return vgg(x, vgg.layers)


def assert_close(ours, theirs):
    """The largest difference, relative to the layer's largest feature and to its mean."""
    theirs = np.asarray(theirs)
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).max() <= RELATIVE * np.abs(theirs).max()
    assert np.abs(ours - theirs).mean() <= RELATIVE * np.abs(theirs).mean()


@pytest.mark.parametrize("padding", ["zero", "reflect"])
@pytest.mark.parametrize("pool", ["avg", "max"])
@pytest.mark.parametrize("size", [(64, 96), (77, 51)], ids=["even", "odd"])
def test_every_layer_agrees_with_pytorch(weights, pool, padding, size):
    pytest.importorskip("torch", reason="PyTorch, the oracle, is not installed")
    from tests.support.torch_oracle import TorchVGG, to_torch

    x = picture(*size)
    ours = all_features(nst.VGG19(weights, pool=pool, padding=padding), x)
    theirs = TorchVGG(weights, pool, padding)(to_torch(x))
    assert tuple(ours) == LAYERS
    for layer in LAYERS:
        assert_close(ours[layer], theirs[layer][0].permute(1, 2, 0))


def test_the_full_width_agrees_with_pytorch():
    pytest.importorskip("torch", reason="PyTorch, the oracle, is not installed")
    from tests.support.torch_oracle import TorchVGG, to_torch

    weights, x = random_weights((64, 128, 256, 512, 512)), picture(48, 33)
    ours = all_features(nst.VGG19(weights), x)
    theirs = TorchVGG(weights)(to_torch(x))
    for layer in LAYERS:
        assert_close(ours[layer], theirs[layer][0].permute(1, 2, 0))


def test_the_real_network_agrees_with_pytorch(shared):
    pytest.importorskip("torch", reason="PyTorch, the oracle, is not installed")
    from nst_jax.networks.formats import read_weights
    from tests.support.torch_oracle import TorchVGG, to_torch

    path = shared / "networks" / "vgg19-16x.safetensors"
    x = nst.load_image(shared / "images" / "paper" / "tubingen_neckarfront.jpg", 160)
    vgg = nst.load_network(path)
    assert (vgg.pool, vgg.padding, vgg.layers[-1]) == ("max", "reflect", "conv5_1")
    theirs = TorchVGG(read_weights(path)[0], "max", "reflect")(to_torch(x))
    for layer, ours in all_features(vgg, x).items():
        assert_close(ours, theirs[layer][0].permute(1, 2, 0))


def test_the_gradient_to_the_picture_agrees_with_pytorch(weights):
    torch = pytest.importorskip("torch", reason="PyTorch, the oracle, is not installed")
    from tests.support.torch_oracle import TorchVGG, to_torch

    x = picture(48, 39)
    for pool, padding in (("avg", "zero"), ("max", "reflect")):
        vgg = nst.VGG19(weights, pool=pool, padding=padding)
        ours = jax.jit(jax.grad(lambda x, vgg: jnp.mean(vgg(x, ["conv5_1"])["conv5_1"] ** 2)))(x, vgg)
        t = to_torch(x).requires_grad_(True)
        torch.mean(TorchVGG(weights, pool, padding)(t, "conv5_1")["conv5_1"] ** 2).backward()
        assert_close(np.asarray(ours), t.grad[0].permute(1, 2, 0).numpy())


def test_shapes_at_224_are_those_of_the_paper():
    vgg = nst.VGG19(random_weights((64, 128, 256, 512, 512)))
    shapes = vgg.shapes(224, 224)
    assert shapes["conv1_1"] == (224, 224, 64)
    assert shapes["conv2_1"] == (112, 112, 128)
    assert shapes["conv3_1"] == (56, 56, 256)
    assert shapes["conv4_1"] == shapes["conv4_2"] == (28, 28, 512)
    assert shapes["conv5_1"] == (14, 14, 512)
    computed = jax.eval_shape(lambda x: vgg(x, LAYERS), jax.ShapeDtypeStruct((224, 224, 3), jnp.float32))
    assert {layer: f.shape for layer, f in computed.items()} == shapes


def convolutions(function, *args):
    """How many convolutions the traced function holds."""
    return str(jax.make_jaxpr(function)(*args)).count("conv_general_dilated[")


@pytest.mark.parametrize(("layers", "count"), [(["conv1_1"], 1), (["conv3_1", "conv1_2"], 5), (["conv5_4"], 16)])
def test_nothing_is_computed_beyond_the_deepest_layer(vgg, layers, count):
    assert convolutions(lambda x: vgg(x, layers), picture(32, 32)) == count


def test_the_convolutions_own_gradient_is_the_true_one(rng):
    x, kernel = rng.normal(size=(7, 6, 3)).astype(np.float32), rng.normal(size=(3, 3, 3, 5)).astype(np.float32)
    twin = kernel[::-1, ::-1].swapaxes(2, 3)

    def plain(x, kernel, padding):
        dimensions = ("NHWC", "HWIO", "NHWC")
        return lax.conv_general_dilated(x[None], kernel, (1, 1), [(padding,) * 2] * 2, dimension_numbers=dimensions)[0]

    for padding in (0, 1):
        ours = jax.grad(lambda x, k, padding=padding: jnp.sum(conv3x3(x, k, twin, padding) ** 3), (0, 1))(x, kernel)
        theirs = jax.grad(lambda x, k, padding=padding: jnp.sum(plain(x, k, padding) ** 3), (0, 1))(x, kernel)
        for a, b in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-3)


def test_a_batch_is_vmap(vgg):
    batch = np.stack([picture(32, 32, seed) for seed in range(3)])
    many = jax.vmap(lambda x: vgg(x, ["conv3_1"])["conv3_1"])(batch)
    np.testing.assert_allclose(many[2], vgg(batch[2], ["conv3_1"])["conv3_1"], rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("pool", ["avg", "max"])
@pytest.mark.parametrize("padding", ["zero", "reflect"])
def test_normalisation_changes_features_by_a_factor_a_filter_and_makes_their_means_1(weights, pool, padding):
    images = [picture(64, 48, 1), picture(33, 70, 2)]  # of different sizes: means are over all positions of both
    vgg = nst.VGG19(weights, pool=pool, padding=padding)
    normal = vgg.normalized(images)
    assert (normal.pool, normal.padding) == (pool, padding)
    totals, positions, factors = {}, {}, {}
    for image in images:
        before, after = all_features(vgg, image), all_features(normal, image)
        for layer in LAYERS:
            totals[layer] = totals.get(layer, 0) + np.asarray(after[layer], np.float64).sum((0, 1))
            positions[layer] = positions.get(layer, 0) + after[layer].shape[0] * after[layer].shape[1]
            if layer not in factors:  # one factor a filter, from the first picture, serves for both
                sums = np.asarray(before[layer]).sum((0, 1))
                factors[layer] = np.asarray(after[layer]).sum((0, 1)) / np.where(sums > 0, sums, 1)
            active = factors[layer] > 0
            scaled = (np.asarray(before[layer]) * factors[layer])[..., active]
            assert np.abs(np.asarray(after[layer])[..., active] - scaled).max() <= 1e-4 * np.abs(scaled).max()
    for layer in LAYERS:
        means = totals[layer] / positions[layer]
        active = means > 0
        assert active.any()
        np.testing.assert_allclose(means[active], 1, rtol=1e-3)


def test_a_network_that_knows_its_means_needs_no_images_to_be_normalised(weights):
    images = [picture(64, 48, 1), picture(33, 70, 2)]
    means = {layer: mean for layer, (mean, _) in nst.VGG19(weights).activations(images).items()}
    known = nst.VGG19(weights, means=means).normalized()
    for here, there in zip(jax.tree.leaves(known), jax.tree.leaves(nst.VGG19(weights).normalized(images)), strict=True):
        np.testing.assert_array_equal(here, there)
    with pytest.raises(nst.SettingError, match="mean activations are not known; give images"):
        nst.VGG19(weights).normalized()


def test_a_silent_filter_keeps_its_scale(weights):
    weights["conv1_1.kernel"][..., 0], weights["conv1_1.bias"][0] = 0, -1
    normal = nst.VGG19(weights).normalized([picture(32, 32)])
    assert float(normal.conv1_1.bias[...][0]) == -1
    assert all(np.isfinite(leaf).all() for leaf in jax.tree.leaves(normal))


def test_a_rare_filter_is_divided_by_its_root_mean_square(weights):
    x = picture(64, 48)
    before = np.asarray(nst.VGG19(weights)(x, ["conv1_1"])["conv1_1"]).reshape(-1, 4)
    weights["conv1_1.bias"][1] -= np.quantile(before[:, 1], 0.98)  # from here on it answers 2 % of the positions
    vgg = nst.VGG19(weights)
    F = np.asarray(vgg(x, ["conv1_1"])["conv1_1"]).reshape(-1, 4)
    mean, rms = F.mean(axis=0), np.sqrt((F**2).mean(axis=0))
    assert rms[1] > 2 * mean[1]
    assert (rms[[0, 2, 3]] < 2 * mean[[0, 2, 3]]).any()
    normal = vgg.normalized([x], rare=2.0)
    G = np.asarray(normal(x, ["conv1_1"])["conv1_1"]).reshape(-1, 4)
    np.testing.assert_allclose(G, F / np.maximum(mean, rms / 2), rtol=1e-4, atol=1e-5)
    deep = {"conv3_1", "conv5_4"}
    F, G = vgg(x, deep), normal(x, deep)
    for layer in deep:  # the same function but for a factor a filter
        for i in range(G[layer].shape[-1]):
            f, g = (np.asarray(features[layer])[..., i] for features in (F, G))
            np.testing.assert_allclose(g * np.linalg.norm(f), f * np.linalg.norm(g), rtol=1e-3, atol=1e-3 * f.max())


def test_the_real_network_normalises_to_mean_1(shared):
    vgg = nst.load_network(shared / "networks" / "vgg19-16x.safetensors")
    x = nst.load_image(shared / "images" / "paper" / "starry_night.jpg", 160)
    for layer, features in all_features(vgg.normalized([x]), x).items():
        means = np.asarray(features).mean((0, 1))
        np.testing.assert_allclose(means[means > 0], 1, rtol=1e-3, err_msg=layer)


def test_small_pictures_are_refused_with_the_least_size(weights, vgg):
    with pytest.raises(nst.ImageError, match="15 × 30 pixels is too small for conv5_1, which needs 16 × 16"):
        vgg(np.zeros((30, 15, 3)), ["conv5_1"])
    assert vgg(np.zeros((16, 16, 3)), ["conv5_1"])["conv5_1"].shape == (1, 1, 8)
    with pytest.raises(nst.ImageError, match="which needs 32 × 32"):
        nst.VGG19(weights, padding="reflect")(np.zeros((31, 64, 3)), ["conv5_1"])


def test_bad_settings_and_weights_are_named(weights, vgg):
    with pytest.raises(nst.SettingError, match="no layer relu4_2; it has conv1_1 to conv5_4"):
        vgg(picture(32, 32), ["relu4_2"])
    with pytest.raises(nst.SettingError, match="pool 'mean' is not known"):
        nst.VGG19(weights, pool="mean")
    with pytest.raises(nst.SettingError, match="padding 'same' is not known"):
        nst.VGG19(weights, padding="same")
    with pytest.raises(nst.SettingError, match="at least one image"):
        vgg.normalized([])
    with pytest.raises(nst.WeightsError, match=r"the weights lack conv3_2\.bias"):
        nst.VGG19({name: array for name, array in weights.items() if name != "conv3_2.bias"})
    with pytest.raises(nst.WeightsError, match=r"conv2_1\.kernel has shape \[3, 3, 5, 6\], not \[3, 3, 4, 6\]"):
        nst.VGG19(weights | {"conv2_1.kernel": np.zeros((3, 3, 5, 6), np.float32)})
    with pytest.raises(nst.WeightsError, match="hold no layer"):
        nst.VGG19({})


@pytest.mark.parametrize(
    ("given", "layer"),
    [
        ("relu4_2", "conv4_2"), ("block4_conv2", "conv4_2"), ("Conv4_2", "conv4_2"), ("conv4-2", "conv4_2"),
        ("r41", "conv4_1"), ("features.21", "conv4_2"), ("22", "conv4_2"), ("0", "conv1_1"), ("35", "conv5_4"),
        ("conv1_3", None), ("4", None), ("36", None), ("fc6", None), ("", None), ("pool4", None), ("relu6_1", None),
    ],
)  # fmt: skip
def test_names_of_layers_in_other_tools_are_known(given, layer):
    assert known_as(given) == layer
