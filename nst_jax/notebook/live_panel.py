"""The widgets of the live view, and the words in its status line; `live` sets what they show."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..errors import NSTError
from ..images.screen import zoom
from .background import Background, pace
from .knobs import Knob
from .live_curves import curves_png
from .widgets import Names, ipywidgets, jpeg, titled

# CSS pixels; beside each other they fit into a notebook of 1280 pixels with the file browser open.
SIDE, CURVES = 350, (456, 380)  # of the picture, and of the curves
DENSITY = 1.5  # dots of the curves per CSS pixel
ENDS = {"done": "Done", "stopped": "Stopped, the picture is kept", "failed": "Failed"}


class LivePanel:
    """The parts of a view, top to bottom: button, bar and status; error; picture and curves; norms; knobs.

    Args:
        knobs: one slider each.
        turn: (knob, value); called when a slider is moved.

    Attributes:
        root: what is shown.
        sliders: name of the knob → its slider.
        density: of the curves, in dots per CSS pixel.
    """

    def __init__(self, knobs: Sequence[Knob], turn: Callable[[str, float], None]):
        w = ipywidgets()
        self.button = w.Button(layout=w.Layout(width="110px"))
        self.bar = w.FloatProgress(min=0, max=1, layout=w.Layout(width="160px"))
        self.status = w.Label(layout=w.Layout(margin="0 0 0 8px"))
        self.error = w.Label(layout=w.Layout(display="none"))
        blank = jpeg(np.full((SIDE, SIDE, 3), 238, np.uint8))
        self.density = DENSITY * zoom()
        curves = curves_png({}, {}, width=CURVES[0], height=CURVES[1], density=self.density)
        self.picture = _image(w, blank, "jpeg", (SIDE, CURVES[1]))
        self.curves = _image(w, curves, "png", CURVES)
        self.norms = w.Checkbox(value=False, description="gradient norm of each term (slower)", indent=False)
        self.sliders = {knob.name: _slider(w, knob) for knob in knobs}
        for name, slider in self.sliders.items():
            slider.observe(lambda change, name=name: turn(name, change["new"]), "value")
        self.knobs = w.VBox(self._knobs(w, knobs))
        self.unsteered = w.Label(
            'L-BFGS compares losses, so its weights are fixed; use optimizer="adam" to steer.',
            layout=w.Layout(display="none"),
        )
        head = w.HBox([self.button, self.bar, self.status], layout=w.Layout(align_items="center"))
        body = w.HBox([self.picture, self.curves], layout=w.Layout(flex_flow="row wrap"))
        names = {self.sliders[knob.name]: _meaning(knob) for knob in knobs}
        names |= {self.picture: "the picture as it is now", self.curves: "losses and gradient norm against evaluations"}
        self.names = Names(names)
        self.root = w.VBox([head, self.error, body, self.norms, self.knobs, self.unsteered, *self.names.parts])

    def offer(self, ended: bool) -> None:
        """The button's next action."""
        self.button.description, self.button.icon = ("Run again", "play") if ended else ("Stop", "stop")
        self.norms.disabled = ended

    def fail(self, error: Exception | None) -> None:
        """Show the error in one line, or none."""
        self.error.value = "" if error is None else f"⚠ {line(error)}"
        self.error.layout.display = "none" if error is None else ""

    def allow_knobs(self, allowed: bool) -> None:
        self.knobs.layout.display = "" if allowed else "none"
        self.unsteered.layout.display = "none" if allowed else ""

    def _knobs(self, w: Any, knobs: Sequence[Knob]) -> list[Any]:
        layers = [self.sliders[knob.name] for knob in knobs if knob.layer]
        rest = [self.sliders[knob.name] for knob in knobs if not knob.layer]
        parts = [w.HBox(rest, layout=w.Layout(flex_flow="row wrap"))] if rest else []
        if layers:
            grid = w.HBox(layers, layout=w.Layout(flex_flow="row wrap"))
            folded = w.Accordion(
                [grid], selected_index=None, layout=w.Layout(width=f"{round((SIDE + CURVES[0]) * zoom()) + 4}px")
            )
            folded.set_title(0, "Weights of the layers")
            parts.append(folded)
        return parts


def _image(w: Any, value: bytes, format: str, size: tuple[int, int]) -> Any:
    wide, high = (round(side * zoom()) for side in size)
    layout = w.Layout(width=f"{wide}px", height=f"{high}px", object_fit="contain", object_position="top")
    return w.Image(value=value, format=format, layout=layout)


def _slider(w: Any, knob: Knob) -> Any:
    how: dict[str, Any] = {"value": knob.value, "description": knob.label, "layout": w.Layout(width="400px")}
    how["style"] = {"description_width": "100px"}
    how |= titled(w, _meaning(knob))
    low, high = knob.limits
    if knob.logarithmic:
        how["value"] = kept_by_logarithms(knob.value)
        middle, reach = math.log10(how["value"]), math.log10(high / low) / 2
        # The browser rounds to a step: let the value be one.
        return w.FloatLogSlider(min=middle - reach, max=middle + reach, step=0.05, readout_format=".1e", **how)
    return w.FloatSlider(min=low, max=high, step=high / 200, readout_format=".2f", **how)


def _meaning(knob: Knob) -> str:
    return f"{knob.label}, the weight of {knob.kind}" + (f" at {knob.layer}" if knob.layer else "")


def kept_by_logarithms(value: float) -> float:
    """The number next to a positive one that 10 ** log10 leaves as it is: a log slider starts there, and not beside it.

    Otherwise the browser's first message would be a move to the start, by rounding, that nobody made.
    """
    while (back := 10.0 ** math.log10(value)) != value:
        value = back
    return value


def words(run: Background) -> str:
    """The state of a run in one line, with units."""
    snapshot, plan, state = run.snapshot, run.plan, run.state
    if snapshot is None or plan is None or state in ("preparing", "compiling"):
        return {"preparing": "Loading …", "compiling": "Compiling …"}.get(state, ENDS.get(state, state))
    if run.ended:
        took = clock(snapshot.seconds)
        return f"{ENDS[state]} · {snapshot.evaluations} evaluations in {took} · loss {snapshot.loss:.3g}"
    if run.stopping:
        return "Stopping …"
    speed, left, _ = pace(plan, snapshot)
    parts = [f"{snapshot.size} px", f"evaluation {snapshot.evaluations} of {sum(steps for steps, _ in plan.work)}"]
    spent = snapshot.stalled or snapshot.spent_here >= plan.work[snapshot.scale][0]
    if spent and snapshot.scale < len(plan.work) - 1:
        return " · ".join([*parts, "compiling for the next size …"])
    parts += [f"{speed:.0f} evaluations/s", f"{clock(left)} left"] if speed and left is not None else []
    return " · ".join(parts)


def clock(seconds: float) -> str:
    """Seconds for people: "4.2 s", "42 s", "1:05 min"."""
    if seconds >= 60:
        return f"{int(seconds) // 60}:{int(seconds) % 60:02d} min"
    return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"


def line(error: Exception) -> str:
    """An error in one line; a fault of the program, rather than of the input, with its type."""
    text = " ".join(str(error).split())
    return text if isinstance(error, NSTError) else f"{type(error).__name__}: {text}"
