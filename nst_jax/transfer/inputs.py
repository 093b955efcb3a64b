"""What a run is made from: its pictures, read, checked, and described for its manifest; its networks among them."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, TypeVar, cast

import numpy as np
from PIL.Image import Image

from ..files import sha256, sha256_of_array
from ..images.known import find
from ..images.picture import Opacity, Picture, as_layers
from ..images.reading import load_layers

T = TypeVar("T")
PictureLike = str | Path | IO[bytes] | Picture | Image


def read_picture(given: PictureLike, name: str) -> tuple[Picture, Opacity | None, dict[str, Any]]:
    """A picture, its opacity, and what the manifest says about it.

    Args:
        given: a file, the name of a known picture, or an array.
        name: among the run's inputs.

    Returns:
        [h, w, 3] in [0, 1], [h, w, 1] or None, and the description.

    Raises:
        ImageError: if it is not a picture.
    """
    if isinstance(given, str | Path | io.IOBase):
        x, alpha = load_layers(cast(IO[bytes], given))
    else:
        x, alpha = as_layers(given, name)
    return x, alpha, describe(given, name, x)


def describe(given: PictureLike, name: str, x: np.ndarray) -> dict[str, Any]:
    """What the manifest says about a picture: its file with its hash, or the hash of the array.

    Args:
        given: as for `read_picture`.
        name: among the run's inputs.
        x: [h, w, …], what was read.

    Returns:
        The description.
    """
    if isinstance(given, str | Path):
        path = find(given)
        return {"path": str(path.resolve()), "sha256": sha256(path), "shape": list(x.shape)}
    return {"array": name, "sha256": sha256_of_array(x), "shape": list(x.shape)}


def described_file(path: Path) -> dict[str, Any]:
    """What the manifest says about a file of weights."""
    return {"name": path.stem, "path": str(path.resolve()), "sha256": sha256(path)}


def networks_of(inputs: Mapping[str, T]) -> list[T]:
    """Of a run's inputs, or of what belongs to them, the networks: "network", "network 2", …, coarse to fine."""
    return [each for name, each in inputs.items() if name.partition(" ")[0] == "network"]
