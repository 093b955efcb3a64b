"""What a worker attempts: `python -m tests.attack.tasks` reads a task a line and answers with what came of it."""

import contextlib
import io
import json
import os
import sys
import traceback
from pathlib import Path

import numpy as np

import nst_jax as nst

from .values import BASE, values_of

STATUS = Path("/proc/self/status")


def picture(path: str) -> None:
    """Read a picture."""
    x = nst.load_image(path)
    assert x.dtype == np.float32
    assert x.ndim == 3
    assert np.isfinite(x).all()


def mask(path: str) -> None:
    """Read a picture as a mask."""
    from nst_jax.images.masks import load_mask

    load_mask(path)


def weights(path: str, colours: str | None) -> None:
    """Read a file of weights, and use it."""
    network = nst.load_network(path, colours=colours)  # pyright: ignore[reportArgumentType]
    x = np.full((16, 16, 3), 0.5, np.float32)
    assert network(x, "conv1_1")["conv1_1"].shape == (16, 16, network.width("conv1_1"))


def setting(name: str, i: int, folder: str, whole: bool) -> None:
    """A run with one absurd setting; of what is accepted, either all of it, or only its preparation."""
    from nst_jax.transfer.job import prepare

    value = values_of(name)[i]
    nst.Settings(**{name: value})
    if name == "size" and isinstance(value, int) and value > 2048:
        return  # it is a size; that it needs memory is said by the estimate
    given = {**BASE, "network": f"{folder}/narrow.safetensors", name: value}
    pictures = f"{folder}/photo.png", f"{folder}/painting.png"
    if whole:
        assert np.isfinite(nst.stylize(*pictures, **given).image).all()
    else:
        prepare(*pictures, **given)


def option(name: str, text: str) -> None:
    """An option of the command line; the photo does not exist, so that it always ends with a fault."""
    from nst_jax.cli.main import main

    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
            status = main(["stylize", "nowhere.png", "vortex", "-o", "out.png", f"--{name}={text}"])
    except SystemExit as end:  # argparse's own faults, below its usage
        status = end.code
    assert status == 2, f"status {status}: {said.getvalue()}"
    raise nst.NSTError(said.getvalue().strip().splitlines()[-1])


def kept(folder: str) -> None:
    """A run's folder, with a manifest or a checkpoint that was damaged: its state, its row, and the way on."""
    from nst_jax.research.scores import row_of
    from nst_jax.transfer.run import run
    from nst_jax.transfer.run_folder import RunFolder

    run_folder = RunFolder(Path(folder))
    assert row_of(run_folder)["state"] == run_folder.state
    next(iter(run(run_folder.reopen(), resume=run_folder.checkpoint)))


def end() -> None:
    """End this process, as a crash would."""
    os._exit(1)


TASKS = {task.__name__: task for task in (picture, mask, weights, setting, option, kept, end)}


def held_at_most() -> int:
    """Bytes of memory that this process held at most since `forget`."""
    if STATUS.exists():
        line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def forget() -> None:
    """Count what is held at most from now on."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def tried(task: str, *arguments: object) -> tuple[str, str]:
    """The kind and the words of an outcome."""
    try:
        TASKS[task](*arguments)
    except nst.NSTError as error:
        words = str(error)
        return ("refused" if len(words.splitlines()) == 1 else "long message"), words
    except BaseException:
        return "traceback", traceback.format_exc()
    return "used", ""


def main() -> None:
    """Answer tasks until there are no more."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what is printed is not an answer
    for line in sys.stdin.buffer:
        forget()
        outcome = tried(*json.loads(line))
        answers.write(json.dumps([*outcome, held_at_most()]).encode() + b"\n")


if __name__ == "__main__":
    main()
