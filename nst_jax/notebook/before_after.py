"""Before and after: two pictures with a divider to drag."""

import numpy as np

from ..errors import SettingError
from ..images.picture import Picture, as_picture, bytes8
from ..images.resizing import resize
from ..images.sheets import contact_sheet
from .widgets import Names, Shown, ipywidgets, jpeg, outputs, shrunk

LONGEST = 512  # pixels of the picture shown: a few milliseconds a step of the slider
NARROWEST = 384  # CSS pixels of a picture smaller than that, so that there is room to drag
LINE = 2  # width of the divider in pixels


def before_after(
    before: np.ndarray, after: np.ndarray, labels: tuple[str, str] = ("content", "result")
) -> "BeforeAfter":
    """Two pictures in one place, `before` to the left of a divider and `after` to the right.

    Without a kernel they stand side by side, with their labels.

    Args:
        before: [h, w, 3] in [0, 1], resized to the shape of `after`.
        after: likewise.
        labels: of the two.

    Returns:
        The widget.

    Raises:
        ImageError: for an array that is not a picture.
        SettingError: for other than two labels.
    """
    return BeforeAfter(before, after, labels)


def split(before: np.ndarray, after: np.ndarray, position: float, line: int = LINE) -> np.ndarray:
    """Columns left of position · w from one picture, the others from another, a white line between them.

    Args:
        before: uint8 [h, w, 3].
        after: uint8 [h, w, 3].
        position: in [0, 1].
        line: width of the white line, in pixels; at 0 and 1 there is no line.

    Returns:
        uint8 [h, w, 3].
    """
    w = after.shape[1]
    column = round(position * w)
    x = np.concatenate([before[:, :column], after[:, column:]], axis=1)
    if 0 < column < w and line:
        x[:, max(0, column - line // 2) : column + (line + 1) // 2] = 255
    return x


class BeforeAfter:
    """The widget of `before_after`.

    Attributes:
        widget: for a layout of your own.
        slider: its value, in [0, 1], is the divider.
    """

    def __init__(self, before: Picture, after: Picture, labels: tuple[str, str]):
        if len(labels) != 2:
            raise SettingError(f"labels={labels!r}: give two words, for before and after")
        after = shrunk(as_picture(after, "after"), LONGEST)
        before = resize(as_picture(before, "before"), after.shape[:2])
        self._floats, self._labels = (before, after), tuple(map(str, labels))
        self._before, self._after = bytes8(before), bytes8(after)
        w = ipywidgets()
        # The slider's track is as wide as the picture; its handle extends beyond it.
        width, handle = max(after.shape[1], NARROWEST), 16
        self.picture = w.Image(format="jpeg", layout=w.Layout(width=f"{width}px", margin=f"0 {handle // 2}px"))
        self.slider = w.FloatSlider(
            value=0.5, min=0, max=1, step=0.005, readout=False, layout=w.Layout(width=f"{width + handle}px", margin="0")
        )
        self.slider.observe(lambda change: self._draw(), "value")
        ends = [w.Label(label) for label in self._labels]
        legend = w.HBox(ends, layout=w.Layout(justify_content="space-between", width=f"{width + handle}px"))
        first, second = self._labels
        names = Names(
            {
                self.picture: f"{first} to the left of a divider, {second} to the right",
                self.slider: f"divider: the share of the width that shows {first}",
            }
        )
        self.widget = w.VBox([self.picture, self.slider, legend, *names.parts])
        self._draw()

    def sheet(self) -> bytes:
        """The two side by side, labelled: a JPEG."""
        return jpeg(bytes8(contact_sheet([self._floats], columns=self._labels, width=320)), quality=80)

    def _draw(self):
        self.picture.value = jpeg(split(self._before, self._after, self.slider.value), quality=92)

    def _ipython_display_(self) -> None:
        Shown(self._outputs())

    def _outputs(self):
        return outputs(f"{self._labels[0]} | {self._labels[1]}", self.widget, self.sheet())
