"""The controls of the studio in the browser: they show traits, and send what is done as messages."""

from pathlib import Path

import anywidget
import traitlets

from ..images.uploads import FRAME


class StudioPanel(anywidget.AnyWidget):
    """Photo, styles with sliders, settings, brushes, refining, saving; `studio_panel.js` is the other half.

    Messages from the browser are {"do": …}, a file among them in parts; Python alone changes the traits.

    Attributes:
        photos: names of pictures to choose from; likewise `known_styles`.
        photo: the name of the one that is chosen.
        styles: name, weight and thumbnail (an address of data) of each that is used.
        most_styles: how many there may be.
        settings: strength, style_scale, colour and size.
        choices: setting → the values that it may have, each with its words.
        limits: bytes and endings that a file may have.
        unused: settings that have no effect now.
        mode: what is seen: "styles", "refine", "compare" or "camera".
        marks: whether it is shown what is brushed.
        busy: whether the optimiser runs.
        undoable: refinements that can be taken back.
        brushed: whether there is anything to refine.
        status: one line, read aloud when it changes.
        detail: one line that changes too often for that.
        progress: of the optimiser, in [0, 1].
    """

    _esm = Path(__file__).with_suffix(".js")
    _css = Path(__file__).with_suffix(".css")
    photos = traitlets.List().tag(sync=True)
    known_styles = traitlets.List().tag(sync=True)
    photo = traitlets.Unicode().tag(sync=True)
    styles = traitlets.List().tag(sync=True)
    most_styles = traitlets.Int().tag(sync=True)
    settings = traitlets.Dict().tag(sync=True)
    choices = traitlets.Dict().tag(sync=True)
    limits = traitlets.Dict().tag(sync=True)
    unused = traitlets.List().tag(sync=True)
    mode = traitlets.Unicode("styles").tag(sync=True)
    marks = traitlets.Bool(True).tag(sync=True)
    busy = traitlets.Bool(False).tag(sync=True)
    undoable = traitlets.Int(0).tag(sync=True)
    brushed = traitlets.Bool(False).tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)
    detail = traitlets.Unicode().tag(sync=True)
    progress = traitlets.Float(0.0).tag(sync=True)


class Comparison(anywidget.AnyWidget):
    """Two pictures in one place with a divider to drag; `studio_comparison.js` is the other half.

    Attributes:
        before: a JPEG, to the left of the divider.
        after: a JPEG of the same proportions.
        proportion: width divided by height.
    """

    _esm = Path(__file__).with_name("studio_comparison.js")
    _css = Path(__file__).with_suffix(".css")
    before = traitlets.CBytes().tag(sync=True)
    after = traitlets.CBytes().tag(sync=True)
    proportion = traitlets.Float(1.0).tag(sync=True)


class Camera(anywidget.AnyWidget):
    """The camera, and what is painted of it; `studio_camera.js` is the other half.

    The browser sends {"do": "frame", "id": …} with a JPEG, and the next frame when it has drawn the answer: the same
    with the painted JPEG, or with a "fault".

    Attributes:
        side: longest side of a frame, in pixels.
        most: frames a second, at most: Jupyter's server holds back what is more than a megabyte a second.
        painted_in: in words, for screen readers.
    """

    _esm = Path(__file__).with_name("studio_camera.js")
    _css = Path(__file__).with_suffix(".css")
    side = traitlets.Int(FRAME.longest).tag(sync=True)
    most = traitlets.Int(20).tag(sync=True)
    painted_in = traitlets.Unicode().tag(sync=True)
