"""Mean activations over photographs: what the command writes, keeps, and does to rare filters."""

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.networks.formats import write_weights
from nst_jax.networks.means import means_of
from nst_jax.training import means
from nst_jax.training.crops import read_pictures
from tests.support.pictures import picture
from tests.support.weights import random_weights

LAYERS = ("conv1_1", "conv1_2", "conv2_1")


@pytest.fixture
def measured(tmp_path, monkeypatch):
    """(measure, network, squares): a call of the command, a network in a file, and the squares that are measured."""
    monkeypatch.setattr(means, "EVERY", 2)
    write_weights(tmp_path / "small.safetensors", random_weights((4, 5), LAYERS), {})
    for i in range(4):
        nst.save_image(tmp_path / "photos" / f"{i}.png", picture(40, 60, i))

    def measure(*options, networks=("small.safetensors",)):
        pictures = ["--pictures", str(tmp_path / "photos")]
        words = ["means", *(str(tmp_path / name) for name in networks), *pictures, *options]
        monkeypatch.setattr("sys.argv", [*words, "-o", str(tmp_path / "means.safetensors")])
        means.main()
        return tmp_path / "means.safetensors"

    files = read_pictures([tmp_path / "photos"])[::2]
    return measure, nst.load_network(tmp_path / "small.safetensors"), list(means.squares(files))


def test_it_writes_the_mean_over_the_middles_of_every_few_pictures(measured, tmp_path):
    measure, network, squares = measured
    assert [x.shape for x in squares] == [(160, 160, 3)] * 2
    found = means_of(str(tmp_path / "small.safetensors"), "avg", measure())
    for layer in LAYERS:
        F = np.stack([network(x, (layer,))[layer] for x in squares])
        np.testing.assert_allclose(found[layer], F.mean(axis=(0, 1, 2)), rtol=1e-4, atol=1e-5)


def test_a_rare_filter_gets_a_part_of_its_root_mean_square(measured, tmp_path):
    measure, network, squares = measured
    found = means_of(str(tmp_path / "small.safetensors"), "avg", measure("--rare", "2"))
    F = np.stack([network(x, ("conv2_1",))["conv2_1"] for x in squares]).astype(np.float64)
    mean, rms = F.mean(axis=(0, 1, 2)), np.sqrt((F**2).mean(axis=(0, 1, 2)))
    assert np.any(rms > 2 * mean)
    assert np.any(rms[mean > 0] < 2 * mean[mean > 0])
    np.testing.assert_allclose(found["conv2_1"], np.maximum(mean, rms / 2), rtol=1e-4, atol=1e-5)


def test_other_networks_in_the_file_stay(measured, tmp_path):
    measure, _, _ = measured
    write_weights(tmp_path / "other.safetensors", random_weights((3, 3), LAYERS, seed=1), {})
    before = means_of(str(tmp_path / "small.safetensors"), "max", measure())
    file = measure(networks=("other.safetensors",))
    after = means_of(str(tmp_path / "small.safetensors"), "max", file)
    assert all(np.array_equal(before[layer], after[layer]) for layer in LAYERS)
    assert means_of(str(tmp_path / "other.safetensors"), "max", file)["conv2_1"].shape == (3,)


def test_means_of_other_pictures_are_not_mixed(measured, monkeypatch, capsys):
    measure, _, _ = measured
    file = measure()
    before = file.read_bytes()
    monkeypatch.setattr(means, "EVERY", 1)
    with pytest.raises(SystemExit):
        measure()
    assert "its means are of other pictures" in capsys.readouterr().err
    assert file.read_bytes() == before


@pytest.mark.parametrize("name", ["vgg19-half", "vgg19-slim"])
def test_the_bundled_networks_know_theirs(name, shared):
    files = read_pictures([shared / "train" / "caltech101-160.zip"])[7::300]  # others than those that they are made of
    network = nst.load_network(name)
    found = network.activations(means.squares(files))
    for layer in network.layers:
        mean, rms = found[layer]
        assert abs(np.median(np.maximum(mean, rms / 2) / network.means[layer]) - 1) < 0.2, layer
