"""What the widgets share: whether there is a frontend, pictures as bytes, and outputs that work without one."""

import base64
import io
import os
import sys
from typing import Any

import numpy as np
from PIL import Image

from ..errors import NSTError
from ..images.resizing import fit, resize


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


def output(text: str, widget: Any = None, picture: bytes | None = None, latex: str | None = None) -> dict[str, Any]:
    """What a cell shows: the widget if there is a kernel; the JPEG on a static page; else words.

    Args:
        text: the words.
        widget: of ipywidgets.
        picture: a JPEG.
        latex: a formula, with dollar signs.

    Returns:
        A MIME bundle.
    """
    bundle: dict[str, Any] = {"text/plain": text}
    if latex is not None:
        bundle["text/latex"] = latex
    if picture is not None:
        bundle["image/jpeg"] = base64.b64encode(picture).decode()
    if widget is not None and not headless():
        bundle["application/vnd.jupyter.widget-view+json"] = {
            "version_major": 2,
            "version_minor": 0,
            "model_id": widget.model_id,
        }
    return bundle
