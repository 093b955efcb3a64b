"""Random weights of VGG-19's geometry."""

import numpy as np

from nst_jax.networks.geometry import LAYERS, block


def random_weights(widths=(4, 6, 8, 8, 8), layers=LAYERS, seed=0):
    """Weights of these widths a block, scaled so that features neither vanish nor explode."""
    rng = np.random.default_rng(seed)
    weights = {
        "preprocess.kernel": (255 * np.eye(3)[::-1]).astype(np.float32),
        "preprocess.bias": -np.array([103.939, 116.779, 123.68], np.float32),
    }
    channels = 3
    for layer in layers:
        N = widths[block(layer) - 1]
        weights[f"{layer}.kernel"] = rng.normal(0, np.sqrt(2 / (9 * channels)), (3, 3, channels, N)).astype(np.float32)
        weights[f"{layer}.bias"] = rng.normal(0, 0.1, N).astype(np.float32)
        channels = N
    return weights
