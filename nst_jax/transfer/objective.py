"""The objective of one scale of a job: the terms that its settings and its regions ask for."""

from collections.abc import Mapping, Sequence

import jax.numpy as jnp
import numpy as np
from jax import Array

from ..images.masks import resize_mask
from ..images.resizing import resize
from ..losses.building import (
    Example,
    as_strong_as_gram,
    as_strong_as_gram_in_tiles,
    content_terms,
    features,
    leaf,
    self_similarity_terms,
    style_labels,
    style_terms,
)
from ..losses.conventions import convert, loss_weights, shares
from ..losses.objective import Kept, Objective
from ..losses.style.gram import GRAM
from ..losses.style.statistic import Statistic
from ..losses.terms import Absent, Laplacian, Style, Term, TotalVariation
from .guiding import at_size, guides_of, guides_of_style, too_small
from .job import Job
from .painting import Region


def objective_at(job: Job, scale: int, styled: Sequence[Term] | None = None) -> Objective:
    """The objective of one scale: targets from the pictures at its size, weights converted to the paper's terms.

    Each region has style terms of its own, weighted by its share of the picture, so that β means the same for a part
    as for the whole.

    Args:
        job: what is run.
        scale: its number.
        styled: style terms to take over, from the same job with another content picture; None to measure them.

    Returns:
        The objective.
    """
    s, shape, plan, network = job.settings, job.shape(scale), job.plan[scale], job.networks[scale]
    p = jnp.asarray(resize(job.content, shape))
    given = loss_weights(s.alpha, s.beta, s.content_layers, s.style_layers)
    of_paper = convert(given, s.convention, "paper", network.shapes(*shape))
    terms: list[Term] = []
    if any(of_paper.content.values()):
        terms += content_terms(network, p, of_paper.content, plan.tiling or plan.measuring)
    if styled is not None:
        terms += styled
    elif any(of_paper.style.values()):
        for region in job.regions:
            terms += _region_terms(job, region, scale, p, of_paper.style)
    if s.tv:
        terms.append(TotalVariation(leaf(s.tv / p.size)))
    if s.laplacian:
        terms.append(Laplacian(p, leaf(s.laplacian)))
    if s.self_similarity:
        weights = {layer: s.self_similarity * v for layer, v in shares(s.content_layers).items()}
        terms += self_similarity_terms(network, p, weights)
    T = painted_at(job, scale)
    return Objective(network, tuple(terms), None if T is None else Kept(p, jnp.asarray(T)), plan.tiling)


def painted_at(job: Job, scale: int) -> np.ndarray | None:
    """How much of each pixel is painted, the rest being kept.

    Args:
        job: what is run.
        scale: its number.

    Returns:
        [h, w, 1] in [0, 1]; None if everything is painted.
    """
    return None if job.painted is None else resize_mask(job.painted, job.shape(scale))[..., None]


def _region_terms(job: Job, region: Region, scale: int, p: Array, weights: Mapping[str, float]) -> list[Term]:
    """The style terms of a region, at the layers where it and its style pictures can be measured; 0 at the others."""
    size, tiling = job.sizes[scale], job.plan[scale].tiling or job.plan[scale].measuring
    network = job.networks[scale]
    T = guides_of(region, job.shape(scale), network, job.style_layers, job.settings.guides)
    of_styles = {style.name: guides_of_style(style, size, network, job.style_layers) for style in region.styles}
    lost = {layer for each in (T, *of_styles.values()) for layer in too_small(each)}
    share = {layer: w * (1.0 if T is None else float(T[layer].mean())) for layer, w in weights.items()}
    share = {layer: w for layer, w in share.items() if w > 0 and layer not in lost}
    examples = [
        Example(jnp.asarray(at_size(style, size)), style.weight, of_styles[style.name]) for style in region.styles
    ]

    def terms(statistic: Statistic) -> list[Style]:
        return style_terms(network, examples, share, statistic, T, region.name, tiling)

    found = terms(GRAM)
    if job.statistic is not GRAM and found:
        own = terms(job.statistic)
        if tiling is None:
            found = as_strong_as_gram(own, found, features(network, p, tuple(share)))
        else:
            found = as_strong_as_gram_in_tiles(own, found, network, p, tiling)
    labels = style_labels(job.statistic, region.name, len(examples))
    return [*found, *(Absent(f"{label}/{layer}") for layer in weights if layer in lost for label in labels)]
