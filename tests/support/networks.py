"""Networks as tests look at them: features compared, and files refused."""

import numpy as np
import pytest

import nst_jax as nst
from tests.support.pictures import picture


def features(vgg):
    return {layer: np.asarray(f) for layer, f in vgg(picture(40, 36), vgg.layers).items()}


def assert_same(ours, theirs):
    assert list(ours) == list(theirs)
    for layer in ours:
        np.testing.assert_array_equal(ours[layer], theirs[layer])


def refused(path, match):
    with pytest.raises(nst.WeightsError, match=match) as caught:
        nst.load_network(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
