"""Uploads: limits, the same reader, names that are harmless, files in parts."""

import io

import numpy as np
import pytest
from PIL import Image

import nst_jax as nst
from nst_jax.images.uploads import FRAME, Limits, Uploads, plain_name, read_upload
from tests.support.pictures import picture


def png(x, **how):
    file = io.BytesIO()
    Image.fromarray(np.rint(x * 255).astype(np.uint8)).save(file, "PNG", **how)
    return file.getvalue()


def parts(data, step, **changed):
    """The messages of a browser that sends a file in parts."""
    about = {"id": "1", "name": "cat.png", "kind": "photo", "size": len(data)} | changed
    return [({**about, "at": at}, [memoryview(data[at : at + step])]) for at in range(0, len(data), step)]


def test_an_upload_is_read_as_any_other_picture_in_steps_of_8_bits(tmp_path):
    data = png(picture(30, 40))
    (tmp_path / "cat.png").write_bytes(data)
    x = read_upload("cat.png", data)
    np.testing.assert_array_equal(x, nst.load_image(tmp_path / "cat.png"))
    np.testing.assert_array_equal(x, np.rint(x * 255).astype(np.float32) / 255)
    large = read_upload("cat.png", data, Limits(2**20, 10**6, longest=20))
    assert large.shape == (15, 20, 3)
    np.testing.assert_array_equal(large, np.rint(large * 255).astype(np.float32) / 255)


def test_a_transparent_upload_shows_no_foreign_colour():
    x = np.zeros((8, 8, 4))
    x[:4] = (1, 0, 0, 1)  # the rest is black, and transparent
    np.testing.assert_array_equal(read_upload("a.png", png(x)), np.broadcast_to([1.0, 0, 0], (8, 8, 3)))


def test_too_many_pixels_are_refused_before_they_are_decoded():
    limits = Limits(2**25, 1_000_000, 2000)
    with pytest.raises(nst.ImageError, match=r"^cat\.png: is larger than 1 megapixels"):
        read_upload("cat.png", png(np.zeros((1001, 1000, 3))), limits)
    assert read_upload("cat.png", png(np.zeros((1000, 1000, 3))), limits).shape == (1000, 1000, 3)


def test_too_many_bytes_are_refused_before_they_are_received():
    with pytest.raises(nst.ImageError, match=r"cat\.png has 1\.5 MB, and 1 MB are the most"):
        read_upload("cat.png", bytes(3 * 2**19), FRAME)
    receiving = Uploads()
    with pytest.raises(nst.ImageError, match="has 33 MB, and 32 MB are the most"):
        receiving.receive({"id": "1", "name": "cat.png", "kind": "photo", "size": 33 * 2**20}, [])
    with pytest.raises(nst.ImageError, match="is empty"):
        receiving.receive({"id": "1", "name": "cat.png", "kind": "photo", "size": 0}, [])


@pytest.mark.parametrize("data", [b"no picture", b"<svg onload=alert(1)>", png(picture(30, 40))[:500]])
def test_what_is_no_picture_is_one_line_with_a_harmless_name(data):
    with pytest.raises(nst.ImageError) as caught:
        read_upload("<img src=x onerror=alert(1)>.png", data)
    assert "<" not in str(caught.value).replace("_io", "")
    assert str(caught.value).startswith("img src_x onerror_alert_1_.png: ")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("cat.jpg", "cat.jpg"),
        ("Katze im Süden 2.JPG", "Katze im Süden 2.JPG"),
        ("<img src=x onerror=alert(1)>.png", "img src_x onerror_alert_1_.png"),
        ("$\\href{javascript:1}{x}$&lt;b&gt;", "href_javascript_1_x_lt_b_gt"),
        ("../../etc/passwd", "etc_passwd"),
        ("\u202egpj.exe\n", "gpj.exe"),
        ("", "picture"),
        ("<<<>>>", "picture"),
        ("a" * 10**6, "a" * 40),
    ],
)
def test_names_are_shown_without_what_a_page_could_read_as_html(name, shown):
    assert plain_name(name) == shown


def test_a_file_arrives_in_parts(rng):
    data = rng.bytes(1000)
    receiving = Uploads()
    *first, last = parts(data, 300)
    assert [receiving.receive(*each) for each in first] == [None] * 3
    done = receiving.receive(*last)
    assert done is not None
    assert (done.name, done.kind, done.data) == ("cat.png", "photo", data)


def test_a_later_file_ends_the_one_before_it(rng):
    receiving = Uploads()
    assert receiving.receive(*parts(rng.bytes(1000), 300)[0]) is None
    (whole,) = parts(b"other", 10, id="2", kind="style")
    done = receiving.receive(*whole)
    assert done is not None
    assert (done.kind, done.data) == ("style", b"other")


def test_parts_that_do_not_fit_together_are_refused(rng):
    data = rng.bytes(1000)
    one, two, three, _ = parts(data, 300)

    def send(messages):
        receiving = Uploads()
        for each in messages:
            receiving.receive(*each)

    for wrong in ((two,), (one, three), (one, one), (one, ({**two[0], "size": 999}, two[1]))):
        with pytest.raises(nst.ImageError, match="do not fit together"):
            send(wrong)
    with pytest.raises(nst.ImageError, match="do not fit together"):  # more than was announced
        Uploads().receive({**one[0], "size": 200}, one[1])
