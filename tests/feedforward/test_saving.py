"""Saving: from what is saved, the same picture can be made again."""

import io
import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

import nst_jax as nst
from nst_jax.feedforward import composition as state
from nst_jax.feedforward.composition import Composition, Refinement, Source
from nst_jax.feedforward.saving import save_composition, zipped
from nst_jax.images.picture import bytes8
from tests.support.pictures import picture

SIZE = 64


@pytest.fixture
def made():
    """Uploads, a known picture, regions and a refinement; and the picture."""
    upload = [Source(name, bytes8(picture(48, 64, i)).astype(np.float32) / 255) for i, name in enumerate(("p", "a"))]
    known = Source("vortex", nst.load_image("vortex"), nst.picture("vortex"))
    c = state.with_style(state.with_style(Composition(upload[0]), upload[1], 0.4), known)
    labels = np.zeros((48, 64), np.uint8)
    labels[:20, :30], labels[:20, 30:] = 2, c.keep
    c = state.with_labels(c, labels)
    mask = np.zeros((48, 64), np.float32)
    mask[30:40, 10:30] = 1
    c = state.refined(c, Refinement(mask, np.ones((48, 64, 3), np.float32), {"evaluations": 7}))
    result = state.painted(c, SIZE)
    assert result is not None
    return c, replace(result, image=state.composed(result.image, c.refinements)), result.image


def test_the_picture_can_be_made_again_from_its_folder(made, tmp_path):
    c, result, painted = made
    folder = save_composition(tmp_path / "studio", c, result)
    manifest = json.loads((folder / "manifest.json").read_text())
    inputs = manifest["inputs"]

    def given(name):
        return folder / inputs[name]["file"] if "file" in inputs[name] else inputs[name]["path"]

    def of(kind, region):
        return [name for name, each in inputs.items() if (each.get("kind"), each.get("region")) == (kind, region)]

    regions = [(given(f"mask {i}"), given(*of("style", i)) if of("style", i) else None) for i in (1, 2)]
    mixed = [(given(name), inputs[name]["weight"]) for name in of("style", 0)]
    settings = {name: manifest["settings"][name] for name in ("size", "strength", "style_scale", "colour")}
    again = nst.paint(given("content"), mixed, regions=regions, **settings).image
    np.testing.assert_array_equal(again, painted)
    saved = np.asarray(Image.open(folder / "result.png"))
    mask = np.asarray(Image.open(folder / "refinement-1.png").convert("L")) > 0
    np.testing.assert_array_equal(saved[~mask], bytes8(again)[~mask])
    assert (saved[mask] == 255).all()
    assert manifest["refinements"] == [{"mask": "refinement-1.png", "evaluations": 7}]


def test_every_picture_has_a_folder_of_its_own(made, tmp_path):
    c, result, _ = made
    (tmp_path / "007").mkdir()
    (tmp_path / "notes").mkdir()
    assert [save_composition(tmp_path, c, result).name for _ in range(2)] == ["008", "009"]


def test_a_folder_that_cannot_be_written_is_one_line(made, tmp_path):
    c, result, _ = made
    (tmp_path / "file").write_text("")
    with pytest.raises(nst.NSTError, match=r"file: .*choose another folder"):
        save_composition(tmp_path / "file", c, result)


def test_an_archive_has_the_same_files(made, tmp_path):
    c, result, _ = made
    folder = save_composition(tmp_path, c, result)
    with zipfile.ZipFile(io.BytesIO(zipped(c, result))) as archive:
        assert sorted(archive.namelist()) == sorted(each.name for each in folder.iterdir())
        assert archive.read("result.png") == (folder / "result.png").read_bytes()
