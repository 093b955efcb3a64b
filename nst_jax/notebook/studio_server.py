"""The studio as an application: a notebook of one cell, served by Voilà on this machine, behind a token."""

import contextlib
import ipaddress
import os
import secrets
import socket
import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..errors import NSTError, SettingError

LOOPBACK = "127.0.0.1"
TITLE = "Studio"
LEFT = 120  # seconds after which the kernel of a page that nobody looks at ends
# The page loads nothing from elsewhere, sends nothing elsewhere, and is part of no other page.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' blob: data:",
        "media-src 'self' blob:",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
DEVICES = "camera=(self), microphone=(), geolocation=(), display-capture=()"  # the camera, if its user allows it


def serve(
    content: str | Path,
    styles: Sequence[str | Path],
    *,
    size: int = 512,
    folder: str | Path = "studio",
    ip: str = LOOPBACK,
    port: int = 0,
    browser: bool = True,
    ready: Callable[[str], None] = print,
) -> None:
    """Serve the studio until Ctrl-C.

    Only who has the address with its token can open the page, or reach its kernel. The page shows no code, and runs
    none but the studio's: its server passes on messages of widgets alone.

    Args:
        content: the photo to begin with, a file or a known name.
        styles: to begin with.
        size: as in `studio`.
        folder: where pictures are saved.
        ip: of the network interface to listen at; by default this machine alone can connect.
        port: 0 for one that is free.
        browser: open the page in the system's browser.
        ready: called with the address when it answers.

    Raises:
        SettingError: for an address that is none, or a port that is taken.
        NSTError: if Voilà is not installed.
    """
    if find_spec("voila") is None or find_spec("ipykernel") is None:
        raise NSTError('the studio as an application needs Voilà; run pip install "nst_jax[studio]"')
    port, token = _free_port(ip, port), secrets.token_urlsafe(24)
    arguments = {"size": size, "folder": str(Path(folder).expanduser().resolve())}
    with tempfile.TemporaryDirectory(prefix="nst_jax-studio-") as place:
        notebook = Path(place) / "studio.ipynb"
        _write(notebook, f"nst.studio({_given(content)!r}, {[_given(each) for each in styles]!r}, **{arguments!r})")
        _run(notebook, ip, port, token, browser, ready)


def _run(notebook: Path, ip: str, port: int, token: str, browser: bool, ready: Callable[[str], None]) -> None:
    import logging

    from tornado.ioloop import IOLoop
    from voila.app import Voila  # pyright: ignore[reportMissingImports]

    host = f"[{ip}]" if ":" in ip else ip
    url = f"http://{host}:{port}/?token={token}"
    app: Any = Voila()
    app.initialize([str(notebook), "--no-browser"])
    # After the user's configuration has been read, so that nothing in it opens this server to others.
    app.ip, app.port, app.port_retries, app.token, app.auto_token = ip, port, 0, token, False
    app.base_url, app.server_url, app.open_browser = "/", "/", False
    app.root_dir = str(notebook.parent)
    app.config.MappingKernelManager.cull_idle_timeout = LEFT  # pages that were closed, their kernels hold a gigabyte
    app.config.MappingKernelManager.cull_interval = LEFT // 2
    app.log.setLevel(logging.ERROR)
    shown = app.voila_configuration
    shown.strip_sources, shown.show_tracebacks, shown.file_allowlist = True, False, []
    shown.template, shown.theme = "lab", "light"
    app.tornado_settings = {"headers": {"Content-Security-Policy": POLICY, "Permissions-Policy": DEVICES}}

    def answer() -> None:
        ready(url)
        if browser:
            import webbrowser

            webbrowser.open(url)

    IOLoop.current().add_callback(answer)
    with contextlib.suppress(KeyboardInterrupt):
        app.start()


def _write(path: Path, call: str) -> None:
    import nbformat

    cell = nbformat.v4.new_code_cell(f"import nst_jax as nst\n\n{call}")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}, "title": TITLE}
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=kernel), path)


def _given(picture: str | Path) -> str:
    """A known name as it is; a file by its whole path, since the kernel runs in another folder."""
    return str(Path(picture).expanduser().resolve()) if os.path.exists(Path(picture).expanduser()) else str(picture)


def _free_port(ip: str, port: int) -> int:
    """The port, or one that is free for 0.

    Raises:
        SettingError: if nothing can listen there.
    """
    try:
        family = socket.AF_INET6 if ipaddress.ip_address(ip).version == 6 else socket.AF_INET
    except ValueError:
        raise SettingError(f"ip={ip!r}: give the address of a network interface, such as {LOOPBACK}") from None
    if not 0 <= port < 65536:
        raise SettingError(f"port={port}: give a number from 1 to 65535, or 0 for one that is free")
    try:
        with socket.socket(family, socket.SOCK_STREAM) as free:
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            free.bind((ip, port))
            return free.getsockname()[1]
    except OSError as error:
        raise SettingError(f"{ip}:{port}: {error.strerror or error}; choose another port or address") from None
