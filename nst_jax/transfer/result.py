"""The result of a run: its picture, its history and its settings."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..files import atomic_write, sha256
from ..images.writing import save_image
from ..optim.snapshot import Arrays
from .manifest import environment, write_manifest

PICTURE, LOSSES, SECONDS = "result.png", "losses.csv", "seconds.csv"
PICTURES = "pictures"  # folder of those on the way


@dataclass(frozen=True)
class Result:
    """What `stylize` returns.

    Attributes:
        image: float32 [h, w, 3] in [0, 1].
        loss: L_total of the picture before clipping; for averaging optimisers, of the last iterate; None if no loss
            was minimised.
        losses: name → [updates] over all scales: see `Snapshot.losses`.
        settings: every setting as given.
        inputs: path, hash and shape of the pictures and the network.
        scales: size and evaluations of each scale.
        evaluations: spent over all scales.
        seconds: spent on them.
        failures: line searches that found no lower loss.
        steered: weights that were changed on the way, each with its evaluation, knob and value.
        alpha: [h, w, 1] in [0, 1], the picture's opacity, which is the content picture's; None if it is opaque.
        notes: where it differs from what was asked, and what was chosen, one line each.
        stopped: "" for a complete run, else why it ended early.
    """

    image: np.ndarray
    loss: float | None
    losses: Arrays
    settings: dict[str, Any]
    inputs: dict[str, dict[str, Any]]
    scales: list[dict[str, int]]
    evaluations: int
    seconds: float
    failures: int
    stopped: str = ""
    steered: list[dict[str, Any]] = field(default_factory=list)
    alpha: np.ndarray | None = None
    notes: tuple[str, ...] = ()

    @classmethod
    def computed(
        cls,
        image: np.ndarray,
        settings: dict[str, Any],
        inputs: dict[str, dict[str, Any]],
        seconds: float,
        *,
        alpha: np.ndarray | None = None,
        notes: tuple[str, ...] = (),
    ) -> "Result":
        """The result of a method that makes a picture at once, without minimising a loss.

        Args:
            image: float32 [h, w, 3] in [0, 1].
            settings: every setting as given.
            inputs: path, hash and shape of the pictures and the network.
            seconds: spent on it.
            alpha: [h, w, 1] in [0, 1], its opacity; None if it is opaque.
            notes: where it differs from what was asked, and what was chosen, one line each.

        Returns:
            The result: one scale, no evaluations.
        """
        nothing = {name: np.zeros(0) for name in ("evaluations", "seconds")}
        scales = [{"size": max(image.shape[:2]), "evaluations": 0}]
        return cls(image, None, nothing, settings, inputs, scales, 0, seconds, 0, alpha=alpha, notes=notes)

    def save(self, folder: str | Path, more: Mapping[str, Any] | None = None) -> None:
        """Write result.png, losses.csv, seconds.csv and, last, manifest.json, each atomically.

        Times are kept apart, in seconds.csv and the manifest: they alone differ between two runs of one command.

        Args:
            folder: made if it does not exist.
            more: what else the manifest keeps.

        Raises:
            NSTError: if the folder cannot be written.
        """
        folder = Path(folder)
        save_image(folder / PICTURE, self.image, self.alpha)
        write_csv(folder / LOSSES, {name: column for name, column in self.losses.items() if name != "seconds"})
        write_csv(folder / SECONDS, {name: self.losses[name] for name in ("evaluations", "seconds")})
        own = {"picture_sha256": sha256(folder / PICTURE)}
        write_manifest(folder, {**self.manifest(), **own, **(more or {})})

    def manifest(self) -> dict[str, Any]:
        """Everything needed to see, and to repeat, how the picture was made."""
        return {
            "settings": self.settings,
            "inputs": self.inputs,
            "scales": self.scales,
            "evaluations": self.evaluations,
            "seconds": round(self.seconds, 3),
            "line_search_failures": self.failures,
            **({} if self.loss is None else {"loss": self.loss}),
            "steered": self.steered,
            "stopped": self.stopped,
            **({"notes": list(self.notes)} if self.notes else {}),
            "environment": environment(),
        }


def write_csv(path: Path, columns: Arrays) -> None:
    """Write columns of one length as a table with their names above, atomically."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*(column.tolist() for column in columns.values()), strict=True))
    with atomic_write(path, "w") as file:
        file.write(text.getvalue())
