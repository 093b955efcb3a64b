"""A run's folder: everything of a run is kept there while it goes, and it can go on from there."""

import time
from pathlib import Path

import numpy as np

from .errors import DivergedError, RunError, SettingError
from .files import read_arrays, write_arrays
from .images import save_image
from .interrupt import interruptible
from .progress import with_progress
from .results import (
    LOSSES,
    MANIFEST,
    PICTURE,
    SECONDS,
    Result,
    environment,
    plain,
    read_manifest,
    write_manifest,
    write_result,
)
from .stylize import Job, ended, prepare, result, run, scale_ended

CHECKPOINT = "checkpoint.npz"
UNFINISHED = "not finished"


def begin(folder, content, style, *, save_every: int | None = None, out=None, **settings) -> Job:
    """Prepare `stylize(content, style, **settings)` as a run that is kept in `folder`.

    Writes manifest.json, from which the run can be resumed; so pictures and network are given by their paths.
    save_every: keep a picture at each multiple of so many evaluations of a scale; out: where else the result goes.
    Raises RunError where the folder holds a run already, SettingError for a picture or network that is no file.
    """
    folder = Path(folder)
    if (folder / MANIFEST).exists():
        raise RunError(f"{folder}: holds a run already; resume it, or choose another folder")
    job = prepare(content, style, **settings)
    nameless = [name for name, given in job.inputs.items() if "path" not in given]
    if nameless or not isinstance(job.settings.optimizer, str):
        raise SettingError(
            f"a run in a folder is resumed by names: give {', '.join(nameless) or 'optimizer'} by its name"
        )
    (folder / CHECKPOINT).unlink(missing_ok=True)  # of a run whose manifest is gone
    own = {"save_every": save_every, "out": str(Path(out).resolve()) if out else None, "began_with": environment()}
    write_manifest(folder, {"settings": plain(vars(job.settings)), "inputs": job.inputs, **own, "stopped": UNFINISHED})
    return job


def reopen(folder) -> Job:
    """The job of a run's folder, from its manifest.

    Raises RunError where there is none, where it is finished, or where a picture or the network has changed since.
    """
    manifest = read_manifest(folder)
    if not manifest["stopped"]:
        raise RunError(f"{folder}: this run is finished; its picture is {Path(folder) / 'result.png'}")
    inputs = manifest["inputs"]
    if any("path" not in described for described in inputs.values()):
        raise RunError(f"{folder}: was made from arrays, which are not kept; only runs of files can be resumed")
    settings = manifest["settings"] | {"network": inputs["network"]["path"]}
    if "init" in inputs:
        settings["init"] = inputs["init"]["path"]
    job = prepare(inputs["content"]["path"], inputs["style"]["path"], **settings)
    for name, found in job.inputs.items():
        if found["sha256"] != inputs[name]["sha256"]:
            raise RunError(f"{found['path']}: is not the {name} that the run was started with; put that one back")
    return job


def follow(folder, job: Job, *, checkpoint_every: float = 10.0, progress: bool = True) -> Result:
    """Run the job of a folder from its last checkpoint, or from the start, to its end or to Ctrl-C.

    Writes checkpoint.npz about `checkpoint_every` seconds apart and at the end of each scale (deleted at the end of the
    run), pictures/ at multiples of the manifest's `save_every` evaluations of a scale, and at the end, or when stopped,
    what `Result.save` writes.
    Raises DivergedError, after having written the last good picture.
    """
    folder = Path(folder)
    _sweep(folder)
    manifest = read_manifest(folder)
    own = {name: manifest.get(name) for name in ("save_every", "out", "began_with")}
    save_every = own["save_every"]
    looks = run(job, resume=read_checkpoint(folder), every=save_every)
    due = time.perf_counter() + checkpoint_every
    look = None
    with interruptible() as interrupted:
        try:
            for look in with_progress(looks, job) if progress else looks:
                if save_every and (look.frame.evaluations % save_every == 0 or scale_ended(job, look)):
                    save_image(folder / "pictures" / f"{look.size}px-{look.frame.evaluations:05d}.png", look.image)
                if scale_ended(job, look) or interrupted() or time.perf_counter() >= due:
                    began = time.perf_counter()
                    write_arrays(folder / CHECKPOINT, look.checkpoint())
                    # A slow disk is not to cost more than a twentieth of the run.
                    due = time.perf_counter() + max(checkpoint_every, 20 * (time.perf_counter() - began))
                if interrupted() and not ended(job, look):
                    return _save(folder, result(job, look, stopped="interrupted"), own)
        except DivergedError as error:
            if error.look:
                error.result = _save(folder, result(job, error.look, stopped=str(error)), own)
            raise
    made = _save(folder, result(job, look), own)
    (folder / CHECKPOINT).unlink(missing_ok=True)
    return made


def _save(folder, result, own):
    """The result's files, its copy where the run was told to put one, and last the manifest, which ends the run."""
    if own["out"]:
        save_image(own["out"], result.image)
    write_result(folder, result, result.manifest() | own)
    return result


def _sweep(folder):
    """Remove what was being written when the run was killed."""
    for name in (CHECKPOINT, PICTURE, MANIFEST, LOSSES, SECONDS, "pictures/*px-*.png"):
        place, name = (folder / name).parent, (folder / name).name
        for rest in place.glob(f".{name}.*.part"):
            rest.unlink()


def read_checkpoint(folder) -> dict[str, np.ndarray] | None:
    """The last checkpoint of a run, for `run(job, resume=)`; None where there is none yet.

    Raises RunError for a file that is none.
    """
    path = Path(folder) / CHECKPOINT
    return read_arrays(path, "scale") if path.exists() else None
