"""Pictures by name: bundled ones, and those elsewhere."""

import os
from pathlib import Path

from ..errors import ImageError, SettingError
from .bundled import BUNDLED
from .remote import REMOTE, cached_file, fetched


def picture(name: str, *, accept_copyright: bool = False) -> Path:
    """The file of a known picture; `load_image(name)` reads it.

    Args:
        name: "chelsea", "vortex", …: one that comes with the package (`BUNDLED`), or one of `REMOTE`, which is
            downloaded once, checked, and kept in the cache.
        accept_copyright: download even a picture that is still in copyright.

    Returns:
        The file.

    Raises:
        SettingError: for an unknown name, or a picture in copyright without `accept_copyright`.
        DownloadError: if it cannot be downloaded.
    """
    if name in BUNDLED:
        return BUNDLED[name].path
    if name not in REMOTE:
        raise SettingError(f"picture {name!r} is not known; use one of {', '.join((*BUNDLED, *REMOTE))}, or a path")
    known = REMOTE[name]
    if known.restricted and not accept_copyright and not cached_file(name).is_file():
        raise SettingError(f"{name} ({known.credit}): {known.restricted}; to do so: fetch {name} --accept-copyright")
    return fetched(name)


def find(given: str | Path) -> Path:
    """The file that a picture's name stands for.

    Args:
        given: a file, which is returned as it is, or else the name of a known picture.

    Returns:
        The file; a path that does not exist is returned too, and whoever reads it reports it.

    Raises:
        ImageError: for an address.
        DownloadError: if a known picture cannot be downloaded.
    """
    if isinstance(given, str) and not os.path.exists(given) and (given in BUNDLED or given in REMOTE):
        return picture(given)
    if isinstance(given, str) and given.startswith(("http://", "https://")):
        raise ImageError(f"{given}: is an address; download the picture, and give its file")
    return Path(given).expanduser()
