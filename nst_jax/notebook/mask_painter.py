"""The mask painter: regions of a picture, painted with the mouse, a pen or a finger."""

import zlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from jaxtyping import Float, UInt8
from PIL import ImageColor

from ..errors import ImageError, NSTError, SettingError
from ..images.masks import PALETTE, check_proportions, resize_labels
from ..images.picture import Picture, as_picture, bytes8
from ..images.reading import load_image
from ..images.sheets import contact_sheet
from ..images.writing import save_image
from .widgets import Shown, jpeg, outputs, shrunk

LONGEST = 1024  # pixels, longest side of what is painted
SHOWN = 360  # pixels, width of the static picture
*COLOURS, UNPAINTED = PALETTE
FAR, EDGES = 0.3, 0.05  # distance in RGB from every colour, and the share of pixels that may be so far: soft edges


def paint_mask(
    picture: Picture | str | Path, regions: Iterable[str] = ("a", "b"), start: Picture | str | Path | None = None
) -> "MaskPainter":
    """Paint where each region of a picture is.

    Choose a region, then paint over it; erase, undo, clear, or fill the rest. The widget's `masks` always hold what is
    painted. Without a kernel, the picture is shown with its regions as they are.

    Args:
        picture: [h, w, 3] in [0, 1], or a picture's file or known name.
        regions: names of one to seven regions.
        start: masks to begin with, as `MaskPainter.picture` or its file: each pixel belongs to the nearest colour.

    Returns:
        The widget, with the masks.

    Raises:
        ImageError: for what is not a picture, or a start of other proportions or colours.
        SettingError: for no regions, more than seven, or two of one name.
        NSTError: if anywidget is not installed.
    """
    names = [regions] if isinstance(regions, str) else list(regions)
    if not 1 <= len(names) <= len(COLOURS) or len(set(names)) < len(names):
        raise SettingError(f"regions={names!r}: give one to {len(COLOURS)} different names")
    return MaskPainter(_read(picture, "picture"), names, None if start is None else _read(start, "start"))


class MaskPainter:
    """The widget of `paint_mask`.

    Attributes:
        legend: name of each region → its colour, such as "e69f00".
        widget: for a layout of your own.
    """

    def __init__(self, picture: Picture, names: list[str], start: Picture | None):
        try:
            from .mask_canvas import MaskCanvas
        except ImportError:
            raise NSTError('painting masks needs anywidget; run pip install "nst_jax[notebook]"') from None
        h, w, _ = picture.shape
        self.legend, self._shape = dict(zip(names, COLOURS, strict=False)), (h, w)
        self._shown = shrunk(picture, LONGEST)
        h, w, _ = self._shown.shape
        labels = np.zeros((h, w), np.uint8) if start is None else self._labels_of(start, (h, w))
        self.widget = MaskCanvas(
            picture=jpeg(bytes8(self._shown)),
            width=w,
            height=h,
            regions=[{"name": name, "colour": f"#{colour}"} for name, colour in self.legend.items()],
            labels=zlib.compress(labels.tobytes()),
        )

    @property
    def labels(self) -> UInt8[np.ndarray, "h w"]:
        """The number of each pixel's region, from 1 in the order of the legend; 0 where nothing is painted.

        Raises:
            ImageError: if what the browser sent is damaged.
        """
        return resize_labels(self._painted(), self._shape)

    @property
    def masks(self) -> dict[str, Float[np.ndarray, "h w"]]:
        """Name of each region → its mask at the picture's size: 1 where it is painted, 0 elsewhere."""
        labels = self.labels
        return {name: (labels == i).astype(np.float32) for i, name in enumerate(self.legend, 1)}

    @property
    def picture(self) -> Picture:
        """The masks as one picture of flat colours, those of the legend; black where nothing is painted."""
        return self._colours()[self.labels]

    def save(self, path: str | Path) -> None:
        """Write the masks as a picture of flat colours, which `paint_mask(…, start=path)` reads.

        Args:
            path: of the file; .png keeps the colours exactly.

        Raises:
            ImageError: for an ending of no known format.
            NSTError: if the folder cannot be written.
        """
        save_image(path, self.picture)

    def close(self) -> None:
        """Give the widget up, in the kernel and in the browser."""
        self.widget.close()

    def sheet(self) -> bytes:
        """The picture under its regions, and how masks are given as a file: a JPEG."""
        labels = self._painted()
        overlay = np.where(labels[..., None] > 0, (self._shown + self._colours()[labels]) / 2, self._shown)
        return jpeg(bytes8(contact_sheet([[overlay, self._words()]], width=SHOWN)))

    def _painted(self):
        """The labels at the canvas's size."""
        h, w = self.widget.height, self.widget.width
        try:
            labels = np.frombuffer(zlib.decompressobj().decompress(self.widget.labels, h * w + 1), np.uint8)
        except zlib.error:
            labels = np.empty(0, np.uint8)
        if labels.size != h * w or labels.max() > len(self.legend):
            raise ImageError("the masks arrived damaged from the browser; paint another stroke, which sends them again")
        return labels.reshape(h, w)

    def _words(self):
        regions = [f"{i} {name} {mask.mean():.0%}" for i, (name, mask) in enumerate(self.masks.items(), 1)]
        return (
            f"{', '.join(regions)}. Without a live notebook, paint {self._wanted()} in a program for pictures, and give"
            ' the file: nst.paint_mask(…, start="masks.png")'
        )

    def _wanted(self):
        return ", ".join(f"{name} in #{colour}" for name, colour in self.legend.items()) + " and the rest black"

    def _colours(self):
        """[regions + 1, 3] in [0, 1], by number."""
        colours = [ImageColor.getrgb(f"#{colour}") for colour in (UNPAINTED, *self.legend.values())]
        return np.array(colours, np.float32) / 255

    def _labels_of(self, flat: Picture, shape: tuple[int, int]) -> UInt8[np.ndarray, "h w"]:
        """The region of the nearest colour, for each pixel of a picture of flat colours."""
        check_proportions(flat[..., 0], self._shape, "start", "the picture")
        flat = resize_labels(bytes8(flat), shape) / np.float32(255)
        distances = np.stack([np.linalg.norm(flat - colour, axis=2) for colour in self._colours()])
        if (distances.min(0) > FAR).mean() > EDGES:
            raise ImageError(f"start has other colours than the regions; paint {self._wanted()}")
        return distances.argmin(0).astype(np.uint8)

    def _ipython_display_(self) -> None:
        shown = Shown(self._outputs())
        self.widget.observe(lambda change: shown.keep(self._outputs()), "labels")

    def _outputs(self):
        return outputs(self._words(), self.widget, self.sheet())


def _read(given: Picture | str | Path, name: str) -> Picture:
    return load_image(given) if isinstance(given, str | Path) else as_picture(given, name)
