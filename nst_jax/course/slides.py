"""Slides made from a notebook: one file of HTML that reveal.js shows, without a connection.

Each heading of the second level begins a slide; so does a cell whose slide type is "slide" or "subslide", as Jupyter
has it, under the same heading. Cells of the type "skip", and what is folded away, are not shown; those of "notes" are
the speaker's; `"hide_code": true` beside the slide type shows of a cell only what it shows. Text and code stand to the
left, the rest to the right. A slide that is too full is drawn smaller.
"""

import html
import re
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..errors import NSTError
from ..files import atomic_write
from .editions import read_notebook, students_edition

WIDTH, HEIGHT = 1280, 720
SLIDE_TYPES = ("slide", "subslide")
HEADING = re.compile(r"^(?=## )", re.MULTILINE)
NEEDS = 'slides need more packages; run pip install "nst_jax[slides]"'
HERE = Path(__file__).parent


@dataclass
class Slide:
    """One slide, in HTML.

    Attributes:
        text: what is read, and code.
        shown: what the code shows.
        notes: for the speaker.
    """

    text: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def slides_of(book: dict[str, Any]) -> list[Slide]:
    """The slides of a notebook.

    Args:
        book: a notebook as JSON (nbformat 4), with its outputs.

    Returns:
        Slides that have something on them.

    Raises:
        FormulaError: for a formula that cannot be converted.
        NSTError: if the extra is not installed.
    """
    text = _text()
    slides, heading = [Slide()], ""
    for cell in students_edition(book)["cells"]:
        how = cell.get("metadata", {}).get("slideshow", {})
        kind = how.get("slide_type", "")
        if kind == "skip":
            continue
        if kind == "notes":
            slides[-1].notes.append(text.markdown(cell["source"]))
            continue
        if kind in SLIDE_TYPES:
            slides.append(Slide([f"<h2>{heading}</h2>"]) if heading else Slide())
        if cell["cell_type"] == "code":
            slides[-1].text += [] if how.get("hide_code") else [text.code(cell["source"])]
            slides[-1].shown += map(shown, joined(cell.get("outputs", [])))
            continue
        first, *others = HEADING.split(cell["source"])
        slides[-1].text += [text.markdown(first)] if first.strip() else []
        for part in others:
            heading = f"{html.escape(part.splitlines()[0].removeprefix('## '))} …"
            slides.append(Slide([text.markdown(part)]))
    return [slide for slide in slides if slide.text or slide.shown]


def write_slides(notebook: Path, path: Path) -> int:
    """Write the slides of a notebook as one file.

    Args:
        notebook: .ipynb with its outputs.
        path: .html to write.

    Returns:
        How many slides there are.

    Raises:
        NSTError: if the file is not a notebook or has a formula that cannot be converted, the extra is not installed,
            or nothing can be written there.
    """
    book = read_notebook(notebook)
    first = "".join("".join(cell["source"]) for cell in book["cells"][:1]).strip()
    title = first.partition("\n")[0].lstrip("# ") or notebook.stem
    try:
        slides = slides_of(book)
    except _text().FormulaError as error:
        raise NSTError(f"{notebook}: {error}") from None
    with atomic_write(path, "w") as file:
        file.write(page(title, slides))
    return len(slides)


def page(title: str, slides: list[Slide]) -> str:
    """A page with everything that it needs in it: slides, reveal.js (MIT licence), styles."""
    reveal = _reveal()
    style = re.sub(r"@import [^;]+;", "", (reveal / "theme" / "white.css").read_text(encoding="utf-8"))
    styles = [(reveal / "reveal.css").read_text(encoding="utf-8"), style, _text().code_style()]
    styles.append((HERE / "slides.css").read_text(encoding="utf-8"))
    script = (reveal / "reveal.js").read_text(encoding="utf-8").replace("</script", "<\\/script")
    own = f"const [WIDE, HIGH] = [{WIDTH}, {HEIGHT}];\n{(HERE / 'slides.js').read_text(encoding='utf-8')}"
    body = "\n".join(map(_section, slides))
    head = "".join(f"<style>{each}</style>\n" for each in styles)
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{html.escape(title)}</title>\n'
        f'{head}</head>\n<body>\n<div class="reveal"><div class="slides">\n{body}\n</div></div>\n'
        f"<script>{script}</script>\n<script>{own}</script>\n</body>\n</html>\n"
    )


def _section(slide: Slide) -> str:
    left, right = (f'<div class="{name}">{"".join(parts)}</div>' if parts else "" for name, parts in (
        ("text", slide.text), ("shown", slide.shown)))  # fmt: skip
    notes = f'<aside class="notes">{"".join(slide.notes)}</aside>' if slide.notes else ""
    kind = "both" if left and right else "one"
    return f'<section><div class="fitted {kind}">{left}{right}</div>{notes}</section>'


def joined(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Outputs with what was printed in parts as one."""
    found: list[dict[str, Any]] = []
    for output in outputs:
        printed = output["output_type"] == "stream"
        if printed and found and found[-1]["output_type"] == "stream":
            found[-1] = {**output, "text": "".join(found[-1]["text"]) + "".join(output["text"])}
        else:
            found.append(output)
    return found


def shown(output: dict[str, Any]) -> str:
    """An output: its picture with its words, or else its text."""
    if output["output_type"] == "stream":
        return f"<pre>{html.escape(''.join(output['text']))}</pre>"
    data = output.get("data", {})
    for kind in ("image/png", "image/jpeg"):
        if kind in data:
            alt = html.escape(output.get("metadata", {}).get(kind, {}).get("alt", ""), quote=True)
            return f'<img alt="{alt}" src="data:{kind};base64,{"".join(data[kind]).strip()}">'
    for kind in ("text/markdown", "text/latex"):
        if kind in data:
            return _text().markdown("".join(data[kind]))
    return f"<pre>{html.escape(''.join(data.get('text/plain', '')))}</pre>"


def _text() -> Any:
    """The module that makes text into HTML."""
    try:
        from . import slide_text
    except ImportError:
        raise NSTError(NEEDS) from None
    return slide_text


def _reveal() -> Path:
    """The folder of reveal.js, which comes with sphinx-revealjs."""
    found = find_spec("sphinx_revealjs")
    if found is None or not found.submodule_search_locations:
        raise NSTError(NEEDS)
    return Path(found.submodule_search_locations[0], "_static", "revealjs", "dist")
