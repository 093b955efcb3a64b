"""The live view of a run in a notebook: picture, curves, knobs that steer it, and a button that stops it."""

import asyncio
import io
import time
from collections.abc import Callable

import numpy as np
from PIL import Image

from .background import Background, Plan, pace, plan_of_job, plan_of_objective
from .curves import curves_png
from .errors import SettingError
from .optimizers import adam
from .panel import CURVES, SIDE, Panel, line, words
from .settings import settings_of
from .steering import Knob, Steering, gradient_norms, knobs_of, knobs_of_terms
from .stylize import prepare
from .widgets import beside, bytes8, headless, jpeg, output, shrunk

DRAWING, LONGEST = 0.1, 2.0  # the part of the time that curves may take from a run; seconds until the next at most
AVERAGE = 0.9  # of Adam's iterates: the picture follows a knob within some ten evaluations


def live(content, style, **settings) -> "View":
    """Paint `content` in the style of `style` in the background, and watch it: `stylize` with a view.

    content, style, settings: as in `stylize`, but with size=256, steps=300 at each scale and Adam unless given: it can
    be steered while it runs, and averages fewer iterates here (`AVERAGE`), so that the picture follows at once.
    Returns at once; the last value of a cell shows itself. `view.stop()`, `view.wait()` → Result, `view.result`; in a
    notebook `await view` waits too, and the button and the knobs are heard meanwhile.
    Where NST_MODE is set, or outside of a notebook, showing it waits for the end and leaves a static picture.
    Raises SettingError for settings that mean nothing; other faults are shown in the view, and raised by `wait`.
    """
    settings = {"size": 256, "steps": 300, "optimizer": "adam"} | settings
    knobs = knobs_of(settings_of(settings))
    if isinstance(settings["optimizer"], str) and settings["optimizer"] == "adam":
        settings["optimizer"] = adam(average=AVERAGE)
    return View(lambda: plan_of_job(prepare(content, style, **settings)), knobs)


def watch(objective, x0: np.ndarray, optimizer=None, steps: int = 300) -> "View":
    """`optimize` with a view, for an objective of any kind; its knobs multiply the weights of the terms.

    optimizer: Adam, as in `live`, unless given. `view.wait()` and `view.result` give the last frame.
    """
    optimizer = adam(average=AVERAGE) if optimizer is None else optimizer
    return View(lambda: plan_of_objective(objective, x0, optimizer, steps), knobs_of_terms(objective))


class View:
    """A run in the background and the panel that shows it. Made by `live` and `watch`.

    widget: what to put into a layout of one's own; background: the run now, or the last one; at_end: functions to call
    in its thread when it has ended.
    """

    def __init__(self, make: Callable[[], Plan], knobs: tuple[Knob, ...]):
        self._make, self.at_end, self.background = make, [], None
        self.steering = Steering(knobs)
        self._panel = Panel(knobs, self.steering.turn)
        self._panel.button.on_click(lambda _: self.start() if self.background.ended else self.stop())
        self.widget = self._panel.root
        self.start()

    def start(self) -> None:
        """Run from the start picture, with the knobs where they are now; nothing while a run goes on."""
        make = self._make
        if self.background is not None:
            if not self.background.ended:
                return
            self.background.wait()  # for its last drawing
            make = (lambda plan: lambda: plan)(self.background.plan) if self.background.plan else make
        self.steering.restart()
        self._norms, self._next_curves = {}, 0.0
        self.background = Background(make, self.steering, self._show)
        self.background.start()

    def stop(self) -> None:
        """Stop after the evaluations at hand; the picture is kept."""
        self.background.stop()

    def wait(self, timeout: float | None = None):
        """Wait for the end of the run and return its result; raises what ended it. An interrupt stops the run."""
        self.background.wait(timeout)
        if self.background.error is not None:
            raise self.background.error
        return self.result

    def __await__(self):
        """`result = await view` in a cell: as `wait`, while the kernel goes on to hear the button and the knobs."""
        return self._ended().__await__()

    async def _ended(self):
        try:
            while not self.background.ended:
                await asyncio.sleep(0.1)
        except asyncio.CancelledError:  # the kernel's interrupt
            self.stop()
        return self.wait()

    @property
    def result(self):
        """The Result (of `watch`: the frame) as it is now; None before the first picture."""
        return self.background.result

    @property
    def image(self) -> np.ndarray | None:
        """The newest picture: float32 [h, w, 3]; None before the first."""
        return None if self.background.look is None else self.background.look.image

    def turn(self, knob: str, value: float) -> None:
        """Move a knob, as its slider does: `view.turn("alpha/beta", 1e-2)`. Raises SettingError for another name."""
        if knob not in self._panel.sliders:
            raise SettingError(f"there is no knob {knob!r}; there are {', '.join(self._panel.sliders) or 'none'}")
        self._panel.sliders[knob].value = value

    def sheet(self) -> bytes:
        """Picture and curves side by side, as a JPEG: what a notebook shows without its kernel."""
        x = self.image if self.image is not None else np.full((SIDE, SIDE, 3), 0.93)
        curves = Image.open(io.BytesIO(self._panel.curves.value))
        return jpeg(beside([Image.fromarray(bytes8(shrunk(x, 2 * SIDE))), curves], CURVES[1]), quality=80)

    def _ipython_display_(self):
        from IPython.display import display

        if headless():
            self.background.wait()
        handle = display(self._output(), raw=True, display_id=True)
        self.at_end.append(lambda: handle.update(self._output(), raw=True))
        if headless():
            self.wait()  # raises what went wrong

    def _output(self):
        error = self.background.error
        return output(words(self.background) if error is None else line(error), self.widget, self.sheet())

    def _show(self, run):
        """Bring the panel up to date; called in the thread of the run."""
        panel, look = self._panel, run.look
        x = look.image if look is not None else run.plan.start if run.plan else None
        if x is not None:
            panel.picture.value = jpeg(bytes8(shrunk(x, 2 * SIDE)))
        panel.status.value = words(run)
        panel.bar.value = pace(run.plan, look)[2] if look is not None else 0.0
        panel.fail(run.error)
        panel.offer(run.ended)
        if run.plan is not None:
            panel.allow_knobs(run.plan.steerable)
        before = time.perf_counter()
        if run.ended or (look is not None and before >= self._next_curves):
            self._draw(run)
            after = time.perf_counter()
            self._next_curves = after + min((after - before) / DRAWING, LONGEST)
        if run.ended:
            for call in self.at_end:
                call()

    def _draw(self, run):
        losses = {} if run.look is None else run.look.losses
        if self._panel.norms.value and not run.ended and losses:
            for name, norm in gradient_norms(run.objective, run.look.image).items():
                self._norms.setdefault(name, []).append((int(losses["evaluations"][-1]), float(norm)))
        width, height = CURVES
        self._panel.curves.value = curves_png(losses, self.steering.moves, self._norms, width=width, height=height)
