"""The Laplacian loss against SciPy, linear pictures, and what it must not see."""

import jax
import numpy as np
import pytest
from scipy import ndimage

import nst_jax as nst
from tests.support.pictures import picture
from tests.support.precision import double_precision

loss = jax.jit(nst.laplacian_loss)


def test_the_laplacian_is_that_of_means_over_windows():
    x, s = picture(30, 37), 4
    y = ndimage.uniform_filter(x.mean(-1).astype(np.float64), s, mode="constant")
    kernel = np.zeros((2 * s + 1, 2 * s + 1))
    kernel[[0, -1, s, s], [s, s, 0, -1]], kernel[s, s] = 1, -4
    want = ndimage.correlate(y, kernel, mode="constant")
    first = s + s // 2  # the first window with a neighbour on every side has its middle here
    got = nst.laplacian(x, s)
    assert got.shape == (30 - 3 * s + 1, 37 - 3 * s + 1)
    np.testing.assert_allclose(got, want[first:, first:][: got.shape[0], : got.shape[1]], atol=1e-6)


@pytest.mark.parametrize("s", [4, 16])
def test_linear_pictures_have_none(s):
    """Brightness, colours and gradients are free: edges are not."""
    down, right = np.mgrid[:60, :70].astype(np.float32)
    ramp = (0.2 + 0.007 * down + 0.003 * right)[..., None] * np.float32([1, 0.5, 0.2])
    np.testing.assert_allclose(nst.laplacian(ramp, s), 0, atol=1e-5)
    p = picture(60, 70)
    assert float(loss(p + ramp, p)) < 1e-9
    assert float(loss(p, ramp)) > 1e-3


def test_a_weight_means_the_same_at_every_size():
    x, p = (np.tile(picture(16, 16, seed), (12, 12, 1)) for seed in (1, 2))
    assert float(loss(x[:96, :128], p[:96, :128])) == pytest.approx(float(loss(x, p)), rel=0.05)


def test_windows_too_large_for_the_picture_are_left_out():
    x, p = picture(40, 60, 1), picture(40, 60, 2)
    want = float(np.mean((nst.laplacian(x, 4) - nst.laplacian(p, 4)) ** 2))
    assert float(loss(x, p)) == pytest.approx(want, rel=1e-5)
    assert float(loss(x[:11], p[:11])) == 0
    with pytest.raises(nst.ShapeError, match="differ in shape"):
        nst.laplacian_loss(x, p[:, :30])


def test_its_gradient_is_that_of_finite_differences(rng):
    with double_precision():
        x, p, d = (rng.normal(size=(50, 49, 3)) for _ in range(3))
        slope = np.vdot(jax.jit(jax.grad(loss))(x, p), d)
        step = 1e-5
        there, back = (float(loss(x + sign * step * d, p)) for sign in (1, -1))
        assert slope == pytest.approx((there - back) / (2 * step), rel=1e-7)
