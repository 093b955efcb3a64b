"""Whose colours the picture has."""

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.images.luminance import luminance
from nst_jax.images.recolouring import colour_statistics, match_colours
from nst_jax.transfer.job import prepare
from nst_jax.transfer.run import shown_at
from tests.support.pictures import picture
from tests.support.weights import random_weights

P, A = 0.25 + 0.5 * picture(48, 64), picture(40, 50, 1) * np.array([1, 0.6, 0.3], np.float32)


@pytest.fixture(scope="module")
def how():
    layers = {"content_layers": ["conv2_2"], "style_layers": ["conv1_1", "conv2_1"]}
    return {"network": nst.VGG19(random_weights()), "size": 64, "steps": 8, "scales": 1, **layers}


def distance(x, y):
    """Largest relative difference of the colours' means and covariances."""
    (m, C), (n, D) = colour_statistics(x), colour_statistics(y)
    return max(np.abs(m - n).max() / np.abs(n).max(), np.linalg.norm(C - D) / np.linalg.norm(D))


def test_with_the_contents_colours_mean_and_covariance_are_the_photos_before_clipping(how):
    x = nst.stylize(P, A, colour="style", **how).image
    assert distance(x, P) > 0.2
    assert distance(match_colours(x, P), P) < 0.02
    made = nst.stylize(P, A, colour="content", **how).image
    assert distance(made, P) < 0.1  # after it


@pytest.mark.parametrize("method", ["monge-kantorovich", "pca", "cholesky", "histogram"])
def test_the_style_takes_the_contents_colours_before_the_run(how, method):
    job = prepare(P, A, colour="content", colour_match=method, **how)
    np.testing.assert_allclose(job.regions[0].styles[0].picture, np.clip(match_colours(A, P, method), 0, 1), atol=1e-6)


def test_each_region_takes_the_colours_that_the_photo_has_there(how):
    p = P.copy()
    p[:, :32] *= np.array([1, 0.2, 0.2])
    masks = [np.zeros((48, 64), np.float32) for _ in range(2)]
    masks[0][:, :32] = masks[1][:, 32:] = 1
    job = prepare(p, regions=[(mask, A) for mask in masks], colour="content", **how)
    for region, part in zip(job.regions, (p[:, :32], p[:, 32:]), strict=True):
        np.testing.assert_allclose(region.styles[0].picture.mean(axis=(0, 1)), part.mean(axis=(0, 1)), atol=0.03)


def test_under_a_new_luminance_the_photos_chrominance_stays(how):
    made = nst.stylize(P, A, colour="luminance", **how).image
    inside = (made > 0.01).all(axis=-1) & (made < 0.99).all(axis=-1)
    assert inside.mean() > 0.5
    chroma = [x - luminance(x)[..., None] for x in (made, P)]
    np.testing.assert_allclose(chroma[0][inside], chroma[1][inside], atol=1e-5)
    assert np.abs(luminance(made) - luminance(P)).mean() > 3e-4  # two textures that differ little in luminance


def test_a_grey_photo_stays_grey_under_luminance_and_content(how):
    grey = np.repeat(luminance(P)[..., None], 3, axis=-1)
    for colour in ("luminance", "content"):
        made = nst.stylize(grey, A, colour=colour, **how).image
        assert np.ptp(made, axis=-1).max() < 0.02


def test_every_snapshot_is_shown_in_its_colours(how):
    job = prepare(P, A, colour="luminance", **how)
    np.testing.assert_allclose(shown_at(job, 0)(job.content), P, atol=1e-6)  # the photo, unchanged, is the photo
