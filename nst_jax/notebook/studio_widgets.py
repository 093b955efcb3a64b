"""The widgets of the studio and what they show; `studio` decides what that is."""

from collections.abc import Callable, Mapping
from typing import Any

from ..errors import ImageError, NSTError
from ..feedforward.composition import MOST_STYLES, Labels, Source
from ..images.picture import Picture, bytes8
from ..images.uploads import MOST_BYTES
from .mask_painter import MaskPainter
from .widgets import ipywidgets, jpeg

MODES = ("styles", "refine", "compare")
CHOICES = {
    "style_scale": [[0.5, "½"], [0.7, "0.7"], [1.0, "1"], [1.4, "1.4"], [2.0, "2"]],  # few: each is compiled
    "colour": [["style", "of the style"], ["content", "of the photo"], ["luminance", "photo, by light"]],
    "size": [[256, "256 px"], [512, "512 px"], [768, "768 px"], [1024, "1024 px"]],
}
MARKS = 0.4  # opacity of what is brushed
FILES = "image/jpeg,image/png,image/webp,image/tiff,image/gif,image/bmp,image/avif"


class StudioWidgets:
    """Controls to the left, the picture to the right.

    Args:
        received: (message, buffers), for what is done in the browser.

    Attributes:
        root: what is shown.
        panel: the controls.
        photo: of the canvases.
        styles: the canvas where styles are brushed.
        refiner: the canvas where it is brushed what is refined.
    """

    photo: Source | None = None
    styles: MaskPainter
    refiner: MaskPainter

    def __init__(self, received: Callable[[Mapping[str, Any], list[Any]], None]):
        w = ipywidgets()
        try:
            from .studio_panel import Comparison, StudioPanel
        except ImportError:
            raise NSTError('the studio needs anywidget; run pip install "nst_jax[notebook]"') from None
        self.panel = StudioPanel(
            most_styles=MOST_STYLES, choices=CHOICES, limits={"bytes": MOST_BYTES, "accept": FILES}
        )
        self.panel.on_msg(lambda _, message, buffers: received(message, buffers))
        self._comparison = Comparison()
        self._stage = w.VBox(layout=w.Layout(flex="1 1 420px", min_width="300px", margin="0 0 0 12px"))
        self._stage.add_class("nst-studio-stage")
        self.root = w.HBox([self.panel, self._stage], layout=w.Layout(flex_flow="row wrap", align_items="flex-start"))
        self.root.add_class("nst-studio")
        self._shown: dict[str, Any] = {}

    def set_canvases(
        self, photo: Source, styles: MaskPainter, refiner: MaskPainter, brushed: Callable[[Labels | None], None]
    ) -> None:
        """Other canvases.

        Args:
            photo: under them.
            styles: where styles are brushed.
            refiner: where it is brushed what is refined.
            brushed: called with the labels of the former; with None for those of the latter.
        """

        def read(change: Any) -> None:
            try:
                brushed(styles.labels)
            except ImageError:  # damaged; the next stroke sends them again
                return

        for painter in (styles, refiner):
            painter.widget.opacity = MARKS if self.panel.marks else 0.0
        same = self.photo is not None and refiner is self.__dict__.get("refiner")
        self.photo, self.styles, self.refiner = photo, styles, refiner
        styles.widget.observe(read, "labels")
        if not same:
            refiner.widget.observe(lambda change: brushed(None), "labels")
        self._shown = {}

    def show(self, **traits: Any) -> None:
        """Set traits of the panel that differ, in one message."""
        traits["brushed"] = self._brushed()
        with self.panel.hold_sync():
            for name, value in traits.items():
                if getattr(self.panel, name) != value:
                    setattr(self.panel, name, value)

    def show_marks(self, shown: bool) -> None:
        """Show what is brushed, or the picture alone."""
        self.panel.marks = shown
        for painter in (self.styles, self.refiner):
            painter.widget.opacity = MARKS if shown else 0.0

    def show_pictures(self, mode: str, photo: Picture, picture: Picture) -> None:
        """Put the picture where it is seen now."""
        if self._shown.get("mode") == mode and self._shown.get("picture") is picture:
            return
        shown = jpeg(bytes8(picture))
        stage = {"styles": self.styles.widget, "refine": self.refiner.widget, "compare": self._comparison}[mode]
        if mode == "compare":
            with stage.hold_sync():
                stage.proportion = photo.shape[1] / photo.shape[0]
                stage.before, stage.after = jpeg(bytes8(photo)), shown
        else:
            stage.picture = shown
        if self._stage.children != (stage,):
            self._stage.children = (stage,)
        self._shown = {"mode": mode, "picture": picture}

    def _brushed(self) -> bool:
        try:
            return bool(self.refiner.labels.any())
        except ImageError:
            return False
