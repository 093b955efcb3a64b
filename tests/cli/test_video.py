"""`video` on the command line."""

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.cli.main import main
from nst_jax.networks.formats import write_weights
from nst_jax.networks.geometry import LAYERS
from nst_jax.video.synthetic import pan
from tests.support.pictures import picture
from tests.support.weights import random_weights


@pytest.fixture
def files(tmp_path):
    clip = pan(4, (28, 36), (2.0, 0.0))
    nst.write_clip(tmp_path / "clip", [clip.frame(t) for t in range(4)], 12)
    nst.save_image(tmp_path / "painting.png", picture(30, 30, 1))
    write_weights(tmp_path / "narrow.safetensors", random_weights(layers=LAYERS[:4]), {})
    return tmp_path


def arguments(files, *more):
    shallow = ["--content-layers", "conv2_2", "--style-layers", "conv1_1", "conv2_1"]
    network = ["--network", str(files / "narrow.safetensors"), "--scales", "1"]
    few = ["--steps", "3", "--warm-steps", "2", "--offsets", "1", "2", "--flow", "ilk"]
    return ["video", str(files / "clip"), str(files / "painting.png"), *network, *shallow, *few, *more]


def test_a_clip_from_end_to_end(files, capsys):
    out = files / "out.gif"
    assert main(arguments(files, "-o", str(out), "--run", str(files / "run"), "--preview")) == 0
    said = capsys.readouterr().out
    assert "clip: 4 frames of 36 × 28 pixels, 12 a second" in said
    assert f"{files / 'run' / 'preview.png'}: the first frames; the same command without --preview continues" in said
    assert not out.exists()
    assert main(arguments(files, "-o", str(out), "--run", str(files / "run"))) == 0
    said = capsys.readouterr().out
    assert "frames 1 apart: warping error " in said
    assert " × the clip's own " in said
    assert f"{out} and {files / 'run'}: 4 frames" in said
    assert len(list(nst.open_clip(out).frames())) == 4


def test_a_part_of_it_alone(files):
    out = files / "out"
    assert main(arguments(files, "-o", str(out), "--frames", "1:3", "--method", "alone")) == 0
    found = list(nst.open_clip(out).frames())
    assert len(found) == 2
    assert np.abs(found[0] - nst.load_image(files / "clip" / "00002.png")).mean() > 0.001


def test_one_pass_a_frame(files, capsys):
    out = files / "out"
    how = ["video", str(files / "clip"), str(files / "painting.png"), "--method", "paint", "--strength", "1"]
    assert main([*how, "--temporal", "5", "--flow", "ilk", "-o", str(out)]) == 0
    said = capsys.readouterr().out
    assert "note: temporal has no effect with method paint" in said
    assert "frames 1 apart: warping error " in said
    assert len(list(nst.open_clip(out).frames())) == 4
    assert main([*how, "--steps", "5", "-o", str(files / "other")]) == 2
    assert "steps: method paint makes a frame in one pass, without it; leave steps out" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ([], "where should the clip go? Give -o OUT, or --run FOLDER"),
        (["-o", "a.gif", "--preview"], "a preview is kept in the folder of the run; give --run FOLDER"),
        (["-o", "a.jpg"], "a.jpg: its ending names no format to write clips in"),
        (["-o", "a.gif", "--frames", "9:"], "frames 9: of 4: there are none"),
        (["-o", "a.gif", "--offsets", "2", "1"], "give whole numbers from 1 up, the smallest first"),
        (["-o", "a.gif", "--network", "narrow.safetensors,narrow.safetensors"], "network: 2 for 1 scale, 36 pixels"),
    ],
)
def test_faults_are_one_line(files, capsys, monkeypatch, more, fault):
    monkeypatch.chdir(files)
    assert main(arguments(files, *more)) == 2
    said = capsys.readouterr().err
    assert fault in said
    assert len(said.splitlines()) == 1


def test_a_network_of_styles(files, capsys):
    """Its styles are asked for by name, several with weights; another name is refused in a line."""
    how = ["video", str(files / "clip"), "--style", "vortex", "mosaic", "--style-weights", "2", "1"]
    how += ["--method", "network", "--network", "six-styles", "--flow", "ilk"]
    assert main([*how, "-o", str(files / "out")]) == 0
    assert len(list((files / "out").iterdir())) == 4
    assert main(["video", str(files / "clip"), "--method", "network", "--flow", "ilk", "-o", str(files / "two")]) == 0
    assert "frames 1 apart: warping error " in capsys.readouterr().out
    asked = ["video", str(files / "clip"), "coffee", "--method", "network", "-o", str(files / "three")]
    assert main(asked) == 2
    assert "coffee: this network paints in vortex" in capsys.readouterr().err
