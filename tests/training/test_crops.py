"""Crops of training pictures, and their variations."""

import io
import os
import zipfile

import numpy as np
import pytest
from PIL import Image

import nst_jax as nst
from nst_jax.training.crops import crop, read_pictures, vary
from tests.support.pictures import picture


def encoded(x, format="PNG"):
    file = io.BytesIO()
    Image.fromarray((x * 255).astype(np.uint8)).save(file, format)
    return file.getvalue()


def test_a_crop_shows_a_part_of_the_picture(rng):
    """Of a picture whose red and green tell the place: the crop's place can be read off, and lies inside of it."""
    h, w = 90, 120
    y, x = np.mgrid[:h, :w] / 255
    file = encoded(np.stack([x, y, 0 * x], axis=-1))
    sides = []
    for _ in range(20):
        c = crop(file, 48, rng) * 255
        assert c.shape == (48, 48, 3)
        assert c.dtype == np.float32
        assert c[..., 0].max() <= w
        assert c[..., 1].max() <= h
        sides.append(np.ptp(c[..., 1]))
    assert 28 < min(sides) < 45 < max(sides) < 65
    assert len(set(np.round(sides))) > 5


def test_a_picture_smaller_than_the_crop_is_enlarged(rng):
    assert crop(encoded(picture(20, 30)), 48, rng).shape == (48, 48, 3)


def test_grey_pictures_become_colour(rng):
    assert crop(encoded(picture(60, 60)[..., 0]), 32, rng).shape == (32, 32, 3)


def test_variations_are_pictures_and_differ(rng):
    x = picture(32, 32)
    varied = [vary(x, rng) for _ in range(12)]
    assert all(v.shape == x.shape and v.dtype == np.float32 and v.min() >= 0 and v.max() <= 1 for v in varied)
    assert np.std([v.mean() for v in varied]) > 0.02
    rough = [np.abs(np.diff(v, axis=0)).mean() for v in varied]
    assert max(rough) > 2 * min(rough)  # some have noise


def test_a_damaged_picture_is_told(rng):
    with pytest.raises(nst.ImageError, match="a training picture is damaged"):
        crop(encoded(picture(60, 60))[:200], 32, rng)


def test_places_without_pictures_are_told(tmp_path):
    with pytest.raises(nst.ImageError, match="holds no pictures"):
        read_pictures([tmp_path])
    with pytest.raises(nst.ImageError, match="no such folder or ZIP archive"):
        read_pictures([tmp_path / "nowhere.zip"])
    (tmp_path / "a.zip").write_bytes(b"no archive")
    with pytest.raises(nst.ImageError, match="cannot be read as a ZIP archive"):
        read_pictures([tmp_path / "a.zip"])


def zipped(path, files, **how):
    with zipfile.ZipFile(path, "w", **how) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def test_archives_that_lie_are_locked_or_hold_too_much_are_one_line(tmp_path):
    good = encoded(picture(40, 40))
    bomb = zipped(tmp_path / "bomb.zip", {"a.png": bytes(60 * 2**20)}, compression=zipfile.ZIP_DEFLATED)
    with pytest.raises(nst.ImageError, match=r"bomb\.zip: a\.png: has 60 MiB; a training picture has at most 50"):
        read_pictures([bomb])
    whole = zipped(tmp_path / "a.zip", {"a.png": good}).read_bytes()
    central = whole.index(b"PK\1\2")
    for at, value in ((6, 1), (8, 99)):  # the flag of encryption, a method of compression that nobody knows
        for place in (at, central + at + 2):
            whole = whole[:place] + value.to_bytes(2, "little") + whole[place + 2 :]
        (tmp_path / "b.zip").write_bytes(whole)
        with pytest.raises(nst.ImageError, match=r"b\.zip: cannot be read as a ZIP archive") as caught:
            read_pictures([tmp_path / "b.zip"])
        assert len(str(caught.value).splitlines()) == 1
    (tmp_path / "c.zip").write_bytes(whole[:60])
    with pytest.raises(nst.ImageError, match=r"c\.zip: cannot be read as a ZIP archive"):
        read_pictures([tmp_path / "c.zip"])


def test_what_is_no_file_in_a_folder_is_left_out(tmp_path):
    (tmp_path / "a.png").write_bytes(encoded(picture(40, 40)))
    (tmp_path / "b.png").symlink_to(tmp_path / "nowhere")
    (tmp_path / "c.png").mkdir()
    os.mkfifo(tmp_path / "d.png")
    assert len(read_pictures([tmp_path])) == 1
