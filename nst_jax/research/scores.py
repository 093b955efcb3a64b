"""Scores of runs that are kept in folders, and runs side by side."""

import json
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
import pandas as pd

from ..errors import NSTError, RunError
from ..files import atomic_write, read_json, sha256
from ..images.picture import Picture
from ..images.reading import load_image
from ..images.resizing import resize
from ..images.sheets import contact_sheet
from ..transfer.manifest import Input, Manifest
from ..transfer.run_folder import RunFolder
from ..transfer.scales import style_shape
from .labels import labels
from .referee import VERSION, Eyes, Referee

SCORES = "scores.json"
MEASURES = ("content", "style", "colour", "structure")


class Scores(TypedDict):
    """What scores.json holds: the referee's version, the picture's hash, and the measures."""

    referee: int
    picture: str
    content: float
    style: float | None
    colour: float | None
    structure: float


def scores_of(run: RunFolder) -> dict[str, float]:
    """The referee's scores of a run's picture, kept in its folder, if that can be written, until the picture changes.

    With several styles, style and colour are means over them, by their weights; they are NaN for a run without a style
    picture, and with regions, since the referee looks at whole pictures.

    Args:
        run: with a picture.

    Returns:
        "content", "style", "colour", "structure" → score.

    Raises:
        RunError: if the content or style picture is no longer the file that the run was made from.
        NSTError: if the folder holds no picture.
    """
    path = run.path / SCORES
    inputs, key = run.manifest["inputs"], {"referee": VERSION, "picture": run.checked_picture()}
    with suppress(OSError, ValueError):  # none, or damaged: they are measured again
        kept = read_json(path, Scores)
        if key.items() <= kept.items():
            return {name: np.nan if (value := kept[name]) is None else value for name in MEASURES}
    x, content = run.image, _file(run.path, inputs.get("content", {}), "content")
    whole = not any(each.get("region") for each in inputs.values())
    styles = {name: each for name, each in inputs.items() if each.get("kind", name) == "style"}
    each = [_referee(content, _file(run.path, of, name), x.shape[:2])(x) for name, of in styles.items()]
    weights = [of.get("weight", 1.0) for of in styles.values()]
    if each:
        scores = {name: float(np.average([of[name] for of in each], weights=weights)) for name in MEASURES}
    else:
        scores = _referee(content, None, x.shape[:2])(x)
    unknown = {} if whole and each else {"style": None, "colour": None}
    with suppress(NSTError), atomic_write(path, "w") as file:  # where the folder is another user's, they are not kept
        file.write(json.dumps(key | scores | unknown, indent=1) + "\n")
    return scores | {name: np.nan for name in unknown}


def _file(folder: Path, described: Input, name: str) -> tuple[str, str]:
    """The path and the hash of a picture that a run was made from."""
    path, hash = described.get("path"), described.get("sha256", "")
    if path is None or not Path(path).is_file() or sha256(path) != hash:
        raise RunError(
            f"{folder}: its {name} picture ({path or 'an array'}) is missing or has changed, and scores need it"
        )
    return path, hash


@lru_cache(maxsize=8)  # the runs of a grid share their pictures
def _referee(content: tuple[str, str], style: tuple[str, str] | None, shape: tuple[int, int]) -> Referee:
    return referee_at(shape, load_image(content[0]), None if style is None else load_image(style[0]))


def referee_at(shape: tuple[int, int], p: Picture, a: Picture | None = None, eyes: Eyes | None = None) -> Referee:
    """The referee for pictures of a shape: the photo is brought to it, the painting to the size that `stylize` uses.

    Args:
        shape: (h, w) of the pictures to come.
        p: the content picture, of any size.
        a: the style picture, if there is one.
        eyes: as `Referee` takes them.

    Returns:
        The referee.
    """
    return Referee(resize(p, shape), None if a is None else resize(a, style_shape(a.shape[:2], max(shape))), eyes)


def row_of(run: RunFolder) -> dict[str, Any]:
    """What a table says about a run: state, evaluations, loss, and its scores as distances; NaN where missing."""
    row, scores = {"state": run.state, "evaluations": 0, "loss": np.nan}, {}
    with suppress(NSTError):  # one damaged run is one row's fault
        row |= {name: value for name, value in run.manifest.items() if name in row}
        scores = scores_of(run) if row["state"] == "done" else {}
    return row | {f"{name}_distance": scores.get(name, np.nan) for name in MEASURES}


def picture_of(run: RunFolder) -> Picture | None:
    """The run's picture; None if it is missing, or not the one that the run wrote."""
    try:
        return run.image if run.picture.exists() else None
    except NSTError:
        return None


def side_by_side(folders: Sequence[str | Path]) -> tuple[pd.DataFrame, Picture]:
    """Runs side by side.

    Args:
        folders: of the runs.

    Returns:
        A table of the settings in which they differ and of their scores, and a sheet [h, w, 3] of their pictures.

    Raises:
        RunError: if a folder holds no run.
    """
    runs = [RunFolder(Path(folder)) for folder in folders]
    known = [_known(run.manifest) for run in runs]
    all_known = dict.fromkeys(name for each in known for name in each)
    columns = {name: labels([each.get(name) for each in known]) for name in all_known}
    differing = {name: column for name, column in columns.items() if len(set(column)) > 1}
    facts = [{name: column[i] for name, column in differing.items()} for i in range(len(runs))]
    names = [_name(run.path, folders) for run in runs]
    table = pd.DataFrame([fact | row_of(run) for fact, run in zip(facts, runs, strict=True)], index=names)
    heads = ["\n".join([name, *fact.values()]) for name, fact in zip(names, facts, strict=True)]
    pictures = [picture_of(run) for run in runs]
    return table, contact_sheet([pictures], heads, width=320)


def _known(manifest: Manifest) -> dict[str, Any]:
    """Settings and the pictures' names, by which runs can differ."""
    inputs = {name: each.get("path", each.get("sha256", "")[:8]) for name, each in manifest["inputs"].items()}
    return {**inputs, **{name: value for name, value in manifest["settings"].items() if name not in inputs}}


def _name(folder: Path, folders: Sequence[str | Path]) -> str:
    """The folder's own name, after its parent's if another has the same."""
    alike = [other for other in folders if Path(other).name == folder.name]
    return folder.name if len(alike) == 1 else f"{folder.parent.name}/{folder.name}"
