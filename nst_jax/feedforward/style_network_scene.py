"""What a network of styles paints: the photo, and which of its styles where, with pictures that stand for them."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import numpy as np

from ..errors import NSTError
from ..images.known import find
from ..images.recolouring import Matching
from ..transfer.inputs import PictureLike, described_file
from ..transfer.painting import Regions, StyleLike, listed, styles_of
from ..transfer.scene import Scene, read_scene
from .style_network_files import TrainedNetwork, read_style_network, row_of, style_network_file


@dataclass(frozen=True)
class NetworkScene:
    """What a network of styles paints.

    Attributes:
        trained: the network.
        scene: the photo, and what is painted how.
        rows: name of a style picture → number of its style.
        inputs: for the manifest.
        notes: where a style picture is another than the network learned, one line each.
    """

    trained: TrainedNetwork
    scene: Scene
    rows: dict[str, int]
    inputs: dict[str, dict[str, Any]]
    notes: tuple[str, ...]


def read_network_scene(
    content: PictureLike,
    style: StyleLike,
    regions: Regions | None,
    network: str | Path,
    *,
    size: int,
    colour: str,
    colour_match: Matching,
) -> NetworkScene:
    """Read a network of styles and the pictures that it paints.

    Args:
        content: as in `paint`; so are the others.
        style: names of the network's styles.
        regions: masks, each with such a style.
        network: its name or file.
        size: longest side, in pixels.
        colour: whose colours the picture has.
        colour_match: how colours are matched.

    Returns:
        What is painted.

    Raises:
        NSTError: if a picture, a style or the network cannot be used.
    """
    path = style_network_file(network)
    trained = _read(path, path.stat().st_mtime_ns)
    given = [styles_of(each[1]) for each in listed(regions)] + [styles_of(style)]
    rows = [row_of(trained, each) for styles in given for each, _ in styles]
    scene = read_scene(
        content,
        _stood_in(style, trained),
        [cast(Any, (mask, _stood_in(each, trained), *rest)) for mask, each, *rest in listed(regions)],
        size=size,
        style_scale=1.0,
        colour=colour,
        colour_match=colour_match,
    )
    inputs, notes = {**scene.inputs, "network": described_file(path)}, []
    names = [name for name, each in scene.inputs.items() if each.get("kind") == "style"]
    for name, row in zip(names, rows, strict=True):
        learned = trained.styles[row]
        if "path" not in inputs[name]:
            inputs[name] |= {"name": learned.name, "sha256": learned.sha256}
        elif inputs[name]["sha256"] != learned.sha256:
            notes.append(f"{inputs[name]['path']} is another picture than the one that the network learned")
    return NetworkScene(trained, scene, dict(zip(names, rows, strict=True)), inputs, tuple(notes))


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> TrainedNetwork:
    """A network, read again if its file has changed."""
    return read_style_network(path)


def _stood_in(style: Any, trained: TrainedNetwork) -> StyleLike:
    """Styles as pictures: the file if there is one, for the manifest and for referees, or else the small picture."""

    def picture(name: Any) -> PictureLike:
        try:
            path = find(name)
            if path.is_file():
                return path
        except NSTError:  # a known picture elsewhere, and no connection
            pass
        return trained.previews[row_of(trained, name)].astype(np.float32) / 255

    return [(picture(each), weight) for each, weight in styles_of(style)] or None
