"""What all methods of patches promise."""

import inspect

import numpy as np
import pytest

import nst_jax as nst
from tests.support.pictures import picture

NAMES = ("quilting-transfer", "image-analogy", "nearest-patches", "texture-transfer")
EACH = pytest.mark.parametrize("method", [nst.METHODS[name] for name in NAMES], ids=NAMES)


@EACH
def test_a_method_takes_two_pictures_a_seed_and_parameters_with_defaults(method):
    p, a, seed, *parameters = inspect.signature(method.function).parameters.values()
    assert [p.name, a.name, seed.name] == ["p", "a", "seed"]
    assert all(each.kind is each.KEYWORD_ONLY and each.default is not each.empty for each in (seed, *parameters))
    assert method.painting == "needed"


@EACH
def test_a_painting_smaller_than_a_patch_is_refused_in_one_line(method):
    with pytest.raises(nst.NSTError, match="the painting of 60 × 3 pixels is smaller than a patch") as raised:
        method.function(picture(64, 64), picture(3, 60, 1))
    assert "\n" not in str(raised.value)


@EACH
def test_colours_come_from_the_painting(method):
    """A green photo and a painting in reds: what is made is nearer to the painting in its mean colour."""
    p = np.clip(0.3 * picture(48, 40) + [0, 0.6, 0], 0, 1).astype("f")
    a = np.clip(0.3 * picture(40, 48, 1) + [0.6, 0, 0.1], 0, 1).astype("f")
    x = method.function(p, a)
    assert x.shape == p.shape
    assert x.dtype == np.float32
    assert np.isfinite(x).all()
    assert x.min() >= 0
    assert x.max() <= 1
    mean, mean_p, mean_a = (each.mean((0, 1)) for each in (x, p, a))
    assert np.linalg.norm(mean - mean_a) < 0.2 * np.linalg.norm(mean - mean_p)
