"""A warning, which fails the build, for every page that would load something from elsewhere."""

import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)
LOADED = re.compile(
    r"""<(?:script|img|iframe|video|source)\b[^>]*\bsrc=["']?(?:https?:)?//[^"' >]+"""
    r"""|<link\b(?=[^>]*\brel=["']?(?:stylesheet|preload|icon))[^>]*\bhref=["']?(?:https?:)?//[^"' >]+"""
    r"""|@import\s+(?:url\()?["']?(?:https?:)?//[^"')]+|url\(["']?(?:https?:)?//[^"')]+""",
    re.I,
)


def remote(text: str) -> list[str]:
    """What a page or a style sheet loads from elsewhere; links that a reader follows are not loaded."""
    return LOADED.findall(text)


def check(app: Sphinx, error: Exception | None) -> None:
    if error is not None:
        return
    for path in sorted(Path(app.outdir).rglob("*")):
        if path.suffix in (".html", ".css"):
            for found in remote(path.read_text(encoding="utf-8", errors="replace")):
                logger.warning("%s loads from elsewhere: %s", path.relative_to(app.outdir), found)


def setup(app: Sphinx) -> dict:
    app.connect("build-finished", check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
