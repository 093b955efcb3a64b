"""Pictures of pictures: contact sheets."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .errors import SettingError
from .images import resize

INK, PAPER, ROOM = (32, 32, 32), (255, 255, 255), 8  # RGB, RGB, pixels between panels


def contact_sheet(
    panels: Sequence[Sequence[np.ndarray | None]],
    columns: Sequence[str] = (),
    rows: Sequence[str] = (),
    *,
    width: int = 256,
) -> np.ndarray:
    """One picture [h, w, 3] of rows of panels, with a label above each column and to the left of each row.

    panels: rows of pictures [h, w, 3] in [0, 1], each scaled to `width` pixels; None, and what a shorter row lacks,
    leaves a gap. A label may have several lines. Raises SettingError where there is no picture at all.
    """
    if not any(panel is not None for row in panels for panel in row):
        raise SettingError("a contact sheet needs at least one picture")
    font = ImageFont.load_default(size=max(10, width // 16))
    scaled = [[None if x is None else _scaled(x, width) for x in row] for row in panels]
    heights = [max((x.height for x in row if x is not None), default=width // 2) for row in scaled]
    left = max((_extent(label, font)[0] for label in rows), default=-ROOM) + 2 * ROOM
    top = max((_extent(label, font)[1] for label in columns), default=-ROOM) + 2 * ROOM
    across = max(map(len, scaled))
    sheet = Image.new("RGB", (left + across * (width + ROOM), top + sum(heights) + ROOM * len(heights)), PAPER)
    draw = ImageDraw.Draw(sheet)
    for j, label in enumerate(columns):
        draw.multiline_text(
            (left + j * (width + ROOM) + width / 2, ROOM), label, INK, font, anchor="ma", align="center"
        )
    y = top
    for i, (row, height) in enumerate(zip(scaled, heights, strict=True)):
        if i < len(rows):
            draw.multiline_text((ROOM, y + height / 2), rows[i], INK, font, anchor="lm")
        for j, x in enumerate(row):
            place = (left + j * (width + ROOM), y)
            if x is not None:
                sheet.paste(x, place)
            else:
                draw.rectangle([place, (place[0] + width - 1, y + height - 1)], outline=(200, 200, 200))
        y += height + ROOM
    return np.asarray(sheet, np.float32) / 255


def _scaled(x, width):
    h, w, _ = x.shape
    x = resize(np.asarray(x, np.float32), (max(1, round(h * width / w)), width))
    return Image.fromarray(np.rint(np.clip(x, 0, 1) * 255).astype(np.uint8))


def _extent(label, font):
    box = ImageDraw.Draw(Image.new("L", (1, 1))).multiline_textbbox((0, 0), label, font)
    return round(box[2]), round(box[3])
