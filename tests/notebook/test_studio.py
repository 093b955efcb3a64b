"""The studio without a browser: what its controls do, what it shows, and what it takes from a browser."""

import io
import json
import zlib

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("anywidget", reason="the studio needs anywidget")
pytest.importorskip("matplotlib", reason="the views need matplotlib")

import nst_jax as nst
from nst_jax.feedforward import composition as state
from nst_jax.feedforward.composition import Composition, Source
from nst_jax.images.picture import bytes8
from nst_jax.notebook import studio as module
from nst_jax.notebook.studio import Studio
from tests.support.jupyterlab import wait_for
from tests.support.pictures import picture

# What ipywidgets 7.7 does with the ipykernel of its time, and with today's traitlets.
pytestmark = [
    pytest.mark.filterwarnings("ignore:The `ipykernel.comm.Comm` class:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Deprecated in traitlets 4.1:DeprecationWarning"),
]
SIZE = 64
EVIL = '<img src=x onerror="window.hacked=1">.png'


@pytest.fixture
def studio(tmp_path, monkeypatch):
    """A small one, of a photo and two styles."""
    monkeypatch.setattr(module, "PREVIEW", SIZE)
    c = Composition(Source("photo", picture(48, 64)))
    for i, name in enumerate("ab", 1):
        c = state.with_style(c, Source(name, picture(48, 64, i)))
    studio = Studio(c, SIZE, tmp_path / "saved")
    yield studio
    studio.close()
    studio.wait(60)


def png(x):
    file = io.BytesIO()
    Image.fromarray(bytes8(x)).save(file, "PNG")
    return file.getvalue()


def browser(studio, buffers=(), **message):
    """A message as it comes from the browser."""
    studio.widgets.panel._handle_custom_msg(message, list(buffers))


def brush(painter, labels):
    painter.widget.set_state({"labels": memoryview(zlib.compress(labels.astype(np.uint8).tobytes()))})


def shown(studio):
    return np.asarray(Image.open(io.BytesIO(studio.widgets.canvases.styles.widget.picture)), np.float32) / 255


def test_the_picture_follows_sliders_brushes_and_photo(studio):
    panel = studio.widgets.panel
    studio.wait()
    both = studio.picture
    np.testing.assert_array_equal(both, state.painted(studio.composition, SIZE).image)
    assert np.abs(shown(studio) - both).mean() < 0.03
    assert panel.status.startswith("Painted, 64 × 48")
    browser(studio, do="weigh", i=1, weight=0)
    browser(studio, do="set", name="strength", value=1)
    studio.wait()
    assert [each["weight"] for each in panel.styles] == [1, 0]
    assert panel.settings["strength"] == 1
    one = studio.picture
    assert np.abs(one - both).mean() > 0.01
    labels = np.zeros((48, 64))
    labels[:, :32] = studio.composition.keep
    brush(studio.widgets.canvases.styles, labels)
    studio.wait()
    np.testing.assert_allclose(studio.picture[:, :16], picture(48, 64)[:, :16], atol=1e-6)
    browser(studio, do="remove", i=1)
    assert studio.composition.keep == 2
    np.testing.assert_array_equal(studio.widgets.canvases.styles.labels, np.where(labels, 2, 0))  # on the new canvas
    browser(studio, do="photo", name="coffee")
    studio.wait()
    assert studio.picture.shape == (43, 64, 3)
    assert panel.photo == "coffee"
    assert not studio.widgets.canvases.styles.labels.any()


def test_a_brushed_part_is_refined_stopped_and_undone(studio, monkeypatch):
    monkeypatch.setattr(module.refining, "__defaults__", (2000,))  # it does not end by itself
    panel = studio.widgets.panel
    studio.wait()
    before = studio.picture
    browser(studio, do="refine")
    studio.wait()
    assert "nothing is brushed" in panel.status
    browser(studio, do="mode", mode="refine")
    assert not panel.brushed
    labels = np.zeros((48, 64))
    labels[10:30, 5:30] = 1
    brush(studio.widgets.canvases.refiner, labels)
    assert panel.brushed
    browser(studio, do="refine")
    wait_for(lambda: 0 < panel.progress < 1)
    assert panel.busy
    assert panel.detail.startswith("evaluation ")
    browser(studio, do="weigh", i=0, weight=0.1)  # too late, or too early
    browser(studio, do="stop")
    studio.wait()
    assert (panel.busy, panel.undoable) == (False, 1)
    assert panel.status.endswith("It was stopped.")
    assert [each["weight"] for each in panel.styles] == [1, 1]
    after = studio.picture
    assert np.abs(after - before)[14:26, 9:26].mean() > 1e-3
    np.testing.assert_array_equal(after[:, 40:], before[:, 40:])
    saved = studio.save()
    np.testing.assert_array_equal(np.asarray(Image.open(saved / "result.png")), bytes8(after))
    (described,) = json.loads((saved / "manifest.json").read_text())["refinements"]
    assert described["stopped"] == "stopped by hand"
    assert 0 < described["evaluations"] < 2000
    browser(studio, do="undo")
    assert panel.undoable == 0
    np.testing.assert_array_equal(studio.picture, before)


def test_a_file_with_an_evil_name_is_a_photo_with_a_plain_one(studio):
    data = png(picture(30, 40, 5))
    for at in range(0, len(data), 2000):
        part = [memoryview(data[at : at + 2000])]
        browser(studio, part, do="upload", id="1", kind="photo", name=EVIL, size=len(data), at=at)
    wait_for(lambda: studio.composition.photo.picture.shape == (30, 40, 3))
    studio.wait()
    np.testing.assert_array_equal(bytes8(studio.composition.photo.picture), bytes8(picture(30, 40, 5)))
    synced = json.dumps({**studio.widgets.panel.get_state(["photo", "photos", "styles", "status", "detail"])})
    assert "<" not in synced
    studio.upload("vortex", data, "style")
    studio.upload("keep the photo", data, "style")
    names = [region["name"] for region in studio.widgets.canvases.styles.widget.regions]
    assert names == ["a", "b", "vortex 2", "keep the photo 2", "keep the photo"]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ({"do": "photo", "name": "/etc/passwd"}, "etc_passwd is not in the list"),
        ({"do": "style", "name": "<b>"}, "is not in the list"),
        ({"do": "set", "name": "size", "value": 100_000}, "size=100000: use one of"),
        ({"do": "set", "name": "strength", "value": "high"}, "strength"),
        ({"do": "set", "name": "photo", "value": 1}, "the studio sets strength"),
        ({"do": "weigh", "i": 7, "weight": 1}, "there is no style 8"),
        ({"do": "mode", "mode": "x"}, "use one of styles, refine, compare, camera"),
        ({"do": "frame", "id": "1"}, "the frame is empty"),
        ({"do": "shell"}, "what is not known here"),
        ({"name": "x"}, "what is not known here"),
        ({"do": "upload", "id": "1", "kind": "photo", "name": "big.png", "size": 10**9}, "32 MB are the most"),
        ({"do": "upload", "id": "1", "kind": "photo", "name": "no.png", "size": "x"}, "what is not known here"),
    ],
)
def test_what_a_browser_may_not_ask_is_one_line_and_changes_nothing(studio, message, said):
    c, size = studio.composition, studio.size
    browser(studio, **message)
    assert said in studio.widgets.panel.status
    assert (studio.composition, studio.size) == (c, size)


def test_a_damaged_upload_is_one_line(studio):
    studio.wait()
    browser(studio, [b"no picture"], do="upload", id="1", kind="style", name=EVIL, size=10, at=0)
    wait_for(lambda: "is not a picture" in studio.status)
    assert "<" not in studio.status
    assert len(studio.composition.styles) == 2


@pytest.fixture
def answers(studio, monkeypatch):
    """What the browser is sent of the camera: messages and pictures."""
    sent = []
    monkeypatch.setattr(studio._frames, "_send", lambda message, buffers: sent.append((message, buffers)))
    return sent


def camera(studio, key, data):
    """A frame as it comes from the browser."""
    studio.widgets.camera._handle_custom_msg({"do": "frame", "id": key}, [memoryview(data)])


def test_the_cameras_frames_come_back_painted_in_the_mixture_of_now(studio, answers):
    studio.wait()
    browser(studio, do="mode", mode="camera")
    assert studio.status == (
        "The camera, in a, b. The network six-styles was not trained for a, b: frames take longer."
    )
    assert studio.widgets.panel.unused == ["size"]
    asked, frame = studio._newest.asked, bytes8(picture(48, 64, 9)) / np.float32(255)
    for i, weights in enumerate([(1, 1), (0, 1)]):
        browser(studio, do="weigh", i=0, weight=weights[0])
        camera(studio, f"v-{i}", png(frame))
        wait_for(lambda i=i: len(answers) == i + 1)
        message, (sent,) = answers[i]
        assert message == {"do": "frame", "id": f"v-{i}"}
        x = np.asarray(Image.open(io.BytesIO(sent)), np.float32) / 255
        wanted = state.painted(state.with_photo(studio.composition, Source("frame", frame)), SIZE).image
        assert np.abs(x - wanted).mean() < 0.03
        assert np.abs(x - frame).mean() > 0.05
    assert studio._newest.asked == asked  # the photo's picture can wait
    browser(studio, do="mode", mode="styles")
    assert studio.status == "Painting …"
    studio.wait()
    np.testing.assert_array_equal(studio.picture, state.painted(studio.composition, SIZE).image)


def test_what_is_saved_beside_the_camera_is_painted_first(studio):
    studio.wait()
    browser(studio, do="mode", mode="camera")
    browser(studio, do="weigh", i=0, weight=0.25)
    inputs = json.loads((studio.save() / "manifest.json").read_text())["inputs"]
    assert sorted(inputs[name]["weight"] for name in inputs if inputs[name].get("kind") == "style") == [0.25, 1]
    browser(studio, do="mode", mode="styles")
    assert studio.status.startswith("Painted, 64 × 48")


def test_a_slider_that_moves_while_it_is_saved_does_not_tear_picture_from_manifest(studio, monkeypatch):
    studio.wait()
    before = studio.picture
    monkeypatch.setattr(studio, "wait", lambda timeout=None: None)
    studio.composition = state.with_weight(studio.composition, 0, 0)
    saved = studio.save()
    inputs = json.loads((saved / "manifest.json").read_text())["inputs"]
    assert [inputs[name]["weight"] for name in ("style", "style 2")] == [1, 1]
    assert (saved / "style-2.png").exists()
    np.testing.assert_array_equal(np.asarray(Image.open(saved / "result.png")), bytes8(before))


def test_another_photo_puts_the_camera_away(studio):
    browser(studio, do="mode", mode="camera")
    studio.upload("webcam", png(picture(30, 40, 5)))
    assert (studio.mode, studio.widgets.panel.photo) == ("styles", "webcam")


def test_a_frame_that_is_not_one_is_answered_in_one_line(studio, answers):
    camera(studio, "<b>", b"no picture")
    wait_for(lambda: answers)
    ((message, buffers),) = answers
    assert "the frame: is not a picture" in message["fault"]
    assert buffers == []
    camera(studio, "1", bytes(2**20 + 1))
    assert "1 MB are the most" in studio.status
    camera(studio, "2", png(np.zeros((1000, 1001, 3))))
    wait_for(lambda: len(answers) == 2)
    assert "is larger than 1 megapixels" in answers[1][0]["fault"]


def test_canvases_are_closed_with_what_they_showed(studio):
    styles, refiner = studio.widgets.canvases.both
    browser(studio, do="remove", i=1)
    assert styles.widget.comm is None
    assert studio.widgets.canvases.refiner is refiner
    assert refiner.widget.comm is not None
    browser(studio, do="photo", name="coffee")
    assert refiner.widget.comm is None
    studio.close()
    assert studio.widgets.canvases.styles.widget.comm is studio.widgets.panel.comm is None


def test_photo_and_picture_are_compared_in_the_browser(studio):
    studio.wait()
    browser(studio, do="mode", mode="compare")
    (comparison,) = studio.widget.children[1].children
    for sent, x in ((comparison.before, picture(48, 64)), (comparison.after, studio.picture)):
        assert np.abs(np.asarray(Image.open(io.BytesIO(sent))) / 255 - x).mean() < 0.03
    assert comparison.proportion == pytest.approx(64 / 48)


def test_without_a_share_the_photo_is_shown_and_nothing_saved(studio):
    for i in (0, 1):
        studio.weigh(i, 0)
    studio.wait()
    np.testing.assert_array_equal(studio.picture, picture(48, 64))
    assert "No style has a share" in studio.status
    with pytest.raises(nst.SettingError, match="nothing is painted"):
        studio.save()
    assert not (studio.folder).exists()


def test_without_a_frontend_photo_and_picture_stand_side_by_side(studio):
    studio.wait()
    (shown,) = studio._outputs()
    bundle = shown.data
    assert shown.metadata["image/jpeg"]["alt"].startswith("photo and picture; Painted")
    assert set(bundle) == {"text/plain", "image/jpeg"}
    assert bundle["text/plain"].startswith("studio: Painted, 64 × 48")


def test_what_cannot_be_begun_with_is_refused_in_one_line(tmp_path):
    with pytest.raises(nst.SettingError, match="size=100: use one of 256"):
        nst.studio(size=100)
    with pytest.raises(nst.ImageError, match="no such file"):
        nst.studio(tmp_path / "cat.png")
    with pytest.raises(nst.SettingError, match="there are 5 styles"):
        nst.studio(style=["vortex", "dabs", "woodcut", "cutout", "mosaic", "hatching"])
