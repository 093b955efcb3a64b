"""Clips in and out: folders, animations, arrays; what each keeps, and what is refused."""

import numpy as np
import pytest
from PIL import Image

import nst_jax as nst
from nst_jax.video.synthetic import pan, still
from tests.support.pictures import picture


@pytest.fixture
def frames():
    clip = pan(5, (24, 31), (2.0, 1.0))
    return [clip.frame(t) for t in range(5)]


@pytest.mark.parametrize(("ending", "error"), [("", 0.5 / 255), (".apng", 0.5 / 255), (".webp", 0.3), (".gif", 0.3)])
def test_what_is_written_is_read(tmp_path, frames, ending, error):
    out = tmp_path / f"clip{ending}"
    nst.write_clip(out, frames, 12.5)
    clip = nst.open_clip(out)
    assert clip.count == 5
    assert clip.rate == (12 if not ending else pytest.approx(12.5, rel=0.02))
    found = list(clip.frames())
    np.testing.assert_allclose(found, frames, atol=error + 1e-6)
    assert np.abs(np.mean(found, axis=(0, 1, 2)) - np.mean(frames, axis=(0, 1, 2))).max() < 0.01
    assert not [each.name for each in tmp_path.iterdir() if each.name.startswith(".")]


def test_a_gif_does_not_flicker_by_itself(tmp_path):
    """One palette and a dither that stays: what does not change is the same bytes in every frame."""
    x = picture(40, 40)
    y = x.copy()
    y[:, 30:] = 1 - y[:, 30:]
    nst.write_clip(tmp_path / "a.gif", [x, y, x], 10)
    first, second, third = nst.open_clip(tmp_path / "a.gif").frames()
    np.testing.assert_array_equal(first[:, :30], second[:, :30])
    np.testing.assert_array_equal(first, third)


def test_folders_are_read_in_the_order_of_their_numbers(tmp_path):
    for n in (1, 2, 10, 9):
        nst.save_image(tmp_path / f"frame_{n}.png", np.full((8, 8, 3), n / 20, np.float32))
    (tmp_path / "notes.txt").write_text("no frame")
    found = [round(20 * float(x.mean())) for x in nst.open_clip(tmp_path).frames()]
    assert found == [1, 2, 9, 10]


def test_frames_come_one_at_a_time(tmp_path, frames):
    """The second is not read before it is asked for: it may even be missing."""
    nst.write_clip(tmp_path / "clip", frames, 12)
    clip = nst.open_clip(tmp_path / "clip")
    (tmp_path / "clip" / "00003.png").unlink()
    read = clip.frames()
    np.testing.assert_allclose(next(read), frames[0], atol=0.5 / 255 + 1e-6)
    next(read)
    with pytest.raises(nst.ImageError, match="no such file"):
        next(read)


def test_parts(frames):
    clip = nst.open_clip(np.stack(frames))
    assert [clip.part(*span).count for span in ((None, None), (1, 3), (3, None), (0, 99))] == [5, 2, 2, 5]
    np.testing.assert_array_equal(list(clip.part(1, 3).frames()), frames[1:3])
    assert clip.part(None, 5) is clip
    assert clip.part(1, 3).described["frames"] == [1, 3]
    for span in ((5, None), (3, 3)):
        with pytest.raises(nst.ImageError, match="of 5: there are none"):
            clip.part(*span)


def test_drawn_clips_and_lists():
    clip = nst.open_clip("still")
    assert clip.drawn is not None
    assert clip.count == 12
    assert clip.described["drawn"] == "still"
    np.testing.assert_array_equal(next(clip.frames()), still().frame(0))
    assert nst.open_clip(pan(3, (8, 9)), rate=7).rate == 7


def test_what_is_no_clip_is_named(tmp_path, frames):
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.gif").write_bytes(b"not a picture")
    (tmp_path / "a.txt").write_text("text")
    faults = {
        tmp_path / "empty": "holds no frames",
        tmp_path / "a.gif": "cannot be read as an animation",
        tmp_path / "a.txt": "its ending names no format of clips",
        tmp_path / "none.mp4": "no such file",
    }
    for given, fault in faults.items():
        with pytest.raises(nst.ImageError, match=fault):
            nst.open_clip(given)
    with pytest.raises(nst.ImageError, match="there is no frame"):
        nst.open_clip([])
    with pytest.raises(nst.ImageError, match="rate -1"):
        nst.open_clip(frames, rate=-1)
    with pytest.raises(nst.ImageError, match=r"frame 2 is 31 × 23 pixels, the first is 31 × 24"):
        list(nst.open_clip([frames[0], frames[1][1:]]).frames())
    with pytest.raises(nst.ImageError, match="names no format to write clips in"):
        nst.write_clip(tmp_path / "a.jpg", frames, 12)
    with pytest.raises(nst.ImageError, match="there is no frame to write"):
        nst.write_clip(tmp_path / "a.gif", [], 12)


def test_a_damaged_animation_is_named(tmp_path, frames):
    nst.write_clip(tmp_path / "a.gif", frames, 12)
    data = (tmp_path / "a.gif").read_bytes()
    (tmp_path / "cut.gif").write_bytes(data[: len(data) // 2])
    with pytest.raises(nst.ImageError, match=r"cut\.gif"):
        list(nst.open_clip(tmp_path / "cut.gif").frames())


def test_a_folder_with_files_is_not_replaced(tmp_path, frames):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "00001.png").write_bytes(b"precious")
    with pytest.raises(nst.NSTError, match="mine: cannot be written"):
        nst.write_clip(tmp_path / "mine", frames, 12)
    assert (tmp_path / "mine" / "00001.png").read_bytes() == b"precious"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_transparent_frame_is_laid_on_white(tmp_path):
    see_through = Image.new("RGBA", (6, 5), (255, 0, 0, 0))
    see_through.save(tmp_path / "a.webp", save_all=True, append_images=[see_through], lossless=True, duration=100)
    np.testing.assert_allclose(next(nst.open_clip(tmp_path / "a.webp").frames()), 1, atol=1e-3)
