"""Names and values that a screen reader reads, for widgets that have none in the browser."""

from pathlib import Path

import anywidget
import traitlets


class ScreenReader(anywidget.AnyWidget):
    """An invisible part of a view that names its other parts; `screen_reader.js` is the other half.

    Attributes:
        names: CSS class of a widget in the same view → what it is.
    """

    _esm = Path(__file__).with_suffix(".js")
    names = traitlets.Dict().tag(sync=True)
