"""The objective that settings stand for, as a formula in LaTeX."""

from .conventions import shares
from .settings import Settings

# What each convention has in the place of the paper's two constants; N, M: filters and positions of layer l.
CONTENT = {"paper": r"\tfrac{1}{2}", "*": r"\frac{1}{N_l M_l}"}
STYLE = {"paper": r"\frac{1}{4 N_l^2 M_l^2}", "author": r"\frac{1}{N_l^2 M_l^2}", "*": r"\frac{1}{N_l^4 M_l^2}"}


def formula(s: Settings) -> str:
    """L_total of these settings, with their numbers, in the terms of their convention; LaTeX without dollar signs.

    A term of weight 0 is left out. The second line says which layers C and S are, and what they weigh.
    """
    v = {layer: share for layer, share in shares(s.content_layers).items() if s.alpha * share}
    w = {layer: share for layer, share in shares(s.style_layers).items() if s.beta * share}
    terms, layers = [], []
    if v:
        constant = CONTENT.get(s.convention, CONTENT["*"])
        body = rf"\sum_{{l \in C}} v_l {constant} \sum_{{i,j}} \left(F^l_{{ij}} - P^l_{{ij}}\right)^2"
        terms.append(_braced(s.alpha, r"\alpha") + body)
        layers.append(_layers("C", "v_l", v))
    if w:
        constant = STYLE.get(s.convention, STYLE["*"])
        body = rf"\sum_{{l \in S}} w_l {constant} \sum_{{i,j}} \left(G^l_{{ij}} - A^l_{{ij}}\right)^2"
        terms.append(_braced(s.beta, r"\beta") + body)
        layers.append(_layers("S", "w_l", w))
    if s.tv:
        terms.append(_braced(s.tv, r"\mathrm{tv}") + r"\frac{V(x)}{3hw}")
    rows = [r"\mathcal{L}_{\mathrm{total}}(x) = " + " + ".join(terms), r" \qquad ".join(layers)]
    return r"\begin{array}{l} " + r" \\[8pt] ".join(rf"\displaystyle {row}" for row in rows if row) + r" \end{array}"


def _braced(value, letter):
    return rf"\underbrace{{{number(value)}}}_{{{letter}}} \, "


def _layers(name, weight, shares):
    """C = {conv4_2}, v_l = 1: with one number where all weigh the same."""
    values = [number(share) for share in shares.values()]
    alike = len(set(values)) == 1
    parts = [rf"\mathtt{{{layer}}}".replace("_", r"\_") for layer in shares]
    if not alike:
        parts = [f"{part}{{:}}\\,{value}" for part, value in zip(parts, values, strict=True)]
    listed = r",\; ".join(parts)
    return rf"{name} = \{{ {listed} \}}" + (rf", \; {weight} = {values[0]}" if alike else rf" \; (l{{:}}\,{weight})")


def number(value: float) -> str:
    """Three digits, with a power of ten where the number is far from 1."""
    digits, _, power = f"{value:.3g}".partition("e")
    if not power and value and not 0.001 <= value < 1000:
        digits, _, power = f"{value:.2e}".partition("e")
        digits = digits.rstrip("0").rstrip(".")
    if not power:
        return digits
    return (rf"{digits} \cdot " if digits != "1" else "") + f"10^{{{int(power)}}}"
