"""A run in a separate thread, so that the notebook stays responsive."""

import atexit
import threading
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from ..errors import DivergedError
from ..images.picture import Picture
from ..losses.objective import Objective
from ..optim.loop import optimize
from ..optim.optimizer import Optimizer, of_optax
from ..optim.snapshot import Snapshot
from ..transfer.job import Job
from ..transfer.result import Result
from ..transfer.run import result_of, run, start_at
from .knobs import Move, Steering

INTERVAL = 0.25  # seconds between two snapshots; knob changes take effect this often
ENDED = ("done", "stopped", "failed")

R = TypeVar("R")


@dataclass(frozen=True)
class Plan(Generic[R]):
    """What a run in the background needs to know about its work.

    Attributes:
        snapshots: (interval=, steer=) → the snapshots of the run.
        start: [h, w, 3], shown first.
        work: (evaluations, pixels) of each scale.
        result: (snapshot, stopped, moves) → the result if the run ended here.
        steerable: whether knobs may move.
    """

    snapshots: Callable[..., Iterator[Snapshot]]
    start: Picture
    work: tuple[tuple[int, int], ...]
    result: Callable[[Snapshot, str, list[Move]], R]
    steerable: bool


def plan_of_job(job: Job) -> Plan[Result]:
    """The plan of `run(job)`; a run that was steered says so in its result and its manifest."""

    def result(snapshot: Snapshot, stopped: str, moves: list[Move]) -> Result:
        made = result_of(job, snapshot, stopped)
        if not moves:
            return made
        steered = [{"evaluations": m.evaluations, "knob": m.knob, "value": m.value} for m in moves]
        return replace(made, steered=steered)

    return Plan(
        snapshots=lambda **how: run(job, **how),
        start=start_at(job, 0),
        work=tuple((steps, h * w) for steps, (h, w) in zip(job.steps, job.shapes, strict=True)),
        result=result,
        steerable=job.optimizer.steerable,
    )


def plan_of_objective(objective: Objective, x0: Picture, optimizer: Any, steps: int) -> Plan[Snapshot]:
    """The plan of `optimize(objective, x0, optimizer, steps)`; its result is the last snapshot."""
    h, w, _ = x0.shape
    adopted = optimizer if isinstance(optimizer, Optimizer) else of_optax(optimizer)
    return Plan(
        snapshots=lambda **how: optimize(objective, x0, adopted, steps, **how),
        start=x0,
        work=((steps, h * w),),
        result=lambda snapshot, stopped, moves: snapshot,
        steerable=adopted.steerable,
    )


class Background(Generic[R]):
    """A run in a daemon thread.

    Args:
        make: () → the plan; called in the thread.
        steering: the knobs.
        changed: (self); called in the thread after each snapshot and each change of state.

    Attributes:
        state: "preparing", "compiling", "running", and at the end "done", "stopped" or "failed".
        plan: None while preparing.
        snapshot: the newest one, also after the end; None before the first.
        objective: the one evaluated now.
        error: what ended the run.
    """

    def __init__(self, make: Callable[[], Plan[R]], steering: Steering, changed: Callable[["Background[R]"], None]):
        self._make, self._changed, self.steering = make, changed, steering
        self.state = "preparing"
        self.plan: Plan[R] | None = None
        self.snapshot: Snapshot | None = None
        self.objective: Objective | None = None
        self.error: Exception | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True, name="nst_jax run")

    def start(self) -> None:
        """Start the thread."""
        _RUNS.add(self)
        self._thread.start()

    def stop(self) -> None:
        """Ask the run to end after its current chunk of evaluations; returns at once."""
        self._stop.set()

    def wait(self, timeout: float | None = None) -> None:
        """Wait for the end. Ctrl-C, or the kernel's interrupt, stops the run.

        Args:
            timeout: the longest wait, in seconds; None for no limit.
        """
        try:
            self._thread.join(timeout)
        except KeyboardInterrupt:
            self.stop()
            self._thread.join()

    @property
    def ended(self) -> bool:
        """Whether the run has ended."""
        return self.state in ENDED

    @property
    def stopping(self) -> bool:
        """Whether it was asked to stop and has not ended."""
        return self._stop.is_set() and not self.ended

    @property
    def result(self) -> R | None:
        """The result if the run ended now; None before the first snapshot."""
        if self.snapshot is None or self.plan is None:
            return None
        stopped = {"done": "", "stopped": "stopped by hand", "failed": str(self.error)}.get(self.state, "still running")
        return self.plan.result(self.snapshot, stopped, self.steering.moves)

    def _work(self) -> None:
        try:
            self._changed(self)
            plan = self.plan = self._make()
            self._enter("compiling")
            for snapshot in plan.snapshots(interval=INTERVAL, steer=self._steer if plan.steerable else self._watch):
                self.snapshot = snapshot
                if self._stop.is_set():
                    break
                self._enter("running")
            self.state = "stopped" if self._stop.is_set() and not self._complete(plan) else "done"
        except DivergedError as error:
            self.snapshot = error.snapshot or self.snapshot
            self.state, self.error = "failed", error
        except Exception as error:
            self.state, self.error = "failed", error
        try:
            self._changed(self)
        finally:
            _RUNS.discard(self)

    def _enter(self, state: str) -> None:
        self.state = state
        self._changed(self)

    def _watch(self, objective: Objective, evaluations: int) -> Objective:
        if evaluations == 0 and self.snapshot is not None:  # another scale begins
            self.steering.before = self.snapshot.evaluations
        self.objective = objective
        return objective

    def _steer(self, objective: Objective, evaluations: int) -> Objective:
        self._watch(objective, evaluations)
        self.objective = self.steering(objective, evaluations)
        return self.objective

    def _complete(self, plan: Plan[R]) -> bool:
        """Whether the newest snapshot is the last of the run."""
        snapshot = self.snapshot
        if snapshot is None or snapshot.scale < len(plan.work) - 1:
            return False
        return snapshot.stalled or snapshot.spent_here >= plan.work[-1][0]


_RUNS: "weakref.WeakSet[Background]" = weakref.WeakSet()


@atexit.register
def _end_all() -> None:
    # A thread inside XLA while Python shuts down can crash it.
    runs = list(_RUNS)
    for background in runs:
        background.stop()
    for background in runs:
        background.wait(timeout=10)


def pace(plan: Plan, snapshot: Snapshot) -> tuple[float | None, float | None, float]:
    """How fast a run is, and how far.

    Work counts evaluations by their pixels; the first evaluation, which includes the compilation, says nothing about
    speed.

    Args:
        plan: of the run.
        snapshot: the newest.

    Returns:
        Evaluations a second over the last three seconds, seconds left (both None at first), and the share of the work
        that is done, in [0, 1].
    """
    seconds = snapshot.seconds_here[1:]
    recent = seconds[seconds > seconds[-1] - 3.0] if len(seconds) else seconds
    speed = (len(recent) - 1) / (recent[-1] - recent[0]) if len(recent) > 1 and recent[-1] > recent[0] else None
    costs = [steps * pixels for steps, pixels in plan.work]
    here = plan.work[snapshot.scale][1]
    done = sum(costs[: snapshot.scale]) + min(snapshot.spent_here * here, costs[snapshot.scale])
    left = (sum(costs) - done) / here / speed if speed else None
    return speed, left, done / sum(costs)
