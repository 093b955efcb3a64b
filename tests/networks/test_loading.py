"""Files of weights: the official layouts, written here, and files that are wrong."""

import contextlib
import hashlib
import io
import json
import pickle
import signal
import subprocess
import sys
from collections import Counter, OrderedDict

import h5py
import ml_dtypes
import numpy as np
import pytest
from safetensors.numpy import save_file

import nst_jax as nst
from nst_jax.networks import formats
from nst_jax.networks.formats import IMAGENET_MEAN, IMAGENET_STD, write_weights
from nst_jax.networks.geometry import LAYERS
from nst_jax.networks.torch_file import read_torch_file
from tests.support.damage import mutations
from tests.support.networks import assert_same, features, refused
from tests.support.pictures import picture
from tests.support.weight_files import (
    Trap,
    torch_layout,
    torchvision_name,
    vgg16,
    write_h5,
    write_hub,
    write_pth,
)


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
    with pytest.raises(nst.WeightsError, match="network 'vgg16' is not known; use one of vgg19-slim, vgg19-half, "):
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
        with contextlib.suppress(ValueError, nst.WeightsError):  # damaged, or an object of a program by now
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


ENDLESS = """\
from nst_jax.networks import h5_file

def forever(path):
    while True:
        pass

h5_file.SECONDS, h5_file._arrays = 1, forever
h5_file.main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits of this kind")
def test_a_reader_of_h5_that_hangs_ends_by_itself_when_nobody_waits_for_it():
    done = subprocess.run([sys.executable, "-c", ENDLESS, "a.h5"], capture_output=True, timeout=120, check=False)
    assert done.returncode in (-signal.SIGXCPU, -signal.SIGKILL)


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


def test_arrays_of_odd_shapes_are_refused(tmp_path, weights):
    save_file(weights | {"preprocess.kernel": np.zeros((2, 2), np.float32)}, tmp_path / "a.safetensors")
    refused(tmp_path / "a.safetensors", "is truncated or damaged")
    arrays = torch_layout(weights, torchvision_name) | {"features.0.weight": np.zeros(3, np.float32)}
    save_file(arrays, tmp_path / "b.safetensors")
    refused(tmp_path / "b.safetensors", "is truncated or damaged")
