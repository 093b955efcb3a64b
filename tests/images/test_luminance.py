"""Luminance and chrominance, against scikit-image's YUV."""

import numpy as np
import pytest
from skimage.color import rgb2yuv

from nst_jax.images.luminance import grey, luminance, with_luminance
from nst_jax.images.recolouring import match_colours
from tests.support.pictures import picture

P, A = picture(24, 32, seed=1), picture(20, 40, seed=2)


def test_luminance_is_the_y_of_yuv():
    np.testing.assert_allclose(luminance(P), rgb2yuv(P)[..., 0], atol=1e-6)


def test_a_grey_picture_keeps_the_luminance_and_has_no_chrominance():
    yuv = rgb2yuv(grey(P))
    np.testing.assert_allclose(yuv[..., 0], luminance(P), atol=1e-6)
    np.testing.assert_allclose(yuv[..., 1:], 0, atol=1e-6)
    np.testing.assert_allclose(grey(grey(P)), grey(P), atol=1e-6)


def test_another_luminance_leaves_the_chrominance():
    Y = luminance(picture(24, 32, seed=3))
    yuv = rgb2yuv(with_luminance(P, Y))
    np.testing.assert_allclose(yuv[..., 0], Y, atol=1e-6)
    np.testing.assert_allclose(yuv[..., 1:], rgb2yuv(P)[..., 1:], atol=1e-6)


def test_its_own_luminance_leaves_a_picture_as_it_is():
    np.testing.assert_allclose(with_luminance(P, luminance(P)), P, atol=1e-6)


def test_a_grey_picture_under_another_luminance_stays_grey():
    Y = luminance(picture(24, 32, seed=3))
    np.testing.assert_allclose(with_luminance(grey(P), Y), np.repeat(Y[..., None], 3, axis=-1), atol=1e-6)


@pytest.mark.parametrize("method", ["monge-kantorovich", "pca", "cholesky"])
def test_matching_grey_pictures_matches_the_mean_and_the_spread_of_luminance(method):
    a, p = grey(A), grey(0.5 * P + 0.3)
    matched = match_colours(a, p, method)
    Y, Y_a, Y_p = matched[..., 0], a[..., 0], p[..., 0]
    np.testing.assert_allclose(matched, np.repeat(Y[..., None], 3, axis=-1), atol=1e-6)
    np.testing.assert_allclose(Y, (Y_a - Y_a.mean()) * Y_p.std() / Y_a.std() + Y_p.mean(), atol=1e-5)
