"""`python -m tests.attack [--long] [PART …]`: the attack, and the table of what came of it."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from . import folders, kills, mutation, pictures, values, weights
from .material import material
from .table import record, row
from .trial import Tally, Worker

SHORT = {"seconds": 5.0, "kills": 2, "damages": 5, "times": 1, "sizes": (3000,)}
LONG = {"seconds": 3600.0, "kills": 100, "damages": 300, "times": 6, "sizes": (0, 100, 3000, 10_000, 30_000)}


def of_pictures(folder: Path) -> Tally:
    """Every kind of picture, read."""
    tally = Tally()
    with Worker() as worker:
        for name, (write, wanted) in pictures.KINDS.items():
            write(folder / name)
            tally.add(name, worker.attempt("picture", str(folder / name)), (wanted,))
            tally.add(f"{name} as a mask", worker.attempt("mask", str(folder / name)))
    return tally


def of_weights(folder: Path) -> Tally:
    """Every kind of file of weights, read and used."""
    tally = Tally()
    with Worker() as worker:
        for name, (write, wanted) in weights.KINDS.items():
            write(folder / name)
            tally.add(name, worker.attempt("weights", str(folder / name), weights.COLOURS), (wanted,))
    return tally


def of_settings(folder: Path, whole: bool) -> Tally:
    """Every setting with every absurd value, in Python and on the command line.

    Args:
        folder: with material.
        whole: make the whole run of what is accepted, not only its preparation.

    Returns:
        The tally.
    """
    tally = Tally()
    with Worker() as worker:
        for name in values.NAMES:
            for i, value in enumerate(values.values_of(name)):
                tally.add(f"{name}={value!r:.60}", worker.attempt("setting", name, i, str(folder), whole))
            for text in values.TEXTS:
                tally.add(f"--{name} {text!r:.60}", worker.attempt("option", name.replace("_", "-"), text))
    return tally


def parts(folder: Path, how: dict, whole: bool) -> dict[str, Callable[[], dict[str, tuple[str, list[str]]]]]:
    """The parts of the attack.

    Args:
        folder: for all that it writes.
        how: `SHORT` or `LONG`.
        whole: whether it is the long one.

    Returns:
        name → () → rows of the table: what → (figures, faults).
    """

    def counted(what: str, tally: Tally) -> dict[str, tuple[str, list[str]]]:
        counts = ", ".join(f"{n:,} {kind}" for kind, n in sorted(tally.counts.items(), reverse=True))
        memory = f"; {tally.most / 2**20:.0f} MiB at most" if tally.most else ""
        return {what: (f"{tally.tried:,} attempts: {counts}{memory}", tally.faults)}

    def killed() -> dict[str, tuple[str, list[str]]]:
        found = kills.attack(folder, folder, how["kills"])
        figures = f"{found.kills} SIGKILLs over {found.runs} runs and {found.grids} grids, resumed to the same bytes"
        return {"kills at random moments": (figures, found.faults)}

    def mutations() -> dict[str, tuple[str, list[str]]]:
        tallies = mutation.attack(folder, how["seconds"])
        minutes = f"{how['seconds'] / 60:.0f} minutes" if how["seconds"] >= 100 else f"{how['seconds']:.0f} seconds"
        return {
            k: v
            for name, each in tallies.items()
            for k, v in counted(f"mutated {name}, {minutes} of both", each).items()
        }

    return {
        "pictures": lambda: counted(f"{len(pictures.KINDS)} kinds of pictures", of_pictures(folder)),
        "weights": lambda: counted(f"{len(weights.KINDS)} kinds of files of weights", of_weights(folder)),
        "settings": lambda: counted(f"{len(values.NAMES)} settings, absurd values", of_settings(folder, whole)),
        "damage": lambda: counted("damaged and foreign files of runs", folders.damage(folder, folder, how["damages"])),
        "together": lambda: counted("two processes on one folder", folders.together(folder, folder, how["times"])),
        "space": lambda: counted("a full disk", folders.without_space(folder, folder, how["sizes"])),
        "permission": lambda: counted("places that cannot be written", folders.without_permission(folder, folder)),
        "kills": killed,
        "mutation": mutations,
    }  # fmt: skip


def main() -> int:
    """Attack, print the rows of the table, and every fault; returns 1 if there is one."""
    parser = argparse.ArgumentParser(prog="python -m tests.attack", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help="such as pictures, kills, mutation; without: all")
    parser.add_argument("--long", action="store_true", help="an hour of mutation and a hundred kills")
    parser.add_argument("--seconds", type=float, help="of mutation")
    parser.add_argument("--kills", type=int, help="how many")
    parser.add_argument("--record", action="store_true", help="write the rows into the table of docs/measured.md")
    options = parser.parse_args()
    given = {name: getattr(options, name) for name in ("seconds", "kills") if getattr(options, name) is not None}
    faults, rows = [], {}
    with tempfile.TemporaryDirectory() as place:
        material(Path(place))
        known = parts(Path(place), (LONG if options.long else SHORT) | given, options.long)
        if unknown := set(options.parts) - set(known):
            parser.error(f"there is no part {', '.join(unknown)}; there are {', '.join(known)}")
        for name in options.parts or known:
            began = time.monotonic()
            for what, (figures, found) in known[name]().items():
                rows[name, what] = (figures, len(found))
                print(row(name, what, figures, len(found)), flush=True)
                faults += found
            print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    if options.record:
        record(rows)
    print(*faults, sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
