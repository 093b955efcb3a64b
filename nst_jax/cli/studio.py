"""`studio`: a page to choose a photo, mix styles, brush them, refine and save, served on this machine."""

import argparse
from pathlib import Path
from typing import Any

from ..errors import NSTError
from ..feedforward.choices import MOST_STYLES, SIZES
from .options import whole
from .painting import CONTENT, STYLE


def add_to(commands: Any) -> None:
    """Add the command to a parser's commands."""
    parser = commands.add_parser("studio", help="serve a page to paint on: mix styles, brush, refine, compare, save")
    parser.set_defaults(command=run)
    known = "a file, or the name of a known picture (see fetch)"
    parser.add_argument(
        "content", metavar="CONTENT", nargs="?", default=CONTENT, help=f"the photo to begin with: {known} [{CONTENT}]"
    )
    parser.add_argument(
        "styles", metavar="STYLE", nargs="*", help=f"paintings to begin with, {MOST_STYLES} at most, likewise [{STYLE}]"
    )
    parser.add_argument("--size", type=whole, choices=SIZES, default=512, help="longest side, in pixels [512]")
    parser.add_argument("--folder", type=Path, default=Path("studio"), help="where pictures are saved [studio]")
    parser.add_argument(
        "--ip",
        default="127.0.0.1",
        help="address of the network interface to listen at [127.0.0.1, this machine alone]; with another, whoever "
        "has the page's address can use this machine to paint, over a connection that is not encrypted",
    )
    parser.add_argument("--port", type=whole, default=0, help="to listen at [one that is free]")
    parser.add_argument("--no-browser", action="store_true", help="print the page's address only")


def run(options: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    from ..images.reading import load_layers
    from ..notebook.studio_server import serve

    styles = options.styles or [STYLE]
    if len(styles) > MOST_STYLES:
        raise NSTError(f"{len(styles)} styles: give {MOST_STYLES} at most")
    if again := [style for i, style in enumerate(styles) if style in styles[:i]]:
        raise NSTError(f"{again[0]}: is given twice; give each style once")
    for picture in (options.content, *styles):
        load_layers(picture)  # what is wrong with it is said here, and not on the page
    serve(
        options.content,
        styles,
        size=options.size,
        folder=options.folder,
        ip=options.ip,
        port=options.port,
        browser=not options.no_browser,
        ready=lambda url: print(f"{url}\nCtrl-C ends it; whoever has this address can use the page.", flush=True),
    )
    return 0
