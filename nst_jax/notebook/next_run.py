"""The form that prepares the next run: settings by slider, the objective they make as a formula, and a Run button."""

import math
from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any, Unpack

import numpy as np

from ..described import meaning
from ..errors import NSTError
from ..losses.formula import formula
from ..losses.style.names import STATISTICS
from ..networks.geometry import CONTENT_LAYERS, LAYERS, STYLE_LAYERS
from ..transfer.inputs import PictureLike
from ..transfer.job import statistic_of
from ..transfer.painting import Regions, StyleLike
from ..transfer.result import Result
from ..transfer.settings import Given, Settings, settings_of
from .live import View, live
from .widgets import Names, Shown, ipywidgets, outputs

SIZES = (64, 96, 128, 192, 256, 384, 512, 768)
STARTS = {"content picture": "content", "style picture": "style", "noise": "noise"}
OTHER_WEIGHTS = {  # setting → its name for people, and the end of its slider
    "tv": ("total variation", 30.0),
    "laplacian": ("Laplacian", 100.0),
    "self_similarity": ("self-similarity", 100.0),
}
WORDS = {"statistic": ("style statistic", STATISTICS), "colour": ("colours of", ("style", "content", "luminance"))}
OPTIMIZERS = {"Adam (can be steered)": "adam", "L-BFGS": "lbfgs"}


def form(
    content: PictureLike, style: StyleLike = None, *, regions: Regions | None = None, **settings: Unpack[Given]
) -> "Form":
    """Choose weights, layers, statistic, colours, start, size and optimiser; Run opens the live view below.

    Args:
        content: as in `stylize`.
        style: as in `stylize`.
        regions: as in `stylize`.
        **settings: what the form shows first, and those that it does not show, such as network and convention.

    Returns:
        The form: `form.settings` is what a run would get, `form.view` the view of the last one.

    Raises:
        SettingError: for an invalid setting.
    """
    return Form(content, style, regions, {"size": 256, "steps": 300, "optimizer": "adam", **settings})


class Form:
    """The widget of `form`.

    Attributes:
        inputs: name → widget.
        settings: for `stylize` or `live`.
        view: of the last run; None before the first.
    """

    def __init__(self, content: PictureLike, style: StyleLike, regions: Regions | None, given: dict[str, Any]):
        self._pictures, self._regions, self._given = (content, style), regions, dict(given)
        self.view: View[Result] | None = None
        self._shown: list[Shown] = []
        self._latex: str | None = None
        self.settings = dict(given)
        s = settings_of(given)
        w = ipywidgets()
        self.inputs = _inputs(w, s)
        for each in fields(Settings):
            if each.name in self.inputs:
                self.inputs[each.name].tooltip = meaning(each)
        self.formula = w.HTMLMath(layout=w.Layout(margin="4px 0", overflow="auto"))
        self.run = w.Button(description="Run", icon="play", button_style="primary", layout=w.Layout(width="110px"))
        self.run.on_click(lambda _: self.start())
        self._place = w.VBox()
        wrap = w.Layout(flex_flow="row wrap")
        rows = [w.HBox(part, layout=wrap) for part in _rows(self.inputs)]
        sliders = {
            part: part.description for part in self.inputs.values() if isinstance(part, (w.FloatSlider, w.IntSlider))
        }
        self.widget = w.VBox([*rows, self.formula, self.run, self._place, *Names(sliders).parts])
        for part in self.inputs.values():
            part.observe(lambda change: self._read(), "value")
        self._read()

    def start(self) -> View[Result]:
        """Stop the view of the last run, if there is one, and open that of a new run."""
        if self.view is not None:
            self.view.stop()
        self.view = live(*self._pictures, regions=self._regions, **self.settings)
        self._place.children = (self.view.widget,)
        self.view.at_end.append(self._keep)
        return self.view

    def _keep(self):
        for shown in self._shown:
            shown.keep(self._outputs())

    def _read(self):
        """Settings and formula from the inputs; invalid settings are reported in place of the formula."""
        value = {name: part.value for name, part in self.inputs.items()}
        as_it_is = (*OTHER_WEIGHTS, *WORDS, "style_scale", "init", "seed", "size", "steps", "optimizer")
        changed = {name: value[name] for name in as_it_is if name in value}
        base = settings_of(self._given)
        if "alpha/beta" in value:
            alpha = base.beta * value["alpha/beta"]
            changed["alpha"] = base.alpha if math.isclose(alpha, base.alpha, rel_tol=1e-6) else alpha
        for name in ("content_layers", "style_layers"):
            chosen = tuple(value[name])
            same = chosen == tuple(getattr(base, name))
            changed[name] = getattr(base, name) if same else chosen  # a mapping keeps its weights
        if "style_layers" not in self._given and chosen == tuple(base.style_layers):
            changed["style_layers"] = None  # those of the statistic
        try:
            s = replace(base, **changed)
            self.settings = self._given | changed
            self._latex = formula(
                s.convention,
                s.alpha,
                s.beta,
                s.tv,
                s.content_layers,
                s.style_layers,
                statistic_of(s),
                s.laplacian,
                s.self_similarity,
            )
            self.formula.value = f"$${self._latex}$$"
            self.run.disabled = False
        except NSTError as error:
            self.formula.value, self._latex = str(error), None
            self.run.disabled = True

    def _ipython_display_(self) -> None:
        self._shown.append(Shown(self._outputs()))

    def _outputs(self):
        text = ", ".join(f"{name}={value!r}" for name, value in self.settings.items() if np.isscalar(value))
        picture = self.view.sheet() if self.view is not None else None
        latex = None if self._latex is None else f"$${self._latex}$$"
        return outputs(text, self.widget, picture, f"picture and losses of the last run: {text}", latex)


def _inputs(w: Any, s: Settings) -> dict[str, Any]:
    def wide(**how: Any) -> dict[str, Any]:
        return {"layout": w.Layout(width="430px"), "style": {"description_width": "110px"}, **how}

    inputs: dict[str, Any] = {}
    if s.alpha and s.beta:
        ratio = s.alpha / s.beta
        middle = np.log10(ratio)  # a step of the slider: the browser rounds to one
        limits = {"min": middle - 3, "max": middle + 3, "step": 0.1, "readout_format": ".1e"}
        inputs["alpha/beta"] = w.FloatLogSlider(value=ratio, **limits, **wide(description="α/β"))
    for name, (label, most) in OTHER_WEIGHTS.items():
        given = getattr(s, name)
        limits = {"min": 0, "max": max(most, 3 * given), "step": 0.5}
        inputs[name] = w.FloatSlider(value=given, **limits, **wide(description=label))
    sizes = sorted({*SIZES, s.size})
    inputs |= {
        "content_layers": _choice(w, s.content_layers, CONTENT_LAYERS, wide(description="content layers")),
        "style_layers": _choice(w, s.style_layers, STYLE_LAYERS, wide(description="style layers")),
        "size": w.Dropdown(options=[(f"{size} px", size) for size in sizes], value=s.size, **wide(description="size")),
        "seed": w.BoundedIntText(value=s.seed, min=0, max=10**6, **wide(description="seed (for noise)")),
    }
    for name, (label, words) in WORDS.items():
        if getattr(s, name) in words:  # not an object, nor an unknown name
            inputs[name] = w.Dropdown(options=words, value=getattr(s, name), **wide(description=label))
    if isinstance(s.style_scale, float):
        limits = {"min": min(0.25, s.style_scale), "max": max(4.0, s.style_scale), "step": 0.25}
        inputs["style_scale"] = w.FloatSlider(value=s.style_scale, **limits, **wide(description="style scale"))
    if isinstance(s.steps, int):
        inputs["steps"] = w.IntSlider(
            value=s.steps, min=min(10, s.steps), max=max(1000, s.steps), step=10, **wide(description="evaluations")
        )
    if isinstance(s.init, str) and s.init in STARTS.values():
        inputs["init"] = w.Dropdown(options=tuple(STARTS.items()), value=s.init, **wide(description="start from"))
    if isinstance(s.optimizer, str):
        inputs["optimizer"] = w.Dropdown(
            options=tuple(OPTIMIZERS.items()), value=s.optimizer, **wide(description="optimiser")
        )
    return inputs


def _choice(w: Any, chosen: Iterable[str], usual: Iterable[str], how: dict[str, Any]) -> Any:
    """A choice of layers: those in the paper and those given; Ctrl or Shift adds to it."""
    options = [layer for layer in LAYERS if layer in {*usual, *chosen, *STYLE_LAYERS, *CONTENT_LAYERS}]
    return w.SelectMultiple(options=options, value=[l for l in options if l in chosen], rows=6, **how)


def _rows(inputs: dict[str, Any]) -> list[list[Any]]:
    order = (
        ("alpha/beta", "tv"),
        ("laplacian", "self_similarity"),
        ("content_layers", "style_layers"),
        ("statistic", "style_scale"),
        ("colour", "size"),
        ("steps", "optimizer"),
        ("init", "seed"),
    )
    return [[inputs[name] for name in row if name in inputs] for row in order]
