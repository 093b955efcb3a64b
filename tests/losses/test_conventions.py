"""Four codes' losses, each written here as its source computes it, and the conversion between them."""

from itertools import permutations

import numpy as np
import pytest

from nst_jax import SettingError
from nst_jax.losses.conventions import CONVENTIONS, LossWeights, convert, loss_weights

SHAPES = {"conv1_1": (6, 8, 4), "conv2_1": (3, 4, 5), "conv4_2": (2, 3, 7)}


def content_terms(F, P):
    """Content terms as the four sources compute them."""
    mean = np.mean((F - P) ** 2)
    return {"paper": 0.5 * np.sum((F - P) ** 2), "author": mean, "jcjohnson": mean, "pytorch_tutorial": mean}


def style_terms(F, S):
    """Style terms as the four sources compute them; F, S: [M, N]."""
    M, N = F.shape
    G, A = F.T @ F, S.T @ S
    by_size = np.mean((G / (N * M) - A / (N * M)) ** 2)
    return {
        "paper": np.sum((G - A) ** 2) / (4 * N**2 * M**2),
        "author": np.mean((G / M - A / M) ** 2),
        "jcjohnson": by_size,
        "pytorch_tutorial": by_size,
    }


@pytest.fixture
def terms(rng):
    """convention → layer → (content term, style term), on random features."""
    found = {name: {} for name in CONVENTIONS}
    for layer, (h, w, N) in SHAPES.items():
        F, P, S = rng.normal(size=(3, h * w, N))
        content, style = content_terms(F, P), style_terms(F, S)
        for name in CONVENTIONS:
            found[name][layer] = content[name], style[name]
    return found


def total(terms, name, weights):
    return sum(w * terms[name][layer][0] for layer, w in weights.content.items()) + sum(
        w * terms[name][layer][1] for layer, w in weights.style.items()
    )


@pytest.mark.parametrize(("source", "target"), list(permutations(CONVENTIONS, 2)))
def test_converted_weights_give_the_same_loss_in_the_other_codes_terms(terms, source, target):
    weights = LossWeights({"conv4_2": 3.0, "conv2_1": 0.5}, {"conv1_1": 2.0, "conv2_1": 7.0})
    converted = convert(weights, source, target, SHAPES)
    assert total(terms, target, converted) == pytest.approx(total(terms, source, weights), rel=1e-12)
    for kind in ("content", "style"):  # and so layer by layer
        for layer, w in getattr(weights, kind).items():
            i = 0 if kind == "content" else 1
            ours = getattr(converted, kind)[layer] * terms[target][layer][i]
            assert ours == pytest.approx(w * terms[source][layer][i], rel=1e-12)


def test_there_and_back_is_the_same():
    weights = loss_weights(1.0, 1e3)
    shapes = {layer: (10, 12, 64) for layer in (*weights.content, *weights.style)}
    back = convert(convert(weights, "author", "jcjohnson", shapes), "jcjohnson", "author", shapes)
    assert back.content == pytest.approx(weights.content)
    assert back.style == pytest.approx(weights.style)


def test_paper_and_author_read_the_same_ratio_three_million_apart():
    shapes = {"conv4_2": (48, 64, 512), "conv1_1": (384, 512, 64)}  # 512 × 384 pixels
    in_paper = convert(LossWeights({"conv4_2": 1.0}, {"conv1_1": 1.0}), "author", "paper", shapes)
    assert in_paper.style["conv1_1"] / in_paper.content["conv4_2"] == pytest.approx(2 * 48 * 64 * 512)


def test_names_share_the_weight_and_mappings_keep_theirs():
    assert loss_weights(2.0, 10.0).style["conv3_1"] == pytest.approx(2.0)
    assert loss_weights(2.0, 10.0, {"conv1_1": 3.0}, ("conv1_1", "conv2_1")) == LossWeights(
        {"conv1_1": 6.0}, {"conv1_1": 5.0, "conv2_1": 5.0}
    )


def test_published_weights_are_those_of_the_sources():
    widths = {"conv1_1": 64, "conv2_1": 128, "conv3_1": 256, "conv4_1": 512, "conv5_1": 512}
    author = CONVENTIONS["author"].published(widths)
    assert author.style["conv5_1"] == pytest.approx(1e3 / 512**2)
    paper = CONVENTIONS["paper"].published(widths)
    assert paper.content["conv4_2"] / sum(paper.style.values()) == pytest.approx(1e-3)
    tutorial = CONVENTIONS["pytorch_tutorial"].published(widths)
    assert list(tutorial.content) == ["conv2_2"]
    assert set(tutorial.style.values()) == {1e6}


def test_an_unknown_convention_is_named():
    with pytest.raises(SettingError, match="'gatys' is not known; use one of paper, author"):
        convert(loss_weights(1, 1), "gatys", "paper", SHAPES)


def test_a_layer_without_a_shape_is_named():
    with pytest.raises(SettingError, match="conv1_1 is weighted, but `shapes` has no shape for it"):
        convert(loss_weights(1, 1), "author", "paper", {"conv4_2": (4, 4, 8)})
