"""An objective in tiles against the same objective in one piece; tiles themselves; budgets of memory."""

import dataclasses
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nst_jax as nst
from nst_jax.losses.building import Example, as_strong_as_gram, as_strong_as_gram_in_tiles, features, style_terms
from nst_jax.losses.objective import Kept
from nst_jax.losses.style.catalogue import STATISTICS
from nst_jax.losses.tiling import Tiling, geometry_of, tiling_for
from nst_jax.networks.geometry import reach, stride
from nst_jax.optim import loop
from tests.support.objectives import run_to_end
from tests.support.pictures import picture
from tests.support.precision import double_precision
from tests.support.weights import random_weights

STYLE = ("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1")
SHALLOW = ("conv1_1", "conv2_1", "conv3_1")  # reach 22: small pictures have several tiles
# Relative, in float32. A style loss is a square of a difference of two large sums, which magnifies their rounding.
VALUE, GRADIENT = 4e-6, 2e-6
ADDITIVE = sorted(name for name, statistic in STATISTICS.items() if statistic.additive)


@pytest.fixture(scope="module")
def network():
    return nst.VGG19(random_weights((3, 4, 4, 4, 4)))


def objective_of(network, shape, style_layers=SHALLOW, content="conv3_1", statistic=nst.GRAM, tv=1e-3):
    given = {content: 1e-3}, {layer: 1.0 for layer in style_layers}
    return nst.build_objective(network, picture(*shape), picture(50, 66, 1), *given, tv, statistic)


@jax.jit
def value_and_gradient(objective, x):
    return jax.value_and_grad(lambda x: objective(x))(x)


def difference(objective, other, x):
    """Relative differences of value and gradient."""
    (a, g), (b, h) = value_and_gradient(objective, x), value_and_gradient(other, x)
    return abs(float(b / a) - 1), float(jnp.linalg.norm(h - g) / jnp.linalg.norm(g))


def count(objective, x):
    return objective.tiling.tiles(x.shape).number


# The geometry.


@pytest.mark.parametrize("layer", ["conv1_1", "conv2_2", "conv3_1", "conv4_2", "conv5_1", "conv5_4"])
def test_reach_is_what_a_picture_of_one_dot_shows(layer):
    """All weights 1: a position answers to a dot exactly if it sees it."""
    weights = random_weights((1,) * 5)
    ones = {
        name: np.zeros_like(value) if name.endswith("bias") else np.ones_like(value) for name, value in weights.items()
    }
    network, side = nst.VGG19(ones), 320
    where = side // 2 + stride(layer)  # the dot is in the corner of what a position stands for
    dot = np.zeros((side, side, 3), np.float32)
    dot[where, where] = 1
    seen = np.nonzero(np.asarray(features(network, dot, (layer,))[layer])[..., 0].max(0))[0] * stride(layer)
    # The furthest to the left reaches so far beyond its own pixels, and the furthest to the right back to the dot.
    assert where - (seen[0] + stride(layer) - 1) <= reach(layer) < where - (seen[0] - 1)
    assert seen[-1] - where <= reach(layer) < seen[-1] + stride(layer) - where


def test_halos_are_those_of_the_table():
    """Forward halos, computed by hand from kernels and strides."""
    table = {"conv1_1": 1, "conv1_2": 2, "conv2_1": 4, "conv2_2": 6, "conv3_1": 10, "conv3_4": 22, "conv4_1": 30}
    table |= {"conv4_2": 38, "conv4_4": 54, "conv5_1": 70, "conv5_2": 86, "conv5_4": 118}
    assert {layer: reach(layer) for layer in table} == table


@pytest.mark.parametrize("shape", [(300, 417), (256, 256), (1000, 129), (97, 600)])
@pytest.mark.parametrize("layer", ["conv1_1", "conv3_1", "conv5_1"])
def test_tiles_own_every_pixel_once_and_have_their_halo(shape, layer):
    grid, halo = geometry_of([layer])
    for tile in (grid, 64, 200):
        tiles = tiling_for([layer], max(tile, grid)).tiles(shape)
        for length, axis in zip(shape, tiles, strict=True):
            assert (axis.bounds[0], axis.bounds[-1]) == (0, length)
            assert list(axis.bounds) == sorted(set(axis.bounds))  # nothing twice, no tile without a pixel
            assert all(each % grid == 0 for each in (*axis.starts, *axis.bounds[:-1]))
            for start, first, end in zip(axis.starts, axis.bounds, axis.bounds[1:], strict=False):
                assert 0 <= start <= length - axis.length
                assert first - start >= halo or start == 0
                assert start + axis.length - end >= halo or start + axis.length == length


def test_a_tiling_keeps_to_its_pixels_and_a_large_one_has_one_tile():
    for pixels in (40_000, 90_000, 10**6):
        tiles = Tiling(pixels, 16, 70).tiles((700, 901))
        assert tiles.window[0] * tiles.window[1] <= pixels
    assert (tiles.number, tiles.work) == (1, 1)


# Value and gradient.


@pytest.mark.parametrize(
    ("shape", "padding"), [((96, 112), "zero"), ((101, 75), "reflect"), ((64, 203), "zero"), ((70, 33), "reflect")]
)
def test_tiles_are_the_whole(shape, padding):
    network = nst.VGG19(random_weights((3, 4, 4, 4, 4)), padding=padding)
    objective, x = objective_of(network, shape), picture(*shape, 2)
    tiles = nst.tiled(objective, 16)
    assert count(tiles, x) > 1
    value, gradient = difference(objective, tiles, x)
    assert value < VALUE
    assert gradient < GRADIENT


def test_tiles_are_exact_and_not_with_a_halo_16_too_small():
    """In double precision, where the exact halo leaves rounding alone. A deep layer sees little at its rim."""
    with double_precision():
        layers, shape = ("conv1_1", "conv2_1", "conv3_1", "conv4_1"), (121, 107)
        network = nst.VGG19(random_weights((3, 4, 4, 4, 4)))
        double = jax.tree.map(lambda leaf: jnp.asarray(leaf, float), network)
        objective = objective_of(double, shape, layers, "conv4_1")
        x = jnp.asarray(picture(*shape, 2), float)
        exact, small = nst.tiled(objective, 8), nst.tiled(objective, 8, reach("conv4_1") - 16)
        assert count(exact, x) > 1
        value, gradient = difference(objective, exact, x)
        assert max(value, gradient) < 1e-12
        value, gradient = difference(objective, small, x)
        assert value > 1e-9
        assert gradient > 1e-7


def test_total_variation_crosses_borders_of_tiles_once(network):
    """A checkerboard has 1 for every pair of neighbours: 3 (2hw − h − w)."""
    h, w = 80, 90
    board = np.repeat(np.indices((h, w)).sum(0)[..., None] % 2, 3, 2).astype(np.float32)
    objective = objective_of(network, (h, w), tv=1.0)
    assert count(nst.tiled(objective, 16), board) > 4
    assert float(nst.tiled(objective, 16).breakdown(board)["tv"]) == 3 * (2 * h * w - h - w)


def test_a_tile_larger_than_the_picture_changes_nothing(network):
    objective, x = objective_of(network, (60, 70)), picture(60, 70, 2)
    assert difference(objective, nst.tiled(objective, 1024), x) == (0, 0)


def test_every_statistic_that_is_a_sum(network):
    """All at once, weighted to be 1 each; in double precision, where rounding is not seen."""
    with double_precision():
        double = jax.tree.map(lambda leaf: jnp.asarray(leaf, float), network)
        x, styles = jnp.asarray(picture(75, 96, 2), float), [Example(jnp.asarray(picture(50, 66, 1), float))]
        terms = []
        for name in ADDITIVE:
            terms += style_terms(double, styles, {"conv2_1": 1.0}, STATISTICS[name], label=name)
        breakdown = jax.jit(lambda objective, x: objective.breakdown(x))
        found = breakdown(nst.Objective(double, tuple(terms)), x)
        objective = nst.Objective(
            double, tuple(dataclasses.replace(term, weight=1 / found[term.name]) for term in terms)
        )
        in_tiles = nst.tiled(objective, 16)
        value, gradient = difference(objective, in_tiles, x)
        assert max(value, gradient) < 1e-6
        parts = breakdown(in_tiles, x)
        assert list(parts) == list(found)
        np.testing.assert_allclose(list(parts.values()), 1, rtol=1e-6)


def test_max_pooling():
    """Exact ties may be broken otherwise after another rounding; a random network has none."""
    network = nst.VGG19(random_weights((3, 4, 4, 4, 4)), pool="max")
    objective, x = objective_of(network, (75, 96)), picture(75, 96, 2)
    value, gradient = difference(objective, nst.tiled(objective, 16), x)
    assert value < VALUE
    assert gradient < 1e-4


def test_guides_and_several_styles(network):
    shape, rng = (80, 100), np.random.default_rng(3)
    shapes = network.shapes(*shape, SHALLOW)
    T = {layer: jnp.asarray(rng.uniform(size=(h, w)), jnp.float32) for layer, (h, w, _) in shapes.items()}
    styles = [Example(jnp.asarray(picture(40, 50, 1)), 0.3), Example(jnp.asarray(picture(44, 40, 4)), 0.7)]
    weights = {layer: 1.0 for layer in SHALLOW}
    terms = style_terms(network, styles, weights, guides=T)
    terms += style_terms(network, styles[:1], weights, guides={l: 1 - t for l, t in T.items()}, label="sky")
    terms.append(nst.Laplacian(jnp.asarray(picture(*shape)), 1e4))
    kept = Kept(jnp.asarray(picture(*shape)), jnp.asarray(rng.uniform(size=(*shape, 1)), "f4"))
    objective = nst.Objective(network, tuple(terms), kept)
    value, gradient = difference(objective, nst.tiled(objective, 16), picture(*shape, 2))
    assert value < VALUE
    assert gradient < GRADIENT


def test_targets_are_those_of_the_whole(network):
    name = "covariance"
    a, rng = picture(90, 70, 1), np.random.default_rng(3)
    shapes = network.shapes(90, 70, SHALLOW)
    guides = {layer: jnp.asarray(rng.uniform(size=(h, w)), jnp.float32) for layer, (h, w, _) in shapes.items()}
    tiling, weights = tiling_for(SHALLOW, 16), {layer: 1.0 for layer in SHALLOW}
    assert tiling.tiles(a.shape).number > 1
    make = partial(style_terms, network, [Example(jnp.asarray(a), 1.0, guides)], weights)
    terms, grams = make(STATISTICS[name]), make()
    for term, other in zip(terms, make(STATISTICS[name], tiling=tiling), strict=True):
        jax.tree.map(partial(np.testing.assert_allclose, rtol=1e-5, atol=1e-6), other.target, term.target)
    x = jnp.asarray(picture(75, 96, 2))
    F, in_tiles = features(network, x, SHALLOW), features(network, x, SHALLOW, tiling)
    for layer in SHALLOW:
        np.testing.assert_allclose(in_tiles[layer], F[layer], rtol=1e-5, atol=1e-5)
    strong = as_strong_as_gram_in_tiles(terms, grams, network, x, tiling)
    for term, other in zip(as_strong_as_gram(terms, grams, F), strong, strict=True):
        assert float(other.weight) == pytest.approx(float(term.weight), rel=1e-4)


@pytest.mark.parametrize("name", sorted(set(STATISTICS) - set(ADDITIVE)))
def test_what_is_no_sum_is_refused(network, name):
    objective = nst.Objective(network, (nst.Style("conv3_1", STATISTICS[name], None),))
    with pytest.raises(nst.SettingError, match=f"{name} is not a sum over positions.*or use gram"):
        nst.tiled(objective)


def test_a_term_of_ones_own_that_looks_at_features_is_refused(network):
    term = nst.SelfSimilarity("conv3_1", jnp.zeros((4, 4)))
    with pytest.raises(nst.SettingError, match="self_similarity/conv3_1 is not a sum"):
        nst.tiled(nst.Objective(network, (term,)))


def test_bad_tiles_are_refused(network):
    objective = nst.Objective(network, (nst.Style("conv3_1", nst.GRAM, None),))
    for given in ({"tile": 0}, {"tile": 3}, {"halo": -1}):
        with pytest.raises(nst.SettingError, match="give a tile of 4 pixels or more and a halo of 0 or more"):
            nst.tiled(objective, **given)


# Runs.


def test_lbfgs_sees_the_same_sequence(network):
    objective, x = objective_of(network, (75, 96)), picture(75, 96)
    whole, tiles = (run_to_end(each, x, nst.lbfgs(), 10) for each in (objective, nst.tiled(objective, 16)))
    # Trials that are accepted, and one that is not; rounding grows from update to update.
    np.testing.assert_allclose(tiles.losses["total"][:5], whole.losses["total"][:5], rtol=1e-5)
    np.testing.assert_allclose(tiles.losses["total"], whole.losses["total"], rtol=1e-3)
    assert np.abs(tiles.image - whole.image).max() < 1e-3
    assert whole.losses["total"][-1] < 0.7 * whole.losses["total"][0]


def test_a_resumed_run_in_tiles_equals_an_uninterrupted_one(network):
    objective, x = nst.tiled(objective_of(network, (75, 96)), 16), picture(75, 96)
    once = run_to_end(objective, x, nst.lbfgs(5), 8)
    for first in nst.optimize(objective, x, nst.lbfgs(5), 8, every=3):
        if first.evaluations == 3:
            break
    again = run_to_end(objective, x, nst.lbfgs(5), 8, resume=first.checkpoint())
    np.testing.assert_array_equal(again.image, once.image)


def test_tiles_of_all_places_are_compiled_once(network, monkeypatch):
    traced, call = [], nst.VGG19.__call__
    monkeypatch.setattr(nst.VGG19, "__call__", lambda self, x, layers: traced.append(x.shape) or call(self, x, layers))
    objective = nst.tiled(objective_of(network, (90, 131)), 16)
    window = objective.tiling.tiles((90, 131)).window
    traced.clear()
    before = loop._run_chunk._cache_size()
    run_to_end(objective, picture(90, 131), nst.lbfgs(4), 6)
    louder = dataclasses.replace(
        objective, terms=tuple(dataclasses.replace(t, weight=2 * t.weight) for t in objective.terms)
    )
    run_to_end(louder, picture(90, 131), nst.lbfgs(4), 6)
    assert loop._run_chunk._cache_size() == before + 1
    assert {shape[:2] for shape in traced} == {window}
    assert len(traced) < 8  # shapes, and one program a pass: not one a tile
