"""Fixtures: random networks, the folder of real pictures, a server on loopback."""

import http.server
import threading
from functools import partial

import numpy as np
import pytest

from tests.support.pictures import SHARED
from tests.support.weights import random_weights


@pytest.fixture(autouse=True)
def few_compiled_programs():
    """Tests compile more than a process may hold."""
    yield
    from nst_jax.transfer.compiled import give_up_programs

    give_up_programs()


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
