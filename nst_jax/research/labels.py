"""Labels: a setting's value in few letters, for a table or above a picture."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..networks.geometry import STYLE_LAYERS

MOST = 6  # parts of a path, or times three digits of a number, that a label may need


def labels(values: Sequence[Any]) -> list[str]:
    """Labels of several values, as short as they can be while different values have different ones.

    Two files of one name are told apart by their endings or folders, two numbers by more digits.

    Args:
        values: of one setting.

    Returns:
        One label a value.
    """
    different = len({repr(value) for value in values})
    for detail in range(MOST):
        found = [label(value, detail) for value in values]
        if len(set(found)) == different:
            return found
    return [label(value) for value in values]


def label(value: Any, detail: int = 0) -> str:
    """A setting's value in few letters: "0.001", "conv1_1 … conv3_1", the name of a file without its folder.

    Args:
        value: of the setting.
        detail: how much more to say: of a file its ending, then folders; of a number three digits each.

    Returns:
        The label.
    """
    if isinstance(value, Path) or (isinstance(value, str) and "/" in value):
        return Path(value).stem if detail == 0 else "/".join(Path(value).parts[-detail:])
    if isinstance(value, float):
        return f"{value:.{3 + 3 * detail}g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{layer} {label(float(weight))}" for layer, weight in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        names = tuple(label(each, detail) for each in value)
        if len(names) > 1 and names == STYLE_LAYERS[: len(names)]:
            return f"{names[0]} … {names[-1]}"
        return ", ".join(names) or "none"
    return str(value)
