"""Frames of a browser's camera: they come one at a time, and go back painted."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..feedforward.composition import Composition
from ..feedforward.live import NETWORK, mixture, strange
from ..images.picture import Picture, bytes8
from ..images.uploads import FRAME, check_bytes, read_upload
from .live_panel import line
from .newest import Newest
from .widgets import jpeg

NAME = "the frame"


def frames_in_words(c: Composition) -> str:
    """What frames are painted in."""
    if not (names := ", ".join(mixture(c))):
        return "No style has a share: move a slider."
    if others := ", ".join(strange(c)):
        return f"The camera, in {names}. The network {NETWORK} was not trained for {others}: frames take longer."
    return f"The camera, in {names}, by the network {NETWORK}."


def without_effect(c: Composition) -> list[str]:
    """Settings that have no effect on frames."""
    return ["size"] if strange(c) else ["size", "strength", "style_scale"]


class Frames:
    """Paints frames in a thread: of those that wait, the newest alone.

    Args:
        paint: [h, w, 3] → the same painted.
        send: (message, buffers), to the browser.
    """

    def __init__(self, paint: Callable[[Picture], Picture], send: Callable[[dict[str, Any], list[bytes]], None]):
        self._paint, self._send = paint, send
        self._key, self._waiting = "", ("", b"")
        self._newest = Newest(self._work, lambda: None, self._failed, rest=0)

    def receive(self, message: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        """Take a frame; returns at once.

        Args:
            message: with its "id".
            buffers: its bytes.

        Raises:
            ImageError: if it has too many bytes, or none.
        """
        data = b"".join(bytes(part) for part in buffers)
        check_bytes(NAME, len(data), FRAME)
        self._waiting = (str(message["id"])[:40], data)
        self._newest.ask()

    def close(self) -> None:
        """End the thread."""
        self._newest.close()

    def _work(self) -> None:
        self._key, data = self._waiting
        x = self._paint(read_upload(NAME, data, FRAME))
        self._send({"do": "frame", "id": self._key}, [jpeg(bytes8(x), quality=80)])

    def _failed(self, error: Exception) -> None:
        self._send({"do": "frame", "id": self._key, "fault": line(error)}, [])
