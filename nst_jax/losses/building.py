"""From pictures to the terms of the objective."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float

from ..errors import SettingError
from ..networks.vgg import VGG19
from .objective import Objective
from .self_similarity import self_similarity
from .style.gram import GRAM
from .style.statistic import Measurement, Statistic
from .terms import Content, SelfSimilarity, Style, Term, TotalVariation
from .tiled import tiled_features, tiled_pulls, tiled_targets
from .tiling import Tiling


class Example(NamedTuple):
    """A style picture, and what of it counts.

    Attributes:
        image: [H, W, 3] in [0, 1].
        weight: its weight among several, ≥ 0.
        guides: layer → [H_l, W_l], the weight of each of its positions; None for 1 everywhere.
    """

    image: Array
    weight: float = 1.0
    guides: Mapping[str, Array] | None = None


def build_objective(
    network: VGG19,
    content: Float[Array | np.ndarray, "h w 3"] | None,
    style: Float[Array | np.ndarray, "H W 3"] | None,
    content_weights: Mapping[str, float],
    style_weights: Mapping[str, float],
    tv: float = 0.0,
    statistic: Statistic = GRAM,
) -> Objective:
    """The paper's objective for a content and a style picture: one term per layer of positive weight.

    Args:
        network: what computes the features.
        content: [h, w, 3] in [0, 1]; None if no content layer has a weight.
        style: [H, W, 3] in [0, 1], of any size; None if no style layer has a weight.
        content_weights: layer → factor of the paper's ½ Σ (F − P)² there (`convert` translates other conventions).
        style_weights: layer → factor of the statistic's distance there: the paper's E_l for `GRAM`.
        tv: factor of V(x).
        statistic: what of the style is matched.

    Returns:
        The objective, with targets computed.

    Raises:
        SettingError: if no term is left, or a weight is negative or not finite.
    """
    for name, weight in [*content_weights.items(), *style_weights.items(), ("tv", tv)]:
        if not 0 <= weight < float("inf"):
            raise SettingError(f"the weight of {name} is {weight}; weights are finite and not negative")
    terms: list[Term] = []
    if any(content_weights.values()):
        terms += content_terms(network, jnp.asarray(content), content_weights)
    if any(style_weights.values()):
        terms += style_terms(network, [Example(jnp.asarray(style))], style_weights, statistic)
    if tv > 0:
        terms.append(TotalVariation(leaf(tv)))
    if not terms:
        raise SettingError("every weight is zero: give alpha, beta or tv a positive value")
    return Objective(network, tuple(terms))


def content_terms(
    network: VGG19, p: Array, weights: Mapping[str, float], tiling: Tiling | None = None
) -> list[Content]:
    """One content term per layer of positive weight.

    Args:
        network: what computes the features.
        p: [h, w, 3] in [0, 1], the content picture.
        weights: layer → factor of ½ Σ (F − P)² there.
        tiling: how p is cut into tiles; None for one pass over all of it.

    Returns:
        The terms.
    """
    weights = {layer: w for layer, w in weights.items() if w > 0}
    P = features(network, p, tuple(weights), tiling)
    return [Content(layer, P[layer], leaf(w)) for layer, w in weights.items()]


def self_similarity_terms(network: VGG19, p: Array, weights: Mapping[str, float]) -> list[SelfSimilarity]:
    """One self-similarity term per layer of positive weight.

    Args:
        network: what computes the features.
        p: [h, w, 3] in [0, 1], the content picture.
        weights: layer → factor of Σ |S − S*| / n there.

    Returns:
        The terms.
    """
    weights = {layer: w for layer, w in weights.items() if w > 0}
    P = features(network, p, tuple(weights))
    return [SelfSimilarity(layer, _self_similarity(P[layer]), leaf(w)) for layer, w in weights.items()]


def style_terms(
    network: VGG19,
    styles: Sequence[Example],
    weights: Mapping[str, float],
    statistic: Statistic = GRAM,
    guides: Mapping[str, Array] | None = None,
    label: str = "style",
    tiling: Tiling | None = None,
) -> list[Style]:
    """The style terms of one or several style pictures: one per layer of positive weight, or per layer and picture.

    Several pictures share a term where the statistic can blend them; for sums of squared differences, such as the Gram
    loss, its gradient is that of the weighted sum of their losses. Otherwise each has its own terms, and the losses are
    added.

    Args:
        network: what computes the features.
        styles: the style pictures, their weights summing to 1.
        weights: layer → factor of the statistic's distance there.
        statistic: what of the style is matched.
        guides: layer → [h_l, w_l], the weight of each position of the generated picture; None for 1 everywhere.
        label: the first part of the terms' names.
        tiling: how the style pictures are cut into tiles; None for one pass over all of each.

    Returns:
        The terms.
    """
    weights = {layer: w for layer, w in weights.items() if w > 0}
    measured = [targets(network, style, tuple(weights), statistic, tiling) for style in styles]
    share, labels = [style.weight for style in styles], style_labels(statistic, label, len(styles))
    if len(labels) < len(styles):
        measured, share = [{l: statistic.blended([of[l] for of in measured], share) for l in weights}], [1.0]
    return [
        Style(layer, statistic, of[layer], leaf(w * v), None if guides is None else guides[layer], name)
        for layer, w in weights.items()
        for name, of, v in zip(labels, measured, share, strict=True)
    ]


def style_labels(statistic: Statistic, label: str, styles: int) -> list[str]:
    """The first parts of the names of a layer's style terms: one if the statistic blends the styles, else one a style.

    Args:
        statistic: what of the style is matched.
        label: of the region.
        styles: number of style pictures.

    Returns:
        The labels.
    """
    return [label] if styles == 1 or statistic.blends else [f"{label} {i}" for i in range(1, styles + 1)]


def frozen(objective: Objective, x: Float[Array | np.ndarray, "h w 3"]) -> Objective:
    """The objective for a stage of a run that starts at x: what its statistics match is chosen there, and kept.

    Args:
        objective: of any terms.
        x: [h, w, 3].

    Returns:
        The objective; unchanged if no statistic chooses.
    """
    choosing = [term for term in objective.terms if isinstance(term, Style) and term.statistic.freeze is not None]
    if not choosing:
        return objective
    x = jnp.asarray(x) if objective.kept is None else objective.kept(jnp.asarray(x))
    F = features(objective.network, x, tuple({term.layer: None for term in choosing}))
    chosen = {term.name: _frozen(term, F[term.layer]) for term in choosing}
    return replace(objective, terms=tuple(chosen.get(term.name, term) for term in objective.terms))


def as_strong_as_gram(terms: Sequence[Style], grams: Sequence[Style], F: Mapping[str, Array]) -> list[Style]:
    """Terms of any statistic, reweighted so that they pull as strongly as those of the Gram matrix.

    At each layer, the gradient with respect to the features F is made as long as that of the Gram loss. A weight then
    means about the same for every statistic, although their scales differ, and so does the power of contrast that they
    grow with.

    Args:
        terms: the terms of one statistic.
        grams: the terms of the Gram matrix, with the intended weights.
        F: layer → [h_l, w_l, N_l], features of the picture that a run may start from.

    Returns:
        The terms with their new weights.
    """
    F = {layer: F[layer] for layer in dict.fromkeys(term.layer for term in terms)}
    wanted, found = (_pulls(tuple(each), F) for each in (grams, [_frozen(term, F[term.layer]) for term in terms]))
    return _stronger(terms, wanted, found)


def as_strong_as_gram_in_tiles(
    terms: Sequence[Style], grams: Sequence[Style], network: VGG19, x: Array, tiling: Tiling
) -> list[Style]:
    """`as_strong_as_gram`, tile by tile.

    Args:
        terms: of one statistic, a sum over positions.
        grams: of the Gram matrix, with the weights meant.
        network: what computes the features.
        x: [h, w, 3] in [0, 1], the picture that a run may start from.
        tiling: how x is cut into tiles.

    Returns:
        The terms with their new weights.
    """
    wanted, found = (_tiled_pulls(network, tuple(each), x, tiling) for each in (grams, terms))
    return _stronger(terms, wanted, found)


def _stronger(terms: Sequence[Style], wanted: Mapping[str, Array], found: Mapping[str, Array]) -> list[Style]:
    factor = {layer: float(wanted[layer] / found[layer]) if found[layer] > 0 else 1.0 for layer in wanted}
    return [replace(term, weight=term.weight * leaf(factor[term.layer])) for term in terms]


@jax.jit
def _pulls(terms: tuple[Style, ...], F: Mapping[str, Array]) -> dict[str, Array]:
    """layer → length of the gradient of its terms with respect to F."""

    def total(F: Mapping[str, Array]) -> Array:
        return jnp.asarray(sum(term(F[term.layer], F) for term in terms))

    return jax.tree.map(lambda g: jnp.sqrt(jnp.vdot(g, g)), jax.grad(total)(dict(F)))


@partial(jax.jit, static_argnames="tiling")
def _tiled_pulls(network: VGG19, terms: tuple[Style, ...], x: Array, tiling: Tiling) -> dict[str, Array]:
    return tiled_pulls(network, terms, x, tiling.tiles(x.shape))


@jax.jit
def _frozen(term: Style, F: Array) -> Style:
    freeze = term.statistic.freeze
    return term if freeze is None else replace(term, target=freeze(term.target, F, term.guide))


_self_similarity = jax.jit(self_similarity)


def leaf(weight: float) -> Array:
    """A weight as a leaf of a pytree."""
    return jnp.asarray(weight, jnp.float32)


@partial(jax.jit, static_argnames=("layers", "tiling"))
def features(network: VGG19, x: Array, layers: tuple[str, ...], tiling: Tiling | None = None) -> dict[str, Array]:
    """layer → [h_l, w_l, N_l] of a picture, compiled."""
    if tiling is None:
        return network(x, layers)
    return tiled_features(network, x, layers, tiling.tiles(x.shape))


@partial(jax.jit, static_argnames=("layers", "statistic", "tiling"))
def targets(
    network: VGG19, style: Example, layers: tuple[str, ...], statistic: Statistic, tiling: Tiling | None = None
) -> dict[str, Measurement]:
    """layer → the statistic's target of a style picture, compiled."""
    if tiling is not None:
        return tiled_targets(network, style.image, style.guides, layers, statistic, tiling.tiles(style.image.shape))
    F = network(style.image, layers)
    return {
        layer: statistic.target(F[layer], None if style.guides is None else style.guides[layer]) for layer in layers
    }
