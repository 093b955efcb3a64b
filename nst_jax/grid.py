"""Ablations: every combination of some settings, each a run in a folder of its own that is never made twice.

    runs = nst.grid(nst.stylize, content=p, style=a, size=128, beta=[5.0, 50.0], pool=["avg", "max"], seed=[0, 1, 2])
    runs.table()

A list is a factor, whose values are combined with those of the others; anything else is the same in all runs.
"""

import contextlib
import hashlib
import itertools
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from filelock import FileLock

from .errors import DivergedError, NSTError, RunError, SettingError
from .files import sha256
from .images import load_image, resize
from .optimize import minimize_together
from .progress import bar
from .results import MANIFEST, PICTURE, plain
from .runs import begin, follow, reopen
from .saved import Saved, label, row_of
from .settings import settings_of
from .show import Sheet, pictures
from .stylize import Look, objective_at, result, start_at, stylize
from .weights import weights_file

POLL = 0.2  # seconds between two looks at the futures of an executor
STARTS = ("content", "style", "noise")
VARYING = ("alpha", "beta", "tv", "seed")  # settings that may differ among runs made together


@dataclass(frozen=True)
class Run:
    """One combination. factors: name → value, as given; settings: all that the run is given; saved: its folder."""

    factors: dict[str, Any]
    settings: dict[str, Any]
    saved: Saved


@dataclass(frozen=True)
class Runs:
    """The runs of a grid, the last factor changing fastest. errors: folder → what went wrong there."""

    runs: tuple[Run, ...]
    errors: dict[Path, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.runs)

    def __getitem__(self, i) -> Run:
        return self.runs[i]

    def __repr__(self) -> str:
        states = [self._state(run) for run in self.runs]
        return f"{len(self)} runs: " + ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states))

    def table(self) -> pd.DataFrame:
        """One row a run: its factors, state, evaluations, final loss, the referee's scores, and its folder's name.

        No times: the table of a grid that was killed and went on is that of one left alone, byte for byte.
        """
        rows = []
        for run in self.runs:
            values = {name: v if isinstance(v, int | float) else label(v) for name, v in run.factors.items()}
            rows.append(values | row_of(run.saved) | {"state": self._state(run), "run": run.saved.folder.name})
        return pd.DataFrame(rows)

    def sheet(self, rows: str | None = None, columns: str | None = None, *, width: int = 192, **where) -> Sheet:
        """The pictures by one or two factors; of runs that differ in others alone, the first is shown.

        rows, columns: names of factors (columns is the last, unless given); where: factor=value, to choose among runs.
        A run without a picture leaves a gap. Raises SettingError for a factor that there is none, or no run left.
        """
        columns = columns or (list(self.runs[0].factors)[-1:] or [None])[0]
        unknown = {rows, columns, *where} - {None, *self.runs[0].factors}
        if unknown:
            raise SettingError(f"no factor {', '.join(map(str, unknown))}; there are {', '.join(self.runs[0].factors)}")
        chosen = [run for run in self.runs if all(run.factors[name] == value for name, value in where.items())]
        panels: dict[str, dict[str, np.ndarray | None]] = {}
        for run in chosen:
            row, column = (label(run.factors[name]) if name else "" for name in (rows, columns))
            path = run.saved.folder / PICTURE
            if panels.setdefault(row, {}).get(column) is None:
                panels[row][column] = load_image(path) if path.exists() else None
        if not any(x is not None for row in panels.values() for x in row.values()):
            raise SettingError("no run of those has a picture yet; run the grid again")
        across = list(next(iter(panels.values())))
        heads = [f"{columns}\n{name}" if i == 0 else f"\n{name}" for i, name in enumerate(across)] if columns else ()
        sides = [f"{rows}\n{name}" for name in panels] if rows else ()
        return pictures([[row.get(column) for column in across] for row in panels.values()], heads, sides, width=width)

    def _state(self, run):
        return "failed" if run.saved.folder in self.errors else run.saved.state


def grid(
    run: Callable = stylize,
    *,
    folder="runs",
    evaluations: int | None = None,
    seconds: float | None = None,
    executor=None,
    together: int = 1,
    **axes,
) -> Runs:
    """Run `run(**settings)` for every combination of the lists in `axes`, and return what came of each.

    run: `stylize`, or any importable function that takes such keywords and returns a Result; axes: its arguments,
    content and style among them, as files; folder: each run has a folder there, named by a hash of its settings and of
    the bytes of its pictures and network. What is done is skipped, what is half done goes on (of `stylize`; other
    functions begin anew): a grid that was killed is started again by the same call, and its table is the same.
    evaluations, seconds: a budget for this call: once it is spent no further run begins, and the others are left.
    executor: anything with `submit(function, *arguments)` whose futures have `result()`, `done()` and `cancel()`, as
    concurrent.futures, Dask's `client.get_executor()` and submitit have; the folder must be theirs too.
    together: how many runs of `stylize` with Adam, that differ in alpha, beta, tv or seed alone, are made at once on
    one device, in the place of an executor: equal but for rounding, and not resumed half way. On two CPU cores it is
    no faster (`benchmarks/together.py`).
    A run that cannot be made, or diverges, is told of in the table, and the others go on.
    Raises SettingError for settings that mean nothing, before any run. Ctrl-C stops, and keeps what is there.
    """
    runs = Runs(_combinations(run, Path(folder), axes))
    todo = [each for each in runs.runs if each.saved.state not in ("done", "diverged")]
    budget = Budget(evaluations, seconds)
    if together > 1 and (executor is not None or run is not stylize):
        raise SettingError(f"together={together}: for stylize, and without an executor")
    if executor is None:
        _here(run, _batches(todo, together), budget, runs.errors)
    else:
        _elsewhere(run, todo, budget, runs.errors, executor)
    return runs


@dataclass
class Budget:
    """What a call may spend; None: as much as it takes."""

    evaluations: int | None
    seconds: float | None
    spent: int = 0
    began: float = field(default_factory=time.monotonic)

    def left(self) -> bool:
        time_left = self.seconds is None or time.monotonic() - self.began < self.seconds
        return time_left and (self.evaluations is None or self.spent < self.evaluations)


def make(run: Callable, folder: Path, settings: Mapping[str, Any]) -> int:
    """Make one run in its folder, or what is missing of it, and score it; returns the evaluations spent on it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.parent / f".{folder.name}.lock"):  # released when its holder dies
        saved = Saved(folder)
        if saved.state in ("done", "diverged"):
            return 0
        try:
            if run is not stylize:
                made = run(**settings)
                made.save(folder)
            else:
                there = (folder / MANIFEST).exists()
                made = follow(folder, reopen(folder) if there else begin(folder, **settings), progress=False)
        except DivergedError as error:
            return error.evaluation
        if made.stopped == "interrupted":
            raise KeyboardInterrupt
        with contextlib.suppress(NSTError):  # a picture too small to be judged is a picture still
            saved.scores()
        return made.evaluations


def make_together(folders: Sequence[Path], settings: Sequence[Mapping[str, Any]]) -> int:
    """`make` for several runs that differ in `VARYING` alone; returns the evaluations spent on all."""
    with contextlib.ExitStack() as stack:
        for folder in sorted(folders):
            folder.parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(FileLock(folder.parent / f".{folder.name}.lock"))
        jobs = [
            reopen(folder) if (folder / MANIFEST).exists() else begin(folder, **each)
            for folder, each in zip(folders, settings, strict=True)
        ]
        first, looks = jobs[0], [None] * len(jobs)
        for scale, (size, steps) in enumerate(zip(first.sizes, first.steps, strict=True)):
            objectives = [objective_at(replace(job, network=first.network), scale) for job in jobs]
            starts = [
                start_at(job, scale) if look is None else resize(look.image, job.shape(scale))
                for job, look in zip(jobs, looks, strict=True)
            ]
            frames = minimize_together(objectives, starts, first.optimizer, steps)
            pasts = [{} if look is None else look.losses for look in looks]
            looks = [Look(scale, size, frame, past) for frame, past in zip(frames, pasts, strict=True)]
        for folder, job, look in zip(folders, jobs, looks, strict=True):
            result(job, look).save(folder)
            with contextlib.suppress(NSTError):
                Saved(folder).scores()
    return sum(map(sum, (job.steps for job in jobs)))


def _batches(todo, together):
    """Runs in lists of those to be made at once: alike but for `VARYING`, with Adam, at most `together` of them."""
    batches: dict[Any, list[list[Run]]] = {}
    for each in todo:
        fixed = {name: value for name, value in each.settings.items() if name not in VARYING}
        alone = each.settings.get("optimizer") != "adam" or each.saved.state != "not begun"
        key = each.saved.folder if alone else json.dumps(plain(fixed), sort_keys=True, default=str)
        lists = batches.setdefault(key, [[]])
        if len(lists[-1]) == together:
            lists.append([])
        lists[-1].append(each)
    return [batch for lists in batches.values() for batch in lists]


def _here(run, batches, budget, errors):
    with bar(total=sum(map(len, batches)), unit="run") as shown:
        for batch in batches:
            if not budget.left():
                break
            factors = batch[0].factors.items()
            shown.set_postfix_str(", ".join(f"{name} {label(value)}" for name, value in factors))
            try:
                budget.spent += _made(run, batch)
            except NSTError as error:
                errors[batch[0].saved.folder] = str(error)
            except KeyboardInterrupt:
                break
            shown.update(len(batch))


def _made(run, batch):
    """The evaluations spent on a batch; where one of several diverges they are made one by one."""
    folders, settings = [each.saved.folder for each in batch], [each.settings for each in batch]
    if len(batch) > 1:
        with contextlib.suppress(DivergedError):
            return make_together(folders, settings)
    return sum(make(run, folder, each) for folder, each in zip(folders, settings, strict=True))


def _elsewhere(run, todo, budget, errors, executor):
    futures = {each.saved.folder: executor.submit(make, run, each.saved.folder, each.settings) for each in todo}
    with bar(total=len(todo), unit="run") as shown:
        try:
            while futures:
                for folder in [folder for folder, future in futures.items() if future.done()]:
                    budget.spent += _collected(futures.pop(folder), folder, errors)
                    shown.update()
                if not budget.left():
                    # What runs already is waited for.
                    futures = {folder: future for folder, future in futures.items() if future.cancel() is False}
                time.sleep(POLL if futures else 0)
        except KeyboardInterrupt:
            for future in futures.values():
                future.cancel()


def _collected(future, folder, errors):
    try:
        return future.result()
    except NSTError as error:
        errors[folder] = str(error)
        return 0


def _combinations(run, folder, axes):
    empty = [name for name, value in axes.items() if isinstance(value, list) and not value]
    if empty:
        raise SettingError(f"{empty[0]}=[]: a factor needs one value or more")
    factors = {name: value for name, value in axes.items() if isinstance(value, list)}
    fixed = {name: value for name, value in axes.items() if name not in factors}
    hashes: dict[str, str] = {}
    runs = {}
    for values in itertools.product(*factors.values()):
        chosen = dict(zip(factors, values, strict=True))
        settings = {name: (chosen | fixed)[name] for name in axes}
        name = name_of(run, settings, hashes)
        runs[name] = Run(chosen, settings, Saved(folder / name))  # a value given twice makes one run
    return tuple(runs.values())


def name_of(run: Callable, settings: Mapping[str, Any], hashes: dict[str, str]) -> str:
    """A hash of what the run depends on: for `stylize` with its defaults, and with files by their bytes.

    hashes: path → hash of the files seen already, to be filled. Raises SettingError, or RunError for a missing file.
    """
    described = dict(settings)
    if run is stylize:
        missing = [name for name in ("content", "style") if name not in settings]
        if missing:
            raise SettingError(f"{' and '.join(missing)} is missing; give a picture, as a file, or a list of some")
        pictures_ = {name: described.pop(name) for name in ("content", "style")}
        described = vars(settings_of(described))
        files = pictures_ | {"network": described["network"]}
        if described["init"] not in STARTS:
            files["init"] = described["init"]
        described |= {name: _file(name, given, hashes) for name, given in files.items()}
        if not isinstance(described["optimizer"], str):
            raise SettingError("optimizer: give it by its name, since runs are resumed by names")
    text = json.dumps([f"{run.__module__}.{run.__qualname__}", plain(described)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _file(name, given, hashes):
    if not isinstance(given, str | Path):
        raise SettingError(f"{name}: give it as a file or by its name, since runs are resumed from files")
    if str(given) not in hashes:
        path = weights_file(given) if name == "network" else given
        if not Path(path).is_file():
            raise RunError(f"{given}: there is no such {name}; give the path of a file")
        hashes[str(given)] = sha256(path)
    return hashes[str(given)]
