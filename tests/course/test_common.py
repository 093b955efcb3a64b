"""What the course's notebooks share: sizes, squares, noise, distances, Gram matrices and claims."""

import subprocess
import sys

import numpy as np
import pytest

import nst_jax as nst
from nst_jax import course
from nst_jax.networks.geometry import STYLE_LAYERS
from tests.support.pictures import picture
from tests.support.weights import random_weights


@pytest.mark.parametrize(("mode", "wanted"), [(None, (256, 300)), ("", (256, 300)), ("full", (256, 300)), ("fast", 64)])
def test_sizes_are_those_of_the_mode(mode, wanted, monkeypatch):
    monkeypatch.delenv("NST_MODE", raising=False)
    if mode is not None:
        monkeypatch.setenv("NST_MODE", mode)
    assert course.size(fast=64, full=(256, 300)) == wanted


def test_a_mode_that_is_none_is_refused_in_one_line(monkeypatch):
    monkeypatch.setenv("NST_MODE", "fats")
    with pytest.raises(nst.NSTError, match=r'^NST_MODE=fats: set it to "fast" or "full", or not at all$'):
        course.size(fast=1, full=2)


def test_asking_for_a_size_imports_neither_jax_nor_the_rest_of_the_package():
    code = "import sys; from nst_jax import course; course.size(fast=1, full=2); print('jax' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"


@pytest.mark.parametrize(("h", "w", "middle"), [(6, 10, np.s_[:, 2:8]), (11, 6, np.s_[2:8]), (6, 6, np.s_[:])])
def test_a_square_is_the_middle(h, w, middle, tmp_path):
    x = np.round(255 * picture(h, w)) / 255
    nst.save_image(tmp_path / "x.png", x.astype(np.float32))
    np.testing.assert_allclose(course.square(str(tmp_path / "x.png"), 6), x[middle], atol=1e-6)
    assert course.square("coffee", 40).shape == (40, 40, 3)


def test_noise_is_uniform_white_and_its_seeds_differ():
    like = np.zeros((60, 80, 3), np.float32)
    x = course.noise(like, 3)
    assert (x.shape, x.dtype) == (like.shape, np.float32)
    assert 0 <= x.min() < 0.01 < 0.99 < x.max() <= 1
    np.testing.assert_allclose([x.mean(), x.var()], [1 / 2, 1 / 12], rtol=0.02)
    assert abs(np.corrcoef(x[1:].ravel(), x[:-1].ravel())[0, 1]) < 0.03
    assert abs(np.corrcoef(x.ravel(), course.noise(like).ravel())[0, 1]) < 0.03
    np.testing.assert_array_equal(x, course.noise(like, 3))


def test_rmse_by_hand():
    x, y = np.zeros((2, 3, 3)), np.ones((2, 3, 3))
    assert course.rmse(x, y) == 1
    y[0] = 0.5  # half of them 1 apart, half 1/2
    np.testing.assert_allclose(course.rmse(x, y), np.sqrt((1 + 1 / 4) / 2))


def test_grams_are_means_of_products():
    vgg = nst.VGG19(random_weights(widths=(2, 3, 4, 5, 5)))
    x = picture(24, 32)
    features = vgg(x, STYLE_LAYERS)
    found = course.grams(vgg, x)
    assert list(found) == list(STYLE_LAYERS)
    for layer, G in found.items():
        X = np.asarray(features[layer], np.float64).reshape(-1, features[layer].shape[-1])
        np.testing.assert_allclose(G, X.T @ X / len(X), rtol=1e-3, atol=1e-6)
    assert list(course.grams(vgg, x, ("conv2_2",))) == ["conv2_2"]


@pytest.mark.parametrize("pair", [("coffee.png", "folder/cutout.jpg"), ("cutout", "coffee"), ("astronaut", "woodcut")])
def test_claims_about_the_shipped_pair_are_asserted_and_about_another_are_answered(pair, capsys):
    claim = course.claims(*pair, shipped=("coffee", "cutout"))
    claim(True, "smaller")
    if pair[0] == "astronaut":
        claim(False, "larger")
        assert capsys.readouterr().out == "as with our pair: smaller\nnot with this pair: larger\n"
    else:
        assert capsys.readouterr().out == ""
        with pytest.raises(AssertionError, match="smaller"):
            claim(False, "smaller")
