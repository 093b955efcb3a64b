"""Whole files of pictures and weights, with bytes changed, cut out or repeated, read until the time is up."""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from . import pictures, weights
from .trial import Tally, Worker

SMALL = (0, 1, 0x7F, 0x80, 0xFF)


def mutated(data: bytes, rng: np.random.Generator) -> bytes:
    """The bytes with one to four changes, most of them near the beginning, where headers are."""
    changed = bytearray(data)
    for _ in range(rng.integers(1, 5)):
        n = max(1, len(changed))
        place = int(n * rng.random() ** rng.choice((1, 4)))
        length = int(rng.integers(1, 65))
        match rng.integers(7):
            case 0:
                changed[place : place + 1] = bytes([rng.integers(256)])
            case 1:
                changed[place : place + 1] = bytes([rng.choice(SMALL)])
            case 2:  # a number of four bytes
                changed[place : place + 4] = int(rng.choice((0, 1, 2**16, 2**31 - 1, 2**32 - 1))).to_bytes(4, "little")
            case 3:
                del changed[place : place + length]
            case 4:
                changed[place:place] = changed[place : place + length]
            case 5:
                other = int(rng.integers(n))
                changed[place : place + length] = changed[other : other + length]
            case 6 if rng.random() < 0.3:
                del changed[place:]
    return bytes(changed)


def seeds(folder: Path) -> Iterator[tuple[str, bytes, tuple[object, ...]]]:
    """The names of whole files, their bytes, and what is attempted with them."""
    for name, data in pictures.SEEDS.items():
        yield name, data, ("picture",)
    for name, data in (weights.SEEDS | {"keras.h5": weights.h5_seed(folder)}).items():
        yield name, data, ("weights", weights.COLOURS)


def attack(folder: Path, seconds: float, seed: int = 0) -> dict[str, Tally]:
    """Read mutated files, each format in turn.

    Args:
        folder: for the files; one that led to a fault is kept there.
        seconds: how long.
        seed: of the mutations.

    Returns:
        "pictures" and "weights" → the tally.
    """
    rng, tallies = np.random.default_rng(seed), {"pictures": Tally(), "weights": Tally()}
    all_seeds, end = list(seeds(folder)), time.monotonic() + seconds
    with Worker() as worker:
        while time.monotonic() < end:
            name, data, (task, *rest) = all_seeds[rng.integers(len(all_seeds))]
            for _ in range(2 if name.endswith(".h5") else 50):  # h5 files are read in a process of their own
                if time.monotonic() > end:
                    break
                path = folder / f"mutated {name}"
                path.write_bytes(mutated(data, rng))
                outcome = worker.attempt(str(task), str(path), *rest)
                tally = tallies["pictures" if task == "picture" else "weights"]
                before = len(tally.faults)
                tally.add(name, outcome)
                if len(tally.faults) > before:
                    path.rename(folder / f"fault {tally.tried} {name}")
    return tallies
