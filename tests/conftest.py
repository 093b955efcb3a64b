"""What the tests share: random networks of VGG-19's shape, and the real material where it is at hand."""

import http.server
import os
import threading
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from nst_jax.layers import LAYERS, block

SHARED = Path(os.environ.get("NST_JAX_SHARED", Path(__file__).parents[2] / "shared"))


def random_weights(widths=(4, 6, 8, 8, 8), layers=LAYERS, seed=0):
    """Weights of VGG-19's geometry with these widths a block, scaled so that features neither vanish nor explode."""
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


@pytest.fixture
def weights():
    return random_weights()


@pytest.fixture
def vgg(weights):
    from nst_jax import VGG19

    return VGG19(weights)


@pytest.fixture
def rng():
    return np.random.default_rng(1)


def double_precision():
    """A context in which JAX computes in float64; older versions keep it elsewhere."""
    import jax
    import jax.experimental

    return (jax.enable_x64 if hasattr(jax, "enable_x64") else jax.experimental.enable_x64)(True)


def picture(h, w, seed=0):
    """A random picture with structure at several scales: float32 [h, w, 3] in [0, 1]."""
    from nst_jax import resize

    rng = np.random.default_rng(seed)
    layers = [
        resize(rng.uniform(size=(max(2, h // k), max(2, w // k), 3)).astype(np.float32), (h, w)) for k in (1, 4, 16)
    ]
    return np.clip(0.2 * layers[0] + 0.3 * layers[1] + 0.5 * layers[2], 0, 1)


@pytest.fixture(scope="session")
def shared():
    """The folder of real pictures and networks; tests that need it are skipped where it is absent."""
    if not (SHARED / "networks" / "vgg19-16x.safetensors").is_file():
        pytest.skip(f"no real pictures and network in {SHARED} (set NST_JAX_SHARED)")
    return SHARED


class Server(http.server.ThreadingHTTPServer):
    """Serves a folder on loopback, and counts what is asked for."""

    def __init__(self, folder):
        self.asked, self.cut = [], None
        super().__init__(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        super().do_GET()

    def copyfile(self, source, outputfile):
        outputfile.write(source.read()[: self.server.cut])  # the connection ends early where `cut` is set

    def log_message(self, *args):
        pass


@pytest.fixture
def server(tmp_path):
    (tmp_path / "served").mkdir()
    server = Server(tmp_path / "served")
    yield server
    server.shutdown()
    server.server_close()
