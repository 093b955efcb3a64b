"""Transfer by nearest patches."""

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.history.nearest_patches import nearest_patches
from tests.support.pictures import picture


def test_a_picture_in_its_own_patches_is_itself():
    p = picture(40, 36)
    np.testing.assert_allclose(nearest_patches(p, p, search="exact", coarsest=20, rounds=2), p, atol=1e-4)


def test_its_colours_are_the_paintings():
    p = picture(24, 30)
    a = np.where(picture(30, 30, 1)[..., :1] > 0.5, [0.9, 0.2, 0.1], [0.1, 0.3, 0.8]).astype("f")
    x = nearest_patches(p, a, side=1, coarsest=24, search="exact", rounds=1).reshape(-1, 3)
    assert set(map(tuple, x)) <= set(map(tuple, a.reshape(-1, 3)))


def test_seed_and_shape():
    p, a = picture(33, 47), picture(40, 29, 1)
    x = nearest_patches(p, a, seed=1, coarsest=40, rounds=2)
    assert x.shape == p.shape
    assert x.dtype == np.float32
    np.testing.assert_array_equal(x, nearest_patches(p, a, seed=1, coarsest=40, rounds=2))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"side": 50}, "the photo of 30 × 20 pixels is smaller than a patch"),
        ({"search": "fast"}, "search='fast': give patch-match, exact"),
        ({"content_weight": 2}, "content_weight=2: give a number from 0 to 1"),
        ({"rounds": 0}, "rounds=0"),
    ],
)
def test_bad_settings_are_refused_in_one_line(settings, message):
    with pytest.raises(nst.NSTError, match=message) as raised:
        nearest_patches(picture(20, 30), picture(60, 60), **settings)
    assert "\n" not in str(raised.value)
