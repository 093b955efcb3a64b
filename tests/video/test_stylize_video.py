"""A clip from end to end, with a small random network: what is kept, resumed, copied, refused, and how it flickers."""

import inspect
import json
import os
from dataclasses import fields
from itertools import islice

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.images.luminance import luminance
from nst_jax.networks.geometry import LAYERS
from nst_jax.video.job import GivenVideo, prepare_video
from nst_jax.video.painting import paint_clip
from nst_jax.video.settings import VideoSettings, without_effect
from nst_jax.video.synthetic import SyntheticClip, ball, pan, still
from tests.support.pictures import picture
from tests.support.weights import random_weights

CLIP = ball(4, (28, 36), velocity=(3.0, 1.0), background=(-1.0, 0.0))
STYLE = picture(30, 30, 5)


@pytest.fixture(scope="module")
def how():
    network = nst.VGG19(random_weights(layers=LAYERS[:4]))
    layers = {"content_layers": "conv2_2", "style_layers": ("conv1_1", "conv2_1")}
    return {"network": network, "scales": 1, "steps": 6, "warm_steps": 3, "beta": 5e3, "optimizer": "adam", **layers}


@pytest.fixture(scope="module")
def whole(how, tmp_path_factory):
    return nst.stylize_video(CLIP, STYLE, folder=tmp_path_factory.mktemp("runs") / "whole", **how)


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def evaluations(made):
    rows = (made.folder / "seconds.csv").read_text().splitlines()
    assert rows[0] == "pass,frame,evaluations,seconds"
    return [int(row.split(",")[2]) for row in rows[1:]]


def test_what_is_made_and_kept(whole):
    assert len(whole.frames) == len(whole.photos) == 4
    assert whole.frames[0].shape == (28, 36, 3)
    np.testing.assert_allclose(whole.photos[2], CLIP.frame(2), atol=0.5 / 255 + 1e-6)
    assert sorted(each.name for each in whole.folder.iterdir()) == [
        "flicker.csv", "frames", "manifest.json", "photos", "preview.png", "seconds.csv",
    ]  # fmt: skip
    manifest = json.loads((whole.folder / "manifest.json").read_text())
    assert manifest["stopped"] == ""
    assert manifest["count"] == 4
    assert manifest["video"]["temporal"] == 1000
    assert manifest["inputs"]["clip"]["drawn"] == "ball"
    assert manifest["flicker"]["1"]["painted"] == pytest.approx(whole.summary[1]["painted"])
    assert evaluations(whole) == [6, 3, 3, 3]
    assert np.abs(whole.frames[3] - whole.photos[3]).mean() > 0.01  # it is painted
    np.testing.assert_array_equal(whole.strip(1, 2), np.concatenate([whole.frames[1], whole.frames[2]], axis=1))


def test_the_first_frame_is_what_stylize_makes(whole, how):
    alone = {name: value for name, value in how.items() if name != "warm_steps"}
    x = nst.stylize(whole.photos[0], STYLE, size=36, **alone).image
    np.testing.assert_allclose(whole.frames[0], x, atol=0.5 / 255 + 1e-6)


@pytest.mark.parametrize("colour", ["style", "luminance"])
def test_killed_and_resumed_it_makes_the_same_files(whole, how, tmp_path, colour):
    how = how | {"colour": colour}
    if colour != "style":
        whole = nst.stylize_video(CLIP, STYLE, folder=tmp_path / "whole", **how)
    job = prepare_video(CLIP, STYLE, folder=tmp_path / "killed", **how)
    for _ in islice(paint_clip(job.made_from, job.video, job.folder, job.photos, job.flow), 2):
        pass  # and no more: as if killed
    (tmp_path / "killed" / "frames" / ".00003.png.1234.part").write_bytes(b"half a picture")
    made = nst.stylize_video(CLIP, STYLE, folder=tmp_path / "killed", **how)
    assert contents(made.folder / "frames") == contents(whole.folder / "frames")
    assert (made.folder / "flicker.csv").read_bytes() == (whole.folder / "flicker.csv").read_bytes()
    if colour == "luminance":  # later frames start from pictures before their colours are put back
        kept = contents(made.folder / "kept" / "frames")
        assert kept == contents(whole.folder / "kept" / "frames")
        assert all(kept[name] != shown for name, shown in contents(made.folder / "frames").items())


def test_the_temporal_term_keeps_strokes_in_their_place(how):
    """Away from the border, where fresh places come in, a pan by 2 pixels moves the picture by 2 pixels."""
    short = pan(3, (28, 36), (2.0, 0.0))
    how = how | {"steps": 20, "warm_steps": 20, "optimizer": "lbfgs"}  # Adam's own steps would hide it
    errors = {}
    for kind, more in {"alone": {"method": "alone"}, "free": {"temporal": 0}, "held": {"temporal": 1e7}}.items():
        x, y = nst.stylize_video(short, STYLE, **how | more).frames[:2]
        errors[kind] = np.mean((y[:, 10:28] - x[:, 8:26]) ** 2)
    assert errors["held"] < 0.5 * errors["free"], errors
    assert errors["held"] < 0.5 * errors["alone"], errors


def test_a_still_clip_stays_still(how):
    made = nst.stylize_video(still(4, (28, 36), noise=0.0), STYLE, **how)
    assert np.abs(np.diff(made.frames[:], axis=0)).max() == 0
    assert evaluations(made)[1:] == [0, 0, 0]
    assert made.summary[1]["painted"] == 0


def test_a_frame_of_new_things_takes_as_many_evaluations_as_the_first(how):
    """After a cut nothing of the frame before is seen; what lies between is in proportion."""
    frames = [picture(28, 36, n) for n in range(3)]

    def flow(i, j):
        return np.full((28, 36, 2), 1000.0 if 2 in (i, j) else 0.0, np.float32)  # only frame 3 shows something else

    made = nst.stylize_video(frames, STYLE, flow=flow, **how)
    assert evaluations(made) == [6, 3, 6]
    assert evaluations(nst.stylize_video(frames, STYLE, flow=flow, **how | {"warm_steps": 9})) == [6, 9, 9]


def test_any_function_can_paint_the_frames(tmp_path):
    seen = []

    def negative(p):
        seen.append(p.shape)
        return 1 - p

    made = nst.stylize_video(CLIP, method=negative, folder=tmp_path / "run")
    assert seen == [(28, 36, 3)] * 4
    assert evaluations(made) == [0, 0, 0, 0]
    np.testing.assert_allclose(made.frames[1], 1 - made.photos[1], atol=1e-6)
    assert made.summary[1]["ratio"] == pytest.approx(1, rel=1e-3)
    frames = nst.stylize_video(CLIP, method=negative).frames
    folder = frames.path
    np.testing.assert_array_equal(frames[1], made.frames[1])  # its folder stays as long as the frames
    del frames
    assert not folder.exists()
    with pytest.raises(nst.ImageError, match="what the method returns is 20 × 28 pixels, its frame 36 × 28"):
        nst.stylize_video(CLIP, method=lambda p: p[:, :20])
    with pytest.raises(nst.SettingError, match="style: a method that is a function paints by itself"):
        nst.stylize_video(CLIP, STYLE, method=negative)


def test_a_second_pass_runs_backwards(how, tmp_path):
    made = nst.stylize_video(CLIP, STYLE, folder=tmp_path / "run", passes=2, **how)
    first, second = contents(tmp_path / "run" / "pass-1"), contents(tmp_path / "run" / "frames")
    assert first["00004.png"] == second["00004.png"]  # where it begins, nothing says more
    assert all(first[name] != second[name] for name in ("00001.png", "00002.png", "00003.png"))
    order = [row.split(",")[:2] for row in (made.folder / "seconds.csv").read_text().splitlines()[1:]]
    assert order == [["1", str(n)] for n in (1, 2, 3, 4)] + [["2", str(n)] for n in (4, 3, 2, 1)]


def test_a_preview_stops_after_three_frames(how, tmp_path, whole):
    made = nst.stylize_video(CLIP, STYLE, folder=tmp_path / "run", preview=True, **how)
    assert made.stopped == "preview"
    assert len(made.frames) == 3
    assert nst.load_image(tmp_path / "run" / "preview.png").shape[1] > 3 * 36
    again = nst.stylize_video(CLIP, STYLE, folder=tmp_path / "run", **how)
    assert contents(again.folder / "frames") == contents(whole.folder / "frames")


def test_later_frames_compile_nothing(how):
    from nst_jax.optim import loop

    paint = prepare_video(CLIP, STYLE, **how)
    frames = paint_clip(paint.made_from, paint.video, paint.folder, paint.photos, paint.flow)
    next(frames)
    next(frames)
    compiled = loop._run_chunk._cache_size()
    assert [done.t for done in frames] == [2, 3]
    assert loop._run_chunk._cache_size() == compiled


def test_nothing_of_the_users_is_lost(how, tmp_path):
    nst.write_clip(tmp_path / "clip", [CLIP.frame(t) for t in range(3)], 12)
    nst.save_image(tmp_path / "painting.webp", STYLE)
    before = contents(tmp_path / "clip")
    clip, style = tmp_path / "clip", tmp_path / "painting.webp"
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    refused = [
        ({"folder": clip}, "is the clip that is painted"),
        ({"folder": clip / "run"}, "is the clip that is painted"),
        ({"folder": tmp_path / "full"}, r"holds other files \(mine.txt\)"),
        ({"out": style}, "would write over what is painted from"),
        ({"out": clip / "a.gif"}, "would write over what is painted from"),
        ({"out": tmp_path / "full"}, "exists already"),
        ({"out": tmp_path / "a.jpg"}, "names no format"),
    ]
    for places, fault in refused:
        with pytest.raises(nst.NSTError, match=fault):
            nst.stylize_video(clip, style, **how, **places)
    assert contents(clip) == before
    assert os.listdir(tmp_path / "full") == ["mine.txt"]


def test_a_folder_serves_one_clip(whole, how):
    for more, name in (({"temporal": 5.0}, "video"), ({"beta": 7.0}, "settings"), ({"rate": 5.0}, "video")):
        with pytest.raises(nst.RunError, match=f"holds a clip with other {name}"):
            nst.stylize_video(CLIP, STYLE, folder=whole.folder, **how | more)
    with pytest.raises(nst.RunError, match="holds a clip with other inputs"):
        nst.stylize_video(CLIP, 1 - STYLE, folder=whole.folder, **how)


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"offsets": (2, 1)}, "the smallest first"),
        ({"offsets": ()}, "the smallest first"),
        ({"warm_steps": 0}, "give a whole number from 1"),
        ({"passes": 0}, "give a whole number from 1"),
        ({"temporal": -1.0}, "give a number from 0 up"),
        ({"blend": 1.5}, "give a number from 0"),
        ({"strength": -1}, "give a number from 0"),
        ({"method": "magic"}, "give optimise, alone, paint, network, or a function"),
        ({"frames": "3"}, "give A:B"),
        ({"frames": "2:2"}, "there are none"),
        ({"rate": 0.0}, "frames a second"),
        ({"flow": "raft"}, "use auto, dis or ilk"),
        ({"betta": 3.0}, "there is no setting betta"),
    ],
)
def test_wrong_settings_are_named(how, given, fault):
    with pytest.raises(nst.NSTError, match=fault):
        nst.stylize_video(CLIP, STYLE, **how | given)


def test_its_keywords_are_the_settings():
    names = {each.name for cls in (VideoSettings, nst.Settings) for each in fields(cls)}
    assert set(GivenVideo.__annotations__) == names
    assert names < set(inspect.signature(nst.stylize_video).parameters)


def test_a_clip_is_never_enlarged_and_its_flow_fits_its_size(how):
    wide = SyntheticClip("pan", pan(2, (56, 72), (4.0, 2.0)).layers, (56, 72), 2)
    job = prepare_video(wide, STYLE, **how | {"size": 36})
    assert job.photos[0].shape == (28, 36, 3)
    np.testing.assert_allclose(job.flow(0, 1), np.broadcast_to([2.0, 1.0], (28, 36, 2)), atol=1e-5)
    assert prepare_video(wide, STYLE, **how).photos[0].shape == (56, 72, 3)


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_a_function_takes_a_share_of_the_picture_before(share):
    """On a pan by whole pixels, x_1 = (1 − s c) f(p_1) + s c x_0(p + w), away from the border."""
    short = pan(2, (28, 36), (2.0, 0.0))
    brightness = iter((0.2, 0.6))
    x, y = nst.stylize_video(short, method=lambda p: p * 0 + next(brightness), blend=share).frames
    np.testing.assert_allclose(x, 0.2, atol=1 / 255)
    np.testing.assert_allclose(y[:, 4:32], 0.6 + share * (0.2 - 0.6), atol=1 / 255)
    np.testing.assert_allclose(y[:, 0], 0.6, atol=1 / 255)  # the frame before does not show it


def test_a_second_pass_blends_what_the_first_has_painted():
    short = pan(3, (28, 36), (0.0, 0.0))  # of different pictures, so that none is a copy of another
    frames = [np.clip(short.frame(t) + 0.02 * t, 0, 1) for t in range(3)]
    brightness = iter((0.0, 0.4, 0.8))
    made = nst.stylize_video(
        frames, method=lambda p: p * 0 + next(brightness), blend=0.5, passes=2, flow=lambda i, j: np.zeros((28, 36, 2))
    )
    # forward: 0, (0 + 0.4) / 2, (0.2 + 0.8) / 2; backward, from its end
    np.testing.assert_allclose([x.mean() for x in made.frames], [0.175, 0.35, 0.5], atol=1.5 / 255)


@pytest.fixture(scope="module")
def painted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("painted") / "run"
    return nst.stylize_video(ball(4, (48, 64)), "vortex", method="paint", folder=folder)


def test_one_pass_paints_and_says_how(painted):
    assert painted.frames[0].shape == (48, 64, 3)
    assert evaluations(painted) == [0, 0, 0, 0]
    assert np.abs(painted.frames[2] - painted.photos[2]).mean() > 0.02
    assert {"clip", "style", "network", "decoder"} == set(painted.manifest["inputs"])
    assert painted.manifest["video"]["strength"] == 0.6


def test_one_pass_flickers_less_than_frames_painted_one_by_one(painted):
    alone = nst.stylize_video(ball(4, (48, 64)), method=lambda p: nst.paint(p, "vortex", size=64).image)
    assert painted.summary[1]["painted"] < 0.6 * alone.summary[1]["painted"]
    assert np.abs(painted.frames[0] - alone.frames[0]).mean() < 0.05  # and is the same painting


def test_one_pass_resumes_to_the_same_files(painted, tmp_path):
    how = {"method": "paint", "folder": tmp_path / "run"}
    job = prepare_video(ball(4, (48, 64)), "vortex", **how)
    for _ in islice(paint_clip(job.made_from, job.video, job.folder, job.photos, job.flow), 2):
        pass
    made = nst.stylize_video(ball(4, (48, 64)), "vortex", **how)
    assert contents(made.folder / "frames") == contents(painted.folder / "frames")


def test_one_pass_keeps_regions_and_colours():
    clip = ball(2, (48, 64))
    mask = np.zeros((48, 64), np.float32)
    mask[:, :32] = 1
    made = nst.stylize_video(clip, None, regions=[(mask, "vortex")], method="paint", blend=0)
    np.testing.assert_allclose(made.frames[1][:, 34:], made.photos[1][:, 34:], atol=1 / 255)
    assert np.abs(made.frames[1] - made.photos[1])[:, :30].mean() > 0.02
    made = nst.stylize_video(clip, "vortex", colour="luminance", method="paint")
    chroma = [x - luminance(x)[..., None] for x in (made.frames[0], made.photos[0])]
    assert np.median(np.abs(chroma[0] - chroma[1])) < 0.01


@pytest.fixture(scope="module")
def by_network(tmp_path_factory):
    folder = tmp_path_factory.mktemp("network") / "run"
    return nst.stylize_video(ball(4, (48, 64)), ["vortex", ("mosaic", 0.5)], method="network", folder=folder)


def test_a_network_paints_and_says_how(by_network):
    assert {"clip", "style", "style 2", "network"} == set(by_network.manifest["inputs"])
    assert by_network.manifest["settings"]["network"] == "six-styles"
    assert by_network.manifest["inputs"]["network"]["name"] == "six-styles"
    assert np.abs(by_network.frames[2] - by_network.photos[2]).mean() > 0.02
    whole = by_network.photos[0]
    x = nst.paint(whole, ["vortex", ("mosaic", 0.5)], network="six-styles", size=64).image
    assert np.abs(by_network.frames[0] - x).mean() < 0.03  # but for what is held over the clip


def test_a_network_flickers_less_than_frames_painted_one_by_one(by_network):
    styles = ["vortex", ("mosaic", 0.5)]
    alone = nst.stylize_video(
        ball(4, (48, 64)), method=lambda p: nst.paint(p, styles, network="six-styles", size=64).image
    )
    assert by_network.summary[1]["painted"] < 0.6 * alone.summary[1]["painted"]


def test_a_network_s_clip_resumes_to_the_same_files(by_network, tmp_path):
    how = {"method": "network", "folder": tmp_path / "run", "network": "six-styles"}  # the default, by its name
    styles = ["vortex", ("mosaic", 0.5)]
    job = prepare_video(ball(4, (48, 64)), styles, **how)
    for _ in islice(paint_clip(job.made_from, job.video, job.folder, job.photos, job.flow), 2):
        pass
    made = nst.stylize_video(ball(4, (48, 64)), styles, **how)
    assert contents(made.folder / "frames") == contents(by_network.folder / "frames")
    with pytest.raises(nst.RunError, match="holds a clip with other inputs"):
        nst.stylize_video(ball(4, (48, 64)), "vortex", **how)


def test_what_a_network_cannot_paint_is_named():
    for more, fault in (
        ({"style": "coffee"}, "coffee: this network paints in vortex"),
        ({"network": "seven-styles"}, "seven-styles: there is no such network of styles"),
        ({"network": nst.VGG19(random_weights(layers=LAYERS[:4]))}, "give a name or a file of a network of styles"),
        ({"style_scale": 2.0}, "style_scale: method network makes a frame in one pass, without it"),
        ({"beta": 3.0}, "beta: method network makes a frame in one pass"),
        ({"style": None}, "nothing is painted"),
    ):
        with pytest.raises(nst.NSTError, match=fault):
            nst.stylize_video(CLIP, **{"style": "vortex", "method": "network", **more})
    with pytest.raises(nst.SettingError, match="network: method paint makes a frame in one pass, without it"):
        nst.stylize_video(CLIP, "vortex", method="paint", network="six-styles")


def test_notes_are_kept(tmp_path):
    mask = np.zeros((48, 64), np.float32)
    mask[:3, :3] = 1
    clip = ball(2, (48, 64))
    made = nst.stylize_video(clip, "woodcut", regions=[(mask, "vortex")], method="paint", folder=tmp_path / "run")
    assert "region 1 is too small at" in made.notes[0]
    assert json.loads((tmp_path / "run" / "manifest.json").read_text())["notes"] == list(made.notes)


def test_one_pass_refuses_what_it_does_not_use():
    for more, name in (
        ({"steps": 5}, "steps"),
        ({"beta": 3.0}, "beta"),
        ({"init": "noise"}, "init"),
        ({"init": np.zeros((8, 8, 3))}, "init"),
    ):
        with pytest.raises(nst.SettingError, match=f"{name}: method paint makes a frame in one pass"):
            nst.stylize_video(CLIP, STYLE, method="paint", **more)


def test_settings_that_a_method_does_not_use_are_named():
    assert without_effect(VideoSettings(method="paint", temporal=3, blend=0.5)) == [
        "temporal has no effect with method paint"
    ]
    assert without_effect(VideoSettings(strength=0.1)) == ["strength has no effect with method optimise"]
    assert without_effect(VideoSettings(method="network", strength=0.1, blend=0.5)) == [
        "strength has no effect with method network"
    ]
    assert without_effect(VideoSettings(method=lambda p: p, blend=0.5)) == []
