"""Grids: every combination of some settings, each a run in its own folder, made once.

    runs = nst.grid(nst.stylize, content=p, style=a, size=128, beta=[5.0, 50.0], pool=["avg", "max"], seed=[0, 1, 2])
    runs.table()

A list is a factor, whose values are combined with those of the others; any other value is the same in all runs. So give
several styles of one run, or its regions, as a tuple: style=("vortex", "woodcut").
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from ..described import counted
from ..errors import SettingError
from ..images.picture import Picture
from ..images.sheets import Sheet, pictures
from ..progress import bar
from ..transfer.interrupt import stop_queued_cells
from ..transfer.stylize import stylize
from .combinations import GridRun, Maker, combinations
from .execution import Budget, Executor, make_elsewhere, make_here
from .labels import labels
from .scores import picture_of, row_of


@dataclass(frozen=True)
class Grid:
    """The runs of a grid, the last factor changing fastest.

    Attributes:
        runs: one a combination.
        errors: folder → message of a run that failed in this call.
    """

    runs: tuple[GridRun, ...]
    errors: dict[Path, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.runs)

    def __getitem__(self, i: int) -> GridRun:
        return self.runs[i]

    def __repr__(self) -> str:
        states = [self._state(run) for run in self.runs]
        counts = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states))
        return f"{counted(len(self), 'run')}: {counts}"

    def table(self) -> pd.DataFrame:
        """One row a run: factors, state, evaluations, final loss, the referee's distances, and the folder's name.

        It holds no times, so the table of a grid that was killed and resumed equals an uninterrupted one's, byte for
        byte.

        Returns:
            The table; distances are NaN for a run that is not done, or cannot be scored.
        """
        rows, names = [], self._labels()
        for i, run in enumerate(self.runs):
            values = {name: v if isinstance(v, int | float) else names[name][i] for name, v in run.factors.items()}
            rows.append(values | row_of(run.folder) | {"state": self._state(run), "run": run.folder.path.name})
        return pd.DataFrame(rows)

    def sheet(self, rows: str | None = None, columns: str | None = None, *, width: int = 192, **where: Any) -> Sheet:
        """The pictures by one or two factors; of runs that differ only in others, the first is shown.

        A run without a picture leaves a gap.

        Args:
            rows: name of a factor; None for one row.
            columns: name of a factor; None for the last one.
            width: of a picture, in pixels.
            **where: factor=value, to choose among the runs.

        Returns:
            The sheet.

        Raises:
            SettingError: for an unknown factor, or if no chosen run has a picture.
        """
        names = list(self.runs[0].factors) if self.runs else []
        columns = columns or (names[-1] if names else None)
        unknown = {rows, columns, *where} - {None, *names}
        if unknown:
            raise SettingError(f"no factor {', '.join(map(str, unknown))}; there are {', '.join(names)}")
        known = self._labels()
        panels: dict[str, dict[str, Picture | None]] = {}
        for i, run in enumerate(self.runs):
            if any(run.factors[name] != value for name, value in where.items()):
                continue
            row, column = (known[name][i] if name else "" for name in (rows, columns))
            if panels.setdefault(row, {}).get(column) is None:
                panels[row][column] = picture_of(run.folder)
        if not any(x is not None for row in panels.values() for x in row.values()):
            raise SettingError("none of these runs has a picture yet; run the grid again")
        across = list(next(iter(panels.values())))
        heads = [f"{columns}\n{name}" if i == 0 else f"\n{name}" for i, name in enumerate(across)] if columns else ()
        sides = [f"{rows}\n{name}" for name in panels] if rows else ()
        return pictures([[row.get(column) for column in across] for row in panels.values()], heads, sides, width=width)

    def _labels(self) -> dict[str, list[str]]:
        """Each factor's labels, one a run."""
        names = list(self.runs[0].factors) if self.runs else []
        return {name: labels([run.factors[name] for run in self.runs]) for name in names}

    def _state(self, run: GridRun) -> str:
        return "failed" if run.folder.path in self.errors else run.folder.state


def grid(
    run: Maker = stylize,
    *,
    folder: str | Path = "runs",
    evaluations: int | None = None,
    seconds: float | None = None,
    executor: Executor | None = None,
    progress: bool = False,
    **axes: Any,
) -> Grid:
    """Call `run(**settings)` for every combination of the lists in `axes`.

    Finished runs are skipped. A run of `stylize` that was stopped resumes; one of another function starts again. So the
    same call completes a grid that was killed, with the same table. Failed runs are recorded in the table; the
    rest continue. Ctrl-C stops, and keeps what is done.

    Args:
        run: `stylize`, or any importable function that takes such keywords and returns a Result.
        folder: holds one folder a run, named by a hash of the settings and of the bytes of pictures and network.
        evaluations: budget of this call: once they are spent, no further run begins. None for no limit.
        seconds: budget of this call, likewise.
        executor: None for this process; or one in the manner of concurrent.futures, such as Dask's
            `client.get_executor()`, submitit's `AutoExecutor`, or `nst.device_executor()` for a run on each GPU of this
            machine. It must see `folder` too.
        progress: show a progress bar.
        **axes: keywords of `run`; pictures as files, or names of known pictures.

    Returns:
        The runs.

    Raises:
        SettingError: for an invalid setting, before any run.
        RunError: if a picture is missing, before any run.
    """
    runs = Grid(combinations(run, Path(folder), axes))
    todo = [each for each in runs.runs if each.folder.state not in ("done", "diverged")]
    budget = Budget(evaluations, seconds)
    try:
        with bar(total=len(todo), unit="run", visible=progress) as shown:
            if executor is None:
                make_here(run, todo, budget, runs.errors, shown)
            else:
                make_elsewhere(run, todo, budget, runs.errors, executor, shown)
    except KeyboardInterrupt:
        stop_queued_cells(runs, "what is done of the grid")
    return runs
