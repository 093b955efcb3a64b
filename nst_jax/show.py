"""Pictures of pictures: contact sheets, maps in colour; and curves of losses."""

import io
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .errors import SettingError
from .images import resize

INK, PAPER, ROOM = (32, 32, 32), (255, 255, 255), 8  # RGB, RGB, pixels between panels
AT_NOISE = (0.5, 99.5)  # percentiles that stay within [0, 1] where a picture is stretched


@dataclass(frozen=True, eq=False)
class Sheet:
    """A picture that a notebook shows, small: as a JPEG. image: float32 [h, w, 3] in [0, 1]; text: its words."""

    image: np.ndarray
    text: str
    quality: int = 85

    def __repr__(self) -> str:
        return self.text

    def jpeg(self) -> bytes:
        """The picture as a JPEG file's bytes."""
        file = io.BytesIO()
        _as_image(self.image).save(file, "JPEG", quality=self.quality)
        return file.getvalue()

    _repr_jpeg_ = jpeg  # what a notebook asks for


def pictures(
    panels: Mapping[str, np.ndarray] | Sequence[Sequence[np.ndarray | None]],
    columns: Sequence[str] = (),
    rows: Sequence[str] = (),
    *,
    width: int = 256,
    quality: int = 85,
) -> Sheet:
    """Pictures to look at in a notebook, with their labels.

    panels: label → picture [h, w, 3], a row; or rows of pictures as in `contact_sheet`, which says what the rest is;
    quality: of the JPEG, where many pictures would make the notebook large.
    """
    if isinstance(panels, Mapping):
        panels, columns = [list(panels.values())], list(panels)
    text = f"{len(panels)} × {max(map(len, panels))} pictures: {', '.join([*columns, *rows])}"
    return Sheet(contact_sheet(panels, columns, rows, width=width), text.replace("\n", " "), quality)


@dataclass(frozen=True, eq=False)
class Drawing:
    """A figure that a notebook shows, small: png: a PNG of few colours; text: its words."""

    png: bytes
    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_png_(self) -> bytes:
        return self.png


def drawing(figure, colours: int = 64) -> Drawing:
    """A figure of matplotlib's, to be the last line of a cell: a quarter of the bytes of the usual PNG.

    It is closed, so that the notebook does not show it twice. colours: how many the PNG has.
    """
    import matplotlib.pyplot as plt

    full, small = io.BytesIO(), io.BytesIO()
    figure.savefig(full, format="png", bbox_inches="tight")
    plt.close(figure)
    Image.open(full).convert("RGB").quantize(colours).save(small, "PNG", optimize=True)
    words = (axes.get_title() or axes.get_ylabel() for axes in figure.axes)
    return Drawing(small.getvalue(), f"figure: {', '.join(filter(None, words))}")


def coloured(values: np.ndarray, limit: float | None = None, colours: str = "magma") -> np.ndarray:
    """A map [h, w] ≥ 0, such as one channel or a Gram matrix, in colours: [h, w, 3]; 0 is the darkest.

    limit: what is brightest, and all above it; the maximum unless given; colours: of matplotlib.
    """
    import matplotlib

    values = np.asarray(values, np.float32)
    limit = values.max() if limit is None else limit
    return matplotlib.colormaps[colours](values / max(float(limit), 1e-12))[..., :3].astype(np.float32)


def stretched(x: np.ndarray) -> np.ndarray:
    """x of any range, moved and scaled into [0, 1] to be looked at: a gradient, or a difference of pictures."""
    low, high = np.percentile(x, AT_NOISE)
    return np.clip((np.asarray(x, np.float32) - low) / max(high - low, 1e-12), 0, 1)


def curves(
    runs: Mapping[str, Mapping[str, np.ndarray]],
    against: str = "evaluations",
    of: str = "total",
    axes=None,
):
    """Curves of losses on a log scale, with a legend; returns matplotlib's axes.

    runs: label → `Frame.losses` or `Result.losses`; against: "evaluations" or "seconds"; of: the column to draw;
    axes: where to draw; a new figure unless given.
    """
    import matplotlib.pyplot as plt

    axes = plt.subplots(figsize=(6, 3.4), layout="constrained")[1] if axes is None else axes
    for label, losses in runs.items():
        axes.plot(losses[against], losses[of], label=label, linewidth=1.4)
    axes.set(xlabel=against, ylabel="loss" if of == "total" else f"loss, {of}", yscale="log")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(which="major", color="#d9d9d9", linewidth=0.5)
    axes.legend(frameon=False, fontsize=8)
    return axes


def contact_sheet(
    panels: Sequence[Sequence[np.ndarray | str | None]],
    columns: Sequence[str] = (),
    rows: Sequence[str] = (),
    *,
    width: int = 256,
) -> np.ndarray:
    """One picture [h, w, 3] of rows of panels, with a label above each column and to the left of each row.

    panels: rows of pictures [h, w, 3] in [0, 1], each scaled to `width` pixels; None, and what a shorter row lacks,
    leaves a gap, a text one with that text. A label may have several lines.
    Raises SettingError where there is no panel at all.
    """
    if not any(panel is not None for row in panels for panel in row):
        raise SettingError("a contact sheet needs at least one picture")
    font = _font(max(10, width // 16))
    scaled = [[_scaled(x, width) if isinstance(x, np.ndarray) else x for x in row] for row in map(_floats, panels)]
    heights = [max((x.height for x in row if isinstance(x, Image.Image)), default=width // 2) for row in scaled]
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


def _floats(row):
    return [x if x is None or isinstance(x, str) else np.asarray(x, np.float32) for x in row]


def _scaled(x, width):
    h, w, _ = x.shape
    shape = (max(1, round(h * width / w)), width)
    if w <= width // 2:  # a map of few positions: they are to be seen
        return _as_image(x).resize(shape[::-1], Image.Resampling.NEAREST)
    return _as_image(resize(x, shape))


def _as_image(x):
    return Image.fromarray(np.rint(np.clip(x, 0, 1) * 255).astype(np.uint8))


def _font(size):
    # Pillow's own font has neither Greek letters nor superscripts.
    import matplotlib

    return ImageFont.truetype(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf", size)


def _extent(label, font):
    box = ImageDraw.Draw(Image.new("L", (1, 1))).multiline_textbbox((0, 0), label, font)
    return round(box[2]), round(box[3])
