"""Pictures that a browser sends: limited in bytes and pixels, read as any other, and named by harmless words."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..errors import ImageError
from .picture import Picture, bytes8, opaque
from .reading import load_layers
from .resizing import fit, resize

NAME = 40  # characters that are kept


@dataclass(frozen=True)
class Limits:
    """What a browser may send.

    Attributes:
        bytes: of a file.
        pixels: that it may have.
        longest: side in pixels to which a larger picture is reduced.
    """

    bytes: int
    pixels: int
    longest: int


FILE = Limits(32 * 2**20, 40_000_000, 1536)
FRAME = Limits(2**20, 1_000_000, 256)  # of a camera, many times a second


def read_upload(name: str, data: bytes, limits: Limits = FILE) -> Picture:
    """Read an uploaded file.

    Args:
        name: of the file, as the browser says; it is used in messages alone.
        data: the bytes of the file.
        limits: of it.

    Returns:
        [h, w, 3] in [0, 1], each value a multiple of 1/255, so that a PNG holds it exactly. Transparent parts show the
        mean colour.

    Raises:
        ImageError: for more bytes or pixels, or what is not a picture.
    """
    check_bytes(name, len(data), limits)
    x = opaque(*load_layers(_File(data, name), limits.pixels))
    if max(x.shape[:2]) > limits.longest:
        x = resize(x, fit(x.shape[:2], limits.longest))
    return bytes8(x).astype(np.float32) / 255


def check_bytes(name: str, count: int, limits: Limits = FILE) -> None:
    """Refuse an upload by its size, before it is read or even received.

    Args:
        name: of the file.
        count: of its bytes.
        limits: of the upload.

    Raises:
        ImageError: if there are more than the limit, or none.
    """
    if not 0 < count <= limits.bytes:
        size, most = round(count / 2**20, 2), limits.bytes // 2**20
        fault = "is empty" if count <= 0 else f"has {size:g} MB, and {most} MB are the most"
        raise ImageError(f"{plain_name(name)} {fault}; choose another file, or make the picture smaller")


def plain_name(name: str) -> str:
    """What of a file's name is shown: letters, digits, spaces and . _ - alone, since a page might read others as HTML.

    Args:
        name: any text.

    Returns:
        At most `NAME` characters, at least one.
    """
    kept = re.sub(r"[^\w .-]+", "_", str(name)[: 4 * NAME]).strip(" ._")
    return kept[:NAME].strip() or "picture"


class _File(io.BytesIO):
    """An open file that messages call by its plain name."""

    def __init__(self, data: bytes, name: str):
        super().__init__(data)
        self._name = plain_name(name)

    def __str__(self) -> str:
        return self._name


@dataclass
class Upload:
    """A file that is being received.

    Attributes:
        key: by which its parts are known.
        name: of the file.
        kind: what it is for.
        size: in bytes.
        received: so far.
    """

    key: str
    name: str
    kind: str
    size: int
    received: bytearray = field(default_factory=bytearray)

    @property
    def data(self) -> bytes:
        """The bytes so far."""
        return bytes(self.received)


class Uploads:
    """Files from a browser, in parts; one at a time, a later one ends the one before it."""

    def __init__(self):
        self._now: Upload | None = None

    def receive(self, message: Mapping[str, Any], parts: Sequence[Any]) -> Upload | None:
        """Take a part.

        Args:
            message: id, name, kind and size of the file, and "at", where the part begins.
            parts: its bytes, in one buffer or several; none to announce a file.

        Returns:
            The file when it is complete; else None.

        Raises:
            ImageError: if the file is too large, or its parts do not fit together.
        """
        name, size = str(message["name"]), int(message["size"])
        self._now, now = None, self._now
        check_bytes(name, size)
        if now is None or now.key != str(message["id"]):
            now = Upload(str(message["id"]), name, str(message["kind"]), size)
        data = b"".join(bytes(part) for part in parts)
        if size != now.size or int(message.get("at", 0)) != len(now.received) or len(data) > size - len(now.received):
            raise ImageError(f"{plain_name(name)} arrived in parts that do not fit together; choose it again")
        now.received += data
        if len(now.received) == size:
            return now
        self._now = now
        return None
