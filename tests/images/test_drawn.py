"""The style pictures are what their program draws."""

import subprocess
import sys

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.images import bundled

ALL = tuple(bundled.STYLES)


def draw(folder, *names, size=160):
    command = [
        sys.executable,
        "-W",
        "error",
        "-m",
        "nst_jax.images.drawn",
        *names,
        "--size",
        str(size),
        "-o",
        str(folder),
    ]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn")
    done = draw(folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_the_picture_is_the_programs(tmp_path):
    """Of the one that is drawn fastest, at its full size; versions of the libraries may round differently."""
    assert draw(tmp_path, "woodcut", size=768).returncode == 0
    drawn, committed = nst.load_image(tmp_path / "woodcut.jpg"), nst.load_image(nst.picture("woodcut"))
    assert drawn.shape == committed.shape
    assert np.abs(drawn - committed).mean() < 0.03


@pytest.mark.parametrize("name", ALL)
def test_it_can_be_drawn_at_another_size(drawn, name):
    small = nst.load_image(drawn / f"{name}.jpg")
    assert max(small.shape) == 160
    assert small.std(axis=(0, 1)).min() > 0.1


def test_a_seed_gives_a_picture(drawn, tmp_path):
    assert draw(tmp_path, "cutout").returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["cutout.jpg"]
    assert (tmp_path / "cutout.jpg").read_bytes() == (drawn / "cutout.jpg").read_bytes()


def test_an_unknown_name_is_told(tmp_path):
    done = draw(tmp_path, "collage")
    assert done.returncode == 2
    assert "collage" in done.stderr
    assert not list(tmp_path.iterdir())
