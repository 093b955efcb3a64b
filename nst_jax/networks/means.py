"""Mean activations of the published networks over photographs, so that normalising them needs no pictures."""

from pathlib import Path

import numpy as np
from safetensors import safe_open

from ..bundle import DATA

MEANS = DATA / "networks" / "means.safetensors"  # made by nst_jax.training.means


def means_of(name: str | None, pool: str, file: Path = MEANS) -> dict[str, np.ndarray] | None:
    """The mean activations of a network by name.

    Args:
        name: what the file of its weights calls it; None if it does not say.
        pool: "avg" or "max".
        file: as `nst_jax.training.means` writes it.

    Returns:
        layer → [N_l], as `VGG19(means=)` takes it; None if they are not known.
    """
    prefix = f"{name}/{pool}/"
    with safe_open(file, framework="numpy") as arrays:
        found = [key for key in arrays.keys() if key.startswith(prefix)]
        return {key.removeprefix(prefix): arrays.get_tensor(key) for key in found} or None
