"""What `stylize` and `resume` share: say what is coming, run the job, write the picture, say what came."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..described import counted
from .places import check_space
from .words import duration, in_one_line

if TYPE_CHECKING:
    from ..transfer.job import Job


def _named(network: dict[str, Any]) -> str:
    """The network's name, and what is known of its file: "vgg19 (8 bits a weight, caffe colours)"."""
    known = [network["precision"]] if "precision" in network else []
    known += [f"{network['colours']} colours"] if "colours" in network else []
    return f"{network['name']} ({', '.join(known)})" if known else network["name"]


def follow(job: "Job", folder: Path | None, out: str | Path | None, checkpoint_every: float) -> int:
    """Run a job to its end and write its picture.

    Args:
        job: what to run.
        folder: of the run; None if it is not kept.
        out: picture to write.
        checkpoint_every: seconds between two checkpoints, about.

    Returns:
        The exit status.

    Raises:
        DivergedError: if the loss is no longer finite; the last good picture is written.
        MemoryError: if the device has too little.
    """
    import jax

    from ..errors import DivergedError
    from ..images.writing import save_image
    from ..networks.device import plain_jax
    from ..transfer.budget import gigabytes
    from ..transfer.estimate import disk, estimate, memory
    from ..transfer.inputs import networks_of
    from ..transfer.interrupt import interruptible
    from ..transfer.run import finish
    from ..transfer.run_folder import RunFolder

    kept = RunFolder(folder) if folder else None
    device = jax.devices()[0]
    networks = networks_of(job.inputs)
    named = " → ".join(map(_named, networks))
    h, w = job.shape(-1)
    devices = job.plan[-1].devices
    several = f"{devices} × " if devices > 1 else ""
    cores = counted(os.cpu_count() or 1, "core") + (f" as {devices} devices" if devices > 1 else "")
    if out:
        check_space(Path(out).absolute().parent, disk(job, kept=False))
    if folder:
        check_space(folder, disk(job, kept=True))
    styles = [Path(each["path"]).name for name, each in job.inputs.items() if each.get("kind") == "style"]
    content = Path(job.inputs["content"]["path"]).name
    print(in_one_line(f"{content} in the style of {' and '.join(dict.fromkeys(styles))}"))
    for note in job.notes:
        print(f"note: {note}")
    print(
        f"network {named}, {networks[-1]['pool']} pooling; {w} × {h} pixels, "
        f"scales {' → '.join(map(str, dict.fromkeys(job.sizes)))}, {counted(sum(job.steps), 'evaluation')}; "
        + (f"on the CPU, {cores}" if device.platform == "cpu" else f"on {several}{device.device_kind}")
    )
    print(f"memory: {gigabytes(memory(job))}", flush=True)
    try:
        with plain_jax():
            coming = estimate(job, kept.checkpoint if kept else None)
        print(f"estimate: {duration(coming.seconds)}", flush=True)
        with interruptible():  # the picture is written even if Ctrl-C is pressed again meanwhile
            if kept:
                made = kept.follow(job, checkpoint_every=checkpoint_every, progress=True)
            else:
                made = finish(job, progress=True)
                if out:
                    save_image(out, made.image, made.alpha)
    except DivergedError as error:
        if out and not kept and error.result:  # a run in a folder has written both
            save_image(out, error.result.image, error.result.alpha)
        raise
    except jax.errors.JaxRuntimeError as error:
        if "RESOURCE_EXHAUSTED" in str(error):
            raise MemoryError from None
        raise
    where = " and ".join(in_one_line(place) for place in (out, folder) if place)
    print(
        f"{where}: made with {named} in {duration(made.seconds)}, "
        f"{counted(made.evaluations, 'evaluation')}, loss {made.loss:.4g}"
        + (f"; the line search failed {counted(made.failures, 'time')}" if made.failures else "")
    )
    if made.stopped:
        more = f"; resume it with: python -m nst_jax resume {in_one_line(folder)}" if folder else ""
        print(f"{made.stopped} before its end{more}", file=sys.stderr)
        return 130
    return 0
