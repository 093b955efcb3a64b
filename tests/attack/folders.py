"""Folders of runs under attack: two processes in one, foreign files, damage, a full disk."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np

from nst_jax.files import write_arrays
from nst_jax.transfer.run import run
from nst_jax.transfer.run_folder import UNFINISHED, RunFolder

from .kills import PATIENCE, alone, command, outcome, start
from .mutation import mutated
from .trial import REFUSED, ROOT, Outcome, Tally, Worker, environment

PLACES = ("/proc/run", "/sys/run", "/dev/null/run", "/dev/full/run", "/proc/self/fd/run", "x" * 300, "a/" * 3000)


def begun(folder: Path, material: Path, **changed: object) -> Path:
    """The folder of a run that has begun, with its checkpoint."""
    settings = {"size": 64, "scales": 1, "steps": 6, "init": "noise", "content_layers": "conv1_2"} | changed
    kept = RunFolder(folder)
    pictures = material / "photo.png", material / "painting.png"
    network = material / "narrow.safetensors"
    job = kept.begin(*pictures, network=network, style_layers="conv1_1", normalize=False, **settings)
    checkpoint = next(run(job, every=2)).checkpoint()
    write_arrays(folder / "checkpoint.npz", checkpoint | {"run": np.asarray(kept.manifest.get("run"))})
    return folder


def damage(folder: Path, material: Path, n: int, seed: int = 0) -> Tally:
    """Resume runs whose manifest or checkpoint was mutated, or is another run's.

    Args:
        folder: for them.
        material: what they are made from.
        n: how many mutations of each.
        seed: of the mutations.

    Returns:
        The tally; a foreign checkpoint that is taken up is a fault.
    """
    rng, tally = np.random.default_rng(seed), Tally()
    whole, other = begun(folder / "whole", material), begun(folder / "other", material, seed=1)
    files = {name: (whole / name).read_bytes() for name in ("manifest.json", "checkpoint.npz")}
    with Worker() as worker:
        for name, data in files.items():
            tally.add("whole", worker.attempt("kept", str(whole)))
            for _ in range(n):
                (whole / name).write_bytes(mutated(data, rng))
                tally.add(f"mutated {name}", worker.attempt("kept", str(whole)))
            shutil.copy(other / name, whole / name)
            tally.add(f"foreign {name}", worker.attempt("kept", str(whole)), (REFUSED,))
            (whole / name).write_bytes(data)
    return tally


def ended(process: subprocess.Popen, name: str, tally: Tally, wanted: tuple[str, ...]) -> None:
    """Count what came of a victim."""
    words = process.communicate(timeout=PATIENCE)[1]
    lines = [line for line in words.splitlines() if "cpu_aot_loader" not in line]
    kind = {0: "used", 2: "refused"}.get(process.returncode, "died")
    tally.add(name, Outcome("long message" if kind == "refused" and len(lines) != 1 else kind, words), wanted)


def together(folder: Path, material: Path, times: int) -> Tally:
    """Two processes on one folder: one makes the run or the grid, the other is refused, or waits and finds it done.

    Args:
        folder: for them.
        material: what they are made from.
        times: how often.

    Returns:
        The tally; bytes that differ from those of a run that was alone are a fault.
    """
    tally = Tally()
    for i in range(times):
        what = ("run", "grid")[i % 2]
        place = folder / f"together {i}"
        both = [start(what, place, material) for _ in range(2)]
        for process in both:
            ended(process, f"together on a {what}", tally, ("used", "refused") if what == "run" else ("used",))
        if outcome(place) != alone(what, folder, material):
            tally.faults.append(f"{place}: two processes made other bytes than one")
    return tally


def without_space(folder: Path, material: Path, sizes: tuple[int, ...]) -> Tally:
    """Runs on a disk that takes files up to a size, then resumed with space.

    Args:
        folder: for them.
        material: what they are made from.
        sizes: that a file may have, in bytes.

    Returns:
        The tally; a run that does not end in one line, or cannot be resumed to the same bytes, is a fault.
    """
    tally, whole = Tally(), alone("run", folder, material)
    for size in sizes:
        place = folder / f"without space {size}"
        limited = f"import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))"
        program = f"{limited}; from tests.attack.victim import main; sys.exit(main())"
        process = subprocess.Popen(
            [sys.executable, "-c", program, *command("run", place, material)[3:]],
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        ended(process, f"files up to {size} bytes", tally, (REFUSED,))
        ended(start("run", place, material), f"resumed after {size}", tally, ("used",))
        if outcome(place) != whole:
            tally.faults.append(f"{place}: its bytes differ from those of an undisturbed run")
        if json.loads((place / "manifest.json").read_text())["stopped"] == UNFINISHED:
            tally.faults.append(f"{place}: is not finished")
    return tally


def without_permission(folder: Path, material: Path, places: tuple[str, ...] = PLACES) -> Tally:
    """Runs where nothing can be written: each is one line."""
    tally = Tally()
    for place in places:
        ended(start("run", folder / place, material), place[:60], tally, (REFUSED,))
    return tally
