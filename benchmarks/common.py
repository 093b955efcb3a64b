"""What the benchmarks share: real pictures and the compressed network for development, and a line on the machine."""

import os
import platform
from pathlib import Path

import jax

SHARED = Path(os.environ.get("NST_JAX_SHARED", Path(__file__).parents[2] / "shared"))
NETWORK = SHARED / "networks" / "vgg19-16x.safetensors"
NECKARFRONT = SHARED / "images" / "paper" / "tubingen_neckarfront.jpg"
STARRY_NIGHT = SHARED / "images" / "paper" / "starry_night.jpg"


def machine() -> str:
    """The machine and the versions, to stand above a table."""
    import torch

    device = jax.devices()[0]
    where = f"{os.cpu_count()} CPU cores, {platform.machine()}" if device.platform == "cpu" else device.device_kind
    return f"{where}; jax {jax.__version__}, PyTorch {torch.__version__}, Python {platform.python_version()}"
