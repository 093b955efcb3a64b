"""The objective that settings describe, as a formula in LaTeX."""

from collections.abc import Iterable, Mapping

from .conventions import convention_named, shares


def formula(
    convention: str,
    alpha: float,
    beta: float,
    tv: float,
    content_layers: Mapping[str, float] | Iterable[str],
    style_layers: Mapping[str, float] | Iterable[str],
) -> str:
    """L_total with its numbers, as the convention writes it.

    The second line says which layers C and S are, and what they weigh. Terms of weight 0 are left out.

    Args:
        convention: its name.
        alpha: weight of the content.
        beta: weight of the style.
        tv: weight of V(x) / 3hw.
        content_layers: names, or layer → v_l.
        style_layers: names, or layer → w_l.

    Returns:
        LaTeX without dollar signs.

    Raises:
        SettingError: for an unknown convention.
    """
    written = convention_named(convention)
    v = {layer: share for layer, share in shares(content_layers).items() if alpha * share}
    w = {layer: share for layer, share in shares(style_layers).items() if beta * share}
    terms, layers = [], []
    if v:
        terms.append(_braced(alpha, r"\alpha") + rf"\sum_{{l \in C}} v_l {written.content_formula}")
        layers.append(_layers("C", "v_l", v))
    if w:
        terms.append(_braced(beta, r"\beta") + rf"\sum_{{l \in S}} w_l {written.style_formula}")
        layers.append(_layers("S", "w_l", w))
    if tv:
        terms.append(_braced(tv, r"\mathrm{tv}") + r"\frac{V(x)}{3hw}")
    rows = [r"\mathcal{L}_{\mathrm{total}}(x) = " + " + ".join(terms), r" \qquad ".join(layers)]
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
