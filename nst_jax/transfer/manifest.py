"""Manifests: what made a result, as JSON beside it."""

import json
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from .. import __version__
from ..errors import RunError
from ..files import atomic_write

MANIFEST = "manifest.json"


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


def read_manifest(folder: str | Path) -> dict[str, Any]:
    """The manifest in `folder`.

    Raises:
        RunError: if it is missing or damaged.
    """
    path = Path(folder) / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        if not {"settings", "inputs", "stopped"} <= set(manifest):
            raise ValueError("it lacks settings, inputs or stopped")
        return manifest
    except FileNotFoundError:
        raise RunError(f"{folder}: holds no run ({MANIFEST} is missing); start one with stylize --run") from None
    except (OSError, TypeError, ValueError) as error:
        raise RunError(f"{path}: cannot be read ({error}); start the run again in another folder") from None


def plain(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings as JSON can hold them: paths as text, arrays and objects as the name of their type."""
    return {name: _plain(value) for name, value in settings.items()}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return plain(value)
    if isinstance(value, Sequence):
        return [_plain(part) for part in value]
    return str(value) if isinstance(value, Path) else f"an object of type {type(value).__name__}"
