"""An objective computed tile by tile, with the value and gradient of the whole: memory grows with the tile.

A style statistic that is a sum over positions, the content loss and the total variation need of a tile nothing but its
part of the sums. So there are two passes over the tiles. The first adds up the sums. Their losses, and the cotangents
∂L/∂S of the sums S, follow in closed form, without the picture. The second pulls these cotangents back through each
tile's features to its pixels, and adds up the gradients, which overlap in the halos.

Each position of a layer is owned by one tile, whose halo reaches as far as the position sees: so it is exact, and its
gradient reaches no further. Zeros, or reflections, are padded at the picture's border alone; what windows see beyond
their own border belongs to nobody.

Source: Galerne et al., Scaling Painting Style Transfer (arXiv 2212.13459), whose tiles own the pixels of the gradient
instead, and so need halos of twice the width.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, cast

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jaxtyping import Float

from ..errors import SettingError
from ..networks.geometry import stride
from ..networks.vgg import VGG19
from .style.statistic import Measurement, Statistic
from .terms import Content, Style, Term, TotalVariation
from .tiling import Tiles

Sums = Any  # of a term over positions: a pytree


class Place(NamedTuple):
    """Where a tile is, in pixels."""

    start: Array  # [2], of its window: row, column
    first: Array  # [2], that it owns
    end: Array  # [2], where the next tile's begin


def check_sums(terms: Sequence[Term], how: str = "computed in tiles; choose a smaller size") -> None:
    """Check that all terms are sums over positions, or look at the picture alone.

    Args:
        terms: of an objective.
        how: what is to be done with them.

    Raises:
        SettingError: if one is not; it names the first.
    """
    for term in terms:
        match term:
            case Style(statistic=statistic) if not statistic.additive:
                what = f"the statistic {statistic.name}"
            case Style() | Content():
                continue
            case _ if term.layer is None:
                continue
            case _:
                what = f"the term {term.name}"
        raise SettingError(
            f"{what} is not a sum over positions and cannot be {how}, or use gram, mean, "
            "mean-spread, covariance, wasserstein, raw-moments or central-moments"
        )


def tiled_breakdown(
    network: VGG19, terms: Sequence[Term], x: Float[Array, "h w 3"], tiles: Tiles
) -> dict[str, Float[Array, ""]]:
    """name → value of each term, weight included, as `Objective.breakdown` has them.

    Differentiable with respect to x. Weights and targets are constants.

    Args:
        network: what computes the features.
        terms: sums over positions, or of the picture alone.
        x: [h, w, 3] in [0, 1].
        tiles: of x.

    Returns:
        The values.

    Raises:
        SettingError: if a term is not a sum over positions.
    """
    check_sums(terms)
    measuring = tuple(term for term in terms if term.layer is not None or isinstance(term, TotalVariation))
    S = _sums_of(tiles, network, measuring, x)
    return {term.name: _value(term, S[term.name]) if term.name in S else term(x, {}) for term in terms}


def _sums_of(tiles: Tiles, network: VGG19, terms: Sequence[Term], x: Array) -> dict[str, Sums]:
    return cast(dict[str, Sums], _sums(tiles, network, tuple(terms), x))


@partial(jax.custom_vjp, nondiff_argnums=(0,))
def _sums(tiles: Tiles, network: VGG19, terms: tuple[Term, ...], x: Array) -> dict[str, Sums]:
    """The first pass: name → the term's sums over all positions of the picture."""

    def add(total, place):
        return jax.tree.map(jnp.add, total, _part(network, terms, _window(x, tiles, place), place)), None

    places = _places(tiles)
    first = Place(*(field[0] for field in places))
    shapes = jax.eval_shape(lambda x: _part(network, terms, _window(x, tiles, first), first), x)
    nothing = jax.tree.map(lambda leaf: jnp.zeros(leaf.shape, leaf.dtype), shapes)
    return lax.scan(add, nothing, places)[0]


def _sums_forward(tiles, network, terms, x):
    return _sums(tiles, network, terms, x), (network, terms, x)


def _sums_backward(tiles, saved, cotangents):
    """The second pass: Σ over tiles of (∂S/∂x)ᵀ ∂L/∂S."""
    network, terms, x = saved

    def add(g, place):
        _, pull_back = jax.vjp(lambda x: _part(network, terms, x, place), _window(x, tiles, place))
        (part,) = pull_back(cotangents)
        at = (place.start[0], place.start[1], 0)
        return lax.dynamic_update_slice(g, lax.dynamic_slice(g, at, part.shape) + part, at), None

    return None, None, lax.scan(add, jnp.zeros_like(x), _places(tiles))[0]


_sums.defvjp(_sums_forward, _sums_backward)


def _part(network: VGG19, terms: Sequence[Term], x: Array, place: Place) -> dict[str, Sums]:
    """name → the term's sums over the positions that a tile owns; x: [h_t, w_t, 3], its window."""
    F = network(x, {term.layer for term in terms if term.layer is not None})
    return {term.name: _sum(term, x, F, place) for term in terms}


def _sum(term: Term, x: Array, F: Mapping[str, Array], place: Place) -> Sums:
    match term:
        case TotalVariation():  # each pair of neighbours belongs to the tile of the upper or left one
            owned = _owned(x, 1, place)[..., None]
            down, right = (x[1:] - x[:-1]) ** 2, (x[:, 1:] - x[:, :-1]) ** 2
            return jnp.sum(owned[:-1] * down) + jnp.sum(owned[:, :-1] * right)
        case Content(layer=l):
            return 0.5 * jnp.sum(_owned(F[l], stride(l), place)[..., None] * (F[l] - _at(term.P, F[l], l, place)) ** 2)
        case Style(layer=l):
            return term.statistic.measure(F[l], _guide(term.guide, F[l], l, place))
    raise AssertionError(f"{term.name} was checked to be a sum over positions")


def _value(term: Term, S: Sums) -> Array:
    match term:
        case Content() | TotalVariation():
            return term.weight * S
        case Style():
            return term.weight * term.statistic.distance(S, term.target)
    raise AssertionError(f"{term.name} was checked to be a sum over positions")


def tiled_features(
    network: VGG19, x: Float[Array, "h w 3"], layers: tuple[str, ...], tiles: Tiles
) -> dict[str, Float[Array, "h_l w_l N_l"]]:
    """layer → features of a picture, as `network(x, layers)` has them.

    Args:
        network: what computes them.
        x: [h, w, 3] in [0, 1].
        layers: their names.
        tiles: of x.

    Returns:
        layer → [h_l, w_l, N_l].
    """

    def write(whole, place):
        F = network(_window(x, tiles, place), layers)
        return {l: _written(whole[l], F[l], l, place) for l in layers}, None

    shapes = network.shapes(x.shape[0], x.shape[1], layers)
    return lax.scan(write, {l: jnp.zeros(shapes[l], x.dtype) for l in layers}, _places(tiles))[0]


def tiled_targets(
    network: VGG19,
    x: Float[Array, "h w 3"],
    guides: Mapping[str, Array] | None,
    layers: tuple[str, ...],
    statistic: Statistic,
    tiles: Tiles,
) -> dict[str, Measurement]:
    """layer → the target of a style picture, of a statistic that is a sum over positions.

    Args:
        network: what computes the features.
        x: [H, W, 3] in [0, 1], the style picture.
        guides: layer → [H_l, W_l], a weight per position; None for 1 everywhere.
        layers: their names.
        statistic: what is measured.
        tiles: of x.

    Returns:
        layer → target.
    """
    terms = tuple(Style(l, statistic, None, guide=None if guides is None else guides[l]) for l in layers)
    S = _sums_of(tiles, network, terms, x)
    return {term.layer: statistic.target_of(S[term.name]) for term in terms}


def tiled_pulls(
    network: VGG19, terms: tuple[Style, ...], x: Float[Array, "h w 3"], tiles: Tiles
) -> dict[str, Float[Array, ""]]:
    """layer → the length of the gradient of its terms with respect to its features.

    Args:
        network: what computes the features.
        terms: sums over positions.
        x: [h, w, 3] in [0, 1].
        tiles: of x.

    Returns:
        layer → length.
    """
    layers = tuple(dict.fromkeys(term.layer for term in terms))

    def total(S):
        return jnp.asarray(sum(_value(term, S[term.name]) for term in terms))

    cotangents = jax.grad(total)(_sums_of(tiles, network, terms, x))

    def add(squares, place):
        F = network(_window(x, tiles, place), layers)
        _, pull_back = jax.vjp(lambda F: {term.name: _sum(term, x, F, place) for term in terms}, F)
        return jax.tree.map(lambda total, g: total + jnp.vdot(g, g), squares, pull_back(cotangents)[0]), None

    squares = lax.scan(add, {l: jnp.zeros((), x.dtype) for l in layers}, _places(tiles))[0]
    return jax.tree.map(jnp.sqrt, squares)


def _places(tiles: Tiles) -> Place:
    """Where the tiles are, row by row, stacked for a scan."""
    rows, columns = (list(zip(axis.starts, axis.bounds, axis.bounds[1:], strict=False)) for axis in tiles)
    return Place(*np.array([np.transpose([row, column]) for row in rows for column in columns]).swapaxes(0, 1))


def _window(x: Array, tiles: Tiles, place: Place) -> Array:
    return lax.dynamic_slice(x, (place.start[0], place.start[1], 0), (*tiles.window, x.shape[2]))


def _at(values: Array, F: Array, layer: str, place: Place) -> Array:
    """What stands in [h_l, w_l, …] where the features F of a window stand."""
    start = place.start // stride(layer)
    rest = values.shape[2:]
    return lax.dynamic_slice(values, (start[0], start[1], *(0 for _ in rest)), (*F.shape[:2], *rest))


def _owned(F: Array, step: int, place: Place) -> Array:
    """[h_l, w_l], 1 at the positions, `step` pixels apart, of a window that its tile owns, 0 at the others."""
    at = [(place.start[i] // step + np.arange(F.shape[i])) * step for i in (0, 1)]
    rows, columns = ((place.first[i] <= at[i]) & (at[i] < place.end[i]) for i in (0, 1))
    return (rows[:, None] & columns).astype(F.dtype)


def _guide(guide: Array | None, F: Array, layer: str, place: Place) -> Array:
    owned = _owned(F, stride(layer), place)
    return owned if guide is None else owned * _at(guide, F, layer, place)


def _written(whole: Array, F: Array, layer: str, place: Place) -> Array:
    start = place.start // stride(layer)
    at = (start[0], start[1], 0)
    before = lax.dynamic_slice(whole, at, F.shape)
    return lax.dynamic_update_slice(whole, jnp.where(_owned(F, stride(layer), place)[..., None] > 0, F, before), at)
