"""Every kind of picture that a person may bring, each made here."""

import io
import os
import warnings

import numpy as np
import pytest
from PIL import Image, ImageCms, PngImagePlugin

import nst_jax as nst
from nst_jax.images.resizing import fit
from tests.support.profiles import GREEN, RED, cmyk_profile, profile_of, swapped_srgb, two_colours


def saved(path, image, **options):
    image.save(path, **options)
    return path


def bytes_of(x):
    return np.rint(np.asarray(x) * 255).astype(int)


def test_a_plain_picture_is_read_as_it_is(tmp_path):
    x = nst.load_image(saved(tmp_path / "a.png", two_colours()))
    assert x.dtype == np.float32
    assert x.shape == (4, 6, 3)
    assert tuple(bytes_of(x[0, 0])) == RED
    assert tuple(bytes_of(x[0, 5])) == GREEN


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied(tmp_path, orientation):
    """The file is stored so that a viewer that follows EXIF shows red on the left."""
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    image = two_colours()
    stored = image.transpose(undo[orientation]) if orientation > 1 else image
    exif = Image.Exif()
    exif[0x0112] = orientation
    x = nst.load_image(saved(tmp_path / "a.png", stored, exif=exif.tobytes()))
    np.testing.assert_array_equal(bytes_of(x), np.asarray(image))


def test_transparency_lies_on_the_background(tmp_path):
    rgba = two_colours().convert("RGBA")
    rgba.putalpha(Image.new("L", rgba.size, 51))  # a fifth
    path = saved(tmp_path / "a.png", rgba)
    np.testing.assert_allclose(nst.load_image(path)[0, 0] * 255, 0.2 * np.array(RED) + 0.8 * 255, atol=0.6)
    dark = nst.load_image(path, background=(0, 0, 0))
    np.testing.assert_allclose(dark[0, 0] * 255, 0.2 * np.array(RED), atol=0.6)


def test_grey_with_transparency(tmp_path):
    image = Image.merge("LA", [Image.new("L", (3, 2), 100), Image.new("L", (3, 2), 0)])
    np.testing.assert_array_equal(nst.load_image(saved(tmp_path / "a.png", image)), 1)


def test_a_palette_with_a_transparent_colour(tmp_path):
    image = two_colours().quantize(2)
    clear = image.getpixel((0, 0))
    x = nst.load_image(saved(tmp_path / "a.png", image, transparency=clear))
    assert tuple(bytes_of(x[0, 0])) == (255, 255, 255)
    assert np.abs(bytes_of(x[0, 5]) - GREEN).max() <= 1


@pytest.mark.parametrize("mode", ["L", "1", "P"])
def test_grey_bilevel_and_palette(tmp_path, mode):
    image = Image.new("L", (5, 4), 255).convert(mode)
    np.testing.assert_array_equal(nst.load_image(saved(tmp_path / "a.png", image)), np.ones((4, 5, 3)))


@pytest.mark.parametrize("ending", ["png", "tif"])
def test_16_bit_grey_keeps_its_depth(tmp_path, ending):
    grey = np.array([[0, 1, 256, 32768, 65535]], np.uint16)
    x = nst.load_image(saved(tmp_path / f"a.{ending}", Image.fromarray(grey)))
    np.testing.assert_allclose(x[..., 0], grey / 65535, atol=1e-7)
    np.testing.assert_array_equal(x[..., 0], x[..., 2])


def test_cmyk_without_a_profile(tmp_path):
    path = saved(tmp_path / "a.jpg", Image.new("CMYK", (8, 8), (0, 255, 255, 0)), quality=100)
    red = bytes_of(nst.load_image(path)[4, 4])
    assert red[0] > 240
    assert max(red[1:]) < 16


def test_a_picture_with_another_profile_is_converted(tmp_path):
    """The same numbers in a space whose red is another: sRGB with red and blue exchanged, written as a profile."""
    swapped = swapped_srgb()
    x = nst.load_image(saved(tmp_path / "a.png", two_colours(), icc_profile=swapped))
    np.testing.assert_allclose(bytes_of(x[0, 0]), RED[::-1], atol=3)
    same = nst.load_image(saved(tmp_path / "b.png", two_colours(), icc_profile=profile_of("sRGB")))
    np.testing.assert_allclose(bytes_of(same), np.asarray(two_colours()), atol=1)


def test_cmyk_with_a_profile_that_is_not_of_cmyk_is_shown_without_it(tmp_path):
    image = Image.new("CMYK", (8, 8), (0, 255, 255, 0))
    path = saved(tmp_path / "a.jpg", image, quality=100, icc_profile=profile_of("sRGB"))
    assert bytes_of(nst.load_image(path)[4, 4])[0] > 240


def test_cmyk_with_a_profile_is_converted_by_it(tmp_path):
    image = Image.new("CMYK", (8, 8), (0, 255, 255, 0))
    path = saved(tmp_path / "a.tif", image, icc_profile=cmyk_profile())
    np.testing.assert_allclose(bytes_of(nst.load_image(path)[4, 4]), (119, 119, 119), atol=3)


def test_a_damaged_profile_is_ignored(tmp_path):
    x = nst.load_image(saved(tmp_path / "a.png", two_colours(), icc_profile=b"no profile"))
    np.testing.assert_array_equal(bytes_of(x), np.asarray(two_colours()))


@pytest.mark.parametrize("ending", ["gif", "png", "webp"])
def test_of_an_animation_the_first_frame(tmp_path, ending):
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, GREEN)]
    path = saved(tmp_path / f"a.{ending}", frames[0], save_all=True, append_images=frames[1:], duration=100)
    assert np.abs(bytes_of(nst.load_image(path)[4, 4]) - RED).max() <= 6


def test_one_pixel_and_very_wide(tmp_path):
    assert nst.load_image(saved(tmp_path / "a.png", Image.new("RGB", (1, 1), RED)), 7).shape == (7, 7, 3)
    wide = saved(tmp_path / "b.png", Image.new("RGB", (3000, 2), RED))
    assert nst.load_image(wide, 300).shape == (1, 300, 3)


def test_a_truncated_file(tmp_path):
    buffer = io.BytesIO()
    Image.effect_noise((200, 200), 50).save(buffer, "JPEG")
    path = tmp_path / "a.jpg"
    path.write_bytes(buffer.getvalue()[: len(buffer.getvalue()) // 2])
    with pytest.raises(nst.ImageError, match=r"a\.jpg: the file is damaged or cut short .* download or copy it again"):
        nst.load_image(path)


@pytest.mark.parametrize("keep", [10, 40, 60, 200])
def test_a_damaged_png(tmp_path, keep):
    path = saved(tmp_path / "a.png", Image.effect_noise((64, 64), 50))
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(nst.ImageError, match=r"a\.png: "):
        nst.load_image(path)


def test_what_is_no_picture(tmp_path):
    (tmp_path / "a.jpg").write_text("no picture")
    with pytest.raises(nst.ImageError, match=r"a\.jpg: is not a picture of a known raster format; use a JPEG"):
        nst.load_image(tmp_path / "a.jpg")
    (tmp_path / "b.jpg").write_bytes(b"")
    with pytest.raises(nst.ImageError, match=r"b\.jpg: is not a picture"):
        nst.load_image(tmp_path / "b.jpg")
    with pytest.raises(nst.ImageError, match="is a folder; name a picture in it"):
        nst.load_image(tmp_path)
    with pytest.raises(nst.ImageError, match=r"nowhere\.png: no such file; check the path"):
        nst.load_image(tmp_path / "nowhere.png")


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    path = saved(tmp_path / "a.png", two_colours())
    if os.geteuid() == 0:  # root may read everything, so the system's answer is put in its mouth

        def denied(*args, **kwargs):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Image, "open", denied)
    else:
        path.chmod(0)
    with pytest.raises(nst.ImageError, match=r"a\.png: may not be read; check its permissions"):
        nst.load_image(path)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "a.png"
    with open(path, "wb") as file:  # a header of 40,000 × 40,000 pixels, and next to nothing behind it
        file.write(b"\x89PNG\r\n\x1a\n")
        header = (40_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
        PngImagePlugin.putchunk(file, b"IHDR", header)
        PngImagePlugin.putchunk(file, b"IDAT", b"")
    with pytest.raises(nst.ImageError, match=r"a\.png: is larger than 150 megapixels; make it smaller first"):
        nst.load_image(path)


def test_a_large_photo_of_a_camera_is_no_bomb(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = saved(tmp_path / "a.png", Image.new("1", (12_000, 9_000)))
    assert nst.load_image(path, 40).shape == (30, 40, 3)


def test_size_is_the_longest_side():
    assert fit((768, 1024), 512) == (384, 512)
    assert fit((1024, 768), 100) == (100, 75)
    assert fit((2, 3000), 30) == (1, 30)
    with pytest.raises(nst.ImageError, match="size 0"):
        fit((10, 10), 0)


def test_resizing_keeps_flat_pictures_flat_and_range_in_range(rng):
    flat = np.full((20, 30, 3), 0.4, np.float32)
    np.testing.assert_allclose(nst.resize(flat, (7, 50)), 0.4, atol=1e-6)
    sharp = (rng.uniform(size=(20, 30, 3)) > 0.5).astype(np.float32)
    small = nst.resize(sharp, (9, 11))
    assert small.dtype == np.float32
    assert 0 <= small.min() <= small.max() <= 1
    assert nst.resize(sharp, (20, 30)) is sharp


def test_saving_rounds_and_says_that_it_is_srgb(tmp_path, rng):
    x = rng.integers(0, 256, (5, 6, 3)) / 255
    nst.save_image(tmp_path / "new" / "a.png", np.float32(x))
    np.testing.assert_array_equal(bytes_of(nst.load_image(tmp_path / "new" / "a.png")), bytes_of(x))
    with Image.open(tmp_path / "new" / "a.png") as image:
        assert "sRGB" in ImageCms.getProfileDescription(io.BytesIO(image.info["icc_profile"]))
    nst.save_image(tmp_path / "b.png", np.array([[[-0.2, 0.5, 1.7]]]))
    assert tuple(bytes_of(nst.load_image(tmp_path / "b.png"))[0, 0]) == (0, 128, 255)


@pytest.mark.parametrize("ending", ["jpg", "jpeg", "webp", "tif"])
def test_other_formats_are_written_well(tmp_path, ending):
    x = np.asarray(two_colours(64, 64), np.float32) / 255
    nst.save_image(tmp_path / f"a.{ending}", x)
    assert np.abs(nst.load_image(tmp_path / f"a.{ending}") - x).mean() < 0.02


def test_what_cannot_be_saved_is_named(tmp_path):
    with pytest.raises(nst.ImageError, match=r"a\.xyz: its ending names no format"):
        nst.save_image(tmp_path / "a.xyz", np.zeros((2, 2, 3)))
    for wrong in (np.zeros(2), np.zeros((2, 2, 3), int), np.zeros((0, 2, 3))):
        with pytest.raises(nst.ImageError, match=r"the picture to save is an array of .*; give floats"):
            nst.save_image(tmp_path / "a.png", wrong)
    with pytest.raises(nst.ImageError, match="not finite"):
        nst.save_image(tmp_path / "a.png", np.full((2, 2, 3), np.nan))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["a\0b.png", "\ud800.png"])
def test_a_name_that_no_file_can_have_is_named(tmp_path, name):
    with pytest.raises(nst.NSTError, match="no file can have this name; choose another"):
        nst.save_image(tmp_path / name, np.zeros((2, 2, 3)))


def test_what_a_format_cannot_hold_is_named(tmp_path):
    with pytest.raises(nst.ImageError, match=r"a\.webp: cannot be written as WEBP .* use \.png"):
        nst.save_image(tmp_path / "a.webp", np.zeros((1, 17_000, 3)))
    assert not list(tmp_path.iterdir())


def test_a_path_through_a_file(tmp_path):
    path = saved(tmp_path / "a.png", two_colours())
    with pytest.raises(nst.ImageError, match="no such file"):
        nst.load_image(path / "x.png")


def test_grey_that_is_not_a_number(tmp_path):
    path = saved(tmp_path / "a.tif", Image.fromarray(np.array([[0.5, np.nan]], np.float32)))
    with pytest.raises(nst.ImageError, match="damaged or cut short"):
        nst.load_image(path)


def test_only_raster_formats_are_opened(tmp_path):
    """An EPS file would start an external interpreter."""
    (tmp_path / "a.eps").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\nshowpage\n")
    (tmp_path / "a.jpg").write_bytes((tmp_path / "a.eps").read_bytes())
    for name in ("a.eps", "a.jpg"):
        with pytest.raises(nst.ImageError, match="not a picture of a known raster format"):
            nst.load_image(tmp_path / name)
