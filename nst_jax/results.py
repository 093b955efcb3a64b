"""A finished run: its picture, its history and its settings, and the folder that keeps them."""

import csv
import io
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

from .errors import RunError
from .files import atomic_write
from .images import save_image

PICTURE, MANIFEST, LOSSES, SECONDS = "result.png", "manifest.json", "losses.csv", "seconds.csv"


@dataclass(frozen=True)
class Result:
    """What `stylize` returns.

    image: float32 [h, w, 3] in [0, 1]; loss: L_total of the iterate that it shows, before it is clipped to [0, 1] (with
    an average of iterates, of the last one); losses: name → [evaluations] over all scales, in the order they were made:
    "scale" (longest side in pixels), "total", every term, their sums "content" and "style", "gradient_norm",
    "evaluations", "failures" and "seconds"; settings: every setting as given; inputs: path, hash and shape of pictures
    and network; scales: size and evaluations of each; failures: line searches that found no lower loss;
    stopped: "" for a whole run, else why it ended early.
    """

    image: np.ndarray
    loss: float
    losses: dict[str, np.ndarray]
    settings: dict
    inputs: dict
    scales: list
    evaluations: int
    seconds: float
    failures: int
    stopped: str = ""

    def save(self, folder) -> None:
        """Write result.png, losses.csv, seconds.csv and manifest.json into `folder`, each atomically.

        Times stand apart, in seconds.csv and the manifest: they alone differ between two runs of one command.
        """
        write_result(Path(folder), self, self.manifest())

    def manifest(self) -> dict:
        """All that is needed to know, and to repeat, how the picture was made."""
        return {
            "settings": self.settings,
            "inputs": self.inputs,
            "scales": self.scales,
            "evaluations": self.evaluations,
            "seconds": round(self.seconds, 3),
            "line_search_failures": self.failures,
            "loss": self.loss,
            "stopped": self.stopped,
            "environment": environment(),
        }


def environment() -> dict:
    """Versions and device, for manifests and the doctor."""
    import jax

    device = jax.devices()[0]
    packages = ("nst_jax", "jax", "jaxlib", "flax", "optax", "numpy", "pillow")
    return {
        "versions": {"python": platform.python_version(), **{package: version(package) for package in packages}},
        "device": f"{device.platform}: {device.device_kind}",
        "machine": f"{platform.system()} {platform.machine()}",
    }


def write_result(folder: Path, result: Result, manifest: dict) -> None:
    """The files of `Result.save`; the manifest last, so that what it tells of is there."""
    save_image(folder / PICTURE, result.image)
    _write_csv(folder / LOSSES, {name: column for name, column in result.losses.items() if name != "seconds"})
    _write_csv(folder / SECONDS, {name: result.losses[name] for name in ("evaluations", "seconds")})
    write_manifest(folder, manifest)


def _write_csv(path, columns):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*(column.tolist() for column in columns.values()), strict=True))
    with atomic_write(path, "w") as file:
        file.write(text.getvalue())


def write_manifest(folder: Path, manifest: dict) -> None:
    with atomic_write(folder / MANIFEST, "w") as file:
        file.write(json.dumps(manifest, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def read_manifest(folder) -> dict:
    """The manifest in `folder`; raises RunError where there is none, or none that can be read."""
    path = Path(folder) / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        if not {"settings", "inputs", "stopped"} <= set(manifest):
            raise ValueError("it lacks settings, inputs or stopped")
        return manifest
    except FileNotFoundError:
        raise RunError(f"{folder}: holds no run ({MANIFEST} is missing); start one with stylize --run") from None
    except (OSError, TypeError, ValueError) as error:
        raise RunError(f"{path}: cannot be read ({error}); start the run anew in another folder") from None


def plain(settings: Mapping) -> dict:
    """Settings as JSON can hold them: paths as text, pictures and objects as a word on what they are."""
    return {name: _plain(value) for name, value in settings.items()}


def _plain(value):
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return plain(value)
    if isinstance(value, Sequence):
        return [_plain(part) for part in value]
    return str(value) if isinstance(value, Path) else f"an object of type {type(value).__name__}"
