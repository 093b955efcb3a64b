"""Runs made here one by one, or on an executor, within a budget."""

import contextlib
import time
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from tqdm import tqdm

from ..errors import DivergedError, NSTError
from ..files import locked
from ..transfer.run_folder import RunFolder
from ..transfer.stylize import stylize
from .combinations import GridRun, Maker
from .labels import label
from .scores import scores_of

POLL = 0.2  # seconds between checks of an executor's futures


class Future(Protocol):
    """A run on its way, as in concurrent.futures."""

    def done(self) -> bool: ...
    def result(self) -> Any: ...
    def cancel(self) -> Any: ...


class Executor(Protocol):
    """Anything that runs functions elsewhere, as in concurrent.futures."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future: ...


@dataclass
class Budget:
    """What one call may spend.

    Attributes:
        evaluations: None for no limit.
        seconds: None for no limit.
        spent: evaluations so far.
        began: when, on the monotonic clock.
    """

    evaluations: int | None
    seconds: float | None
    spent: int = 0
    began: float = field(default_factory=time.monotonic)

    def left(self) -> bool:
        """Whether another run may begin."""
        time_left = self.seconds is None or time.monotonic() - self.began < self.seconds
        return time_left and (self.evaluations is None or self.spent < self.evaluations)


def make(run: Maker, folder: Path, settings: Mapping[str, Any]) -> int:
    """Make one run in its folder and score it; a run that is done or diverged is left as it is.

    A run of `stylize` that was stopped resumes; one of another function starts again.

    Args:
        run: `stylize`, or another function that returns a Result.
        folder: of the run.
        settings: keywords of `run`.

    Returns:
        The evaluations spent on it.

    Raises:
        NSTError: if the run cannot be made.
        KeyboardInterrupt: if it was interrupted.
    """
    with locked(folder):
        kept = RunFolder(folder)
        if kept.state in ("done", "diverged"):
            return 0
        try:
            if run is not stylize:
                made = run(**settings)
                made.save(folder)
            else:
                made = kept.follow(kept.reopen() if kept.begun else kept.begin(**settings))
        except DivergedError as error:
            return error.evaluation
        if made.stopped == "interrupted":
            raise KeyboardInterrupt
        with contextlib.suppress(NSTError):  # a picture too small to be scored is still a picture
            scores_of(kept)
        return made.evaluations


def _again(*arguments: Any) -> Any:
    """What submitit is to run after the time limit of a job: the same, which resumes."""
    from submitit.helpers import DelayedSubmission  # pyright: ignore[reportMissingImports]  # in a job of submitit

    return DelayedSubmission(make, *arguments)


make.checkpoint = _again  # pyright: ignore[reportFunctionMemberAccess]  # where submitit looks for it


def make_here(
    run: Maker, todo: Sequence[GridRun], budget: Budget, errors: MutableMapping[Path, str], shown: tqdm
) -> None:
    """Make runs one after the other in this process, until the budget is spent.

    Args:
        run: the function.
        todo: its runs.
        budget: charged with what is spent.
        errors: folder → message of a run that failed; extended here.
        shown: progress bar.

    Raises:
        KeyboardInterrupt: after the run that was interrupted.
    """
    for each in todo:
        if not budget.left():
            break
        shown.set_postfix_str(", ".join(f"{name} {label(value)}" for name, value in each.factors.items()))
        try:
            budget.spent += make(run, each.folder.path, each.settings)
        except NSTError as error:
            errors[each.folder.path] = str(error)
        shown.update()


def make_elsewhere(
    run: Maker,
    todo: Sequence[GridRun],
    budget: Budget,
    errors: MutableMapping[Path, str],
    executor: Executor,
    shown: tqdm,
) -> None:
    """Make runs on an executor, until the budget is spent.

    Args:
        run: the function; it must be importable there.
        todo: its runs.
        budget: charged with what is spent.
        errors: folder → message of a run that failed; extended here.
        executor: it must see the folders too.
        shown: progress bar.

    Raises:
        KeyboardInterrupt: at Ctrl-C; runs that have not begun are cancelled.
    """
    futures = {each.folder.path: executor.submit(make, run, each.folder.path, each.settings) for each in todo}
    try:
        while futures:
            for folder in [folder for folder, future in futures.items() if future.done()]:
                try:
                    budget.spent += futures.pop(folder).result()
                except NSTError as error:
                    errors[folder] = str(error)
                shown.update()
            if not budget.left():  # wait for the runs that have begun, and cancel the rest
                futures = {folder: future for folder, future in futures.items() if future.cancel() is False}
            time.sleep(POLL if futures else 0)
    except KeyboardInterrupt:
        for future in futures.values():
            future.cancel()
        raise
