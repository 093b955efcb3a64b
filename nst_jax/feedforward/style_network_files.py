"""Files of networks of styles: kernels, γ and β in float16, and what each style was learned from."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax.numpy as jnp
import numpy as np

from ..bundle import DATA
from ..errors import SettingError, WeightsError
from ..networks.formats import write_weights
from .style_network import Geometry, StyleNetwork

BUNDLED = {"six-styles": DATA / "networks" / "six-styles.safetensors"}
KIND = "a network of styles"
PREVIEW = 48  # side of the small pictures of the styles, in pixels


@dataclass(frozen=True)
class LearnedStyle:
    """A style that a network was trained for.

    Attributes:
        name: by which it is asked for.
        sha256: of the style picture's file, or of the array.
    """

    name: str
    sha256: str


@dataclass(frozen=True, eq=False)
class TrainedNetwork:
    """A network with the names of its styles.

    Attributes:
        network: the weights.
        styles: in the order of their rows.
        previews: uint8 [S, 48, 48, 3], what the style pictures look like.
        provenance: what it was trained on, and how.
    """

    network: StyleNetwork
    styles: tuple[LearnedStyle, ...]
    previews: np.ndarray
    provenance: dict[str, Any]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the styles."""
        return tuple(style.name for style in self.styles)


def style_network_file(name: str | Path) -> Path:
    """The file of a network of styles.

    Args:
        name: "six-styles", which comes with the package, or a file.

    Returns:
        The file, which exists.

    Raises:
        WeightsError: if it does not.
    """
    path = BUNDLED[str(name)] if str(name) in BUNDLED else Path(name).expanduser()
    if not path.is_file():
        known = " or ".join(BUNDLED)
        raise WeightsError(f"{name}: there is no such network of styles; give {known}, or a file that train has made")
    return path


def write_style_network(path: Path, trained: TrainedNetwork) -> None:
    """Write a network in float16; writing what was read gives the same numbers.

    Args:
        path: .safetensors.
        trained: the network.
    """
    network = trained.network
    arrays = {f"{name}.kernel": kernel for name, kernel in network.kernels.items()}
    arrays |= {"gamma": network.gamma, "beta": network.beta}
    arrays = {name: np.asarray(array, np.float16) for name, array in arrays.items()}
    metadata = {
        "kind": KIND,
        "geometry": json.dumps({"widths": network.geometry.widths, "blocks": network.geometry.blocks}),
        "styles": json.dumps([vars(style) for style in trained.styles], ensure_ascii=False),
        "provenance": json.dumps(trained.provenance, ensure_ascii=False),
    }
    write_weights(path, {**arrays, "previews": trained.previews}, metadata)


def read_style_network(name: str | Path) -> TrainedNetwork:
    """Read a network.

    Args:
        name: as for `style_network_file`.

    Returns:
        The network, in float32.

    Raises:
        WeightsError: if the file is missing, damaged, or of something else.
    """
    from safetensors import SafetensorError, safe_open

    path = style_network_file(name)
    try:
        with safe_open(path, framework="numpy") as file:
            arrays, metadata = {key: file.get_tensor(key) for key in file.keys()}, file.metadata() or {}
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"{path}: is truncated or damaged, or not .safetensors ({error})") from None
    if metadata.get("kind") != KIND:
        raise WeightsError(f"{path}: is not a network of styles; give a file that train has made")
    try:
        return _checked(arrays, metadata)
    except (KeyError, TypeError, ValueError) as error:
        raise WeightsError(f"{path}: is damaged ({error}); train it again, or install the package again") from None


def _checked(arrays: Mapping[str, np.ndarray], metadata: Mapping[str, str]) -> TrainedNetwork:
    """The network of a file.

    Raises:
        KeyError: if something is missing.
        ValueError: if an array has another shape than its name says, or values that are not finite.
    """
    given = json.loads(metadata["geometry"])
    full, half, quarter = map(int, given["widths"])
    geometry = Geometry((full, half, quarter), int(given["blocks"]))
    styles = tuple(LearnedStyle(str(each["name"]), str(each["sha256"])) for each in json.loads(metadata["styles"]))
    shapes = {f"{l.name}.kernel": (l.side, l.side, l.channels, l.filters) for l in geometry.layers}
    shapes |= dict.fromkeys(("gamma", "beta"), (len(styles), geometry.numbers))
    for name, shape in shapes.items():
        array = arrays[name]
        if array.shape != shape or not np.issubdtype(array.dtype, np.floating) or not np.isfinite(array).all():
            raise ValueError(f"{name} is not {list(shape)} finite numbers")
    previews = arrays["previews"]
    if previews.shape != (len(styles), PREVIEW, PREVIEW, 3) or previews.dtype != np.uint8:
        raise ValueError("previews are not small pictures, one a style")
    kernels = {l.name: jnp.asarray(arrays[f"{l.name}.kernel"], jnp.float32) for l in geometry.layers}
    gamma, beta = (jnp.asarray(arrays[name], jnp.float32) for name in ("gamma", "beta"))
    network = StyleNetwork(kernels, gamma, beta, geometry)
    return TrainedNetwork(network, styles, previews, json.loads(metadata["provenance"]))


def row_of(trained: TrainedNetwork, style: Any) -> int:
    """Which of a network's styles is meant.

    Args:
        trained: the network.
        style: its name, or a file of that name.

    Returns:
        The number of its row.

    Raises:
        SettingError: if the network was not trained for it.
    """
    has = f"this network paints in {', '.join(trained.names)}"
    if not isinstance(style, str | Path):
        raise SettingError(f"a style is {type(style).__name__}; {has}: give names, or leave network out")
    for name in (str(style), Path(style).stem):
        if name in trained.names:
            return trained.names.index(name)
    raise SettingError(f"{style}: {has}; give one of them, train another with train --add, or leave network out")


def previews_of(pictures: Sequence[np.ndarray]) -> np.ndarray:
    """Small squares of pictures.

    Args:
        pictures: [h, w, 3] in [0, 1], each of its own size.

    Returns:
        uint8 [S, 48, 48, 3].
    """
    from ..images.picture import bytes8
    from ..images.resizing import resize

    squares = []
    for a in pictures:
        side = min(a.shape[:2])
        top, left = ((length - side) // 2 for length in a.shape[:2])
        squares.append(bytes8(resize(a[top : top + side, left : left + side], (PREVIEW, PREVIEW))))
    return np.stack(squares)
