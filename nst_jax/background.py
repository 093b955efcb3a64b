"""A run in a thread of its own, so that the notebook answers while it goes on."""

import atexit
import threading
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import jax
import numpy as np

from .errors import DivergedError
from .optimize import optimize
from .steering import Steering
from .stylize import Job, Look, result, run, start_at

INTERVAL = 0.25  # seconds between two looks; a knob comes to bear as soon


@dataclass(frozen=True)
class Plan:
    """What a run in the background needs to know of its work.

    looks(interval=, steer=) → iterator of Look; start: [h, w, 3], shown first; work: (evaluations, pixels) of each
    scale; result(look, stopped): what the run is worth if it ends at this look; steerable: whether knobs may move.
    """

    looks: Callable[..., Iterator[Look]]
    start: np.ndarray
    work: tuple[tuple[int, int], ...]
    result: Callable[[Look, str], Any]
    steerable: bool


def plan_of_job(job: Job) -> Plan:
    """The plan of `stylize.run(job)`."""
    shapes = map(job.shape, range(len(job.sizes)))
    return Plan(
        looks=lambda **how: run(job, **how),
        start=start_at(job, 0),
        work=tuple((steps, h * w) for steps, (h, w) in zip(job.steps, shapes, strict=True)),
        result=lambda look, stopped: result(job, look, stopped),
        steerable=steerable(job.optimizer),
    )


def plan_of_objective(objective, x0: np.ndarray, optimizer, steps: int) -> Plan:
    """The plan of `optimize(objective, x0, optimizer, steps)`; its result is the last frame."""
    h, w, _ = x0.shape

    def looks(**how):
        try:
            for frame in optimize(objective, x0, optimizer, steps, **how):
                yield Look(0, max(h, w), frame, {})
        except DivergedError as error:
            error.look = Look(0, max(h, w), error.frame, {}) if error.frame else None
            raise

    return Plan(looks, x0, ((steps, h * w),), lambda look, stopped: look.frame, steerable(optimizer))


def steerable(optimizer) -> bool:
    """Whether the objective may change during a run: not where a line search compares losses of different moments."""
    state = jax.eval_shape(optimizer.init, jax.ShapeDtypeStruct((8, 8, 3), np.float32))
    line_search = ("failures", "num_linesearch_steps")
    leaves = jax.tree_util.tree_flatten_with_path(state)[0]
    return not any(getattr(key, "name", None) in line_search for path, _ in leaves for key in path)


class Background:
    """A run in a daemon thread. `changed(self)` is called in that thread after each look and each change of state.

    state: "preparing", "compiling", "running", and at the end "done", "stopped" or "failed"; look: the newest, also
    after the end; objective: as it is evaluated now; error: what ended it.
    """

    def __init__(self, make: Callable[[], Plan], steering: Steering, changed: Callable[["Background"], None]):
        self._make, self._changed, self.steering = make, changed, steering
        self.state, self.plan, self.look, self.error = "preparing", None, None, None
        self._stop = threading.Event()
        self.objective = None
        self._thread = threading.Thread(target=self._work, daemon=True, name="nst_jax run")

    def start(self) -> None:
        _RUNS.add(self)
        self._thread.start()

    def stop(self) -> None:
        """Ask the run to end after the chunk of evaluations at hand; returns at once."""
        self._stop.set()

    def wait(self, timeout: float | None = None) -> None:
        """Wait for the end, at most `timeout` seconds. Ctrl-C, or the kernel's interrupt, stops the run."""
        try:
            self._thread.join(timeout)
        except KeyboardInterrupt:
            self.stop()
            self._thread.join()

    @property
    def ended(self) -> bool:
        return self.state in ("done", "stopped", "failed")

    @property
    def result(self):
        """What the run is worth now: `Plan.result` of the newest look; None before the first. A run that was steered
        says so in the result's `inputs`, and so in its manifest."""
        if self.look is None:
            return None
        stopped = {"done": "", "stopped": "stopped by hand", "failed": str(self.error)}.get(self.state, "still running")
        worth = self.plan.result(self.look, stopped)
        if self.steering.moves and hasattr(worth, "inputs"):
            moves = [{"evaluations": m.evaluations, "knob": m.knob, "value": m.value} for m in self.steering.moves]
            worth = replace(worth, inputs=worth.inputs | {"steered": moves})
        return worth

    def _work(self):
        try:
            self._changed(self)
            self.plan = self._make()
            self._enter("compiling")
            for look in self.plan.looks(interval=INTERVAL, steer=self._steer):
                self.look = look
                if self._stop.is_set():
                    break
                self._enter("running")
            self.state = "stopped" if self._stop.is_set() and not self._whole() else "done"
        except Exception as error:
            self.look = getattr(error, "look", None) or self.look
            self.state, self.error = "failed", error
        try:
            self._changed(self)
        finally:
            _RUNS.discard(self)

    def _enter(self, state):
        self.state = state
        self._changed(self)

    def _steer(self, objective, evaluations):
        if evaluations == 0 and self.look is not None:  # another scale begins
            self.steering.before = int(self.look.losses["evaluations"][-1])
        self.objective = self.steering(objective, evaluations) if self.plan.steerable else objective
        return self.objective

    def _whole(self):
        last = self.look.scale == len(self.plan.work) - 1
        return last and (self.look.frame.stalled or self.look.frame.evaluations >= self.plan.work[-1][0])


_RUNS: "weakref.WeakSet[Background]" = weakref.WeakSet()


@atexit.register
def _end_all():
    # A thread inside of XLA while Python shuts down can crash it.
    runs = list(_RUNS)
    for background in runs:
        background.stop()
    for background in runs:
        background.wait(timeout=10)


def pace(plan: Plan, look: Look) -> tuple[float | None, float | None, float]:
    """Evaluations a second over the last seconds, seconds left, and the part of the work that is done, in [0, 1].

    Work counts evaluations by their pixels; the first evaluation, which includes the compilation, tells no speed.
    """
    seconds = look.frame.losses["seconds"][1:]
    recent = seconds[seconds > seconds[-1] - 3.0] if len(seconds) else seconds
    speed = (len(recent) - 1) / (recent[-1] - recent[0]) if len(recent) > 1 and recent[-1] > recent[0] else None
    costs = [steps * pixels for steps, pixels in plan.work]
    here = plan.work[look.scale][1]
    done = sum(costs[: look.scale]) + min(look.frame.evaluations * here, costs[look.scale])
    left = (sum(costs) - done) / here / speed if speed else None
    return speed, left, done / sum(costs)
