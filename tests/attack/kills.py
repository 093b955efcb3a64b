"""Runs and grids that are killed at random moments and resumed until they end, in the bytes of undisturbed ones."""

import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from .trial import ROOT, environment

PATIENCE = 300  # seconds until a victim is ready, or ends
VARYING = ("manifest.json", "seconds.csv")  # they hold times


@dataclass
class Kills:
    """What came of them.

    Attributes:
        runs, grids: how many were brought to an end, and compared.
        kills: how often a process was killed on the way.
        faults: what was not as it should be.
    """

    runs: int = 0
    grids: int = 0
    kills: int = 0
    faults: list[str] = field(default_factory=list)


def command(what: str, folder: Path, material: Path) -> list[str]:
    """That of a victim."""
    return [sys.executable, "-m", "tests.attack.victim", what, str(folder), str(material)]


def start(what: str, folder: Path, material: Path) -> subprocess.Popen:
    """A victim that has imported everything; what it compiles, the next one need not."""
    cache = {
        "JAX_COMPILATION_CACHE_DIR": str(material / "compiled"),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
    }
    process = subprocess.Popen(
        command(what, folder, material),
        cwd=ROOT,
        env=environment(**cache),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n", process.communicate()[1]
    return process


def outcome(folder: Path) -> dict[str, bytes]:
    """Name → bytes of everything in a run's or a grid's folder that is to be the same."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in VARYING)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if not path.name.endswith(".lock")}


def alone(what: str, folder: Path, material: Path) -> dict[str, bytes]:
    """The outcome of an undisturbed run or grid, which is made once in `folder`."""
    place = folder / f"undisturbed {what}"
    if not place.exists():
        process = start(what, place, material)
        words = process.communicate(timeout=PATIENCE)[1]
        assert process.returncode == 0, words
    return outcome(place)


def attack(folder: Path, material: Path, kills: int, seed: int = 0, kinds: tuple[str, ...] = ("run", "grid")) -> Kills:
    """Kill runs and grids in turn.

    Args:
        folder: for them.
        material: what they are made from.
        kills: how many, in all.
        seed: of the moments.
        kinds: of what is killed.

    Returns:
        What came of it.
    """
    rng, found = np.random.default_rng(seed), Kills()
    undisturbed, seconds = {what: alone(what, folder, material) for what in kinds}, {}
    for what in kinds:  # once more, now that everything is compiled
        place = folder / f"timed {what}"
        process, began = start(what, place, material), time.monotonic()
        process.communicate(timeout=PATIENCE)
        seconds[what] = time.monotonic() - began
        if outcome(place) != undisturbed[what]:
            found.faults.append(f"{place}: two undisturbed {what}s differ")
    while found.kills < kills:
        what = kinds[(found.runs + found.grids) % len(kinds)]
        place = folder / f"{what} {found.runs + found.grids}"
        most = int(rng.integers(1, 6))  # kills of this one
        for i in range(most + 1):
            process = start(what, place, material)
            if i < most and found.kills < kills:
                time.sleep(rng.uniform(0, seconds[what]))
                if process.poll() is None:
                    process.kill()
                    found.kills += 1
                    process.communicate()
                    continue
            words = process.communicate(timeout=PATIENCE)[1]
            if process.returncode:
                found.faults.append(f"{place.name}, after {i} kills: {words}")
            break
        if outcome(place) != undisturbed[what]:
            found.faults.append(f"{place}: its bytes differ from those of an undisturbed {what}")
        found.runs, found.grids = found.runs + (what == "run"), found.grids + (what == "grid")
    return found
