"""What comes with the package: whole, of its stated size and shape, and used without a download."""

import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.cli.main import main
from nst_jax.images import bundled
from nst_jax.networks.formats import read_weights
from nst_jax.networks.geometry import LAYERS
from nst_jax.networks.sources import NETWORKS
from nst_jax.training.pruning import HALF as WIDTHS

SLIM, HALF = NETWORKS["vgg19-slim"], NETWORKS["vgg19-half"]
FULL = (64, 128, 256, 512, 512)


@pytest.fixture(autouse=True)
def nothing_in_the_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("NST_JAX_DATA", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def slim():
    return nst.load_network("vgg19-slim")


def multiplications(widths, layers):
    """Per pixel of the picture."""
    total, channels = 0, 3
    for layer in layers:
        block = int(layer[4])
        total += 9 * channels * widths[block - 1] / 4 ** (block - 1)
        channels = widths[block - 1]
    return total


@pytest.mark.parametrize("name", bundled.BUNDLED)
def test_every_picture_is_here_and_can_be_read(name):
    x = nst.load_image(nst.picture(name))
    assert min(x.shape[:2]) >= 300
    assert x.std() > 0.05


def test_the_style_pictures_are_small_files_of_colour():
    for known in bundled.STYLES.values():
        x = nst.load_image(known.path)
        assert known.path.stat().st_size <= 200_000
        assert max(x.shape) >= 700
        assert np.abs(x - x.mean(axis=-1, keepdims=True)).mean() > 0.01  # colour


def test_a_missing_picture_is_told(monkeypatch):
    monkeypatch.setitem(bundled.BUNDLED, "vortex", bundled.BundledPicture("", "nowhere.jpg", "MIT", ours=True))
    with pytest.raises(nst.ImageError, match=r"nowhere\.jpg: is missing from the installation"):
        nst.picture("vortex")


def test_the_network_is_a_slim_vgg19(slim):
    weights, metadata = read_weights(SLIM)
    assert SLIM.stat().st_size <= 2_000_000
    assert all(array.dtype == np.float16 and np.isfinite(array).all() for array in weights.values())
    assert slim.layers == LAYERS[: LAYERS.index("conv5_1") + 1]
    assert (slim.pool, slim.padding) == ("avg", "zero")
    widths = [slim.width(f"conv{b}_1") for b in range(1, 6)]
    assert multiplications(widths, slim.layers) <= multiplications(FULL, slim.layers) / 10
    assert {"teacher", "pictures", "recipe"} <= set(metadata)


def test_the_second_network_is_vgg19_pruned():
    weights, metadata = read_weights(HALF, decoded=False)
    assert HALF.stat().st_size <= 4_300_000
    half = nst.load_network("vgg19-half")
    assert {layer: half.width(layer) for layer in half.layers} == WIDTHS
    assert all(weights[f"{layer}.codes"].dtype == np.uint8 for layer in half.layers)
    assert half.means is not None
    assert metadata["teacher"].startswith("vgg19, ")
    assert {"pictures", "recipe"} <= set(metadata)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_copy_of_a_networks_file_is_that_network(name, tmp_path):
    """A run that is resumed names the file, and must be normalised as it was."""
    copy = tmp_path / "copy.safetensors"
    copy.write_bytes(NETWORKS[name].read_bytes())
    network = nst.load_network(name)
    for path in (NETWORKS[name], copy):
        means = nst.load_network(path).means
        assert means is not None
        assert all(np.array_equal(means[layer], mean) for layer, mean in network.means.items())


def test_every_filter_answers_and_the_mean_answer_is_about_1(slim):
    """Over ten of the bundled pictures, of which the training saw none."""
    pictures = [nst.load_image(nst.picture(name), 256) for name in bundled.BUNDLED]
    F = [slim(p, slim.layers) for p in pictures]
    for layer in slim.layers:
        means = np.mean([np.asarray(f[layer]).mean(axis=(0, 1)) for f in F], axis=0)
        assert means.min() > 0.01, layer
        assert 0.3 < np.median(means) < 3, layer


def test_the_means_of_the_network_can_be_told_from_its_pictures(slim):
    """Normalised over two pictures, features have mean 1 there: no filter is too silent for it."""
    pictures = [nst.load_image(nst.picture(name), 192) for name in ("chelsea", "vortex")]
    F = [slim.normalized(pictures)(p, ("conv1_1", "conv5_1")) for p in pictures]
    for layer in ("conv1_1", "conv5_1"):
        both = np.concatenate([np.asarray(f[layer]).reshape(-1, f[layer].shape[-1]) for f in F])
        np.testing.assert_allclose(both.mean(axis=0), 1, rtol=1e-3)


def test_it_is_the_default_and_needs_no_download(tmp_path, capsys):
    assert main(["stylize", "-o", str(tmp_path / "a.png"), "--size", "64", "--steps", "3"]) == 0
    said = capsys.readouterr().out
    assert "network vgg19-slim, avg pooling" in said
    assert "made with vgg19-slim" in said
    assert not (tmp_path / "cache").exists()


def test_fetch_lists_and_finds_what_is_bundled(capsys):
    assert main(["fetch"]) == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in (*NETWORKS, *bundled.BUNDLED))
    assert main(["fetch", "vgg19-slim", "vortex", "coffee"]) == 0
    assert str(SLIM) in capsys.readouterr().out


def test_a_wheel_holds_the_data(tmp_path):
    """Installed without the checkout, the package finds them inside itself."""
    pytest.importorskip("setuptools", reason="a wheel is built with setuptools")
    repository = Path(__file__).parents[2]
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(tmp_path)]
    built = subprocess.run([*build, str(repository)], capture_output=True, text=True)
    if built.returncode:
        pytest.skip(f"no wheel can be built here: {built.stderr.strip().splitlines()[-1:]}")
    names = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()
    assert {f"nst_jax/data/networks/{name}.safetensors" for name in ("vgg19-slim", "means")} <= set(names)
    assert all(f"nst_jax/data/styles/{known.file}" in names for known in bundled.STYLES.values())
    package = repository / "nst_jax"
    modules = {str(path.relative_to(repository)) for path in package.rglob("*.py")}
    assert modules <= set(names)  # every room
    assert {"nst_jax/py.typed", "nst_jax/__init__.pyi"} <= set(names)
    metadata = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).read(next(n for n in names if n.endswith("METADATA")))
    assert f"Version: {nst.__version__}\n" in metadata.decode()


@pytest.mark.parametrize("pool", ["avg", "max"])
def test_reconstructions_lose_more_the_deeper_the_layer(pool):
    """conv1_1 gives nearly the picture, conv5_1 keeps the layout and loses detail (the paper's figure 1)."""
    network = nst.load_network("vgg19-slim", pool=pool)
    p = nst.load_image(nst.picture("astronaut"), 96)
    errors = []
    for layer in ("conv1_1", "conv5_1"):
        made = nst.stylize(p, p, network=network, size=96, beta=0, tv=0, content_layers=layer, init="noise", steps=200)
        errors.append(np.sqrt(np.mean((made.image - p) ** 2)))
    noise = np.sqrt(np.mean((np.random.default_rng(0).uniform(size=p.shape) - p) ** 2))
    assert errors[0] < 0.1
    assert 2 * errors[0] < errors[1] < noise


def test_style_falls_and_content_rises_with_beta():
    p, a = (nst.load_image(nst.picture(name), 96) for name in ("coffee", "vortex"))
    ends = []
    for beta in (0.1, 10.0, 1000.0):
        losses = nst.stylize(p, a, size=96, beta=beta, tv=0, steps=60).losses
        ends.append((losses["style"][-1] / beta, losses["content"][-1]))
    style, content = np.transpose(ends)
    assert np.all(np.diff(style) < 0)
    assert np.all(np.diff(content) > 0)
