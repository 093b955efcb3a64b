"""A network for each scale: which measures what, what is refused, and what a run's folder remembers."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.cli.main import main
from nst_jax.networks.formats import read_weights, write_weights
from nst_jax.research.combinations import name_of
from nst_jax.transfer.estimate import OVERHEAD, estimate
from nst_jax.transfer.job import prepare
from nst_jax.transfer.objective import objective_at
from nst_jax.transfer.run import run
from nst_jax.transfer.run_folder import RunFolder
from tests.support.pictures import picture
from tests.support.weights import random_weights

LAYERS = {"content_layers": ["conv2_2"], "style_layers": ["conv1_1", "conv2_1"]}
SHALLOW = ("prepr", "conv1", "conv2")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A folder with a photo, a painting and two networks, the second wider."""
    folder = tmp_path_factory.mktemp("files")
    nst.save_image(folder / "photo.png", picture(60, 80))
    nst.save_image(folder / "painting.png", picture(70, 90, 1))
    for name, widths in (("narrow", (4, 5, 6, 7, 8)), ("wide", (8, 10, 6, 7, 8))):
        weights = {part: array for part, array in random_weights(widths, seed=len(name)).items() if part[:5] in SHALLOW}
        write_weights(folder / f"{name}.safetensors", weights, {})
    return folder


@pytest.fixture
def how(files):
    networks = [files / "wide.safetensors", files / "narrow.safetensors"]
    return {"network": networks, "size": 80, "scales": 2, "steps": 4, **LAYERS}


def test_each_scale_is_measured_by_its_own(files, how):
    job = prepare(files / "photo.png", files / "painting.png", **how)
    assert [network.shapes(80, 80, ["conv2_1"])["conv2_1"][2] for network in job.networks] == [10, 5]
    alone = [
        prepare(files / "photo.png", files / "painting.png", **how | {"network": network}) for network in how["network"]
    ]
    for scale, other in enumerate(alone):
        x = np.asarray(nst.resize(picture(60, 80, 3), job.shape(scale)))
        assert float(objective_at(job, scale)(x)) == float(objective_at(other, scale)(x))


def test_the_second_scale_starts_from_what_the_first_made(files, how):
    given = how | {"carry": "picture"}
    snapshots = list(run(prepare(files / "photo.png", files / "painting.png", **given), every=1))
    coarse = [each.image for each in snapshots if each.scale == 0]
    alone = nst.stylize(
        files / "photo.png", files / "painting.png", **given | {"network": how["network"][0], "size": 40, "scales": 1}
    )
    np.testing.assert_allclose(coarse[-1], alone.image, atol=2e-3)  # the photo is resized in one step or in two
    fine = [each.image for each in snapshots if each.scale == 1]
    np.testing.assert_allclose(fine[0], nst.resize(coarse[-1], (60, 80)), atol=1e-6)


def test_the_same_one_for_all_scales_is_one(files, how):
    once, twice = (
        nst.stylize(files / "photo.png", files / "painting.png", **how | {"network": network})
        for network in (how["network"][1], [how["network"][1]] * 2)
    )
    np.testing.assert_array_equal(once.image, twice.image)
    job = prepare(files / "photo.png", files / "painting.png", **how | {"network": [how["network"][1]] * 2})
    assert job.networks[0] is job.networks[1]


def test_stages_of_a_scale_share_its_network(files, how):
    given = how | {"statistic": "nearest", "style_layers": ["conv2_1"], "steps": 3}
    job = prepare(files / "photo.png", files / "painting.png", **given)
    assert [network.shapes(80, 80, ["conv2_1"])["conv2_1"][2] for network in job.networks] == [10] * 3 + [5] * 3


@pytest.mark.parametrize(
    ("network", "fault"),
    [
        (["wide", "wide", "narrow"], "network: 3 for 2 scales, 40 → 80 pixels; give one, or one a scale"),
        ([], "network is an empty list"),
        (["wide", 3], "network=3: give a name, a path, or a network"),
        (["wide", "missing"], "missing.safetensors: no such file of weights"),
    ],
)
def test_what_is_refused(files, how, network, fault):
    given = [files / f"{each}.safetensors" if isinstance(each, str) else each for each in network]
    with pytest.raises(nst.NSTError, match=fault.replace("(", r"\(")):
        prepare(files / "photo.png", files / "painting.png", **how | {"network": given})


def test_a_run_is_resumed_with_its_networks(files, how, tmp_path):
    whole = nst.stylize(files / "photo.png", files / "painting.png", **how)
    folder = RunFolder(tmp_path / "run")
    folder.begin(files / "photo.png", files / "painting.png", **how)
    inputs = json.loads((tmp_path / "run" / "manifest.json").read_text())["inputs"]
    assert [inputs[name]["name"] for name in ("network", "network 2")] == ["wide", "narrow"]
    np.testing.assert_array_equal(folder.follow(folder.reopen()).image, whole.image)


def test_a_network_that_has_changed_is_noticed(files, how, tmp_path):
    later = tmp_path / "later.safetensors"
    later.write_bytes(how["network"][1].read_bytes())
    folder = RunFolder(tmp_path / "run")
    folder.begin(files / "photo.png", files / "painting.png", **how | {"network": [how["network"][0], later]})
    later.write_bytes(how["network"][0].read_bytes())
    with pytest.raises(nst.RunError, match="is not the network 2 that the run was started with"):
        folder.reopen()


def test_a_run_of_a_grid_is_named_by_all_of_them(files, how):
    wide, narrow = how["network"]
    pictures = {"content": files / "photo.png", "style": files / "painting.png"}
    given = [[wide, narrow], [narrow, wide], [narrow, narrow], narrow]
    assert len({name_of(nst.stylize, {**pictures, **how, "network": each}, {}) for each in given}) == 4


def test_the_estimate_counts_what_each_costs(files, how, monkeypatch):
    """A wide network at the fine scale adds what its multiplications add."""

    def measured(devices, objective, x0, optimizer, tried):
        spent = np.cumsum([0.0, *[1.0] * (tried - 1)])
        yield SimpleNamespace(seconds_here=spent, release=lambda: None)

    monkeypatch.setattr("nst_jax.transfer.estimate.optimize_on", measured)
    wide, narrow = how["network"]
    pictures = files / "photo.png", files / "painting.png"
    alone, mixed = (
        estimate(prepare(*pictures, **how | {"network": networks, "steps": (10, 10)})).seconds
        for networks in (narrow, [narrow, wide])
    )
    cost = {}
    for path in how["network"]:
        kernels = {name: w.size for name, w in read_weights(path)[0].items() if w.ndim == 4}
        cost[path] = OVERHEAD + sum(size / 4 ** (int(name[4]) - 1) for name, size in kernels.items())
    assert alone == pytest.approx(10 + 4 * 10)  # four times the pixels at the fine scale
    assert mixed == pytest.approx(10 + 4 * 10 * cost[wide] / cost[narrow])


def test_the_command_line_takes_them_with_commas(files, how, tmp_path, capsys):
    names = ",".join(map(str, how["network"]))
    options = ["--size", "80", "--scales", "2", "--steps", "2", "--content-layers", "conv2_2"]
    options += ["--style-layers", "conv1_1", "-o", str(tmp_path / "out.png")]
    pictures = [str(files / "photo.png"), str(files / "painting.png")]
    assert main(["stylize", *pictures, "--network", names, *options]) == 0
    assert "made with wide (caffe colours) → narrow (caffe colours)" in capsys.readouterr().out
    copy = tmp_path / "narrow.png"  # a network under a picture's name, to be written over
    copy.write_bytes(how["network"][1].read_bytes())
    assert main(["stylize", *pictures, "--network", f"{how['network'][0]},{copy}", *options[:-1], str(copy)]) == 2
    assert "would write over what this command reads" in capsys.readouterr().err
