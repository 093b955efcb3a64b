"""Suggested regions: flat areas are found and paired exactly, whatever their places, sizes and order."""

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.images.masks import PALETTE, load_regions, region_map
from nst_jax.transfer.segmenting import suggest_regions
from tests.support.pictures import picture

COLOURS = np.array([[0.9, 0.1, 0.1], [0.1, 0.6, 0.2], [0.2, 0.2, 0.8]], np.float32)


def stripes(order, h=60, w=80):
    """Three areas: a half above, and two quarters below."""
    areas = np.zeros((h, w), int)
    areas[h // 2 :, : w // 2], areas[h // 2 :, w // 2 :] = 1, 2
    return np.array(order)[areas]


@pytest.mark.parametrize("features", [False, True])
@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0), (2, 1, 0)])
def test_flat_areas_in_other_places_are_paired_exactly(vgg, order, features):
    here, there = stripes((0, 1, 2)), stripes(order, 72, 60).T
    found = suggest_regions(COLOURS[here], COLOURS[there], 3, vgg if features else None)
    for mask, counterpart in zip(found.content, found.style, strict=True):
        (colour,) = np.unique(here[mask == 1])
        np.testing.assert_array_equal(mask, here == colour)
        np.testing.assert_array_equal(counterpart, there == colour)
    assert found.content[0].sum() == 60 * 80 / 2  # the largest first


def test_other_light_does_not_change_the_pairs():
    here, there = stripes((0, 1, 2)), stripes((2, 0, 1))
    found = suggest_regions(COLOURS[here], 0.3 + 0.4 * COLOURS[there], 3)
    for mask, counterpart in zip(found.content, found.style, strict=True):
        assert np.unique(here[mask == 1]) == np.unique(there[counterpart == 1])


@pytest.mark.parametrize("n", [2, 5])
def test_masks_are_a_partition_of_each_picture_and_always_the_same(vgg, n):
    pictures = picture(50, 77), picture(61, 40, seed=1)
    found, again = (suggest_regions(*pictures, n, vgg) for _ in range(2))
    for x, masks, repeated in ((pictures[0], found.content, again.content), (pictures[1], found.style, again.style)):
        assert len(masks) == n
        assert {mask.shape for mask in masks} == {x.shape[:2]}
        np.testing.assert_array_equal(sum(masks), 1)
        assert all(mask.any() for mask in masks)
        np.testing.assert_array_equal(masks, repeated)


def test_large_pictures_have_masks_of_their_size():
    here = stripes((0, 1, 2), 450, 800)
    found = suggest_regions(COLOURS[here], COLOURS[stripes((1, 0, 2))])
    for i, mask in enumerate(found.content):
        assert mask.shape == (450, 800)
        assert (mask != (here == np.unique(here[mask == 1])[0])).mean() < 0.01, i


def test_the_sheet_shows_maps_that_are_read_again():
    found = suggest_regions(COLOURS[stripes((0, 1, 2))], COLOURS[stripes((1, 0, 2))])
    sheet = found.sheet(80)
    assert repr(sheet) == "2 × 2 pictures: picture, regions, content, style"
    shown = [f"{r:02x}{g:02x}{b:02x}" for r, g, b in np.rint(255 * sheet.image).astype(int).reshape(-1, 3)]
    for colour, mask, counterpart in zip(PALETTE, found.content, found.style, strict=False):
        assert shown.count(colour) == mask.sum() + counterpart.sum()
    np.testing.assert_array_equal(load_regions(region_map(found.style), PALETTE[:3]), found.style)


def test_what_cannot_be_cut_is_refused(vgg):
    x = picture(40, 40)
    with pytest.raises(nst.SettingError, match="n is 9; use 2 to 8 regions"):
        suggest_regions(x, x, 9)
    with pytest.raises(nst.ImageError, match="1 × 1 is too small for 3 regions"):
        suggest_regions(x[:1, :1], x)
    with pytest.raises(nst.ImageError, match="too small for conv4_1"):
        suggest_regions(x[:5], x, vgg=vgg)
