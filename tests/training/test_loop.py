"""The training of a student: it learns, it resumes bit for bit, and it refuses what does not belong together."""

import json
import shutil
import zipfile

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.cli.main import main
from nst_jax.networks.formats import read_weights, write_weights
from nst_jax.training import loop as training
from nst_jax.training.recipe import Recipe
from nst_jax.training.student import DEEPEST
from tests.support.pictures import picture
from tests.support.weights import random_weights

TINY = Recipe(steps=72, widths=(4, 4, 5, 5, 6), size=32, fresh=2, painted=1, joint=0.5)


@pytest.fixture(autouse=True)
def short_generations(monkeypatch):
    monkeypatch.setattr(training, "GENERATION", 12)
    monkeypatch.setattr(training, "MEASURE", 2)
    monkeypatch.setattr(training, "HELD_OUT", 3)


@pytest.fixture(scope="module")
def material(tmp_path_factory):
    """(teacher, pictures): a random network, and an archive and a folder of random pictures."""
    folder = tmp_path_factory.mktemp("material")
    write_weights(folder / "teacher.safetensors", random_weights((4, 6, 6, 8, 8), DEEPEST), {"pool": "max"})
    for i in range(8):
        nst.save_image(folder / "pictures" / f"{i}.png", picture(40, 50 + i, i))
    with zipfile.ZipFile(folder / "pictures.zip", "w") as archive:
        for path in sorted((folder / "pictures").iterdir()):
            archive.write(path, f"class/{path.name}")
        archive.writestr("class/notes.txt", "no picture")
    return folder / "teacher.safetensors", folder / "pictures.zip", folder / "pictures"


@pytest.fixture(scope="module")
def trained(material, tmp_path_factory):
    """The folder of a whole training, and its looks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "GENERATION", 12)
        patch.setattr(training, "MEASURE", 2)
        patch.setattr(training, "HELD_OUT", 3)
        teacher, archive, _ = material
        folder = tmp_path_factory.mktemp("trained")
        return folder, list(training.train(teacher, [archive], folder, TINY))


def test_it_measures_logs_and_counts(trained):
    folder, looks = trained
    assert [look.generation for look in looks] == [1, 2, 3, 4, 5, 6]
    assert [look.measured for look in looks] == [False, True] * 3
    header, *rows = (folder / "log.csv").read_text().splitlines()
    assert header.startswith("step,avg/conv1_1/features,avg/conv1_1/kernel")
    assert "max/conv5_1/kernel" in header
    assert "avg/conv5_1/gradient" in header
    assert [row.split(",")[0] for row in rows] == ["0", "24", "48", "72"]


def test_it_learns(trained):
    """Errors on pictures held out fall, those of features below 1, which answering nothing would have."""
    first, _, last = (look.errors["conv1_1"] for look in trained[1] if look.measured)
    assert last[0] < first[0]
    assert last[0] < 0.95
    assert last[1] < first[1]


def test_the_network_is_whole_small_and_normalised(trained, material):
    folder, _ = trained
    weights, metadata = read_weights(folder / "network.safetensors")
    coded = read_weights(folder / "network.safetensors", decoded=False)[0]
    assert {name.split(".")[1] for name in coded} == {"codes", "table", "bias", "kernel"}
    assert all(array.dtype == np.uint8 for name, array in coded.items() if name.endswith(".codes"))
    widths = [weights[f"conv{b}_1.bias"].shape[0] for b in range(1, 6)]
    assert all(1 <= width <= most for width, most in zip(widths, TINY.widths, strict=True))  # less the silent filters
    assert metadata["pool"] == "avg"
    assert metadata["padding"] == "zero"
    assert "teacher" in metadata["teacher"]
    vgg = nst.load_network(folder / "network.safetensors")
    pictures = [nst.load_image(path) for path in sorted(material[2].iterdir())]
    means = [np.mean([np.asarray(vgg(p, ("conv2_1",))["conv2_1"]).mean(axis=(0, 1)) for p in pictures], axis=0)]
    assert np.all(np.array(means) > 0.1)
    assert np.all(np.array(means) < 10)


def test_resumed_equals_uninterrupted(trained, material, tmp_path):
    looks = training.train(material[0], [material[1]], tmp_path, TINY)
    for _ in range(3):  # one generation after the first checkpoint
        next(looks)
    looks.close()
    resumed = list(training.train(material[0], [material[1]], tmp_path, TINY))
    assert [look.generation for look in resumed] == [3, 4, 5, 6]
    assert (tmp_path / "log.csv").read_bytes() == (trained[0] / "log.csv").read_bytes()
    (resumed, told), (whole, told_of_whole) = (read_weights(f / "network.safetensors") for f in (tmp_path, trained[0]))
    assert told == told_of_whole
    assert all(np.array_equal(resumed[name], whole[name]) for name in whole)
    assert list(training.train(material[0], [material[1]], tmp_path, TINY)) == []


def test_a_folder_and_an_archive_of_the_same_pictures_are_the_same(material):
    assert training.read_pictures([material[1]]) == training.read_pictures([material[2]])


def test_another_recipe_teacher_or_pictures_are_refused(trained, material, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(trained[0], folder)
    teacher, archive, pictures = material
    other = tmp_path / "other.safetensors"
    write_weights(other, random_weights((4, 6, 6, 8, 8), DEEPEST, seed=9), {})
    for fault, arguments in (
        ("recipe", (teacher, [archive], folder, Recipe(steps=84, widths=TINY.widths, size=32))),
        ("teacher", (other, [archive], folder, TINY)),
        ("pictures", (teacher, [archive, pictures], folder, TINY)),
    ):
        with pytest.raises(nst.RunError, match=f"{fault}.*another folder"):
            next(training.train(*arguments))
    with pytest.raises(nst.RunError, match=r"start.*another folder"):
        next(training.train(teacher, [archive], folder, TINY, start=folder / "network.safetensors"))
    (folder / "checkpoint.npz").write_bytes(b"damaged")
    with pytest.raises(nst.RunError, match=r"checkpoint\.npz: cannot be read"):
        next(training.train(teacher, [archive], folder, TINY))
    (folder / "manifest.json").write_text("{")
    with pytest.raises(nst.RunError, match=r"manifest\.json: cannot be read"):
        next(training.train(teacher, [archive], folder, TINY))


def test_a_start_is_taken_up_and_widened(trained, material, tmp_path):
    """Its log begins where the other ended, but for what 8 bits and the new filters change."""
    start, more = trained[0] / "network.safetensors", tmp_path / "more"
    wider = Recipe(steps=12, widths=(4, 4, 5, 7, 8), size=32, fresh=2, painted=1, rate=1e-9)
    list(training.train(material[0], [material[1]], more, wider, start=start))
    ended, begun = (
        dict(zip(*(row.split(",") for row in (header, rows[at])), strict=True))
        for (header, *rows), at in (
            (path.read_text().splitlines(), at) for path, at in ((trained[0] / "log.csv", -1), (more / "log.csv", 0))
        )
    )
    for term in ("conv1_1", "conv2_1", "conv3_1"):
        column = f"avg/{term}/gradient"
        assert float(begun[column]) == pytest.approx(float(ended[column]), abs=0.05)
    manifest = json.loads((more / "manifest.json").read_text())
    assert manifest["start"]["name"] == "network"


def test_kinds_of_pictures_are_drawn_equally_often(material):
    """However many pictures a kind has: here 7 black ones and 1 white."""
    files = [training_file(material, colour) for colour in (0, 255)]
    crops = training._crops([[files[0]] * 7, [files[1]]], 200, 32, np.random.default_rng(0))
    assert 70 < np.sum(crops.mean(axis=(1, 2, 3)) > 0.5) < 130


def training_file(material, grey):
    """The bytes of a picture of one grey."""
    path = material[2].parent / f"{grey}.png"
    nst.save_image(path, np.full((40, 40, 3), grey / 255, np.float32))
    return path.read_bytes()


def test_the_compressed_network_maps_to_the_features_of_the_full_one(shared):
    teacher = training.read_teacher(shared / "networks" / "vgg19-16x.safetensors")
    assert sorted(teacher.maps) == ["conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1"]
    T = teacher.answers("avg")(picture(32, 32)[None])
    assert [T[f"conv{b}_1"].shape[-1] for b in range(1, 6)] == [64, 128, 256, 512, 512]
    assert all(np.min(F) >= 0 for F in T.values())
    assert {network.pool for network in teacher.networks.values()} == {"max"}  # its maps were fitted so
    assert teacher.networks["avg"].padding == "reflect"


def test_the_command_trains_and_says_so(material, tmp_path, capsys):
    teacher, archive, _ = material
    command = ["distill", "--teacher", str(teacher), "--pictures", str(archive), "--run", str(tmp_path / "run")]
    command += ["--steps", "8", "--widths", "3", "3", "3", "3", "3", "--size", "32", "--fresh", "1", "--painted", "1"]
    assert main(command) == 0
    assert "network.safetensors: trained in" in capsys.readouterr().out
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text())
    assert manifest["recipe"]["widths"] == [3, 3, 3, 3, 3]
    assert manifest["pictures"]["number"] == 8
    assert main(command) == 2
    assert "is finished" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["--steps", "0"], "steps=0"),
        (["--widths", "4", "4", "0", "4", "4"], "widths="),
        (["--widths", "4", "4", "4"], "five for the blocks or 13 for the layers"),
        (["--joint", "2"], "joint=2"),
        (["--pools", "mean"], "give avg, max, or both"),
        (["--size", "16"], "size=16"),
        (["--pictures", "nowhere"], "nowhere: no such"),
    ],
)
def test_faults_are_told_in_one_line(material, tmp_path, capsys, arguments, fault):
    command = ["distill", "--teacher", str(material[0]), "--pictures", str(material[1]), "--run", str(tmp_path)]
    assert main(command + arguments) == 2
    message = capsys.readouterr().err
    assert fault in message
    assert message.count("\n") == 1
