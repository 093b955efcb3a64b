"""`fetch`: list, or download, known pictures and networks."""

import argparse
from typing import Any

from ..errors import NSTError
from .words import fault


def add_to(commands: Any) -> None:
    """Add the command to a parser's commands."""
    parser = commands.add_parser("fetch", help="list, or download, known pictures and networks")
    parser.set_defaults(command=run)
    parser.add_argument("names", nargs="*", metavar="NAME", help="without a name: list them")
    parser.add_argument("--all", action="store_true", help="all but the pictures in copyright")
    parser.add_argument("--accept-copyright", action="store_true", help="fetch even a picture in copyright")


def run(options: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    from ..images.remote import REMOTE
    from ..networks.sources import SOURCES

    names = options.names
    if options.all:
        names = [*SOURCES, *(name for name, known in REMOTE.items() if not known.restricted)]
    if not names:
        _list()
        return 0
    failed = 0
    for name in names:
        try:
            _fetch(name, options.accept_copyright)
        except NSTError as error:
            fault(str(error).splitlines()[0])
            failed += 1
    return 2 if failed else 0


def _list() -> None:
    from ..images.bundled import BUNDLED
    from ..images.remote import REMOTE, cached_file
    from ..networks.loading import cached
    from ..networks.sources import LICENCES, NETWORKS, SOURCES

    for name in NETWORKS:
        print(f"{name:20} here    network, comes with the package; {LICENCES[name]}")
    for name, known in BUNDLED.items():
        print(f"{name:20} here    {known.title}, {known.credit}; {known.licence}")
    for name, source in SOURCES.items():
        ways = [(source.wheel.title, source.wheel.bytes)] if source.wheel else []
        ways.append((source.url, source.bytes))
        where = ", or ".join(f"{size / 1e6:.0f} MB: {title}" for title, size in ways)
        print(f"{name:20} {_place(bool(cached(name)))}  network, {where}; {source.licence}")
    for name, known in REMOTE.items():
        place = _place(cached_file(name).is_file())
        print(f"{name:20} {place}  {known.title}, {known.credit}; {known.licence}; {known.url}")


def _place(here: bool) -> str:
    return "here  " if here else "remote"


def _fetch(name: str, accept_copyright: bool) -> None:
    from ..images.bundled import BUNDLED
    from ..images.known import picture
    from ..images.remote import REMOTE
    from ..networks.loading import weights_file
    from ..networks.sources import LICENCES, NETWORKS, SOURCES

    if name in SOURCES or name in NETWORKS:
        path = weights_file(name)
        print(f"{name}: {path}; {SOURCES[name].licence if name in SOURCES else LICENCES[name]}")
        return
    path = picture(name, accept_copyright=accept_copyright)
    known = BUNDLED.get(name) or REMOTE[name]
    print(f"{name}: {path}; {known.credit}; {known.licence}")
    if name in REMOTE and REMOTE[name].restricted:
        print(f"{name}: note that {REMOTE[name].restricted}")
