"""Julesz' textures: equal statistics of one, two and three cells, differing ones of four."""

import itertools

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.history.julesz import julesz


def cells(parity, seed, size=8):
    """White cells of a texture: bool [size, size]."""
    return julesz((3 * size, 3 * size), parity=parity, seed=seed, cell=3)[1::3, 1::3, 0] > 0.5


@pytest.fixture(scope="module")
def many():
    """Parity → ±1 [seeds, 3 · 4 cells]."""
    return {
        parity: np.array([1.0 - 2 * cells(parity, seed)[:3, 1:5].ravel() for seed in range(4000)])
        for parity in ("even", "odd")
    }


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("parity", ["even", "odd"])
def test_up_to_three_cells_are_independent(many, parity, order):
    # the mean of the product of ±1 over all subsets is 0 if and only if the cells are independent and balanced
    for subset in itertools.combinations(range(12), order):
        assert abs(many[parity][:, subset].prod(1).mean()) < 5 / np.sqrt(4000)


def test_four_cells_tell_them_apart(many):
    block = [0, 1, 4, 5]  # 2 × 2
    assert set(many["even"][:, block].prod(1)) == {1.0}
    assert set(many["odd"][:, block].prod(1)) == {-1.0}
    wide = [0, 2, 4, 6]  # a rectangle of 2 × 3: one side is even
    assert set(many["odd"][:, wide].prod(1)) == {1.0}


def test_every_block_has_the_parity():
    for parity in ("even", "odd"):
        white = cells(parity, 0, 33)
        blocks = white[1:, 1:] ^ white[1:, :-1] ^ white[:-1, 1:] ^ white[:-1, :-1]
        assert (blocks == (parity == "odd")).all()


def test_cells_contrast_and_seed():
    x = julesz((10, 13), cell=4, contrast=0.6, seed=3)
    assert x.shape == (10, 13, 3)
    np.testing.assert_allclose(np.unique(x), [0.2, 0.8], rtol=1e-6)
    assert (x[:4, :4] == x[0, 0]).all()
    assert x.tobytes() == julesz((10, 13), cell=4, contrast=0.6, seed=3).tobytes()
    assert x.tobytes() != julesz((10, 13), cell=4, contrast=0.6, seed=4).tobytes()


def test_bad_input():
    with pytest.raises(nst.SettingError, match="parity='both': must be one of even, odd"):
        julesz((8, 8), parity="both")
    with pytest.raises(nst.SettingError, match="cell=0"):
        julesz((8, 8), cell=0)
    with pytest.raises(nst.SettingError, match="contrast=2"):
        julesz((8, 8), contrast=2)
    with pytest.raises(nst.SettingError, match="shape"):
        julesz((8, 0))
