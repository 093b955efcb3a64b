"""A photo, a painting and a narrow network in files, for runs that take little."""

from pathlib import Path

import nst_jax as nst
from nst_jax.networks.formats import write_weights
from tests.support.pictures import picture
from tests.support.weights import random_weights


def material(folder: Path) -> None:
    """Write photo.png, painting.png and narrow.safetensors, which has two layers."""
    nst.save_image(folder / "photo.png", picture(48, 64))
    nst.save_image(folder / "painting.png", picture(60, 50, 1))
    weights = {name: array for name, array in random_weights().items() if name[:5] in ("prepr", "conv1")}
    write_weights(folder / "narrow.safetensors", weights, {})
