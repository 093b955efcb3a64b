"""A picture that several devices share: value, gradient and run of one device; no gathering; what is refused.

Four virtual devices are a flag of XLA, so `on_four_devices.py` runs once, in a process of its own.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.losses.shared import devices_for, is_turned, turned
from nst_jax.networks.formats import write_weights
from nst_jax.networks.geometry import LAYERS
from nst_jax.transfer.job import prepare
from nst_jax.transfer.run_folder import _devices_of
from tests.support.pictures import picture
from tests.support.weights import random_weights


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("four")
    nst.save_image(folder / "p.png", picture(48, 32))
    nst.save_image(folder / "a.png", picture(30, 30, seed=1))
    write_weights(folder / "network.safetensors", random_weights((4, 6, 8), LAYERS[:5]), {})
    program = [sys.executable, "-m", "tests.transfer.on_four_devices", str(folder)]
    root = Path(__file__).parents[2]
    done = subprocess.run(program, cwd=root, env=os.environ | {"PYTHONPATH": str(root)}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def found(folder):
    return json.loads((folder / "found.json").read_text())


# Sums in float32, in another order; roots of matrices enlarge rounding.
@pytest.mark.parametrize(("what", "near"), [("rows", 4e-6), ("columns", 4e-6), ("wasserstein", 1e-4)])
def test_value_and_gradient_are_those_of_one_device(found, what, near):
    assert found[what]["value"] < 4e-6
    assert found[what]["gradient"] < near
    assert found[what]["turned"] == (what == "columns")


@pytest.mark.parametrize("what", ["lbfgs", "adam"])
def test_a_short_run_is_that_of_one_device(found, what):
    assert found[what]["rounding"] < 0.01
    assert found[what]["four"] < max(2e-6, 10 * found[what]["rounding"])


def test_nothing_as_large_as_the_picture_is_gathered(found):
    assert "all-gather" not in found["four"]
    assert found["four"]["collective-permute"] > 0  # of rows at the borders of the parts
    assert found["four"]["same"], "a second chunk would be compiled again, for arrays that lie elsewhere"
    assert found["parts"]
    assert all(found["parts"])


def test_each_device_needs_less_memory(found):
    assert found["four"]["bytes"] < 0.5 * found["one"]["bytes"]


def test_what_cannot_be_shared_is_refused_in_one_line(found):
    unit = "cannot be cut into 4 equal parts of whole rows of the deepest layer, 4 pixels each"
    assert found["odd"] == f"devices=4: a picture of 31 × 47 {unit}; give size=48 or devices=1"
    assert found["small"] == f"devices=4: a picture of 8 × 12 {unit}; give size=16 or devices=3"
    assert found["more"] == "devices=5: JAX sees 4 devices here (cpu); give 4 at most"
    words = "4 devices cannot share 21 rows; give a picture with a multiple of 16 rows"
    assert found["rows of a shared objective"] == words
    assert found["no sum"] == "devices=2: the statistic nearest is not a sum over positions; give devices=1"
    assert found["budget"].startswith("memory=1MB: a picture of 32 × 48 needs ")
    assert "what devices share cannot be computed in tiles" in found["budget"]


def test_the_plan_says_who_shares_a_scale(found):
    assert [note for note in found["notes"] if "4 devices share the picture" in note]
    assert found["scales"] == [3, 4, 4]  # of 8 × 12, 16 × 24 and 32 × 48, of which a device has 4 pixels or a multiple


def test_it_resumes_on_as_many_as_there_are_and_is_prepared_once(folder, monkeypatch):
    asked = []

    def prepared(*pictures, devices, **settings):
        asked.append(devices)
        return prepare(*pictures, devices=1, **settings)

    monkeypatch.setattr("nst_jax.transfer.run_folder.device_count", lambda: 3)
    monkeypatch.setattr("nst_jax.transfer.run_folder.prepare", prepared)
    job = nst.RunFolder(folder / "run").reopen()
    assert asked == [3]
    assert job.notes[-1].startswith("the run began on 4 devices and resumes on 3, since JAX sees 3 here")


def test_a_run_resumes_on_another_number_of_devices(folder):
    kept = nst.RunFolder(folder / "run")
    job = kept.reopen()
    assert [note for note in job.notes if note.startswith("the run began on 4 devices and resumes on 1")]
    assert job.settings.devices == 4
    assert [plan.devices for plan in job.plan] == [1]
    resumed = kept.follow(job)
    assert resumed.settings["devices"] == 4
    assert resumed.evaluations == 6
    np.testing.assert_allclose(resumed.image, nst.load_image(folder / "whole.png"), atol=0.6 / 255)


@pytest.mark.parametrize(
    ("shape", "there", "used"),
    [((40, 20), 5, 4), ((40, 20), 4, 4), ((40, 20), 3, 2), ((400, 200), 3, 2), ((40, 24), 3, 3), ((41, 21), 3, 2)],
)
def test_as_many_of_those_here_as_can_share_the_picture(monkeypatch, shape, there, used):
    """Of 40 pixels, of which the deepest layer has 4 each."""
    monkeypatch.setattr("nst_jax.transfer.run_folder.device_count", lambda: there)
    settings = {"devices": 4, "size": 40, "content_layers": "conv2_2", "style_layers": ("conv3_1",)}
    began, devices, notes = _devices_of(settings, (*shape, 3))
    assert (began, devices) == (4, used)
    assert bool(notes) == (used < 4)


@pytest.mark.parametrize("given", [0, -1, 2.5, "two", True, None, 5000])
def test_invalid_numbers_of_devices_are_refused(given):
    with pytest.raises(nst.SettingError, match="give a whole number from 1 up, 1,024 at most"):
        nst.Settings(devices=given)


def test_one_device_is_not_two():
    with pytest.raises(nst.SettingError, match="devices=2: JAX sees 1 device here"):
        prepare(picture(48, 32), picture(30, 30), size=48, devices=2)


@pytest.mark.parametrize(
    ("shape", "devices", "turn"),
    [((64, 48), 4, False), ((48, 64), 4, True), ((341, 512), 4, True), ((47, 31), 1, None), ((48, 96), 3, False)],
)
def test_how_many_devices_share_a_picture(shape, devices, turn):
    assert devices_for(4, shape, ("conv5_1", "conv1_1")) == devices
    if turn is not None:
        assert is_turned(shape, ("conv5_1",), devices) == turn


def test_a_turned_objective_has_the_transposed_gradient(rng):
    import jax

    p, a, x = (rng.uniform(size=(20, 28, 3)).astype(np.float32) for _ in range(3))
    vgg = nst.VGG19(random_weights((4, 6, 8), LAYERS[:5]))
    objective = nst.build_objective(vgg, p, a, {"conv2_2": 1e-3}, {"conv1_1": 1.0, "conv3_1": 1.0}, tv=1e-3)
    slope = jax.jit(lambda objective, x: jax.grad(lambda x: objective(x))(x))
    g, turned_g = slope(objective, x), slope(turned(objective), x.swapaxes(0, 1))
    np.testing.assert_allclose(turned_g.swapaxes(0, 1), g, atol=1e-5 * np.abs(g).max())
