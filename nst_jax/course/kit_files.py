"""The files of a kit that people may change: those that somebody changed are neither replaced nor removed."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from ..files import atomic_write, read_json, sha256

RECORD = ".written.json"


class KitFiles:
    """Files in a folder, with a record of how they were written.

    Attributes:
        kept: names of files that somebody changed, and that would have been replaced.
    """

    def __init__(self, folder: Path):
        self._folder = folder
        self._written = _record(folder / RECORD)
        self.kept: list[str] = []

    def put(self, name: str, data: bytes) -> None:
        """Write a file, unless somebody changed it.

        Args:
            name: in the folder.
            data: the bytes of the file.
        """
        if self._changed(name, data):
            self.kept.append(name)
            return
        with atomic_write(self._folder / name) as file:
            file.write(data)
        self._written[name] = hashlib.sha256(data).hexdigest()

    def remove(self, name: str, data: bytes) -> None:
        """Remove a file, unless somebody changed it.

        Args:
            name: in the folder.
            data: the bytes that `put` would write.
        """
        if not self._changed(name, data):
            (self._folder / name).unlink(missing_ok=True)
            self._written.pop(name, None)

    def save(self) -> None:
        """Write the record."""
        with atomic_write(self._folder / RECORD) as file:
            file.write(msgspec.json.format(msgspec.json.encode(self._written), indent=1) + b"\n")

    def _changed(self, name: str, data: bytes) -> bool:
        """Whether a file is there that is neither this one nor as it was written last."""
        path = self._folder / name
        return path.is_file() and path.read_bytes() != data and sha256(path) != self._written.get(name)


@contextmanager
def kit_files(folder: Path) -> Iterator[KitFiles]:
    """The files of a folder; the record is written at the end, whatever happens."""
    files = KitFiles(folder)
    try:
        yield files
    finally:
        files.save()


def _record(path: Path) -> dict[str, str]:
    try:
        return read_json(path, dict[str, str])
    except (OSError, ValueError):
        return {}  # without a record, whatever differs is taken for somebody's
