"""Keras' HDF5 files, read in a separate process: on a damaged one the HDF5 library may crash or hang."""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load, save

SECONDS = 30
BYTES = 2**30  # of all arrays; VGG-19 with its classifier has 575 MB


def read_h5_file(path: str | Path) -> dict[str, np.ndarray]:
    """The arrays of Keras' layers.

    Args:
        path: of the file.

    Returns:
        "LAYER/kernel" and "LAYER/bias" → array.

    Raises:
        ValueError: if the file cannot be read within half a minute and a gibibyte.
    """
    command = [sys.executable, "-m", "nst_jax.networks.h5_file", str(path)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, env=environment)
    except subprocess.TimeoutExpired:
        raise ValueError(f"it cannot be read within {SECONDS} seconds") from None
    if done.returncode:
        raise ValueError(done.stderr.decode(errors="replace").strip() or "the HDF5 library fails on it")
    return load(done.stdout)


def _arrays(path: str) -> dict[str, np.ndarray]:
    import h5py

    with h5py.File(path) as file:
        root: Any = file.get("model_weights", file)  # of a whole model
        found = {}
        for layer, group in root.items():
            for name in _texts(group.attrs.get("weight_names", ())):
                found[f"{layer}/{'bias' if group[name].ndim == 1 else 'kernel'}"] = group[name]
        size = sum(dataset.nbytes for dataset in found.values())
        if size > BYTES:
            raise ValueError(f"it claims to hold {size / 2**30:.0f} GiB")
        return {name: np.asarray(dataset) for name, dataset in found.items()}


def _texts(names: Iterable[bytes | str]) -> list[str]:
    return [name.decode() if isinstance(name, bytes) else str(name) for name in names]


def main() -> None:
    """Read the file named by the first argument, and write its arrays to standard output."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (4 * BYTES, 4 * BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))  # even if nobody waits for it any more
    try:
        sys.stdout.buffer.write(save(_arrays(sys.argv[1])))
    except Exception as error:  # whatever the library raises for damage
        sys.exit(str(error) or type(error).__name__)


if __name__ == "__main__":
    main()
