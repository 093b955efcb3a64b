"""The folder of a training: its checkpoint, and the manifest that says whose it is."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import RunError
from ..files import atomic_write, read_arrays, read_json, write_arrays
from ..optim.leaves import copied_leaves, restored
from ..transfer.manifest import MANIFEST, environment, write_manifest

CHECKPOINT, LOG, NETWORK = "checkpoint.npz", "log.csv", "network.safetensors"


def save(folder: Path, state: Any, done: int, described: Mapping[str, Any]) -> None:
    """Write manifest and checkpoint.

    Args:
        folder: of the training.
        state: a pytree of arrays.
        done: how much of the training it has behind it.
        described: what the training is of, as JSON can hold it.
    """
    write_manifest(folder, {**described, "environment": environment()})
    write_arrays(folder / CHECKPOINT, {"done": np.asarray(done), **copied_leaves(state, "state")})


def resumed(folder: Path, described: Mapping[str, Any], state: Any) -> tuple[Any, int]:
    """The training in a folder.

    Args:
        folder: of the training.
        described: what the training is of.
        state: where a training begins.

    Returns:
        The state, and how much is done; as given, and 0, if the folder holds none.

    Raises:
        RunError: if it holds another training, or a damaged one.
    """
    path = folder / CHECKPOINT
    if not path.exists():
        return state, 0
    try:
        before = read_json(folder / MANIFEST, dict[str, Any])
    except (OSError, ValueError) as error:
        raise RunError(f"{folder / MANIFEST}: cannot be read ({error}); train again in another folder") from None
    for name, now in described.items():
        if before.get(name) != now:
            raise RunError(f"{folder}: holds a training with another {name}; choose another folder")
    arrays = read_arrays(path, "done")
    return restored(state, arrays, "state"), int(arrays["done"])


def log(path: Path, step: int, errors: Mapping[str, float]) -> None:
    """Write a row of a log, after the rows of earlier steps; those of later steps, of a run before, are dropped.

    Args:
        path: of the log, CSV.
        step: first column.
        errors: the others.
    """
    row = {"step": step} | {name: f"{error:.5f}" for name, error in errors.items()}
    before = list(csv.reader(path.read_text().splitlines())) if path.exists() else [list(row)]
    kept = [before[0], *(old for old in before[1:] if int(old[0]) < step)]
    with atomic_write(path, "w") as file:
        csv.writer(file, lineterminator="\n").writerows([*kept, list(row.values())])
