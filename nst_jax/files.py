"""Files that are either complete or absent: atomic writes, checkpoints, hashes."""

import hashlib
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np
from filelock import FileLock

from .errors import NSTError, RunError

T = TypeVar("T")


@contextmanager
def atomic_write(path: str | Path, mode: str = "wb") -> Iterator[Any]:
    """Open a new file beside `path`, and move it there when the block ends without an exception.

    A reader, or a run killed at any moment, sees the old file or the new one, never a part.

    Args:
        path: of the file; its folder is made if necessary.
        mode: "wb", or "w" for UTF-8 text.

    Yields:
        The open file.

    Raises:
        NSTError: if the folder cannot be written.
    """
    path = Path(path)
    check_name(path)
    temporary = path.with_name(f".{path.name[:40]}.{secrets.token_hex(4)}.part")  # no longer than names may be
    encoding = None if "b" in mode else "utf-8"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(temporary, mode, encoding=encoding) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        fault = error.strerror or error
        raise NSTError(f"{path}: cannot be written ({fault}); free some space or choose another folder") from error
    finally:
        with suppress(OSError):
            temporary.unlink()


@contextmanager
def locked(path: str | Path) -> Iterator[None]:
    """Hold the lock of a file or folder, which one process at a time may have, and wait for it; a process that dies
    lets go.

    Args:
        path: of what is changed meanwhile; the lock is a hidden file beside it.

    Raises:
        NSTError: if the folder that it is in cannot be written.
    """
    path = Path(path)
    check_name(path)
    lock = FileLock(path.with_name(f".{path.name}.lock"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except OSError as error:
        fault = error.strerror or error
        raise NSTError(f"{path}: cannot be changed ({fault}); choose another folder") from None
    try:
        yield
    finally:
        lock.release()


def check_name(path: str | Path) -> None:
    """Refuse a name that no file can have.

    Raises:
        NSTError: for a zero byte, or a character that the file system has no bytes for.
    """
    try:
        possible = b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        possible = False
    if not possible:
        raise NSTError(f"{str(path)!a}: no file can have this name; choose another name")


def sha256(path: str | Path) -> str:
    """The file's SHA-256, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of_array(x: np.ndarray) -> str:
    """The SHA-256 of an array's bytes, in hexadecimal."""
    return hashlib.sha256(np.ascontiguousarray(x).tobytes()).hexdigest()


def read_json(path: str | Path, schema: type[T]) -> T:
    """A JSON file whose fields have the types of a schema.

    Args:
        path: of the file.
        schema: what it holds, such as a TypedDict; fields that it does not name may have any value.

    Returns:
        What the file holds.

    Raises:
        OSError: if it cannot be read.
        ValueError: if it is not JSON, or a field is missing or has another type; the message says which.
    """
    held = msgspec.json.decode(Path(path).read_bytes())
    msgspec.convert(held, schema)
    return held


def write_arrays(path: str | Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write the arrays of a checkpoint, atomically."""
    with atomic_write(path) as file:
        np.savez(file, **arrays)  # pyright: ignore[reportArgumentType]


def read_arrays(path: str | Path, name: str) -> dict[str, np.ndarray]:
    """The arrays of a checkpoint.

    Args:
        path: of the file.
        name: of an array that every such checkpoint holds.

    Returns:
        name → array.

    Raises:
        RunError: if the file is not a checkpoint, or is damaged.
    """
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as arrays:
            if name not in arrays:
                raise ValueError("it is not a checkpoint")
            return dict(arrays)
    except Exception as error:  # NumPy's reader and the ZIP archive's raise whatever damage leads them to
        fault = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise RunError(f"{path}: cannot be read ({fault}); delete it to start this run from its beginning") from None
