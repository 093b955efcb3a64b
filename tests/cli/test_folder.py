"""Photos in one command: names, what is there already, and what fails."""

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.cli.main import main
from nst_jax.networks.formats import write_weights
from nst_jax.networks.geometry import LAYERS
from nst_jax.transfer import compiled
from tests.support.pictures import picture
from tests.support.weights import random_weights


@pytest.fixture
def files(tmp_path):
    for name, shape in (("a.png", (48, 64)), ("b.jpg", (64, 48)), ("c.png", (48, 64))):
        nst.save_image(tmp_path / name, picture(*shape))
    (tmp_path / "broken.png").write_bytes(b"not a picture")
    nst.save_image(tmp_path / "painting.png", picture(70, 50, 1))
    write_weights(tmp_path / "narrow.safetensors", random_weights(layers=LAYERS[:3]), {})
    return tmp_path


def paint(files, *names, more=()):
    shallow = [
        "--content-layers",
        "conv2_1",
        "--style-layers",
        "conv1_1",
        "--size",
        "48",
        "--steps",
        "3",
        "--scales",
        "1",
    ]
    network = ["--network", str(files / "narrow.safetensors")]
    style = ["--style", str(files / "painting.png"), "-o", str(files / "made")]
    return main(["stylize", *(str(files / name) for name in names), *style, *network, *shallow, *more])


def test_photos_keep_their_names_and_one_that_fails_does_not_stop_the_others(files, capsys, monkeypatch):
    forgotten = []
    monkeypatch.setattr(compiled, "forget_programs", lambda: forgotten.append(1))
    assert paint(files, "a.png", "b.jpg", "broken.png", "c.png") == 2
    said = capsys.readouterr()
    assert sorted(path.name for path in (files / "made").iterdir()) == ["a.png", "b.jpg", "c.png"]
    assert nst.load_image(files / "made" / "b.jpg").shape == (48, 36, 3)
    (line,) = [line for line in said.err.splitlines() if "nst_jax: " in line]
    assert "broken.png: " in line
    assert f"{files / 'made'}: 3 pictures made, 1 photos failed" in said.out
    assert len(forgotten) == 1  # between the two shapes, each of which is compiled once

    before = (files / "made" / "a.png").stat().st_mtime_ns
    (files / "made" / "c.png").unlink()
    assert paint(files, "a.png", "b.jpg", "c.png") == 0
    said = capsys.readouterr().out
    assert "note: 2 of 3 pictures are there already, and are left as they are" in said
    assert "1 pictures made" in said
    assert (files / "made" / "a.png").stat().st_mtime_ns == before
    alone = nst.stylize(
        files / "c.png",
        files / "painting.png",
        network=files / "narrow.safetensors",
        content_layers="conv2_1",
        style_layers="conv1_1",
        size=48,
        steps=3,
        scales=1,
    )
    assert np.abs(nst.load_image(files / "made" / "c.png") - alone.image).max() <= 0.5 / 255 + 1e-6


@pytest.mark.parametrize(
    ("names", "more", "words"),
    [
        (["a.png", "a.png"], [], "two photos would be written to"),
        (["a.png"], ["--run", "kept"], "a folder of photos has neither --run nor regions"),
    ],
)
def test_what_makes_no_sense_is_refused(files, capsys, names, more, words):
    assert paint(files, *names, more=more) == 2
    assert words in capsys.readouterr().err


def test_several_photos_need_a_style_and_a_folder(files, capsys):
    photos = [str(files / name) for name in ("a.png", "b.jpg", "c.png")]
    assert main(["stylize", *photos, "-o", str(files / "made")]) == 2
    assert "several photos: give the painting with --style, and a folder with -o FOLDER" in capsys.readouterr().err
