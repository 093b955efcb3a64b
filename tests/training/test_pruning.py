"""Pruning: what is chosen and fitted, against exhaustive search, least squares and networks with known answers."""

import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

import nst_jax as nst
from nst_jax.cli.main import main
from nst_jax.networks.formats import write_weights
from nst_jax.networks.geometry import block
from nst_jax.networks.vgg import VGG19
from nst_jax.training.pruning import fitted, most_telling, patches, prune, pruned
from tests.support.pictures import picture
from tests.support.weights import random_weights

LAYERS = ("conv1_1", "conv1_2", "conv2_1")


def test_each_filter_that_is_chosen_lowers_the_rest_most(rng):
    F = np.maximum(rng.normal(size=(400, 7)) @ rng.normal(size=(7, 7)) + 1, 0)
    F_hat = F / F.mean(axis=0)

    def rest(chosen):
        """What the best linear maps from the chosen leave, by NumPy's least squares."""
        X = F_hat[:, chosen]
        return np.sum((F_hat - X @ np.linalg.lstsq(X, F_hat, rcond=None)[0]) ** 2)

    chosen = []
    for number in range(1, 7):
        chosen.append(min(set(range(7)) - set(chosen), key=lambda s: rest([*chosen, s])))
        assert sorted(chosen) == most_telling(F, number).tolist()


def test_filters_that_repeat_others_are_not_chosen(rng):
    F = np.abs(rng.normal(size=(200, 3)))
    chosen = most_telling(np.concatenate([F, 2 * F, F @ np.ones((3, 1))], axis=1), 3)
    assert np.linalg.matrix_rank(np.concatenate([F, 2 * F, F @ np.ones((3, 1))], axis=1)[:, chosen]) == 3


def test_what_a_layer_gives_is_found_whatever_lies_below_0(rng):
    X, W, b = rng.normal(size=(3000, 12)), rng.normal(size=(12, 5)), rng.normal(size=5)
    Z = X @ W + b
    found, bias = fitted(X, Z)
    np.testing.assert_allclose(X @ found + bias, Z, atol=0.01)
    deeper = np.where(Z < 0, Z - rng.exponential(4, Z.shape), Z)  # the same features

    def error(W, b):
        return np.mean((np.maximum(X @ W + b, 0) - np.maximum(Z, 0)) ** 2)

    X1 = np.c_[X, np.ones(len(X))]
    plain = np.linalg.lstsq(X1, deeper, rcond=None)[0]
    assert error(*fitted(X, deeper)) < 0.2 * error(plain[:-1], plain[-1])


def test_patches_are_what_a_convolution_sees(rng):
    F, kernel = rng.normal(size=(2, 5, 6, 3)).astype(np.float32), rng.normal(size=(3, 3, 3, 4)).astype(np.float32)
    everywhere = tuple(each.ravel() for each in np.indices((2, 5, 6)))
    by_patches = (patches(F, everywhere) @ kernel.reshape(-1, 4)).reshape(2, 5, 6, 4)
    dimensions = ("NHWC", "HWIO", "NHWC")
    whole = lax.conv_general_dilated(jnp.asarray(F), jnp.asarray(kernel), (1, 1), "SAME", dimension_numbers=dimensions)
    np.testing.assert_allclose(by_patches, whole, atol=1e-5)


def doubled(weights):
    """A network with each filter of another one, and again three times as strong."""
    wide = {name: weights[name] for name in weights if name.startswith("preprocess")}
    for layer in LAYERS:
        kernel, bias = weights[f"{layer}.kernel"], weights[f"{layer}.bias"]
        seen = kernel if layer == "conv1_1" else np.concatenate([0.4 * kernel, 0.2 * kernel], axis=2)
        wide[f"{layer}.kernel"] = np.concatenate([seen, 3 * seen], axis=3)
        wide[f"{layer}.bias"] = np.concatenate([bias, 3 * bias])
    return wide


def test_a_network_of_repeated_filters_loses_nothing_at_half_its_width():
    weights = {name: w for name, w in random_weights().items() if name.startswith(("preprocess", *LAYERS))}
    widths = {layer: weights[f"{layer}.bias"].size for layer in LAYERS}
    wide = VGG19(doubled(weights))
    pictures = np.stack([picture(24, 20, i) for i in range(4)])
    layers = list(pruned(wide, pictures, widths))
    assert [each.layer for each in layers] == list(LAYERS)
    assert max(each.error for each in layers) < 1e-3
    narrow = {name: w for name, w in weights.items() if name.startswith("preprocess")}
    for each in layers:
        narrow |= each.weights
    other = picture(24, 20, 9)
    F, T = VGG19(narrow)(other, LAYERS), wide(other, LAYERS)
    for each in layers:
        T_S = T[each.layer][..., each.filters]
        assert np.linalg.norm(F[each.layer] - T_S) < 0.05 * np.linalg.norm(T_S)


@pytest.fixture
def pictures(tmp_path):
    for i in range(4):
        nst.save_image(tmp_path / "pictures" / f"{i}.png", picture(48, 64, i))
    return tmp_path / "pictures"


def test_it_writes_a_network_that_loads(tmp_path, pictures):
    out, widths = tmp_path / "vgg19-half.safetensors", {layer: 4 * block(layer) for layer in LAYERS}
    made = list(prune("vgg19-slim", [pictures], out, widths=widths, crops=6, size=32))
    assert [each.layer for each in made] == list(LAYERS)
    network, wide, x = nst.load_network(out), nst.load_network("vgg19-slim"), nst.load_image("chelsea", 64)
    assert network.layers == LAYERS
    first, of_wide = network(x, "conv1_1")["conv1_1"], wide(x, "conv1_1")["conv1_1"][..., made[0].filters]
    assert np.abs(first - of_wide).mean() < 0.02 * first.mean()
    assert network.means is None  # its name is that of another network, whose means they are not


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"crops": 1}, "crops=1: give a whole number from 2 up"),
        ({"size": 16}, "size=16: give a whole number from 32 up"),
        ({"widths": {"conv1_1": 1000}}, "conv1_1: 1000 filters are asked for, and the network has 32 there"),
        ({"widths": dict.fromkeys((*LAYERS, "conv5_4"), 4)}, "conv5_4: 4 filters are asked for, and the network has 0"),
    ],
)
def test_what_cannot_be_pruned_is_refused(tmp_path, pictures, given, said):
    with pytest.raises(nst.SettingError, match=said):
        list(prune("vgg19-slim", [pictures], tmp_path / "a.safetensors", **{"crops": 4, "size": 32} | given))
    assert not (tmp_path / "a.safetensors").exists()


def test_the_command_prunes_and_writes_over_nothing_that_it_reads(tmp_path, pictures, capsys):
    wide, out = tmp_path / "wide.safetensors", tmp_path / "narrow.safetensors"
    write_weights(wide, random_weights(), {})
    command = ["prune", "--network", str(wide), "--pictures", str(pictures), "--crops", "2", "--size", "32"]
    command += ["--widths", "2", "3", "4", "-o"]
    before = wide.read_bytes()
    assert main([*command, str(wide)]) == 2
    assert "would write over what this command reads" in capsys.readouterr().err
    assert main([*command, str(tmp_path / "narrow.npz")]) == 2
    assert "networks are written as .safetensors" in capsys.readouterr().err
    assert main([*command[:-1], *"1" * 17, "-o", str(out)]) == 2
    assert "--widths: 20 numbers, and VGG-19 has 16 layers" in capsys.readouterr().err
    assert wide.read_bytes() == before
    assert main([*command, str(out)]) == 0
    assert capsys.readouterr().out.count("error on crops held out") == 3
    network = nst.load_network(out)
    assert {layer: network.width(layer) for layer in network.layers} == {"conv1_1": 2, "conv1_2": 3, "conv2_1": 4}
