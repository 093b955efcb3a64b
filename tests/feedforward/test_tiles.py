"""`paint` tile by tile: as the whole picture, exact with the halo that is computed, and within the memory given."""

import re

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nst_jax as nst
from nst_jax.feedforward import tiled_colouring, tiled_style_network
from nst_jax.feedforward.colouring import Target, extended, mixed, painted, style_moments
from nst_jax.feedforward.decoder import LEVELS
from nst_jax.feedforward.paint import at_levels, networks
from nst_jax.feedforward.style_network import Geometry, at_strides, everywhere, initial
from nst_jax.feedforward.tiles import Cost, tiles_of
from nst_jax.losses.guides import guides
from nst_jax.losses.tiling import Tiling
from nst_jax.transfer.budget import bytes_of
from tests.support.pictures import picture


def test_tiles_own_each_pixel_once_and_read_what_is_there():
    tiling = Tiling(48 * 48, 8, 10)
    shape, owned = (88, 120), np.zeros((88, 120))
    tiles = list(tiles_of(tiling, shape))
    assert len(tiles) > 4
    numbers = np.arange(88 * 120).reshape(shape)
    for tile in tiles:
        owned[tile.own_rows, tile.own_columns] += 1
        assert tile.owned().sum() == owned[tile.own_rows, tile.own_columns].size
        np.testing.assert_array_equal(tile.of(numbers[None, ::8, ::8], 8)[0], tile.of(numbers)[::8, ::8])
    assert (owned == 1).all()


@pytest.fixture(scope="module")
def two_regions():
    """Encoder, decoder, photo, two regions with a style each, and a strength that differs from place to place."""
    encoder, decoder = networks()
    p = nst.load_image("chelsea", 224)
    left = np.clip(np.linspace(1.5, -0.5, p.shape[1], dtype=np.float32), 0, 1) * np.ones(p.shape[:2], np.float32)
    targets = []
    for mask, a in ((left, "vortex"), (1 - left, "woodcut")):
        sums = style_moments(encoder, nst.load_image(a, 96))
        targets.append(Target({each: mixed([sums[each]], [1.0]) for each in LEVELS}, at_levels(mask, p, encoder)))
    return encoder, decoder, p, targets, at_levels(1 - left / 2, p, encoder), 0.3, "whitening"


def apart(x, y):
    return np.abs(x - y).max()


def test_in_tiles_as_in_one_piece_and_not_with_less_halo(two_regions):
    """The halo is exact, and no larger than it has to be: one position of the deepest level less is seen."""
    whole, halo = painted(*two_regions), tiled_colouring.seen()
    for less, found in ((0, []), (8, [])):
        tiling = Tiling(152 * 160, 8, halo - less)
        assert tiling.tiles(extended(two_regions[2]).shape).number > 1
        found.append(apart(tiled_colouring.painted_in_tiles(*two_regions, tiling), whole))
        assert (found[0] < 5e-5) == (less == 0), (less, found)


def test_a_style_s_moments_in_tiles_are_the_whole_s(two_regions):
    encoder, a = two_regions[0], nst.load_image("vortex", 250)[:203]  # sides that are no multiples of 8
    T = {each: jnp.asarray(t) for each, t in guides(picture(203, 250, 3)[..., 0], a.shape, encoder, LEVELS).items()}
    tiling = Tiling(168 * 168, 8, tiled_colouring.seen())
    assert tiling.tiles(a.shape).number > 1
    for given in (None, T):
        whole, tiles = (
            make(encoder, a, given, *more)
            for make, more in ((style_moments, ()), (tiled_colouring.style_moments_in_tiles, (tiling,)))
        )
        for level in LEVELS:
            one, other = mixed([whole[level]], [1.0]), mixed([tiles[level]], [1.0])
            np.testing.assert_allclose(other.mean, one.mean, rtol=1e-5, atol=1e-5)
            np.testing.assert_allclose(other.covariance, one.covariance, atol=2e-5 * np.abs(one.covariance).max())
            np.testing.assert_allclose(tiles[level].mass, whole[level].mass, rtol=1e-5)


@pytest.mark.parametrize("mixture", ["everywhere", "maps"])
def test_a_network_of_styles_in_tiles_as_in_one_piece_and_not_with_less_halo(mixture):
    network = initial(Geometry((4, 6, 8), blocks=1), 3, seed=0)
    rng = np.random.default_rng(0)
    gamma, beta = (jnp.asarray(rng.normal(1 - i, 0.3, network.gamma.shape), jnp.float32) for i in range(2))
    network = network.replace(gamma=gamma, beta=beta)
    x, shares = picture(120, 160, 1), rng.dirichlet(np.ones(3), (120, 160)).astype(np.float32)
    weights = everywhere(jnp.asarray(shares[0, :1])) if mixture == "everywhere" else at_strides(shares)
    whole = np.asarray(jax.jit(lambda n, x, w: n(x, w))(network, x[None], weights))[0]
    halo, pixels = tiled_style_network.seen(network.geometry), 100 * 100
    assert Tiling(pixels, 4, halo).tiles(x.shape).number > 1
    exact, short = (
        apart(tiled_style_network.painted_in_tiles(network, x, weights, Tiling(pixels, 4, halo - less)), whole)
        for less in (0, 8)
    )
    assert exact < 2e-5
    assert short > 4 * exact


@pytest.mark.parametrize(("network", "memory"), [(None, "620MB"), ("six-styles", "600MB")])
def test_little_memory_gives_the_same_picture_and_says_so(network, memory):
    given = {"size": 512, "network": network}
    whole, tiled = (nst.paint("coffee", "vortex", **given, memory=each) for each in ("100GB", memory))
    assert not whole.notes
    assert "tiles" in tiled.notes[0]
    assert apart(whole.image, tiled.image) < 5e-4  # whitening enlarges rounding


@pytest.mark.parametrize("network", [None, "six-styles"])
def test_too_little_is_refused_with_a_size_that_fits(network):
    with pytest.raises(
        nst.SettingError, match=r"memory=565MB: a picture of 512 × 341 needs .*; give memory=[\d.]+\w+, or size=\d+$"
    ):
        nst.paint("coffee", "vortex", size=512, network=network, memory="565MB")
    with pytest.raises(nst.SettingError, match="memory="):
        nst.paint("coffee", "vortex", memory="much")


def test_the_size_and_the_memory_that_are_named_fit():
    cost, shape = Cost(each=500.0, grid=8, halo=60), (3072, 4096)
    with pytest.raises(nst.SettingError, match="or size=") as refused:
        cost.tiling(shape, 0, 600_000_000)
    memory, size = re.findall(r"give memory=([\d.]+\w+), or size=(\d+)$", str(refused.value))[0]
    cost.tiling((int(size) * 3 // 4 // 8 * 8, int(size)), 0, 600_000_000)
    cost.tiling(shape, 0, bytes_of(memory))
    with pytest.raises(nst.SettingError, match=r"needs .*; give memory=[^ ]+$"):  # no size would do
        cost.tiling(shape, 0, 10_000_000)
