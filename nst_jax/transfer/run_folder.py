"""Run folders: persist a run as it proceeds, read it, and resume it."""

import os
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Unpack

import numpy as np
from filelock import FileLock, Timeout

from ..errors import DivergedError, NSTError, RunError, SettingError
from ..files import check_name, read_arrays, sha256, write_arrays
from ..images.picture import Picture
from ..images.reading import check_file, load_image
from ..images.resizing import fit
from ..images.writing import save_image
from ..losses.shared import devices_for
from ..networks.mesh import device_count
from ..optim.snapshot import Arrays
from .inputs import networks_of
from .interrupt import interruptible, stop_queued_cells
from .job import Job, measured_layers, prepare
from .manifest import MANIFEST, Manifest, environment, plain, read_manifest, write_manifest
from .painting import Regions, StyleLike, arguments
from .progress import with_progress
from .result import LOSSES, PICTURE, PICTURES, SECONDS, Result
from .run import ended, result_of, run, scale_ended
from .settings import Given, settings_of

CHECKPOINT = "checkpoint.npz"
LOCK = ".lock"
UNFINISHED = "not finished"
RUN = "run"  # of a checkpoint: which run wrote it
UNLIMITED = 2**62  # bytes


@dataclass(frozen=True)
class RunFolder:
    """The folder of a run: as `Result.save`, `stylize --run` and `grid` leave it, or where one will begin.

    It is read lazily. Accessors raise RunError, or another NSTError, if the folder holds no run, or no picture yet.

    Attributes:
        path: of the folder.
    """

    path: Path

    def __post_init__(self):
        object.__setattr__(self, "path", Path(self.path))

    @property
    def manifest(self) -> Manifest:
        """What made the run, or will make it."""
        return read_manifest(self.path)

    @property
    def begun(self) -> bool:
        """Whether the folder holds a run."""
        return os.path.exists(self.path / MANIFEST)  # False, too, for a name that no disk can hold

    @property
    def state(self) -> str:
        """ "done", "begun" (it can be resumed), "diverged", "not begun", or "damaged"."""
        if not self.begun:
            return "not begun"
        try:
            stopped = self.manifest["stopped"]
        except RunError:
            return "damaged"
        return {"": "done", UNFINISHED: "begun", "interrupted": "begun"}.get(stopped, "diverged")

    @property
    def picture(self) -> Path:
        """The file of the picture, whether it exists yet or not."""
        return self.path / PICTURE

    @property
    def image(self) -> Picture:
        """The picture: [h, w, 3], the one that the run wrote."""
        self.checked_picture()
        return load_image(self.picture)

    def checked_picture(self) -> str:
        """The hash of the picture.

        Raises:
            ImageError: if the folder holds none.
            RunError: if it is not the one that the run wrote.
        """
        check_file(self.picture)
        found = sha256(self.picture)
        if self.manifest.get("picture_sha256", found) != found:
            raise RunError(f"{self.picture}: is not the picture that this run wrote; put that one back or run it again")
        return found

    @property
    def checkpoint(self) -> Arrays | None:
        """The last checkpoint, for `run(job, resume=)`; None before the first.

        Raises:
            RunError: if it is damaged, or another run wrote it.
        """
        path = self.path / CHECKPOINT
        if not path.exists():
            return None
        arrays = read_arrays(path, "scale")
        if str(arrays.pop(RUN, "")) != self.manifest.get("run"):
            raise RunError(f"{path}: is of another run; delete it to start this run from its beginning")
        return arrays

    def begin(
        self,
        content: str | Path,
        style: StyleLike = None,
        *,
        regions: Regions | None = None,
        save_every: int | None = None,
        out: str | Path | None = None,
        **settings: Unpack[Given],
    ) -> Job:
        """Prepare `stylize(content, style, **settings)` as a run that is kept here.

        Writes manifest.json, from which the run can be resumed.

        Args:
            content: a file, or the name of a known picture.
            style: likewise; or several, as in `stylize`.
            regions: as in `stylize`.
            save_every: keep a picture at each multiple of this many evaluations of a scale.
            out: where else to write the result.
            **settings: see `Settings`; network, start and optimiser by their names.

        Returns:
            The job, for `follow`.

        Raises:
            RunError: if the folder holds a run already.
            SettingError: if a picture, the network or the optimiser is an object without a name.
        """
        if self.begun:
            raise RunError(f"{self.path}: holds a run already; resume it, or choose another folder")
        job = prepare(content, style, regions=regions, kept=True, **settings)
        nameless = [name for name, given in job.inputs.items() if "path" not in given]
        objects = ("optimizer", "statistic")
        nameless += [name for name in objects if not isinstance(getattr(job.settings, name), str | None)]
        if nameless:
            raise SettingError(f"a run in a folder is resumed by names: give {', '.join(nameless)} by its name")
        own: dict[str, Any] = {"save_every": save_every, "out": str(Path(out).resolve()) if out else None}
        own |= {"began_with": environment(), "budget": job.budget}
        described = {"settings": plain(vars(job.settings)), "inputs": job.inputs, "run": secrets.token_hex(8)}
        with self._held():
            if self.begun:  # meanwhile, by another process
                raise RunError(f"{self.path}: holds a run already; resume it, or choose another folder")
            (self.path / CHECKPOINT).unlink(missing_ok=True)  # of a run whose manifest is gone
            write_manifest(self.path, {**described, **own, "stopped": UNFINISHED})
        return job

    def reopen(self) -> Job:
        """The job of the run, from its manifest.

        Raises:
            RunError: if the folder holds no run, it is finished, or a picture or the network has changed since.
        """
        manifest = self.manifest
        if not manifest["stopped"]:
            raise RunError(f"{self.path}: this run is finished; its picture is {self.picture}")
        inputs = manifest["inputs"]
        paths = {name: described["path"] for name, described in inputs.items() if "path" in described}
        if {"content", "network", *inputs} - set(paths):
            raise RunError(f"{self.path}: was made from arrays, which are not kept; only runs of files can be resumed")
        networks = networks_of(paths)
        settings: dict[str, Any] = {**manifest["settings"], "network": networks[0] if len(networks) == 1 else networks}
        if "init" in paths:
            settings["init"] = paths["init"]
        style, regions = arguments(inputs)
        # A resumed run has the tiles that it began with, whatever is free by now.
        began: dict[str, Any] = {**settings, "memory": manifest.get("budget") or UNLIMITED}
        shape = inputs["content"].get("shape") or load_image(paths["content"]).shape
        asked, began["devices"], notes = _devices_of(began, shape)
        job = prepare(paths["content"], style, regions=regions, kept=True, **began)
        given = replace(job.settings, memory=settings.get("memory"), devices=asked)
        job = replace(job, settings=given, notes=(*job.notes, *notes))
        for name, found in job.inputs.items():
            if found.get("sha256") != inputs.get(name, {}).get("sha256"):
                raise RunError(f"{found['path']}: is not the {name} that the run was started with; put that one back")
        return job

    def follow(self, job: Job, *, checkpoint_every: float = 10.0, progress: bool = False) -> Result:
        """Run the job from the last checkpoint, or from the start, to its end or to Ctrl-C.

        Writes checkpoint.npz at that interval and at the end of each scale (deleted at the end of the run), pictures/
        at multiples of the manifest's `save_every` evaluations of a scale, and at the end, or when stopped, what
        `Result.save` writes.

        Args:
            job: from `begin` or `reopen`.
            checkpoint_every: about how many seconds between checkpoints.
            progress: show a progress bar.

        Returns:
            The result.

        Raises:
            DivergedError: if the loss is no longer finite; the last good picture is written.
            RunError: if another process works on the run, or has finished it.
        """
        with self._held():
            return self._followed(job, checkpoint_every, progress)

    def _followed(self, job: Job, checkpoint_every: float, progress: bool) -> Result:
        self._sweep()
        manifest = self.manifest
        if not manifest["stopped"]:
            raise RunError(f"{self.path}: this run is finished; its picture is {self.picture}")
        own = {name: manifest.get(name) for name in ("save_every", "out", "began_with", "run", "budget")}
        save_every = own["save_every"]
        snapshots = run(job, resume=self.checkpoint, every=save_every)
        due = time.perf_counter() + checkpoint_every
        snapshot = None
        with interruptible() as interrupted:
            try:
                for snapshot in with_progress(snapshots, job, shown=progress):
                    spent, end = snapshot.spent_here, scale_ended(job, snapshot)
                    if save_every and (spent % save_every == 0 or end):
                        spent += job.spent_before(snapshot.scale)
                        alpha = job.alpha_at(snapshot.scale)
                        save_image(self.path / PICTURES / f"{snapshot.size}px-{spent:05d}.png", snapshot.image, alpha)
                    if end or interrupted() or time.perf_counter() >= due:
                        began = time.perf_counter()
                        write_arrays(self.path / CHECKPOINT, snapshot.checkpoint() | {RUN: np.asarray(own["run"])})
                        # A slow disk may not cost more than a twentieth of the run.
                        due = time.perf_counter() + max(checkpoint_every, 20 * (time.perf_counter() - began))
                    snapshot.release()
                    if interrupted() and not ended(job, snapshot):
                        stopped = self._keep(result_of(job, snapshot, stopped="interrupted"), own)
                        stop_queued_cells(stopped, "the picture so far")
                        return stopped
            except DivergedError as error:
                if error.snapshot:
                    error.result = self._keep(result_of(job, error.snapshot, stopped=str(error)), own)
                raise
        assert snapshot is not None  # a run has a last snapshot
        made = self._keep(result_of(job, snapshot), own)
        (self.path / CHECKPOINT).unlink(missing_ok=True)
        return made

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Hold the folder, which one process at a time may change; a process that dies lets go.

        Raises:
            RunError: if another process holds it.
            NSTError: if the folder cannot be written.
        """
        check_name(self.path)
        lock = FileLock(self.path / LOCK, timeout=0)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            raise RunError(f"{self.path}: another process works on this run; wait for it to end") from None
        except OSError as error:
            fault = error.strerror or error
            raise NSTError(f"{self.path}: cannot be written ({fault}); choose another folder") from None
        try:
            yield
        finally:
            with suppress(OSError):
                (self.path / LOCK).unlink()
            lock.release()

    def _keep(self, result: Result, own: dict[str, Any]) -> Result:
        """Write the copy that was asked for, then the result's files; the manifest comes last and ends the run."""
        if own["out"]:
            save_image(own["out"], result.image, result.alpha)
        result.save(self.path, own)
        return result

    def _sweep(self) -> None:
        """Remove files that were being written when the run was killed."""
        for name in (CHECKPOINT, PICTURE, MANIFEST, LOSSES, SECONDS, f"{PICTURES}/*px-*.png"):
            place, name = (self.path / name).parent, (self.path / name).name
            for rest in place.glob(f".{name}.*.part"):
                rest.unlink()


def _devices_of(settings: dict[str, Any], shape: Sequence[int]) -> tuple[int, int, tuple[str, ...]]:
    """How many devices a run began on, on how many of those here it resumes, and what is to be said of that.

    Args:
        settings: of the run.
        shape: (height, width, …) of its content picture, as given.

    Returns:
        All three.
    """
    s, there = settings_of(settings), device_count()
    if there >= s.devices:
        return s.devices, s.devices, ()
    devices = devices_for(there, fit((shape[0], shape[1]), s.size), measured_layers(s))
    said = f"the run began on {s.devices} devices and resumes on {devices}, since JAX sees {there} here"
    return s.devices, devices, (f"{said}: its settings are the same, its bytes may differ",)
