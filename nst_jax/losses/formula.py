"""The objective that settings describe, as a formula in LaTeX."""

from collections.abc import Iterable, Mapping

from .conventions import convention_named, shares
from .laplacian import SIDES
from .style.gram import GRAM
from .style.statistic import Statistic

_LAPLACIAN = (
    rf"\sum_{{s \in \{{{', '.join(map(str, SIDES))}\}}}}"
    r" \operatorname{mean} \left(\nabla^2 \operatorname{pool}_s x - \nabla^2 \operatorname{pool}_s p\right)^2"
)
_SELF_SIMILARITY = (
    r"\sum_{l \in C} v_l \frac{1}{n_l} \sum_{i,j}"
    r" \left|\frac{d^l_{ij}}{\sum_k d^l_{kj}} - \frac{d^{*l}_{ij}}{\sum_k d^{*l}_{kj}}\right|"
)
_DISTANCES = r"d^l_{ij} = 1 - \cos\left(F^l_i, F^l_j\right)"
_TEMPORAL = r"\frac{1}{3hw} \sum_{i,j,k} c_{ij} \left(x_{ijk} - y_{ijk}\right)^2"
_EARLIER = r"y = \text{pictures of earlier frames, moved along}, \; c = 0 \text{ where they do not show the place}"
_KAPPA = (
    r"\kappa_l = \left\|\partial E_l / \partial F^l\right\| / \left\|\partial \mathcal{D}_l / \partial F^l\right\|"
    r" \text{ at } x = p, \quad E_l = "
)


def formula(
    convention: str,
    alpha: float,
    beta: float,
    tv: float,
    content_layers: Mapping[str, float] | Iterable[str],
    style_layers: Mapping[str, float] | Iterable[str],
    statistic: Statistic = GRAM,
    laplacian: float = 0.0,
    self_similarity: float = 0.0,
    temporal: float = 0.0,
) -> str:
    """L_total with its numbers, as the convention writes it.

    The second line says which layers C and S are, and what they weigh; those below, what other letters stand for. Terms
    of weight 0 are left out. The factor κ_l is that of `as_strong_as_gram`.

    Args:
        convention: its name.
        alpha: weight of the content.
        beta: weight of the style.
        tv: weight of V(x) / 3hw.
        content_layers: names, or layer → v_l.
        style_layers: names, or layer → w_l.
        statistic: what of the style is matched.
        laplacian: weight of the Laplacian loss.
        self_similarity: weight of the self-similarity.
        temporal: weight of the temporal loss, in a clip.

    Returns:
        LaTeX without dollar signs.

    Raises:
        SettingError: for an unknown convention.
    """
    written = convention_named(convention)
    v = {layer: share for layer, share in shares(content_layers).items() if share and (alpha or self_similarity)}
    w = {layer: share for layer, share in shares(style_layers).items() if beta * share}
    terms, layers, letters = [], [], []
    if v:
        layers.append(_layers("C", "v_l", v))
    if v and alpha:
        terms.append(_braced(alpha, r"\alpha") + rf"\sum_{{l \in C}} v_l {written.content_formula}")
    if w:
        layers.append(_layers("S", "w_l", w))
        terms.append(_braced(beta, r"\beta") + r"\sum_{l \in S} w_l ")
    if w and statistic is GRAM:
        terms[-1] += written.style_formula
    elif w:
        terms[-1] += r"\kappa_l \mathcal{D}_l"
        letters += [rf"\mathcal{{D}}_l = {statistic.formula}", _KAPPA + written.style_formula]
    if tv:
        terms.append(_braced(tv, r"\mathrm{tv}") + r"\frac{V(x)}{3hw}")
    if laplacian:
        terms.append(_braced(laplacian, r"\mathrm{laplacian}") + _LAPLACIAN)
    if v and self_similarity:
        terms.append(_braced(self_similarity, r"\mathrm{self{-}similarity}") + _SELF_SIMILARITY)
        letters.append(_DISTANCES)
    if temporal:
        terms.append(_braced(temporal, r"\mathrm{temporal}") + _TEMPORAL)
        letters.append(_EARLIER)
    rows = [r"\mathcal{L}_{\mathrm{total}}(x) = " + " + ".join(terms), r" \qquad ".join(layers), *letters]
    return r"\begin{array}{l} " + r" \\[8pt] ".join(rf"\displaystyle {row}" for row in rows if row) + r" \end{array}"


def _braced(value: float, letter: str) -> str:
    return rf"\underbrace{{{number(value)}}}_{{{letter}}} \, "


def _layers(name: str, weight: str, shares: Mapping[str, float]) -> str:
    """C = {conv4_2}, v_l = 1: one number if all weigh the same."""
    values = [number(share) for share in shares.values()]
    alike = len(set(values)) == 1
    parts = [rf"\mathtt{{{layer}}}".replace("_", r"\_") for layer in shares]
    if not alike:
        parts = [f"{part}{{:}}\\,{value}" for part, value in zip(parts, values, strict=True)]
    listed = r",\; ".join(parts)
    return rf"{name} = \{{ {listed} \}}" + (rf", \; {weight} = {values[0]}" if alike else rf" \; (l{{:}}\,{weight})")


def number(value: float) -> str:
    """A number as LaTeX: three digits, with a power of ten if it is far from 1."""
    digits, _, power = f"{value:.3g}".partition("e")
    if not power and value and not 0.001 <= value < 1000:
        digits, _, power = f"{value:.2e}".partition("e")
        digits = digits.rstrip("0").rstrip(".")
    if not power:
        return digits
    return (rf"{digits} \cdot " if digits != "1" else "") + f"10^{{{int(power)}}}"
