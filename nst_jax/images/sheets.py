"""Contact sheets: one picture of many, with labels."""

import io
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ..errors import NSTError, SettingError
from .picture import Picture, bytes8
from .printing import save_strips
from .resizing import resize
from .screen import zoom
from .strips import Strip

INK, PAPER, ROOM = (32, 32, 32), (255, 255, 255), 8  # RGB, RGB, pixels between panels


@dataclass(frozen=True, eq=False)
class Sheet:
    """A picture that a notebook shows as a JPEG, which keeps the notebook small.

    Attributes:
        image: float32 [h, w, 3] in [0, 1].
        text: what it shows, in words.
        quality: of the JPEG.
        strips: what it was made of, for print; nothing if that is not known.
    """

    image: np.ndarray
    text: str
    quality: int = 85
    strips: tuple[Strip, ...] = field(default=(), repr=False)

    def __repr__(self) -> str:
        return self.text

    def jpeg(self) -> bytes:
        """The picture as a JPEG file's bytes."""
        file = io.BytesIO()
        Image.fromarray(bytes8(self.image)).save(file, "JPEG", quality=self.quality)
        return file.getvalue()

    def save(self, path: str | Path, *, dpi: float = 300, width: float = 170) -> None:
        """Write it for print, atomically: labels as text, pictures with all their pixels.

        Args:
            path: .pdf or .svg; or .png, drawn at `dpi`.
            dpi: pixels an inch of a PNG, 30 to 2400.
            width: of the figure in mm, 20 to 2000; 170 is the text of an A4 page.

        Raises:
            ImageError: for another ending.
            NSTError: if matplotlib is not installed, or the folder cannot be written.
            SettingError: for a width or resolution out of range.

        Example:
            >>> import numpy as np
            >>> from nst_jax import show
            >>> show.pictures({"grey": np.full((40, 60, 3), 0.5)}).save("figure.pdf")
        """
        save_strips(self.strips or (Strip([[self.image]]),), path, dpi=dpi, width=width)

    def _repr_jpeg_(self) -> tuple[bytes, dict[str, str]]:
        """What a notebook asks for, with what it shows."""
        return self.jpeg(), {"alt": self.text}


def pictures(
    panels: Mapping[str, np.ndarray] | Sequence[Sequence[np.ndarray | None]],
    columns: Sequence[str] = (),
    rows: Sequence[str] = (),
    *,
    width: int = 256,
    quality: int = 85,
) -> Sheet:
    """Pictures to look at in a notebook, with their labels.

    Args:
        panels: label → picture [h, w, 3], for one row; or rows of pictures, as in `contact_sheet`.
        columns: a label for each column.
        rows: a label for each row.
        width: of a picture, in pixels; larger for a projector.
        quality: of the JPEG; lower if many pictures would make the notebook large.

    Returns:
        The sheet.

    Raises:
        SettingError: if there is no picture.
    """
    if isinstance(panels, Mapping):
        panels, columns = [list(panels.values())], list(panels)
    text = f"{len(panels)} × {max(map(len, panels))} pictures: {', '.join([*columns, *rows])}"
    width = round(width * zoom())
    strip = Strip([*map(_floats, panels)], tuple(columns), tuple(rows), coarse=width // 2)
    return Sheet(contact_sheet(panels, columns, rows, width=width), text.replace("\n", " "), quality, (strip,))


def gallery(panels: Mapping[str, np.ndarray], across: int = 5, *, width: int = 192, quality: int = 85) -> Sheet:
    """Many pictures in rows, each under its own label.

    Args:
        panels: label → picture [h, w, 3].
        across: pictures in a row.
        width: of a picture, in pixels; larger for a projector.
        quality: of the JPEG.

    Returns:
        The sheet.

    Raises:
        SettingError: if there is no picture.
    """
    width = round(width * zoom())
    heads, images = list(panels), list(panels.values())
    starts = range(0, max(1, len(heads)), across)
    strips = [contact_sheet([images[i : i + across]], heads[i : i + across], width=width) for i in starts]
    widest = max(strip.shape[1] for strip in strips)
    padded = [np.pad(x, ((0, 0), (0, widest - x.shape[1]), (0, 0)), constant_values=1) for x in strips]
    spare = [None] * (-len(images) % across if len(images) > across else 0)
    filled = [*_floats(images), *spare]
    parts = tuple(Strip([filled[i : i + across]], heads[i : i + across], coarse=width // 2) for i in starts)
    text = f"{len(heads)} pictures: {', '.join(heads)}".replace("\n", " ")
    return Sheet(np.concatenate(padded), text, quality, parts)


def contact_sheet(
    panels: Sequence[Sequence[np.ndarray | str | None]],
    columns: Sequence[str] = (),
    rows: Sequence[str] = (),
    *,
    width: int = 256,
) -> np.ndarray:
    """One picture of rows of panels, with a label above each column and to the left of each row.

    Args:
        panels: rows of pictures [h, w, 3] in [0, 1], scaled to one width. None leaves a gap, and so does what a
            shorter row lacks; a text leaves a gap with that text.
        columns: a label for each column; it may have several lines.
        rows: a label for each row, likewise.
        width: of a panel, in pixels.

    Returns:
        [h, w, 3] in [0, 1].

    Raises:
        SettingError: if there is no picture.
    """
    if not any(panel is not None for row in panels for panel in row):
        raise SettingError("a contact sheet needs at least one picture")
    size = max(10, width // 16)
    scaled = [[_scaled(x, width) if isinstance(x, np.ndarray) else x for x in row] for row in map(_floats, panels)]
    heights = [max((x.height for x in row if isinstance(x, Image.Image)), default=width // 2) for row in scaled]
    left = max((_extent(label, _font(size))[0] for label in rows), default=-ROOM) + 2 * ROOM
    top = max((_extent(label, _font(size))[1] for label in columns), default=-ROOM) + 2 * ROOM
    across = max(map(len, scaled))
    sheet = Image.new("RGB", (left + across * (width + ROOM), top + sum(heights) + ROOM * len(heights)), PAPER)
    draw = ImageDraw.Draw(sheet)
    for j, label in enumerate(columns):
        middle = (left + j * (width + ROOM) + width / 2, ROOM)
        draw.multiline_text(middle, label, INK, _font(size), anchor="ma", align="center")
    y = top
    for i, (row, height) in enumerate(zip(scaled, heights, strict=True)):
        if i < len(rows):
            draw.multiline_text((ROOM, y + height / 2), rows[i], INK, _font(size), anchor="lm")
        for j, x in enumerate(row):
            place = (left + j * (width + ROOM), y)
            if isinstance(x, Image.Image):
                sheet.paste(x, place)
                continue
            draw.rectangle([place, (place[0] + width - 1, y + height - 1)], outline=(200, 200, 200))
            if x is not None:
                middle, small = (place[0] + width / 2, y + height / 2), _font(max(9, width // 22))
                text = textwrap.fill(x, max(8, round(1.7 * width / small.size)))
                draw.multiline_text(middle, text, (120, 120, 120), small, anchor="mm", align="center")
        y += height + ROOM
    return np.asarray(sheet, np.float32) / 255


def _floats(row: Sequence[np.ndarray | str | None]) -> list[np.ndarray | str | None]:
    return [x if x is None or isinstance(x, str) else np.asarray(x, np.float32) for x in row]


def _scaled(x: Picture, width: int) -> Image.Image:
    h, w, _ = x.shape
    shape = (max(1, round(h * width / w)), width)
    if w <= width // 2:  # a map of few positions: keep its pixels visible
        return Image.fromarray(bytes8(x)).resize((shape[1], shape[0]), Image.Resampling.NEAREST)
    return Image.fromarray(bytes8(resize(x, shape)))


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    # Pillow's own font has neither Greek letters nor superscripts.
    try:
        import matplotlib
    except ImportError:
        raise NSTError('labels need matplotlib\'s font; run pip install "nst_jax[research]"') from None

    return ImageFont.truetype(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf", size)


def _extent(label: str, font: ImageFont.FreeTypeFont) -> tuple[int, int]:
    """(width, height) of a label, in pixels."""
    box = ImageDraw.Draw(Image.new("L", (1, 1))).multiline_textbbox((0, 0), label, font)
    return round(box[2]), round(box[3])
