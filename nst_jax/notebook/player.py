"""Clips as a notebook shows them: animated pictures, side by side."""

import base64
import html
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PIL import Image

from ..errors import NSTError
from ..images.picture import Picture, bytes8
from ..images.sheets import contact_sheet


@dataclass(frozen=True, eq=False)
class Player:
    """A clip that a notebook shows as an animated WebP, which goes round and round.

    Attributes:
        webp: the bytes of the picture.
        text: what it shows, in words.
    """

    webp: bytes
    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.webp).decode()
        return f'<img alt="{html.escape(self.text, quote=True)}" src="data:image/webp;base64,{data}">'


def player(clips: Mapping[str, Sequence[Picture]], rate: float = 8, *, width: int = 256, quality: int = 50) -> Player:
    """Clips to look at in a notebook, side by side with their labels.

    Args:
        clips: label → frames [h, w, 3] in [0, 1], as many in each.
        rate: frames a second.
        width: of each clip, in pixels.
        quality: of the WebP, from 0 to 100; lower if several players would make the notebook large.

    Returns:
        The player.

    Raises:
        NSTError: if there is no frame, or clips differ in length.
    """
    counts = {name: len(frames) for name, frames in clips.items()}
    if not counts or min(counts.values()) == 0 or len(set(counts.values())) > 1:
        raise NSTError(
            f"clips of {', '.join(map(str, counts.values())) or 'no'} frames: give as many in each, 1 or more"
        )
    count = next(iter(counts.values()))
    sheets = (contact_sheet([[each[t] for each in clips.values()]], list(clips), width=width) for t in range(count))
    first, *rest = (Image.fromarray(bytes8(sheet)) for sheet in sheets)
    file = io.BytesIO()
    first.save(
        file, "WEBP", save_all=True, append_images=rest, duration=round(1000 / rate), loop=0, quality=quality, method=4
    )
    return Player(file.getvalue(), f"clips of {count} frames: {', '.join(clips)}")
