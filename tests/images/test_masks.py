"""Masks and pictures of regions: what is read from a file or an array, edges, sizes, and what is refused."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

import nst_jax as nst
from nst_jax.images.masks import (
    PALETTE,
    check_proportions,
    flat_colours,
    load_mask,
    load_regions,
    region_map,
    resize_labels,
    resize_mask,
)

RAMP = np.linspace(0, 1, 256, dtype=np.float32).reshape(16, 16)
BYTES = np.arange(256, dtype=np.uint8).reshape(16, 16)
LEGEND = ("ff0000", "#0000FF", "black", "white")


def drawn(scale=1, colours=("#ff0000", "#0000ff", "#000000", "#ffffff")):
    """An ellipse and a triangle before two halves: 120 × 90 pixels, each `scale` pixels wide."""
    image = Image.new("RGB", (120 * scale, 90 * scale), colours[3])
    draw = ImageDraw.Draw(image)
    draw.rectangle([0, 45 * scale, 120 * scale - 1, 90 * scale - 1], colours[2])
    draw.ellipse([10 * scale, 10 * scale, 60 * scale - 1, 70 * scale - 1], colours[0])
    draw.polygon([(70 * scale, 20 * scale), (110 * scale, 30 * scale), (80 * scale, 80 * scale)], colours[1])
    return image


def jpeg(image, quality=75):
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(file)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (BYTES, RAMP),
        (BYTES[..., None], RAMP),
        (np.dstack([BYTES] * 3), RAMP),
        (RAMP, RAMP),
        (BYTES.astype(np.uint16) * 257, RAMP),
        (BYTES > 99, (BYTES > 99).astype(np.float32)),
        (np.dstack([BYTES.T, BYTES[::-1], BYTES[:, ::-1], BYTES]), RAMP),  # its alpha; its colours say nothing
        (Image.fromarray(BYTES), RAMP),
        (Image.merge("LA", [Image.fromarray(BYTES.T), Image.fromarray(BYTES)]), RAMP),
        (np.dstack([BYTES, BYTES, BYTES, np.full_like(BYTES, 255)]), RAMP),  # opaque everywhere
    ],
    ids=["uint8", "one channel", "grey RGB", "float", "uint16", "bool", "RGBA", "Pillow", "LA", "opaque RGBA"],
)
def test_a_mask_is_its_transparency_or_its_lightness(given, expected, tmp_path):
    mask = load_mask(given)
    assert mask.dtype == np.float32
    np.testing.assert_allclose(mask, expected, atol=1e-6)
    if isinstance(given, Image.Image):
        given.save(tmp_path / "mask.png")
        np.testing.assert_array_equal(load_mask(tmp_path / "mask.png"), mask)


def test_a_mask_that_is_not_one_is_refused(tmp_path):
    path = tmp_path / "mask.png"
    drawn().save(path)
    with pytest.raises(nst.ImageError, match=r"mask\.png has colours; give a grey or transparent picture"):
        load_mask(path)
    Image.new("L", (5, 5)).save(path)
    with pytest.raises(nst.ImageError, match=r"mask\.png is 0 everywhere"):
        load_mask(path)
    with pytest.raises(nst.ImageError, match=r"none\.png: no such file"):
        load_mask(tmp_path / "none.png")
    with pytest.raises(nst.ImageError, match=r"mask 2 has values from 0 to 7"):
        load_mask(7 * RAMP, "mask 2")
    with pytest.raises(nst.ImageError, match=r"mask 2 is an array of int64 \[5\]"):
        load_mask(np.arange(5), "mask 2")


def test_flat_colours_are_regions_in_the_order_of_the_legend():
    x = np.asarray(drawn())
    masks = load_regions(x, LEGEND)
    for colour, mask in zip([(255, 0, 0), (0, 0, 255), (0, 0, 0), (255, 255, 255)], masks, strict=True):
        assert mask.dtype == np.float32
        np.testing.assert_array_equal(mask, (x == colour).all(axis=-1))
    order = [2, 0, 3, 1]
    permuted = load_regions(x, dict.fromkeys(LEGEND[i] for i in order))
    np.testing.assert_array_equal(permuted, [masks[i] for i in order])


@pytest.mark.parametrize(
    "third", ["#ff0000", "#808080"], ids=["apart", "between"]
)  # grey is what black and white mix to
@pytest.mark.parametrize("kind", ["smoothed", "jpeg", "both"])
def test_smoothed_edges_and_jpeg_make_no_further_regions(kind, third):
    """Each pixel more than one pixel from an edge belongs to the colour that was drawn there."""
    colours = (third, "#0000ff", "#000000", "#ffffff")
    image = drawn(4, colours).resize((120, 90), Image.Resampling.BOX) if kind != "jpeg" else drawn(1, colours)
    if kind != "smoothed":
        image = jpeg(image, 90)
    regions = np.argmax(load_regions(image, colours), axis=0)
    expected = np.argmax(load_regions(drawn(1, colours), colours), axis=0)
    around = np.stack([np.roll(expected, shift, (0, 1)) for shift in np.ndindex(3, 3)])
    around = np.roll(around, (-1, -1), (1, 2))[:, 1:-1, 1:-1]
    regions = regions[1:-1, 1:-1]
    assert (regions == around).any(axis=0).all()
    inside = (around == around[0]).all(axis=0)
    np.testing.assert_array_equal(regions[inside], around[0][inside])


def test_without_a_legend_the_flat_colours_are_found_the_largest_first():
    x = drawn(4).resize((120, 90), Image.Resampling.BOX)
    colours = ["000000", "ffffff", "ff0000", "0000ff"]
    assert flat_colours(x) == colours
    np.testing.assert_array_equal(load_regions(x), load_regions(x, colours))
    found = flat_colours(jpeg(x, 90))
    assert len(found) == 4
    np.testing.assert_array_equal(load_regions(jpeg(x, 90)), load_regions(jpeg(x, 90), colours))


def test_a_legend_and_a_picture_that_do_not_fit_are_refused(rng):
    with pytest.raises(nst.ImageError, match="map has no area in lime; its colours are 000000, ffffff, ff0000, 0000ff"):
        load_regions(drawn(), (*LEGEND, "lime"), "map")
    with pytest.raises(nst.ImageError, match="areas in 000000 and 0000ff, both nearest to black of the legend"):
        load_regions(drawn(), ("black", "white", "red"))
    with pytest.raises(nst.SettingError, match="'reddish' is not a colour; use one such as ff0000 or red"):
        load_regions(drawn(), ("reddish",))
    with pytest.raises(nst.ImageError, match="flat colours cover 0% of it"):
        load_regions(rng.uniform(size=(30, 40, 3)))


def test_a_map_is_read_as_the_masks_it_shows(tmp_path):
    masks = load_regions(drawn(), LEGEND)
    nst.save_image(tmp_path / "map.png", region_map(masks))
    np.testing.assert_array_equal(load_regions(tmp_path / "map.png", PALETTE[:4]), masks)


@pytest.mark.parametrize("shape", [(12, 10), (13, 21), (60, 77), (1, 1)])
def test_resizing_by_area_keeps_means_and_partitions(shape, rng):
    labels = rng.integers(0, 3, (36, 50))
    masks = [(labels == i).astype(np.float32) for i in range(3)]
    resized = [resize_mask(mask, shape) for mask in masks]
    np.testing.assert_allclose(sum(resized), 1, atol=1e-5)
    for mask, small in zip(masks, resized, strict=True):
        assert (small.shape, small.dtype) == (shape, np.float32)
        assert small.mean() == pytest.approx(mask.mean(), rel=1e-5)
    if shape == (12, 10):
        np.testing.assert_allclose(resized[0], masks[0].reshape(12, 3, 10, 5).mean(axis=(1, 3)), rtol=1e-5)


def test_proportions_are_those_of_the_picture_up_to_rounding():
    for w in range(300, 700):  # a picture of 1500 × 1001, and a mask made from it at another width
        check_proportions(np.ones((round(w * 1001 / 1500), w)), (1001, 1500, 3), "the mask", "the content picture")
    with pytest.raises(
        nst.ImageError, match="sky is 512 × 512, the content picture 640 × 480; give a mask of the same proportions"
    ):
        check_proportions(np.ones((512, 512)), (480, 640, 3), "sky", "the content picture")


@pytest.mark.parametrize("channels", [(), (3,)])
def test_labels_are_resized_without_values_between(rng, channels):
    labels = rng.integers(0, 4, (20, 30, *channels)).astype(np.uint8)
    twice = labels.repeat(2, 0).repeat(2, 1)
    np.testing.assert_array_equal(resize_labels(labels, (40, 60)), twice)
    np.testing.assert_array_equal(resize_labels(twice, (20, 30)), labels)
