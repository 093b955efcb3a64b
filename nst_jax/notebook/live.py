"""The live view of a run in a notebook: picture, curves, knobs that steer it, and a button that stops it."""

import asyncio
import io
import time
from collections.abc import Callable, Generator
from typing import Any, Generic, TypeVar, Unpack
from weakref import WeakValueDictionary

import numpy as np
from PIL import Image

from ..errors import SettingError
from ..images.picture import Picture, bytes8
from ..images.screen import zoom
from ..losses.objective import Objective
from ..optim.first_order import adam
from ..optim.snapshot import Snapshot
from ..transfer.inputs import PictureLike
from ..transfer.job import prepare
from ..transfer.painting import Regions, StyleLike
from ..transfer.result import Result
from ..transfer.settings import Given, settings_of
from .background import Background, Plan, pace, plan_of_job, plan_of_objective
from .knobs import Knob, Steering, gradient_norms, knobs_of, knobs_of_terms
from .live_curves import curves_png
from .live_panel import CURVES, SIDE, LivePanel, line, words
from .widgets import Output, Shown, beside, headless, jpeg, outputs, running_cell, shrunk

# Share of run time that plotting may use; longest pause between plots, in seconds.
DRAWING, LONGEST = 0.1, 2.0
AVERAGE = 0.9  # of Adam's iterates: the picture follows a knob within about ten evaluations

R = TypeVar("R")


def live(
    content: PictureLike, style: StyleLike = None, *, regions: Regions | None = None, **settings: Unpack[Given]
) -> "View[Result]":
    """Paint one picture in the style of another in the background, and watch it: `stylize` with a view.

    It returns at once; as the last value of a cell it shows itself. `view.stop()` stops it, `view.wait()` returns the
    Result; in a notebook `await view` waits too, and the button and the knobs still respond. With NST_STATIC=1, or
    outside a notebook, showing it waits for the end and leaves a static picture.

    Args:
        content: as in `stylize`.
        style: as in `stylize`.
        regions: as in `stylize`.
        **settings: as in `stylize`, but with size=256, steps=300 at each scale and Adam unless given: Adam can be
            steered, and here it averages fewer iterates (`AVERAGE`), so that the picture follows at once.

    Returns:
        The view.

    Raises:
        SettingError: for an invalid setting; other faults are shown in the view, and raised by `wait`.
    """
    given: dict[str, Any] = {"size": 256, "steps": 300, "optimizer": "adam", **settings}
    knobs = knobs_of(settings_of(given))
    if isinstance(given["optimizer"], str) and given["optimizer"] == "adam":
        given["optimizer"] = adam(average=AVERAGE)
    return View(lambda: plan_of_job(prepare(content, style, regions=regions, **given)), knobs)


def watch(objective: Objective, x0: Picture, optimizer: Any = None, steps: int = 300) -> "View[Snapshot]":
    """`optimize` with a view; its knobs multiply the weights of the terms.

    Args:
        objective: of any terms.
        x0: [h, w, 3], the start.
        optimizer: as in `optimize`; Adam, as in `live`, unless given.
        steps: evaluations to spend.

    Returns:
        The view; `view.wait()` and `view.result` return the last snapshot.
    """
    optimizer = adam(average=AVERAGE) if optimizer is None else optimizer
    return View(lambda: plan_of_objective(objective, x0, optimizer, steps), knobs_of_terms(objective))


# The last view that each cell made: the cell, run again, stops it.
_of_cell: WeakValueDictionary[str, "View[Any]"] = WeakValueDictionary()


class View(Generic[R]):
    """A run in the background and the panel that shows it. Made by `live` and `watch`.

    A cell that is run again stops the run that it started before.

    Attributes:
        widget: for a layout of your own.
        background: the run now, or the last one.
        at_end: functions to call in its thread when it has ended.
    """

    def __init__(self, make: Callable[[], Plan[R]], knobs: tuple[Knob, ...]):
        cell = running_cell()
        if cell is not None:
            if (before := _of_cell.get(cell)) is not None:
                before.stop()
            _of_cell[cell] = self
        self._make = make
        self.at_end: list[Callable[[], Any]] = []
        self.steering = Steering(knobs)
        self._panel = LivePanel(knobs, self.steering.turn)
        self._panel.button.on_click(lambda _: self.start() if self.background.ended else self.stop())
        self.widget = self._panel.root
        self.background = self._prepared(make)
        self.background.start()

    def start(self) -> None:
        """Run from the start picture, with the knobs where they are now; no effect while a run is going."""
        if not self.background.ended:
            return
        self.background.wait()  # for its last drawing
        plan = self.background.plan
        self.background = self._prepared(self._make if plan is None else lambda: plan)
        self.background.start()

    def _prepared(self, make: Callable[[], Plan[R]]) -> Background[R]:
        self.steering.restart()
        self._norms: dict[str, list[tuple[int, float]]] = {}
        self._next_curves = 0.0
        return Background(make, self.steering, self._show)

    def stop(self) -> None:
        """Stop after the current evaluations; the picture is kept."""
        self.background.stop()
        while (text := words(self.background)) != self._panel.status.value:  # again, if it ended meanwhile
            self._panel.status.value = text

    def wait(self, timeout: float | None = None) -> R | None:
        """Wait for the end of the run. An interrupt stops the run.

        Args:
            timeout: the longest wait, in seconds; None for no limit.

        Returns:
            The result.

        Raises:
            Exception: what ended the run.
        """
        self.background.wait(timeout)
        if self.background.error is not None:
            raise self.background.error
        return self.result

    def __await__(self) -> Generator[Any, None, R | None]:
        """`result = await view` in a cell: as `wait`, while the kernel still hears the button and the knobs."""
        return self._ended().__await__()

    async def _ended(self) -> R | None:
        try:
            while not self.background.ended:
                await asyncio.sleep(0.1)
        except asyncio.CancelledError:  # the kernel's interrupt
            self.stop()
        return self.wait()

    @property
    def result(self) -> R | None:
        """The Result, or the snapshot for `watch`, as it is now; None before the first picture."""
        return self.background.result

    @property
    def image(self) -> Picture | None:
        """The newest picture: float32 [h, w, 3]; None before the first."""
        snapshot = self.background.snapshot
        return None if snapshot is None else snapshot.image

    def turn(self, knob: str, value: float) -> None:
        """Move a knob, as its slider does: `view.turn("alpha/beta", 1e-2)`.

        Args:
            knob: its name.
            value: the new one.

        Raises:
            SettingError: for an unknown knob.
        """
        if knob not in self._panel.sliders:
            raise SettingError(f"there is no knob {knob!r}; there are {', '.join(self._panel.sliders) or 'none'}")
        self._panel.sliders[knob].value = value

    def sheet(self) -> bytes:
        """Picture and curves side by side, as a JPEG: what a notebook shows without its kernel."""
        x = self.image
        if x is None:
            x = np.full((SIDE, SIDE, 3), 0.93)
        curves = Image.open(io.BytesIO(self._panel.curves.value))
        picture = Image.fromarray(bytes8(shrunk(x, 2 * SIDE)))
        return jpeg(beside([picture, curves], round(CURVES[1] * zoom())), quality=80)

    def _ipython_display_(self) -> None:
        if headless():
            self.background.wait()
        shown = Shown(self._outputs())
        if headless():
            self.wait()  # raises what went wrong
            return
        self.at_end.append(lambda: shown.keep(self._outputs()))
        if self.background.ended:  # before there was anything to call
            shown.keep(self._outputs())

    def _outputs(self) -> list[Output]:
        """The widget; and, from the end of the run on, what the notebook keeps of it."""
        error = self.background.error
        text = words(self.background) if error is None else line(error)
        picture = self.sheet() if self.background.ended else None
        return outputs(text, self.widget, picture, f"the picture, and its losses against evaluations: {text}")

    def _show(self, run: Background[R]) -> None:
        """Bring the panel up to date; called in the thread of the run."""
        panel, snapshot = self._panel, run.snapshot
        x = snapshot.image if snapshot is not None else run.plan.start if run.plan else None
        if x is not None:
            panel.picture.value = jpeg(bytes8(shrunk(x, 2 * SIDE)))
        panel.status.value = words(run)
        panel.bar.value = pace(run.plan, snapshot)[2] if snapshot is not None and run.plan else 0.0
        panel.fail(run.error)
        panel.offer(run.ended)
        if run.plan is not None:
            panel.allow_knobs(run.plan.steerable)
        before = time.perf_counter()
        if run.ended or (snapshot is not None and before >= self._next_curves):
            self._draw(run, snapshot)
            after = time.perf_counter()
            self._next_curves = after + min((after - before) / DRAWING, LONGEST)
        if run.ended:
            for call in self.at_end:
                call()

    def _draw(self, run: Background[R], snapshot: Snapshot | None) -> None:
        losses, terms = ({}, {}) if snapshot is None else (snapshot.losses, snapshot.terms)
        if self._panel.norms.value and not run.ended and snapshot is not None and run.objective is not None:
            for name, norm in gradient_norms(run.objective, snapshot.image).items():
                self._norms.setdefault(name, []).append((snapshot.evaluations, float(norm)))
        width, height = CURVES
        moves = self.steering.moves
        self._panel.curves.value = curves_png(
            losses, terms, moves, self._norms, width=width, height=height, density=self._panel.density
        )
