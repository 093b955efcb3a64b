"""Haeberli's dabs."""

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.history.dabs import haeberli
from tests.support.pictures import picture


def test_a_constant_picture_stays_constant_without_jitter():
    p = np.full((50, 70, 3), [0.2, 0.5, 0.8], np.float32)
    for shape in ("bristle", "oval", "dot"):
        np.testing.assert_allclose(haeberli(p, seed=0, shape=shape, jitter=0.0), p, atol=1e-5)


def test_the_same_seed_gives_the_same_bytes():
    p = picture(60, 80)
    assert haeberli(p, seed=1).tobytes() == haeberli(p, seed=1).tobytes()
    assert haeberli(p, seed=1).tobytes() != haeberli(p, seed=2).tobytes()


@pytest.mark.parametrize("degrees", [0, 30, 75, 120])
def test_dabs_lie_along_the_edges(degrees):
    y, x = np.mgrid[:120, :120]
    across = np.radians(degrees)
    p = 0.5 + 0.4 * np.sin((np.cos(across) * x + np.sin(across) * y) / 6)
    painted = haeberli(np.repeat(p[..., None], 3, -1).astype(np.float32), seed=0, sizes=(24.0,), wander=0.0)
    gy, gx = np.gradient(painted[20:-20, 20:-20].mean(-1))
    found = 0.5 * np.arctan2(2 * (gx * gy).sum(), (gx * gx - gy * gy).sum())
    assert abs(np.sin(found - across)) < 0.1


def test_more_detail_comes_nearer_to_the_photo():
    p = picture(80, 80)
    errors = [np.abs(haeberli(p, seed=0, detail=detail) - p).mean() for detail in (0.0, 0.5, 5.0)]
    assert errors[0] > errors[1] > errors[2]


def test_without_coverage_there_is_only_the_ground():
    p = picture(40, 40)
    assert np.ptp(haeberli(p, seed=0, coverage=0.0)) < 0.5 * np.ptp(p)


def test_a_size_too_small_is_refused():
    with pytest.raises(nst.SettingError, match="sizes=0"):
        haeberli(picture(20, 20), seed=0, sizes=(4.0, 0.0))
