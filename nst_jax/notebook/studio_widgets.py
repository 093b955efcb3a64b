"""The widgets of the studio and what they show; `studio` decides what that is."""

import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import ImageError, NSTError
from ..feedforward.choices import MOST_STYLES, SIZES, STYLE_SCALES
from ..feedforward.composition import Composition, Labels, Source
from ..images.picture import Picture, bytes8
from ..images.uploads import FILE
from .mask_painter import MaskPainter
from .widgets import ipywidgets, jpeg

MODES = ("styles", "refine", "compare", "camera")
CHOICES = {
    "style_scale": [[scale, f"{scale:g}"] for scale in STYLE_SCALES],
    "colour": [["style", "of the style"], ["content", "of the photo"], ["luminance", "photo, by light"]],
    "size": [[size, f"{size} px"] for size in SIZES],
}
MARKS = 0.4  # opacity of what is brushed
FILES = "image/jpeg,image/png,image/webp,image/tiff,image/gif,image/bmp,image/avif"
KEEP = "keep the photo"


@dataclass(frozen=True)
class Canvases:
    """What is brushed on.

    Attributes:
        photo: under both.
        styles: where styles are brushed.
        refiner: where it is brushed what is refined.
    """

    photo: Source
    styles: MaskPainter
    refiner: MaskPainter

    @property
    def both(self) -> tuple[MaskPainter, MaskPainter]:
        """Both canvases."""
        return self.styles, self.refiner


def canvases_for(c: Composition, before: Canvases | None = None) -> Canvases:
    """Canvases for another photo, or for other styles; what was brushed to refine a photo stays."""
    styles = MaskPainter(c.photo.draft, [*(each.source.name for each in c.styles), KEEP], None)
    if c.labels is not None:
        styles.widget.labels = zlib.compress(c.labels.tobytes())
    if before is not None and before.photo is c.photo:
        return Canvases(c.photo, styles, before.refiner)
    return Canvases(c.photo, styles, MaskPainter(c.photo.draft, ["area"], None))


class StudioWidgets:
    """Controls to the left, the picture to the right.

    Args:
        received: (message, buffers), for what is done in the browser.
        c: the composition to begin with.
        brushed: called with the labels of the styles' canvas when they change; with None for those of the refiner.

    Attributes:
        root: what is shown.
        panel: the controls.
        camera: shown in the mode "camera".
        canvases: what is brushed on.
    """

    def __init__(
        self,
        received: Callable[[Mapping[str, Any], list[Any]], None],
        c: Composition,
        brushed: Callable[[Labels | None], None],
    ):
        w = ipywidgets()
        try:
            from .studio_panel import Camera, Comparison, StudioPanel
        except ImportError:
            raise NSTError('the studio needs anywidget; run pip install "nst_jax[notebook]"') from None
        self.panel = StudioPanel(
            most_styles=MOST_STYLES, choices=CHOICES, limits={"bytes": FILE.bytes, "accept": FILES}
        )
        self._comparison, self.camera = Comparison(), Camera()
        for each in (self.panel, self.camera):
            each.on_msg(lambda _, message, buffers: received(message, buffers))
        self._stage = w.VBox(layout=w.Layout(flex="1 1 420px", min_width="300px", margin="0 0 0 12px"))
        self._stage.add_class("nst-studio-stage")
        self.root = w.HBox([self.panel, self._stage], layout=w.Layout(flex_flow="row wrap", align_items="flex-start"))
        self.root.add_class("nst-studio")
        self._shown: dict[str, Any] = {}
        self._replaced: list[MaskPainter] = []
        self._brushed, self.canvases = brushed, canvases_for(c)
        self._listen(self.canvases.both)

    def set_canvases(self, c: Composition) -> None:
        """Canvases for another composition; what they replace is closed when they are shown."""
        before, self.canvases = self.canvases.both, canvases_for(c, self.canvases)
        self._replaced += [each for each in before if each not in self.canvases.both]
        self._listen([each for each in self.canvases.both if each not in before])
        self._shown = {}

    def _listen(self, painters: Iterable[MaskPainter]) -> None:
        for painter in painters:
            painter.widget.opacity = MARKS if self.panel.marks else 0.0
            painter.widget.observe(lambda change, painter=painter: self._changed(painter), "labels")

    def _changed(self, painter: MaskPainter) -> None:
        try:
            self._brushed(painter.labels if painter is self.canvases.styles else None)
        except ImageError:  # damaged; the next stroke sends them again
            return

    def show(self, **traits: Any) -> None:
        """Set traits of the panel that differ, in one message."""
        traits["brushed"] = self._to_refine()
        with self.panel.hold_sync():
            for name, value in traits.items():
                if getattr(self.panel, name) != value:
                    setattr(self.panel, name, value)

    def show_marks(self, shown: bool) -> None:
        """Show what is brushed, or the picture alone."""
        self.panel.marks = shown
        for painter in self.canvases.both:
            painter.widget.opacity = MARKS if shown else 0.0

    def show_pictures(self, mode: str, photo: Picture, picture: Picture) -> None:
        """Put the picture where it is seen now."""
        if self._shown.get("mode") == mode and self._shown.get("picture") is picture:
            return
        styles, refiner = (each.widget for each in self.canvases.both)
        stage = {"styles": styles, "refine": refiner, "compare": self._comparison, "camera": self.camera}[mode]
        if mode == "compare":
            with stage.hold_sync():
                stage.proportion = photo.shape[1] / photo.shape[0]
                stage.before, stage.after = jpeg(bytes8(photo)), jpeg(bytes8(picture))
        elif mode != "camera":
            stage.picture = jpeg(bytes8(picture))
        if self._stage.children != (stage,):
            self._stage.children = (stage,)
        while self._replaced:
            self._replaced.pop().close()
        self._shown = {"mode": mode, "picture": picture}

    def close(self) -> None:
        """Give all widgets up."""
        for each in (self.root, self._stage, self.panel, self._comparison, self.camera):
            each.close()
        for each in (*self.canvases.both, *self._replaced):
            each.close()

    def _to_refine(self) -> bool:
        try:
            return bool(self.canvases.refiner.labels.any())
        except ImageError:
            return False
