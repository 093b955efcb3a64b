"""Pictures: random ones, and the folder of real ones."""

import os
from pathlib import Path

import numpy as np

# Real pictures and networks for development; tests that need them are skipped if they are absent.
SHARED = Path(os.environ.get("NST_JAX_SHARED", Path(__file__).parents[3] / "shared"))


def picture(h, w, seed=0):
    """A random picture with structure at several scales: float32 [h, w, 3] in [0, 1]."""
    from nst_jax import resize

    rng = np.random.default_rng(seed)
    layers = [
        resize(rng.uniform(size=(max(2, h // k), max(2, w // k), 3)).astype(np.float32), (h, w)) for k in (1, 4, 16)
    ]
    return np.clip(0.2 * layers[0] + 0.3 * layers[1] + 0.5 * layers[2], 0, 1)
