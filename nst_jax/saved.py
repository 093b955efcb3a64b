"""Runs that are kept in folders: read, scored by the referee, and put side by side."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from .errors import NSTError, RunError
from .files import atomic_write, sha256
from .images import load_image, resize
from .layers import STYLE_LAYERS
from .referee import VERSION, Referee
from .results import PICTURE, read_manifest
from .runs import UNFINISHED
from .show import contact_sheet
from .stylize import style_shape

SCORES = "scores.json"
MEASURES = ("content", "style", "colour", "structure")


@dataclass(frozen=True)
class Saved:
    """A run's folder, as `Result.save`, `stylize --run` and `grid` leave it. Nothing is read before it is asked for.

    Everything raises RunError, or another NSTError, where the folder holds no run, or no picture yet.
    """

    folder: Path

    @property
    def manifest(self) -> dict:
        return read_manifest(self.folder)

    @property
    def state(self) -> str:
        """ "done", "begun" (it can go on), "diverged", or "not begun"."""
        if not (self.folder / "manifest.json").exists():
            return "not begun"
        stopped = self.manifest["stopped"]
        return {"": "done", UNFINISHED: "begun", "interrupted": "begun"}.get(stopped, "diverged")

    @property
    def image(self) -> np.ndarray:
        """The picture: [h, w, 3]."""
        return load_image(self.folder / PICTURE)

    def scores(self) -> dict[str, float]:
        """What the referee says of the picture; kept in the folder, and computed anew where the picture is another.

        Raises RunError where the photo or the painting is no longer the file that the run was made from.
        """
        path, picture = self.folder / SCORES, self.folder / PICTURE
        key = {"referee": VERSION, "picture": sha256(picture)}
        if path.exists():
            kept = json.loads(path.read_text())
            if key.items() <= kept.items():
                return {name: kept[name] for name in MEASURES}
        inputs, x = self.manifest["inputs"], self.image
        files = (_file(self.folder, inputs[name], name) for name in ("content", "style"))
        scores = _referee(*files, x.shape[:2])(x)
        with atomic_write(path, "w") as file:
            file.write(json.dumps(key | scores, indent=1) + "\n")
        return scores


def _file(folder, described, name):
    """The path and the hash of a picture that a run was made from."""
    path = described.get("path")
    if path is None or not Path(path).is_file() or sha256(path) != described["sha256"]:
        raise RunError(f"{folder}: its {name} ({path or 'an array'}) is not at hand as it was, and scores need it")
    return path, described["sha256"]


@lru_cache(maxsize=8)  # the runs of a grid share their pictures
def _referee(content, style, shape):
    p, a = load_image(content[0]), load_image(style[0])
    return Referee(resize(p, shape), resize(a, style_shape(a.shape[:2], max(shape))))


def row_of(run: Saved) -> dict:
    """What a table says of a run: state, evaluations, loss, and its scores as distances; NaN where there is none."""
    manifest = run.manifest if run.state != "not begun" else {}
    row = {"state": run.state, "evaluations": manifest.get("evaluations", 0), "loss": manifest.get("loss", np.nan)}
    try:
        scores = run.scores() if run.state == "done" else {}
    except NSTError:
        scores = {}
    return row | {f"{name}_distance": scores.get(name, np.nan) for name in MEASURES}


def label(value) -> str:
    """A setting's value, short enough to stand above a picture."""
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


def side_by_side(folders: Sequence[str | Path]) -> tuple[pd.DataFrame, np.ndarray]:
    """A table of saved runs, with the settings in which they differ, and a sheet of their pictures.

    Raises RunError for a folder that holds no run.
    """
    runs = [Saved(Path(folder)) for folder in folders]
    known = [_known(run.manifest) for run in runs]
    differing = [name for name in known[0] if len({label(each.get(name)) for each in known}) > 1]
    facts = [{name: label(each.get(name)) for name in differing} for each in known]
    names = [_name(run.folder, folders) for run in runs]
    table = pd.DataFrame([fact | row_of(run) for fact, run in zip(facts, runs, strict=True)], index=names)
    labels = ["\n".join([name, *fact.values()]) for name, fact in zip(names, facts, strict=True)]
    return table, contact_sheet([[_picture(run) for run in runs]], labels, width=320)


def _known(manifest):
    """Settings and the pictures' names, by which runs can differ."""
    inputs = {name: described.get("path", described["sha256"][:8]) for name, described in manifest["inputs"].items()}
    return {**inputs, **{name: value for name, value in manifest["settings"].items() if name not in inputs}}


def _name(folder, folders):
    """The folder's own name, with its parent's where another has the same."""
    alike = [other for other in folders if Path(other).name == folder.name]
    return folder.name if len(alike) == 1 else f"{folder.parent.name}/{folder.name}"


def _picture(run):
    return run.image if (run.folder / PICTURE).exists() else None
