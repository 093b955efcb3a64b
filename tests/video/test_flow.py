"""Optical flow against known motion, and its files."""

import importlib

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.video.flow import dis, end_point_error, estimator_named, ilk
from nst_jax.video.flow_files import flow_of_folder, read_flow, write_flow
from nst_jax.video.masks import visible
from nst_jax.video.synthetic import ball, pan
from tests.support.pictures import picture

OPENCV = importlib.util.find_spec("cv2") is not None
ESTIMATORS = [ilk, *([dis] if OPENCV else [])]
PAIRS = {"middlebury_Dimetrodon": 0.35, "middlebury_RubberWhale": 0.35, "sintel_alley_1": 0.5}  # pixels at half size


@pytest.mark.parametrize("estimate", ESTIMATORS)
def test_a_shifted_texture(estimate):
    clip = pan(2, (64, 80), (2.0, -1.0))
    error = end_point_error(estimate(clip.frame(0), clip.frame(1)), clip.flow(0, 1), clip.shown(0, 1))
    assert error < 0.2
    assert end_point_error(0 * clip.flow(0, 1), clip.flow(0, 1)) == pytest.approx(np.sqrt(5))


@pytest.mark.parametrize("estimate", ESTIMATORS)
def test_a_moving_ball(estimate):
    clip = ball(2, (72, 96), velocity=(3.0, 1.0), background=(-1.0, 0.0))
    found, true, shown = estimate(clip.frame(0), clip.frame(1)), clip.flow(0, 1), clip.shown(0, 1)
    assert end_point_error(found, true, shown) < 0.35 * end_point_error(0 * true, true, shown)


@pytest.mark.parametrize("estimate", ESTIMATORS)
def test_equal_frames_do_not_move(estimate):
    x = picture(40, 50)
    np.testing.assert_array_equal(estimate(x, x.copy()), 0)
    with pytest.raises(nst.ShapeError, match="give two of one shape"):
        estimate(x, x[1:])


@pytest.mark.parametrize("estimate", ESTIMATORS)
@pytest.mark.parametrize("name", PAIRS)
def test_true_pairs(shared, name, estimate):
    """At half size, so that it takes little time: the true flow is halved with it. What is trusted is nearer."""
    folder = shared / "flow" / name
    if not folder.is_dir():
        pytest.skip(f"no {folder}")
    true = read_flow(folder / "flow.flo")[::2, ::2] / 2
    a, b = (nst.resize(nst.load_image(folder / f"frame{n}.png"), true.shape[:2]) for n in (1, 2))
    flow = estimate(a, b)
    error = end_point_error(flow, true)
    assert error < PAIRS[name]
    assert end_point_error(flow, true, visible(flow, estimate(b, a)) > 0.5) < error
    assert error < 0.5 * end_point_error(0 * np.nan_to_num(true), true)


def test_names():
    assert estimator_named("ilk") is ilk
    assert estimator_named("auto") is (dis if OPENCV else ilk)
    with pytest.raises(nst.SettingError, match="flow 'raft' is not known; use auto, dis or ilk"):
        estimator_named("raft")


@pytest.mark.skipif(OPENCV, reason="OpenCV is installed")
def test_without_opencv_its_name_is_told():
    with pytest.raises(nst.SettingError, match=r'flow dis needs OpenCV; run pip install "nst_jax\[video\]"'):
        dis(picture(20, 20), picture(20, 20, 1))


@pytest.mark.parametrize("ending", [".flo", ".npy"])
def test_files(tmp_path, rng, ending):
    flow = rng.normal(0, 5, (7, 9, 2)).astype(np.float32)
    write_flow(tmp_path / f"1-2{ending}", flow)
    np.testing.assert_array_equal(read_flow(tmp_path / f"1-2{ending}"), flow)
    np.testing.assert_array_equal(flow_of_folder(tmp_path)(0, 1), flow)
    with pytest.raises(nst.ImageError, match=r"holds neither 2-1\.flo nor 2-1\.npy"):
        flow_of_folder(tmp_path)(1, 0)


def test_the_bytes_of_a_flo_file(tmp_path):
    """Middlebury's format: PIEH, width, height, then u and v by turns, row by row."""
    flow = np.arange(12, dtype=np.float32).reshape(2, 3, 2)
    write_flow(tmp_path / "a.flo", flow)
    data = (tmp_path / "a.flo").read_bytes()
    assert data[:12] == b"PIEH\x03\x00\x00\x00\x02\x00\x00\x00"
    np.testing.assert_array_equal(np.frombuffer(data[12:], "<f4"), np.arange(12))


def test_unknown_places_do_not_count(tmp_path):
    flow = np.zeros((4, 5, 2), np.float32)
    flow[1, 2] = 1.7e9
    write_flow(tmp_path / "a.flo", flow)
    found = read_flow(tmp_path / "a.flo")
    assert np.isnan(found[1, 2]).all()
    assert np.isnan(found).sum() == 2
    assert end_point_error(np.ones((4, 5, 2), np.float32), found) == pytest.approx(np.sqrt(2))


def test_damaged_files_are_named(tmp_path):
    (tmp_path / "a.flo").write_bytes(b"PIEH\x03\x00\x00\x00\x02\x00\x00\x00abc")
    np.save(tmp_path / "b.npy", np.zeros((3, 4)))
    (tmp_path / "c.flo").write_bytes(b"nothing of the kind")
    for name, fault in (
        ("a.flo", "cut short"),
        ("b.npy", r"a flow is \[h, w, 2\]"),
        ("c.flo", "not a .flo file"),
        ("d.flo", "No such"),
    ):
        with pytest.raises(nst.ImageError, match=fault):
            read_flow(tmp_path / name)
