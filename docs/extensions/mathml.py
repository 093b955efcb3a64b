"""Formulas as MathML, which browsers typeset by themselves: no script, no fonts, no connection."""

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)


def mathml(node: nodes.Element, display: str) -> str:
    """The formula of a node.

    Args:
        node: holds LaTeX.
        display: "inline" or "block".

    Returns:
        A <math> element.
    """
    latex = node.astext().strip()
    if display == "block" and r"\\" in latex and r"\begin" not in latex:
        latex = rf"\begin{{aligned}}{latex}\end{{aligned}}"
    try:
        return convert(latex, display=display)
    except Exception as error:  # whatever the formula leads the converter to
        logger.warning("a formula cannot be typeset (%r): %s", error, latex, location=node)
        return f"<code>{latex}</code>"


def visit_inline(translator, node: nodes.math) -> None:
    translator.body.append(f'<span class="formula">{mathml(node, "inline")}</span>')
    raise nodes.SkipNode


def visit_block(translator, node: nodes.math_block) -> None:
    translator.body.append(f'<div class="formula">{mathml(node, "block")}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict:
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
