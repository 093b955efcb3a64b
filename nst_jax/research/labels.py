"""Labels: a setting's value in few letters, to stand in a table or above a picture."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..networks.geometry import STYLE_LAYERS


def label(value: Any) -> str:
    """A setting's value in few letters: "0.001", "conv1_1 … conv3_1", the name of a file without its folder."""
    if isinstance(value, Path) or (isinstance(value, str) and "/" in value):
        return Path(value).stem
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{layer} {label(float(weight))}" for layer, weight in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        names = tuple(map(str, value))
        if len(names) > 1 and names == STYLE_LAYERS[: len(names)]:
            return f"{names[0]} … {names[-1]}"
        return ", ".join(names) or "none"
    return str(value)
