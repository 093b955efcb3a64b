"""What is plainly a picture is one, and what is not is named; nothing is clipped to black."""

import io
import os

import jax.numpy as jnp
import ml_dtypes
import numpy as np
import pytest
from PIL import Image

import nst_jax as nst
from nst_jax.images.picture import as_picture, bytes8
from tests.support.pictures import picture

X = picture(12, 16)
HALVES = (np.float16, ml_dtypes.bfloat16)


@pytest.mark.parametrize(
    "given",
    [
        X,
        X.astype(np.float64),
        X[None],
        np.moveaxis(X, -1, 0),
        np.moveaxis(X, -1, 0)[None],
        np.asfortranarray(X),
        jnp.asarray(X),
        X.tolist(),
    ],
    ids=["float32", "float64", "batch", "channels first", "batch, channels first", "Fortran", "JAX", "lists"],
)
def test_floats_in_any_plain_layout_are_the_same_picture(given):
    found = as_picture(given, "x")
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, X)


@pytest.mark.parametrize("dtype", HALVES)
def test_half_precision_is_read(dtype):
    np.testing.assert_allclose(as_picture(X.astype(dtype), "x"), X, atol=4e-3)


def test_integers_count_to_their_white():
    np.testing.assert_allclose(as_picture(bytes8(X), "x"), X, atol=0.5 / 255 + 1e-6)
    deep = np.rint(X * 65535).astype(np.uint16)
    np.testing.assert_allclose(as_picture(deep, "x"), X, atol=1e-5)


def test_grey_and_transparent_pictures():
    grey = X[..., 0]
    for given in (grey, grey[..., None]):
        np.testing.assert_array_equal(as_picture(given, "x"), np.repeat(grey[..., None], 3, -1))
    half = np.concatenate([X, np.full((12, 16, 1), 0.5, np.float32)], axis=-1)
    np.testing.assert_allclose(as_picture(half, "x"), 0.5 * X + 0.5, atol=1e-6)  # on white


def test_a_picture_of_pillows_and_one_of_pytorch():
    image = Image.fromarray(bytes8(X))
    np.testing.assert_allclose(as_picture(image, "x"), bytes8(X) / 255, atol=1e-6)
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    tensor = torch.from_numpy(X).permute(2, 0, 1)[None]
    np.testing.assert_array_equal(as_picture(tensor, "x"), X)
    with pytest.raises(nst.ImageError, match=r"x cannot be read as an array .*; give floats"):
        as_picture(tensor.requires_grad_(), "x")


def test_a_little_overshoot_is_clipped():
    np.testing.assert_array_equal(as_picture(2 * X - 0.4, "x"), np.clip(2 * X - 0.4, 0, 1))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (2 * X - 1, r"x has values from -.* to .*, perhaps \(x \+ 1\) / 2"),
        (255 * X, "x has values from .*, perhaps x / 255"),
        (bytes8(X).astype(int), "x is an array of int64"),
        (X > 0.5, "x is an array of bool"),
        (X + 0j, "x is an array of complex64"),
        (np.where(X > 0.5, np.nan, X), "x has values that are not finite"),
        (np.zeros((12, 16, 5)), r"x is an array of float64 \[12, 16, 5\]"),
        (np.zeros((2, 12, 16, 3)), r"x is an array of float64 \[2, 12, 16, 3\]"),
        (np.zeros((0, 16, 3)), r"x is an array of float64 \[0, 16, 3\]"),
        (np.float32(0.5), r"x is an array of float32 \[\]"),
        ("photo", "x is an array of <U5"),
        ([[1, 2], [3]], "x cannot be read as an array"),
        (None, "x is an array of object"),
    ],
)
def test_what_is_not_plainly_a_picture_is_named(given, message):
    with pytest.raises(nst.ImageError, match=message) as caught:
        as_picture(given, "x")
    assert "\n" not in str(caught.value)


def test_open_files_the_home_folder_and_addresses(tmp_path, monkeypatch):
    nst.save_image(tmp_path / "a.png", X)
    want = nst.load_image(tmp_path / "a.png")
    np.testing.assert_array_equal(nst.load_image(io.BytesIO((tmp_path / "a.png").read_bytes())), want)
    monkeypatch.setenv("HOME", str(tmp_path))
    np.testing.assert_array_equal(nst.load_image("~/a.png"), want)
    with pytest.raises(nst.ImageError, match="is an address; download the picture, and give its file"):
        nst.load_image("https://example.org/a.png")


@pytest.mark.skipif(os.name == "nt", reason="pipes have no names in a folder there")
def test_what_is_no_regular_file_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "a.png")
    for path in (tmp_path / "a.png", "/dev/zero"):
        with pytest.raises(nst.ImageError, match="is a pipe or a device; copy the picture into a file"):
            nst.load_image(path)
    for path in ("x" * 300 + ".png", "a\0b.png"):
        with pytest.raises(nst.ImageError, match="cannot be read") as caught:
            nst.load_image(path)
        assert "\n" not in str(caught.value)


def test_a_phones_format_is_said_how_to_read(tmp_path):
    (tmp_path / "IMG_1.HEIC").write_bytes(b"\0\0\0\x18ftypheic" + bytes(40))
    with pytest.raises(nst.ImageError, match="exported as JPEG"):
        nst.load_image(tmp_path / "IMG_1.HEIC")


@pytest.mark.parametrize("given", [None, 3, True, b"a.png", [], object()])
def test_what_names_no_file_is_refused(given):
    with pytest.raises(nst.ImageError, match="is not a picture's file; give its path, a known name, or an open file"):
        nst.load_image(given)
