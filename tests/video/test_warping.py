"""Warping against SciPy, shifts by whole pixels, and finite differences."""

import jax
import numpy as np
import pytest
from scipy.ndimage import map_coordinates

import nst_jax as nst
from nst_jax.video.warping import inside
from tests.support.pictures import picture
from tests.support.precision import double_precision


def constant(shape, right, down):
    return np.broadcast_to(np.float32([right, down]), (*shape, 2))


@pytest.mark.parametrize(("right", "down"), [(0, 0), (3, 0), (0, 2), (-4, 1), (5, -3)])
def test_whole_pixels_are_moved_exactly(right, down):
    x = picture(20, 26)
    flow = constant(x.shape[:2], right, down)
    moved, kept = np.asarray(nst.warp(x, flow)), inside(flow) > 0
    want = np.roll(x, (-down, -right), axis=(0, 1))
    np.testing.assert_array_equal(moved[kept], want[kept])
    assert kept.sum() == (20 - abs(down)) * (26 - abs(right))


def test_it_is_scipys_bilinear_interpolation(rng):
    x, flow = picture(15, 18), rng.normal(0, 3, (15, 18, 2)).astype(np.float32)
    i, j = np.mgrid[:15, :18]
    there = [i + flow[..., 1], j + flow[..., 0]]
    want = np.stack([map_coordinates(x[..., k], there, order=1, mode="nearest") for k in range(3)], -1)
    np.testing.assert_allclose(nst.warp(x, flow), want, atol=2e-5)


def test_its_gradients_are_those_of_finite_differences(rng):
    with double_precision():
        x, d = rng.normal(size=(8, 9, 3)), rng.normal(size=(8, 9, 3))
        flow, e = rng.uniform(0.2, 0.8, (8, 9, 2)), rng.normal(size=(8, 9, 2))

        def loss(x, flow):
            return (nst.warp(x, flow) ** 2).sum()

        g, f = jax.grad(loss, argnums=(0, 1))(x, flow)
        step = 1e-5
        by_x = (loss(x + step * d, flow) - loss(x - step * d, flow)) / (2 * step)
        by_flow = (loss(x, flow + step * e) - loss(x, flow - step * e)) / (2 * step)
        assert np.vdot(g, d) == pytest.approx(float(by_x), rel=1e-6)
        assert np.vdot(f, e) == pytest.approx(float(by_flow), rel=1e-6)


def test_a_flow_of_another_shape_is_named():
    with pytest.raises(nst.ShapeError, match=r"the flow is \[20, 25, 2\], x is \[20, 26, 3\]"):
        nst.warp(picture(20, 26), constant((20, 25), 0, 0))
