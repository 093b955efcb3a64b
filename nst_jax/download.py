"""Downloads: once, checked by their hash, kept in a cache outside the project."""

import logging
import os
from pathlib import Path

import pooch

from .errors import DownloadError


def cache_folder() -> Path:
    """`NST_JAX_DATA`, or the system's folder for caches."""
    return Path(os.environ.get("NST_JAX_DATA") or pooch.os_cache("nst_jax")).expanduser()


def download(url: str, hash: str, path: Path, otherwise: str) -> None:
    """Download a file, with a progress bar. Nothing is left unless it is complete and has the right hash.

    Args:
        url: where it is.
        hash: "sha256:…" or "md5:…".
        path: where it goes.
        otherwise: what to do without the file, for the message.

    Raises:
        DownloadError: if it cannot be downloaded or is another file; it says where to put the file by hand.
    """
    import requests  # what pooch downloads with, for its exceptions

    pooch.get_logger().setLevel(logging.WARNING)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        pooch.retrieve(url, hash, fname=path.name, path=path.parent, progressbar=True)
        return
    except (requests.RequestException, OSError) as error:
        fault = f"cannot be downloaded ({_reason(error)})"
    except ValueError:  # pooch's, of the hash; some of requests' own are ValueErrors too, and were caught above
        fault = "the file received is not the one expected: its checksum differs"
    raise DownloadError(f"{url}: {fault}; put that file at {path} yourself, or {otherwise}")


def check_hash(path: Path, hash: str) -> None:
    """Check a file's hash.

    Args:
        path: of the file.
        hash: "sha256:…" or "md5:…".

    Raises:
        DownloadError: if it differs.
    """
    algorithm, expected = hash.split(":")
    found = pooch.file_hash(str(path), algorithm)
    if found != expected:
        raise DownloadError(f"{path}: its {algorithm} is {found}, not {expected}; download it again")


def _reason(error: BaseException) -> str:
    """The innermost cause in a few words; requests wraps it in several layers of names and addresses."""
    response = getattr(error, "response", None)
    if response is not None:
        return f"HTTP {response.status_code}"
    while cause := error.__cause__ or error.__context__ or getattr(error, "reason", None):
        if not isinstance(cause, BaseException):
            break
        error = cause
    return f"{type(error).__name__}: {error}".splitlines()[0]
