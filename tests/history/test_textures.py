"""Textures as methods: the photo's size, the painting's pixels, keywords and their text."""

import inspect

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.history.quilting import quilt
from tests.support.pictures import picture

QUICK = {
    "heeger-bergen": {"scales": 2, "orientations": 2, "iterations": 1},
    "portilla-simoncelli": {"scales": 2, "orientations": 2, "lags": 3, "steps": 2},
    "efros-leung": {"sample": 16, "window": 5},
    "ashikhmin": {"window": 3},
    "quilting-texture": {"block": 9},
    "julesz": {},
}


@pytest.mark.parametrize("method", [nst.METHODS[name] for name in QUICK], ids=QUICK)
def test_of_the_photo_its_size_alone_counts(method):
    p, other, a = picture(18, 25), picture(18, 25, 1), picture(30, 32, 2)
    a = None if method.painting == "none" else a
    x, same, differs = (
        method.function(photo, a, seed=seed, **QUICK[method.name]) for photo, seed in ((p, 0), (other, 0), (p, 1))
    )
    assert x.shape == p.shape
    assert x.dtype == np.float32
    assert x.min() >= 0
    assert x.max() <= 1
    assert x.tobytes() == same.tobytes() != differs.tobytes()


@pytest.mark.parametrize("method", [nst.METHODS[name] for name in QUICK], ids=QUICK)
def test_keywords_have_defaults_and_a_line(method):
    keywords = [
        each
        for each in inspect.signature(method.function).parameters.values()
        if each.kind is inspect.Parameter.KEYWORD_ONLY
    ]
    assert "seed" in [each.name for each in keywords]
    for each in keywords:
        assert each.default is not inspect.Parameter.empty
        assert f"    {each.name}: " in inspect.getdoc(method.function)


def test_a_method_is_its_function():
    p, a = picture(30, 40), picture(24, 24, 2)
    method = nst.METHODS["quilting-texture"]
    np.testing.assert_array_equal(method.function(p, a, seed=3, block=10), quilt(a, (30, 40), seed=3, block=10))


def test_the_sample_grown_from_is_the_middle():
    a = np.zeros((40, 44, 3), np.float32)
    a[12:28, 14:30] = picture(16, 16)
    method = nst.METHODS["efros-leung"]
    x = method.function(picture(12, 12), a, sample=16, window=3)
    assert set(map(tuple, x.reshape(-1, 3))) <= set(map(tuple, picture(16, 16).reshape(-1, 3)))
    with pytest.raises(nst.SettingError, match="sample=2"):
        method.function(picture(12, 12), a, sample=2)
