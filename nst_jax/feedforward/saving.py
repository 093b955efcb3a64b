"""A composition on the disk: picture, manifest, and the pictures and masks from which it can be made again."""

import io
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from ..errors import NSTError
from ..images.masks import Mask
from ..images.picture import Picture
from ..images.writing import save_image
from ..transfer.result import Result
from .composition import Composition, painting


def save_composition(folder: Path, c: Composition, result: Result) -> Path:
    """Write a composition into a folder of its own.

    Args:
        folder: that of all; the composition's is the next number in it.
        c: the composition.
        result: the picture that was made of it, refinements and all.

    Returns:
        The composition's folder.

    Raises:
        NSTError: if it cannot be written.
    """
    own = _next(Path(folder).expanduser())
    files = _write_inputs(own, c)
    inputs = {
        name: {**each, **({"file": files[name]} if name in files else {})} for name, each in result.inputs.items()
    }
    for i, each in enumerate(c.refinements, 1):
        save_image(own / f"refinement-{i}.png", each.mask)
    described = [{"mask": f"refinement-{i}.png", **each.described} for i, each in enumerate(c.refinements, 1)]
    replace(result, inputs=inputs).save(own, {"refinements": described})
    return own


def zipped(c: Composition, result: Result) -> bytes:
    """The files of `save_composition` as a ZIP archive.

    Args:
        c: the composition.
        result: the picture.

    Returns:
        The bytes.
    """
    archive = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as file:
        for path in sorted(save_composition(Path(folder), c, result).iterdir()):
            file.write(path, path.name)
    return archive.getvalue()


def _next(folder: Path) -> Path:
    """The next free number, made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        numbers = [int(each.name) for each in folder.iterdir() if each.name.isdecimal()]
        for n in range(max(numbers, default=0) + 1, 10**6):
            try:
                (folder / f"{n:03d}").mkdir()
            except FileExistsError:  # by another studio, meanwhile
                continue
            return folder / f"{n:03d}"
    except OSError as error:
        raise NSTError(f"{folder}: {error.strerror or error}; choose another folder") from None
    raise NSTError(f"{folder}: has no free number; choose another folder")


def _write_inputs(folder: Path, c: Composition) -> dict[str, str]:
    """Uploads and masks, which are files nowhere else: name among the inputs → file in the folder."""
    files: dict[str, str] = {}

    def write(name: str, x: Picture | Mask) -> None:
        files[name] = f"{name.replace(' ', '-')}.png"
        save_image(folder / files[name], x)

    if c.photo.path is None:
        write("content", c.photo.picture)
    mixed, regions = painting(c)
    for i, (mask, _) in enumerate(regions, 1):
        write(f"mask {i}", mask)
    styles = [a for _, a in regions if a is not None] + [a for a, _ in mixed or []]
    for i, a in enumerate(styles, 1):
        if isinstance(a, np.ndarray):
            write("style" if i == 1 else f"style {i}", a)
    return files
