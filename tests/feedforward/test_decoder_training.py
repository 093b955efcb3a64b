"""The training of a decoder: it learns, it resumes bit for bit, and it refuses what does not belong together."""

import csv
import sys

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.feedforward import decoder_training as training
from nst_jax.feedforward.decoder import load_decoder
from nst_jax.feedforward.decoder_training import DecoderRecipe
from nst_jax.networks.formats import write_weights
from nst_jax.networks.geometry import LAYERS
from tests.support.pictures import picture
from tests.support.weights import random_weights

TINY = DecoderRecipe(steps=12, styled=0.5, size=32, batch=2)


@pytest.fixture(autouse=True)
def often_measured(monkeypatch):
    for name, value in (("MEASURE", 4), ("HELD_OUT", 3), ("TESTED", 2)):
        monkeypatch.setattr(training, name, value)


@pytest.fixture(scope="module")
def material(tmp_path_factory):
    """(encoder, photos, paintings): a random network, and folders of random pictures."""
    folder = tmp_path_factory.mktemp("material")
    layers = LAYERS[: LAYERS.index("conv5_1") + 1]
    write_weights(folder / "encoder.safetensors", random_weights((4, 4, 5, 5, 6), layers), {"pool": "avg"})
    for i in range(6):
        nst.save_image(folder / "photos" / f"{i}.png", picture(40, 50 + i, i))
        nst.save_image(folder / "paintings" / f"{i}.png", picture(50, 40 + i, 10 + i))
    return folder / "encoder.safetensors", [folder / "photos"], [folder / "paintings"]


def test_it_learns_logs_and_resumes_to_the_same_bytes(material, tmp_path):
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    done = list(training.train(*material, whole, TINY))
    assert [step for step, losses in done if losses] == [4, 8, 12]
    rows = list(csv.DictReader((whole / "log.csv").read_text().splitlines()))
    assert float(rows[-1]["reconstruction"]) < float(rows[0]["reconstruction"])
    steps = training.train(*material, cut, TINY)
    for _ in range(9):  # one step after the second checkpoint
        next(steps)
    steps.close()
    assert [step for step, _ in training.train(*material, cut, TINY)] == [9, 10, 11, 12]
    assert (cut / "log.csv").read_bytes() == (whole / "log.csv").read_bytes()
    ours, theirs = (load_decoder(folder / "network.safetensors") for folder in (cut, whole))
    assert all(np.array_equal(ours[name], theirs[name]) for name in theirs)
    assert (whole / training.BEFORE).is_file()
    with pytest.raises(nst.RunError, match="another recipe"):
        next(training.train(*material, whole, DecoderRecipe(steps=12, styled=0.25, size=32, batch=2)))
    assert not list(training.train(*material, whole, TINY))  # it is finished


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"steps": 0}, "steps=0"),
        ({"size": 40}, "multiple of 16"),
        ({"styled": 2}, "styled=2"),
        ({"batch": 0}, "batch=0"),
    ],
)
def test_invalid_settings_are_named(settings, words):
    with pytest.raises(nst.SettingError, match=words):
        DecoderRecipe(**settings)


def test_the_command_trains(material, tmp_path, monkeypatch, capsys):
    encoder, photos, paintings = material
    arguments = ["--encoder", encoder, "--pictures", *photos, "--paintings", *paintings, "--run", tmp_path / "run"]
    arguments += ["--steps", 4, "--size", 32, "--batch", 2]
    monkeypatch.setattr(sys, "argv", ["decoder_training", *map(str, arguments)])
    training.main()
    assert load_decoder(tmp_path / "run" / "network.safetensors")
    assert "step 4" in "".join(capsys.readouterr())
