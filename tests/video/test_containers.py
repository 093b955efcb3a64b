"""Video files: frames in and out, sound that is copied, and what is refused."""

import io
from fractions import Fraction

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.video.synthetic import pan

av = pytest.importorskip("av", reason='PyAV is not installed (pip install "nst_jax[video]")')


@pytest.fixture
def frames():
    """Of odd sides, which the usual format of colours does not have."""
    clip = pan(6, (45, 63), (2.0, 1.0))
    return [clip.frame(t) for t in range(6)]


def with_sound(path, frames):
    """A video file with a tone, as another program may have written it."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("mpeg4", 10)
        video.width, video.height, video.pix_fmt = 62, 44, "yuv420p"
        audio = container.add_stream("aac", 8000, layout="mono")
        for x in frames:
            pixels = np.ascontiguousarray((255 * x[:44, :62]).astype(np.uint8))
            container.mux(video.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(video.encode(None))
        for n in range(5):
            tone = np.sin(np.arange(1024 * n, 1024 * (n + 1)) / 5).astype(np.float32)[None]
            frame = av.AudioFrame.from_ndarray(tone, format="fltp", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = 8000, 1024 * n, Fraction(1, 8000)
            container.mux(audio.encode(frame))
        container.mux(audio.encode(None))


def packets(path):
    with av.open(str(path)) as container:
        audio = container.streams.audio[0]
        return [(float(p.pts * p.time_base), bytes(p)) for p in container.demux(audio) if p.size]


@pytest.mark.parametrize("ending", [".mp4", ".mkv", ".mov"])
def test_frames_return(tmp_path, frames, ending):
    nst.write_clip(tmp_path / f"a{ending}", frames, 12.5)
    clip = nst.open_clip(tmp_path / f"a{ending}")
    assert clip.count in (6, None)
    assert clip.rate == pytest.approx(12.5)
    assert clip.sound is None
    found = list(clip.frames())
    assert len(found) == 6
    assert found[0].shape == (46, 64, 3)
    for x, y in zip(found, frames, strict=True):
        assert np.abs(x[:45, :63] - y).mean() < 0.03  # colours are kept at half size


def test_flat_colours_return(tmp_path):
    """The matrix between RGB and the file's colours is the same in both directions."""
    colours = np.float32([[0.9, 0.2, 0.1], [0.1, 0.7, 0.3], [0.2, 0.3, 0.8], [0.5, 0.5, 0.5]])
    frames = [np.broadcast_to(colour, (32, 32, 3)) for colour in colours]
    nst.write_clip(tmp_path / "a.mp4", frames, 10)
    for x, colour in zip(nst.open_clip(tmp_path / "a.mp4").frames(), colours, strict=True):
        np.testing.assert_allclose(x.mean(axis=(0, 1)), colour, atol=0.02)


def test_sound_is_copied_packet_by_packet(tmp_path, frames):
    with_sound(tmp_path / "in.mp4", frames)
    clip = nst.open_clip(tmp_path / "in.mp4")
    assert clip.sound == tmp_path / "in.mp4"
    assert clip.part(0, 3).sound is None
    assert nst.open_clip(tmp_path / "in.mp4", rate=20).sound is None
    nst.write_clip(tmp_path / "out.mp4", frames, clip.rate, clip.sound)
    before, after = packets(tmp_path / "in.mp4"), packets(tmp_path / "out.mp4")
    assert len(before) > 3
    assert [data for _, data in after] == [data for _, data in before]
    np.testing.assert_allclose([t for t, _ in after], [t for t, _ in before], atol=1e-3)


def test_what_is_no_video_is_named(tmp_path, frames):
    (tmp_path / "text.mp4").write_text("#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:1/a.ts\n")
    nst.write_clip(tmp_path / "a.mp4", frames, 10)
    data = (tmp_path / "a.mp4").read_bytes()
    (tmp_path / "cut.mp4").write_bytes(data[: len(data) // 2])
    sound = io.BytesIO()
    with av.open(sound, "w", format="mp4") as container:
        audio = container.add_stream("aac", 8000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts = 8000, 0
        container.mux(audio.encode(frame))
        container.mux(audio.encode(None))
    (tmp_path / "sound.mp4").write_bytes(sound.getvalue())
    faults = {"text.mp4": "cannot be read as a video", "sound.mp4": "holds no pictures"}
    for name, fault in faults.items():
        with pytest.raises(nst.ImageError, match=fault):
            nst.open_clip(tmp_path / name)
    with pytest.raises(nst.ImageError, match=r"cut\.mp4: "):
        list(nst.open_clip(tmp_path / "cut.mp4").frames())
