"""The canvas of `paint_mask` in the browser: it receives a picture, and returns labels after each stroke."""

from pathlib import Path

import anywidget
import traitlets


class MaskCanvas(anywidget.AnyWidget):
    """A picture under labels that are painted; `mask_canvas.js` is the other half.

    Attributes:
        picture: a JPEG; another one of these proportions may take its place.
        width: of picture and labels, in pixels.
        height: likewise.
        regions: name and colour ("#e69f00") of each, numbered from 1.
        opacity: of the labels, from 0 to 1.
        labels: a byte per pixel, row by row, the number of its region or 0; compressed by zlib.
    """

    _esm = Path(__file__).with_suffix(".js")
    _css = Path(__file__).with_suffix(".css")
    picture = traitlets.CBytes().tag(sync=True)
    width = traitlets.Int().tag(sync=True)
    height = traitlets.Int().tag(sync=True)
    regions = traitlets.List().tag(sync=True)
    opacity = traitlets.Float(0.5).tag(sync=True)
    labels = traitlets.CBytes().tag(sync=True, echo_update=False)
