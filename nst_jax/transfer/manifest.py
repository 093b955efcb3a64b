"""Manifests: what made a result, as JSON beside it."""

import json
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, NotRequired, TypedDict

from msgspec import Meta

from .. import __version__
from ..errors import RunError
from ..files import atomic_write, read_json

MANIFEST = "manifest.json"
Count = Annotated[int, Meta(ge=1)]


class Input(TypedDict, total=False):
    """A picture, a mask or a network that a run was made from: its file, or the name of the array, with its facts.

    Of a style picture or a mask: its kind ("style", "mask" or "mask of style"), its region, 0 being what the masks
    leave, its weight, and, of a mask in a picture of flat colours, its colour among those of the legend.
    """

    path: str
    array: str
    sha256: str
    shape: list[int]
    name: str
    precision: str
    colours: str
    pool: str
    padding: str
    kind: str
    region: int
    weight: float
    colour: str
    legend: list[str]


class Manifest(TypedDict):
    """What a run folder says about its run: how it began and, once it has a picture, what came of it."""

    settings: dict[str, Any]
    inputs: dict[str, Input]
    stopped: str
    save_every: NotRequired[Count | None]
    out: NotRequired[str | None]
    began_with: NotRequired[dict[str, Any] | None]
    run: NotRequired[str | None]
    budget: NotRequired[int | None]
    scales: NotRequired[list[dict[str, int]]]
    evaluations: NotRequired[int]
    seconds: NotRequired[float]
    line_search_failures: NotRequired[int]
    loss: NotRequired[float]
    steered: NotRequired[list[dict[str, Any]]]
    notes: NotRequired[list[str]]
    picture_sha256: NotRequired[str]
    environment: NotRequired[dict[str, Any]]


def environment() -> dict[str, Any]:
    """Versions, device and machine."""
    import jax

    device = jax.devices()[0]
    packages = ("jax", "jaxlib", "flax", "optax", "numpy", "pillow")
    versions = {
        "python": platform.python_version(),
        "nst_jax": __version__,
        **{name: version(name) for name in packages},
    }
    return {
        "versions": versions,
        "device": f"{device.platform}: {device.device_kind}",
        "machine": f"{platform.system()} {platform.machine()}",
    }


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write manifest.json into `folder`, atomically."""
    with atomic_write(folder / MANIFEST, "w") as file:
        file.write(json.dumps(manifest, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def read_manifest(folder: str | Path) -> Manifest:
    """The manifest in `folder`.

    Raises:
        RunError: if it is missing, damaged, or not a run's.
    """
    path = Path(folder) / MANIFEST
    try:
        return read_json(path, Manifest)
    except FileNotFoundError:
        raise RunError(f"{folder}: holds no run ({MANIFEST} is missing); start one with stylize --run") from None
    except (OSError, ValueError) as error:
        raise RunError(f"{path}: cannot be read ({error}); start the run again in another folder") from None


def plain(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings in a form that JSON can hold: paths as text, arrays and objects as the name of their type."""
    return {name: _plain(value) for name, value in settings.items()}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return plain(value)
    if isinstance(value, Sequence):
        return [_plain(part) for part in value]
    return str(value) if isinstance(value, Path) else f"an object of type {type(value).__name__}"
