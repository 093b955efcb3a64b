"""The objective of one scale of a job: the terms that its settings and its regions ask for."""

from collections.abc import Mapping

import jax.numpy as jnp
import numpy as np
from jax import Array

from ..images.masks import resize_mask
from ..images.resizing import resize
from ..losses.building import (
    Example,
    as_strong_as_gram,
    content_terms,
    features,
    leaf,
    self_similarity_terms,
    style_terms,
)
from ..losses.conventions import convert, loss_weights, shares
from ..losses.objective import Kept, Objective
from ..losses.style.gram import GRAM
from ..losses.style.statistic import Statistic
from ..losses.terms import Laplacian, Style, Term, TotalVariation
from .guiding import at_size, guides_of, guides_of_style, too_small
from .job import Job
from .painting import Region

ROUNDING = 1e-4  # of masks that sum to 1


def objective_at(job: Job, scale: int) -> Objective:
    """The objective of one scale: targets from the pictures at its size, weights converted to the paper's terms.

    Each region has style terms of its own, weighted by its share of the picture, so that β means the same for a part
    as for the whole.

    Args:
        job: what is run.
        scale: its number.

    Returns:
        The objective.
    """
    s, shape = job.settings, job.shape(scale)
    p = jnp.asarray(resize(job.content, shape))
    given = loss_weights(s.alpha, s.beta, s.content_layers, s.style_layers)
    of_paper = convert(given, s.convention, "paper", job.network.shapes(*shape))
    terms: list[Term] = []
    if any(of_paper.content.values()):
        terms += content_terms(job.network, p, of_paper.content)
    if any(of_paper.style.values()):
        for region in job.regions:
            terms += _region_terms(job, region, scale, p, of_paper.style)
    if s.tv:
        terms.append(TotalVariation(leaf(s.tv / p.size)))
    if s.laplacian:
        terms.append(Laplacian(p, leaf(s.laplacian)))
    if s.self_similarity:
        weights = {layer: s.self_similarity * v for layer, v in shares(s.content_layers).items()}
        terms += self_similarity_terms(job.network, p, weights)
    T = painted(job, shape)
    return Objective(job.network, tuple(terms), None if T is None else Kept(p, jnp.asarray(T)))


def painted(job: Job, shape: tuple[int, int]) -> np.ndarray | None:
    """How much of each pixel is painted, the rest being kept.

    Args:
        job: what is run.
        shape: (height, width) of the picture.

    Returns:
        [h, w, 1] in [0, 1]; None if everything is painted.
    """
    T = np.sum([region.mask for region in job.regions], axis=0)
    return None if (T >= 1 - ROUNDING).all() else resize_mask(np.minimum(T, 1), shape)[..., None]


def _region_terms(job: Job, region: Region, scale: int, p: Array, weights: Mapping[str, float]) -> list[Style]:
    """The style terms of a region, at the layers where it and its style pictures can be measured."""
    size = job.sizes[scale]
    T = guides_of(region, job.shape(scale), job.network, job.style_layers, job.settings.guides)
    of_styles = {style.name: guides_of_style(style, size, job.network, job.style_layers) for style in region.styles}
    lost = {layer for each in (T, *of_styles.values()) for layer in too_small(each)}
    share = {layer: w * (1.0 if T is None else float(T[layer].mean())) for layer, w in weights.items()}
    share = {layer: w for layer, w in share.items() if w > 0 and layer not in lost}
    examples = [
        Example(jnp.asarray(at_size(style, size)), style.weight, of_styles[style.name]) for style in region.styles
    ]

    def terms(statistic: Statistic) -> list[Style]:
        return style_terms(job.network, examples, share, statistic, T, region.name)

    grams = terms(GRAM)
    if job.statistic is GRAM or not grams:
        return grams
    F = features(job.network, p, tuple(share))
    return as_strong_as_gram(terms(job.statistic), grams, F)
