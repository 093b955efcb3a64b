"""What the widgets share: whether there is a frontend, pictures as bytes, and outputs that work without one."""

import base64
import html
import io
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

import numpy as np
from PIL import Image

from ..errors import NSTError
from ..images.resizing import fit, resize

WIDGET = "application/vnd.jupyter.widget-view+json"


def ipywidgets() -> Any:
    """The module.

    Raises:
        NSTError: if it is not installed.
    """
    try:
        import ipywidgets
    except ImportError:
        raise NSTError('the views need ipywidgets and matplotlib; run pip install "nst_jax[notebook]"') from None
    return ipywidgets


def titled(w: Any, text: str) -> dict[str, str]:
    """The keyword that gives a widget a title, which screen readers read; none for ipywidgets 7, which has it not.

    Only for widgets with a description: the browser cannot draw a picture that has a title (ipywidgets 8).
    """
    return {"tooltip": text} if "tooltip" in w.DOMWidget.class_trait_names() else {}


def headless() -> bool:
    """Whether nobody can move a slider: outside a notebook, or if NST_STATIC=1, set by programs that run all cells."""
    return os.environ.get("NST_STATIC") == "1" or _shell() is None


def _shell() -> Any:
    """The shell of a notebook's kernel; None outside of one."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return None if getattr(shell, "kernel", None) is None else shell


def running_cell() -> str | None:
    """The cell that is being run, by the name that the frontend gives it; None outside of a notebook."""
    shell = _shell()
    return None if shell is None else shell.get_parent().get("metadata", {}).get("cellId")


def shrunk(x: np.ndarray, longest: int) -> np.ndarray:
    """x [h, w, 3], its longest side at most `longest` pixels."""
    return resize(np.asarray(x, np.float32), fit(x.shape[:2], longest)) if max(x.shape[:2]) > longest else x


def jpeg(pixels: np.ndarray, quality: int = 90) -> bytes:
    """uint8 [h, w, 3] as a JPEG: small, and a few milliseconds for a picture of 512 pixels."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=quality, subsampling=0)
    return file.getvalue()


def beside(pictures: list[Image.Image], height: int, room: int = 12) -> np.ndarray:
    """Pictures side by side on white, scaled to one height: uint8 [height, w, 3]."""
    scaled = [p.convert("RGB").resize((max(1, round(p.width * height / p.height)), height)) for p in pictures]
    sheet = Image.new("RGB", (sum(p.width for p in scaled) + room * (len(scaled) - 1), height), "white")
    left = 0
    for p in scaled:
        sheet.paste(p, (left, 0))
        left += p.width + room
    return np.asarray(sheet)


class Names:
    """What screen readers say of sliders and pictures; without anywidget, nothing.

    Args:
        names: widget → what it is.

    Attributes:
        parts: the widget that does it, for the same view; none without anywidget.
    """

    def __init__(self, names: Mapping[Any, str]):
        self.parts: list[Any] = []
        if find_spec("anywidget") is not None:
            from .screen_reader import ScreenReader

            self.parts = [ScreenReader()]
        self.say(names)

    def say(self, names: Mapping[Any, str]) -> None:
        """Name some widgets, or name them again."""
        for part in self.parts:
            marks = {widget: f"nst-{widget.model_id}" for widget in names}
            for widget, mark in marks.items():
                widget.add_class(mark)
            part.names = part.names | {marks[widget]: text for widget, text in names.items()}


# A live widget hides the picture that is kept for later; without its kernel, the picture hides the widget's message.
_STYLE = """<style>
.jp-OutputArea-child:has(> .jp-OutputArea-output > .jupyter-widgets) + .jp-OutputArea-child:has(.nst-kept),
.jp-OutputArea-child:has(> .jp-OutputArea-output.jupyter-widgets):has(+ .jp-OutputArea-child .nst-kept)
{ display: none; }
</style>"""


@dataclass(frozen=True)
class Output:
    """One output of a cell.

    Attributes:
        data: MIME type → content.
        metadata: MIME type → what is said of it, such as a picture's `alt`.
    """

    data: dict[str, Any]
    metadata: dict[str, Any] = field(default_factory=dict)


def outputs(
    text: str, widget: Any = None, picture: bytes | None = None, alt: str | None = None, latex: str | None = None
) -> list[Output]:
    """What a cell shows: the widget if there is a kernel, and a picture that the notebook keeps.

    With a frontend these are two outputs. The second is hidden while the widget is alive, and shown in its place when
    the notebook is opened again. Without a frontend there is the picture alone, or the text.

    Args:
        text: the words.
        widget: of ipywidgets.
        picture: a JPEG.
        alt: what the picture shows; the text, unless given.
        latex: a formula, with dollar signs.

    Returns:
        One output, or two.
    """
    alt = text if alt is None else alt
    if widget is None or headless():
        data: dict[str, Any] = {"text/plain": text}
        if latex is not None:
            data["text/latex"] = latex
        if picture is not None:
            return [Output({**data, "image/jpeg": base64.b64encode(picture).decode()}, {"image/jpeg": {"alt": alt}})]
        return [Output(data)]
    parts = [] if latex is None else [html.escape(latex)]
    if picture is not None:
        source = f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}"
        parts.append(f'<img alt="{html.escape(alt)}" src="{source}" style="max-width: 100%">')
    return beside_the_widget(widget, text, "\n".join([*parts, f"<div>{html.escape(text)}</div>"]))


def beside_the_widget(widget: Any, text: str, kept: str) -> list[Output]:
    """The widget, and what is left of it when the notebook is opened again.

    Args:
        widget: of ipywidgets.
        text: the words.
        kept: HTML.

    Returns:
        Two outputs.
    """
    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    html_kept = f'<div class="nst-kept">{_STYLE}\n{kept}</div>'
    return [
        Output({"text/plain": "a live view, which needs a kernel", WIDGET: view}),
        Output({"text/plain": text, "text/html": html_kept}),
    ]


class Shown:
    """Outputs in a cell.

    Args:
        given: to be shown now, in the cell that is running.
    """

    def __init__(self, given: Sequence[Output]):
        from IPython.display import display

        self._handles: list[Any] = [display(o.data, metadata=o.metadata, raw=True, display_id=True) for o in given]

    def keep(self, given: Sequence[Output]) -> None:
        """Bring the last output, which the notebook keeps, up to date."""
        self._handles[-1].update(given[-1].data, metadata=given[-1].metadata, raw=True)
