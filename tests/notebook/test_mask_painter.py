"""The mask painter: what the browser sends, as masks; flat colours there and back; what it shows without a kernel."""

import base64
import io
import zlib

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("anywidget", reason="painting masks needs anywidget")
pytest.importorskip("matplotlib", reason="the views need matplotlib")

import nst_jax as nst
from nst_jax.notebook import widgets
from nst_jax.notebook.mask_painter import COLOURS, LONGEST
from tests.support.pictures import picture

# What ipywidgets 7.7 does with the ipykernel of its time, and with today's traitlets.
pytestmark = [
    pytest.mark.filterwarnings("ignore:The `ipykernel.comm.Comm` class:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Deprecated in traitlets 4.1:DeprecationWarning"),
]
WIDGET = "application/vnd.jupyter.widget-view+json"


def arrive(painter, labels):
    """Labels [h, w] as the browser sends them: the buffer of a message."""
    painter.widget.set_state({"labels": memoryview(zlib.compress(labels.astype(np.uint8).tobytes()))})


@pytest.fixture
def labels(rng):
    """Any three regions, and unpainted pixels."""
    return rng.integers(0, 4, (30, 40))


@pytest.fixture
def painter():
    return nst.paint_mask(picture(30, 40), ("sky", "sea", "land"))


def test_the_masks_are_what_was_painted_last(painter, labels):
    assert {name: mask.sum() for name, mask in painter.masks.items()} == {"sky": 0, "sea": 0, "land": 0}
    for sent in (labels, labels[::-1], labels):  # two strokes, and the second undone
        arrive(painter, sent)
        for i, name in enumerate(("sky", "sea", "land"), 1):
            mask = painter.masks[name]
            assert (mask.dtype, mask.shape) == (np.float32, (30, 40))
            np.testing.assert_array_equal(mask, sent == i)


def test_each_pixel_belongs_to_one_region_at_most_at_the_pictures_size():
    h, w = 900, 1501
    painter = nst.paint_mask(picture(h, w), ("left", "right"))
    size = (painter.widget.height, painter.widget.width)
    assert max(size) == LONGEST
    column = np.arange(size[1])
    arrive(painter, np.broadcast_to(np.where(column < size[1] // 4, 1, np.where(column < size[1] // 2, 2, 0)), size))
    left, right = painter.masks.values()
    assert left.shape == right.shape == (h, w)
    assert set(np.unique(left + right)) == {0, 1}
    for mask, start, stop in ((left, 0, w / 4), (right, w / 4, w / 2)):
        painted = np.flatnonzero(mask[h // 2])
        assert abs(painted[0] - start) <= 2
        assert abs(painted[-1] + 1 - stop) <= 2
        assert (mask == mask[:1]).all()


def test_the_browser_gets_the_picture_and_the_regions(painter):
    shown = Image.open(io.BytesIO(painter.widget.picture))
    assert shown.size == (painter.widget.width, painter.widget.height) == (40, 30)
    assert np.abs(np.asarray(shown) / 255 - picture(30, 40)).mean() < 0.03
    assert [region["name"] for region in painter.widget.regions] == ["sky", "sea", "land"]
    assert len({region["colour"] for region in painter.widget.regions}) == 3


@pytest.mark.parametrize(
    "damaged",
    [b"", b"no labels", zlib.compress(bytes(30 * 40))[:-8], zlib.compress(bytes(30 * 40 - 1)),
     zlib.compress(bytes(30 * 40 + 1)), zlib.compress(bytes([4]) * 30 * 40), zlib.compress(bytes(10**7))],
)  # fmt: skip
def test_damaged_labels_are_one_line_and_the_next_stroke_mends_them(painter, labels, damaged):
    painter.widget.set_state({"labels": memoryview(damaged)})
    with pytest.raises(nst.ImageError, match=r"^the masks arrived damaged.*paint another stroke"):
        painter.masks  # noqa: B018
    arrive(painter, labels)
    np.testing.assert_array_equal(painter.labels, labels)


@pytest.mark.parametrize("shape", [(30, 40), (780, 1100)])
def test_a_saved_picture_of_flat_colours_is_where_the_next_one_starts(shape, rng, tmp_path):
    painter = nst.paint_mask(picture(*shape), ("sky", "sea", "land"))
    arrive(painter, rng.integers(0, 4, (painter.widget.height, painter.widget.width)))
    flat = painter.picture
    assert flat.shape == (*shape, 3)
    assert (flat[painter.labels == 0] == 0).all()
    painter.save(tmp_path / "masks.png")
    for start in (flat, tmp_path / "masks.png", str(tmp_path / "masks.png")):
        again = nst.paint_mask(picture(*shape), ("sky", "sea", "land"), start=start)
        np.testing.assert_array_equal(again.labels, painter.labels)


def test_a_start_of_another_size_with_soft_edges_gives_the_nearest_colours(painter, tmp_path):
    labels = np.repeat([0, 1, 2, 3], 40)[None].repeat(120, 0)
    arrive(painter, np.repeat([0, 1, 2, 3], 10)[None].repeat(30, 0))
    large = nst.resize(painter.picture, labels.shape)  # mixes the colours of neighbours
    nst.save_image(tmp_path / "masks.jpg", large)
    again = nst.paint_mask(picture(*labels.shape), ("sky", "sea", "land"), start=tmp_path / "masks.jpg")
    inside = np.arange(160) % 40
    inside = (inside > 6) & (inside < 33)
    np.testing.assert_array_equal(again.labels[:, inside], labels[:, inside])


def test_what_cannot_be_masks_is_refused_in_one_line(tmp_path):
    p = picture(30, 40)
    for regions in ((), ("sky", "sky"), [str(i) for i in range(len(COLOURS) + 1)]):
        with pytest.raises(nst.SettingError, match=r"regions=.*one to 7 different names"):
            nst.paint_mask(p, regions)
    with pytest.raises(nst.ImageError, match="start is 40 × 40, the picture 40 × 30"):
        nst.paint_mask(p, start=np.zeros((40, 40, 3)))
    with pytest.raises(nst.ImageError, match=f"other colours than the regions; paint a in #{COLOURS[0]}"):
        nst.paint_mask(p, start=np.ones((30, 40, 3)))
    with pytest.raises(nst.ImageError, match="no such file"):
        nst.paint_mask(p, start=tmp_path / "masks.png")
    with pytest.raises(nst.ImageError, match="picture"):
        nst.paint_mask(np.zeros((4, 4, 2)))
    assert list(nst.paint_mask(p, "sky").masks) == ["sky"]


def test_without_a_frontend_the_picture_is_shown_with_its_regions(painter):
    arrive(painter, np.repeat([1, 0, 2, 2], 10)[None].repeat(30, 0))
    (shown,) = painter._outputs()
    bundle = shown.data
    assert set(bundle) == {"text/plain", "image/jpeg"}
    assert bundle["text/plain"].startswith("1 sky 25%, 2 sea 50%, 3 land 0%. ")
    assert 'start="masks.png"' in bundle["text/plain"]
    sheet = np.asarray(Image.open(io.BytesIO(base64.b64decode(bundle["image/jpeg"]))), float) / 255
    overlay = sheet[8:278, 8:368]  # 360 pixels wide, inside of the margin
    shown, flat = nst.resize(picture(30, 40), (270, 360)), painter.picture[15, [5, 35]]
    for columns, expected in (
        (slice(0, 80), (shown[:, :80].mean((0, 1)) + flat[0]) / 2),
        (slice(100, 170), shown[:, 100:170].mean((0, 1))),
        (slice(190, 350), (shown[:, 190:350].mean((0, 1)) + flat[1]) / 2),
    ):
        np.testing.assert_allclose(overlay[:, columns].mean((0, 1)), expected, atol=0.03)


def test_with_a_frontend_the_output_is_the_widget(painter, monkeypatch):
    monkeypatch.setattr(widgets, "headless", lambda: False)
    live, kept = painter._outputs()
    assert live.data[WIDGET]["model_id"] == painter.widget.model_id
    assert '<img alt="1 sky 0%' in kept.data["text/html"]
