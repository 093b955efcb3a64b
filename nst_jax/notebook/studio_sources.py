"""Pictures that the studio is given: by a program, or by what a browser names."""

import base64
from functools import lru_cache
from pathlib import Path

from ..errors import SettingError
from ..feedforward.composition import Source
from ..images.bundled import PHOTOS, STYLES
from ..images.known import find
from ..images.picture import Picture, as_picture, bytes8
from ..images.reading import load_image
from ..images.uploads import plain_name
from .widgets import jpeg, shrunk


def given(picture: str | Path | Picture, name: str) -> Source:
    """A picture that a program gives: a file, a known name or an array.

    Args:
        picture: it.
        name: what an array is called.

    Returns:
        The source.

    Raises:
        NSTError: if it cannot be read.
    """
    if isinstance(picture, str | Path):
        path = find(picture)
        return Source(plain_name(path.stem), load_image(path), path)
    return Source(name, as_picture(picture, name))


def listed(name: str) -> Source:
    """A picture of the lists: what a browser names is never taken for a file.

    Raises:
        SettingError: for another name.
    """
    known = {**PHOTOS, **STYLES}
    if name not in known:
        raise SettingError(f"{plain_name(name)} is not in the list; choose another, or a file of your own")
    return Source(name, load_image(known[name].path), known[name].path)


@lru_cache(maxsize=16)
def thumbnail(source: Source) -> str:
    """A small JPEG as an address of data."""
    x = shrunk(source.draft, 72)
    return "data:image/jpeg;base64," + base64.b64encode(jpeg(bytes8(x), quality=80)).decode()
