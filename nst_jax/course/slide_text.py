"""Text of slides: Markdown with its formulas as MathML, and code in colours. It needs the extra `slides`."""

import re

from latex2mathml.converter import convert  # pyright: ignore[reportMissingImports] - an extra
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer


class FormulaError(ValueError):
    """A formula cannot be converted."""


class _Renderer(IPythonRenderer):
    """Jupyter's, which leaves formulas to scripts and links to whatever lies beside the page."""

    def inline_math(self, body: str) -> str:
        money = body[0].isspace() != body[-1].isspace()  # $5 and $6
        return super().inline_math(body) if money else mathml(body, "inline")

    def block_math(self, body: str) -> str:
        return mathml(body, "block")

    def latex_environment(self, name: str, body: str) -> str:
        return mathml(rf"\begin{{{name}}}{body}\end{{{name}}}", "block")

    def link(self, text: str, url: str, title: str | None = None) -> str:
        return super().link(text, url, title) if url.startswith(("http:", "https:")) else text


def markdown(text: str) -> str:
    """Markdown as HTML, its formulas as MathML; links to files that are not beside the slides are their words alone.

    Raises:
        FormulaError: for a formula that cannot be converted.
    """
    return MarkdownWithMath(renderer=_Renderer(escape=False)).render(text)


def mathml(source: str, display: str) -> str:
    """A formula as MathML.

    Args:
        source: in LaTeX.
        display: "inline" or "block", whose lines are aligned.

    Raises:
        FormulaError: if it cannot be converted.
    """
    latex = re.sub(r"\\\\\[[^\]]*\]", r"\\\\", source.strip())  # a line's extra height
    if display == "block" and r"\\" in latex and r"\begin" not in latex:
        latex = rf"\begin{{aligned}}{latex}\end{{aligned}}"
    try:
        return convert(latex.replace(r"\arg", r"\operatorname{arg}"), display=display)  # which it does not know
    except Exception as error:  # the converter's own have no common class
        fault = type(error).__name__
        raise FormulaError(
            f"formula {source.strip()!r:.60} cannot be converted ({fault}); mend it, or write \\$ for a dollar sign"
        ) from None


def code(source: str) -> str:
    """Python in colours."""
    return highlight(source, PythonLexer(), HtmlFormatter(cssclass="code"))


def code_style() -> str:
    """The style sheet of `code`."""
    return HtmlFormatter(style="default").get_style_defs(".code")
