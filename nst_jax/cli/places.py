"""Where commands write: never over what they read, and only where it is possible."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from ..errors import NSTError
from ..files import check_name


def keep_inputs(out: str | Path | None, inputs: Iterable[str | Path]) -> None:
    """Refuse to write over a file that a command reads.

    Args:
        out: to be written; None for nothing.
        inputs: files that are read, and folders of runs, whose every file counts.

    Raises:
        NSTError: if `out` is one of them, or lies in one of the folders.
    """
    if out is None:
        return
    target = Path(out).resolve()
    for each in map(Path, inputs):
        check_name(each)
        source = each.resolve()
        same = target == source or (target.exists() and source.exists() and target.samefile(source))
        if same or (source.is_dir() and target.is_relative_to(source)):
            raise NSTError(f"{out}: would write over what this command reads ({each}); choose another name")


def keep_from_run(folder: Path | None, inputs: Iterable[str | Path]) -> None:
    """Refuse to read a file that a run in that folder would replace.

    Args:
        folder: of the run; None without one.
        inputs: files that are read.

    Raises:
        NSTError: if one is the run's picture, or lies among its pictures.
    """
    if folder is None:
        return
    from ..transfer.result import PICTURE, PICTURES

    for each in map(Path, inputs):
        source = each.resolve()
        if source == (folder / PICTURE).resolve() or source.is_relative_to((folder / PICTURES).resolve()):
            raise NSTError(f"{each}: would be replaced by the run, which writes to {folder}; choose another folder")


def check_picture(out: Path) -> None:
    """Refuse a name under which no picture can be written at the end.

    Args:
        out: of the picture.

    Raises:
        ImageError: for an ending of no known format.
        NSTError: for a folder, a name too long for the disk, or a place where nothing may be written.
    """
    from ..images.writing import check_format

    check_format(out)
    check_name(out)
    try:
        if out.is_dir():
            raise NSTError(f"{out}: is a folder; name the picture to write in it")
    except OSError as error:
        raise NSTError(f"{out}: cannot be written ({error.strerror}); choose another name") from None
    check_folder(out.absolute().parent)


def check_folder(folder: Path) -> None:
    """Refuse a folder in which nothing can be written, or which cannot be made.

    Raises:
        NSTError: if so.
    """
    check_name(folder)
    there = nearest(folder)
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise NSTError(f"{folder}: cannot be written; choose another folder")


def check_places(out: Path | None, run: Path | None, otherwise: str) -> None:
    """Refuse, before anything is computed, what could not be written at the end.

    Args:
        out: of the picture; None without one.
        run: folder of the run; None without one.
        otherwise: what to do if the folder holds a run already, for the message.

    Raises:
        ImageError: as `check_picture`.
        NSTError: as `check_picture` and `check_folder`, or if the folder holds a run.
    """
    if out:
        check_picture(out)
    if run:
        from ..transfer.manifest import MANIFEST

        check_folder(run)
        if (run / MANIFEST).exists():
            raise NSTError(f"{run}: holds a run already; {otherwise}")


def check_space(folder: Path, size: int) -> None:
    """Refuse a folder on a disk with less space than is needed.

    Args:
        folder: it need not exist yet.
        size: bytes to be written there.

    Raises:
        NSTError: if so.
    """
    free = shutil.disk_usage(nearest(folder)).free
    if free < size:
        need = f"up to {size / 1e6:.0f} MB are to be written"
        raise NSTError(f"{folder}: {free / 1e6:.0f} MB are free, and {need}; free some space or choose another folder")


def nearest(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists.

    Raises:
        NSTError: if one on the way may not be entered, or a name is too long.
    """
    try:
        return next(each for each in (folder.absolute(), *folder.absolute().parents) if each.exists())
    except OSError as error:
        raise NSTError(f"{folder}: cannot be written ({error.strerror}); choose another folder") from None
