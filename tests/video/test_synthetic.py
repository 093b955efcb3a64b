"""Drawn clips: their flow leads from each frame to the others."""

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.images.resizing import resize
from nst_jax.video.synthetic import CLIPS, ball, pan, still, zoom


def test_a_pan_by_whole_pixels_is_exact():
    clip = pan(6, (30, 40), (3.0, -2.0))
    for i, j in ((0, 1), (1, 0), (4, 1)):
        moved, shown = np.asarray(nst.warp(clip.frame(j), clip.flow(i, j))), clip.shown(i, j) > 0
        np.testing.assert_allclose(moved[shown], clip.frame(i)[shown], atol=1e-6)
        n = abs(i - j)
        assert shown.sum() == (30 - 2 * n) * (40 - 3 * n)


@pytest.mark.parametrize("clip", [pan(6, (48, 64), (1.5, 0.5)), zoom(6, (48, 64)), ball(6, (48, 64), (2.5, 0.5))])
def test_flow_leads_to_what_is_the_same(clip):
    """Between pixels, interpolation blurs edges; still, the flow explains most of the change."""
    for i, j in ((0, 2), (3, 2)):
        a, b, shown = clip.frame(i), clip.frame(j), clip.shown(i, j)[..., None]
        moved = shown * (np.asarray(nst.warp(b, clip.flow(i, j))) - a) ** 2
        assert moved.mean() < 0.3 * (shown * (b - a) ** 2).mean()


def test_flow_there_and_back_cancels_where_both_frames_show_it():
    clip = ball(5, (48, 64), velocity=(3.0, 1.0), background=(-2.0, 0.0))
    there, back = clip.flow(1, 3), clip.flow(3, 1)
    returned = there + np.asarray(nst.warp(back, there))
    np.testing.assert_allclose(returned[clip.shown(1, 3) > 0], 0, atol=1e-5)


def test_a_zoom_grows_from_its_centre():
    flow = zoom(3, (31, 41), 1.1).flow(0, 1)
    np.testing.assert_allclose(flow[15, 20], 0, atol=1e-6)
    np.testing.assert_allclose(flow[15, 40], [2.0, 0], atol=1e-5)
    np.testing.assert_allclose(flow[0, 20], [0, -1.5], atol=1e-5)


def test_a_smaller_clip_has_its_flow_in_larger_units():
    from dataclasses import replace

    clip = ball(4, (64, 96), velocity=(4.0, 2.0), background=(-2.0, 0.0))
    small = replace(clip, shape=(32, 48), unit=2.0)
    assert {tuple(each) for each in small.flow(0, 1).reshape(-1, 2).round(4).tolist()} == {(2.0, 1.0), (-1.0, 0.0)}
    a, b = (resize(clip.frame(t), (32, 48)) for t in (0, 1))
    shown = small.shown(0, 1)[..., None]
    assert (shown * (np.asarray(nst.warp(b, small.flow(0, 1))) - a) ** 2).mean() < 0.1 * (shown * (b - a) ** 2).mean()


def test_noise_is_new_in_every_frame_and_the_same_every_time():
    clip = still(3, (40, 60), noise=0.02)
    a, b, clean = clip.frame(0), clip.frame(1), still(3, (40, 60), noise=0.0).frame(0)
    np.testing.assert_array_equal(a, still(3, (40, 60), noise=0.02).frame(0))
    middle = ((clean > 0.1) & (clean < 0.9)).all(-1)  # where nothing is clipped
    assert np.std((a - b)[middle]) == pytest.approx(0.02 * np.sqrt(2), rel=0.05)
    np.testing.assert_array_equal(clip.flow(0, 2), 0)


def test_they_have_names():
    assert sorted(CLIPS) == ["ball", "pan", "still", "zoom"]
    with pytest.raises(nst.SettingError, match="there is no drawn clip 'walk'; there are pan, zoom, ball, still"):
        nst.synthetic_clip("walk")
