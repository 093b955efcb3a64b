"""The settings of a run: their names, defaults and meanings, for `stylize`, the command line and the manifest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from numbers import Integral, Real
from typing import Any

from .conventions import CONVENTIONS, shares
from .errors import SettingError
from .layers import CONTENT_LAYERS, LAYERS, STYLE_LAYERS

Layers = Sequence[str] | Mapping[str, float]


@dataclass(frozen=True)
class Settings:
    """network: what `load_network` takes, or a network; pool ("avg", "max"), padding ("zero", "reflect"): as there;
    size: longest side of the picture to make, in pixels;
    steps: evaluations of the objective at each scale, or a list of one number a scale, coarse to fine;
    alpha, beta: weights of content and style, in the terms of `convention` ("paper", "author", "jcjohnson",
    "pytorch_tutorial": see the module `conventions`); tv: weight of V(x) / 3hw, the same at every scale;
    content_layers, style_layers: names, which share the weight equally, or a mapping from names to their shares;
    optimizer: "lbfgs", "adam", one of them with other parameters, such as lbfgs(memory=100), or any of Optax;
    init: start from "content", "style", "noise" (uniform, by `seed`), from the path of a picture, or from a picture;
    scales: how many, each `ratio` larger than the one before and started from its result; None: from 128 pixels up;
    normalize: rescale the network's filters to a mean activation of 1 over the two pictures and the photographs that
    come with the package (`stylize.normalized_for`), so that alpha / beta means the same for every network.
    """

    network: Any = "vgg19-slim"
    size: int = 512
    steps: int | Sequence[int] = 75
    alpha: float = 1.0
    beta: float = 50.0
    tv: float = 3.0
    content_layers: Layers = CONTENT_LAYERS
    style_layers: Layers = STYLE_LAYERS
    optimizer: Any = "lbfgs"
    init: Any = "content"
    convention: str = "author"
    seed: int = 0
    scales: int | None = None
    ratio: float = 2.0
    pool: str | None = None
    padding: str | None = None
    normalize: bool = True

    def __post_init__(self):
        """Raises SettingError, which names the setting, for values that mean nothing."""
        set_ = partial(object.__setattr__, self)
        for name, least in (("size", 1), ("seed", 0)):
            set_(name, _whole(name, getattr(self, name), least))
        for name in ("alpha", "beta", "tv"):
            set_(name, _number(name, getattr(self, name), 0))
        set_("ratio", _number("ratio", self.ratio, 1.1))
        if self.scales is not None:
            set_("scales", _whole("scales", self.scales, 1))
        if isinstance(self.steps, Sequence) and not isinstance(self.steps, str) and self.steps:
            set_("steps", tuple(_whole("steps", n, 1) for n in self.steps))
        else:
            set_("steps", _whole("steps", self.steps, 1))
        for name in ("content_layers", "style_layers"):
            set_(name, _layers(name, getattr(self, name)))
        content, style = (sum(shares(layers).values()) for layers in (self.content_layers, self.style_layers))
        if not (self.alpha * content or self.beta * style or self.tv):
            raise SettingError("every weight is zero: give alpha, beta or tv, and its layers, a positive one")
        if self.convention not in list(CONVENTIONS):
            raise SettingError(f"convention {self.convention!r} is not known; use one of {', '.join(CONVENTIONS)}")


def _whole(name, value, least):
    if not isinstance(value, Integral) or isinstance(value, bool) or value < least:
        raise SettingError(f"{name}={value!r}: give a whole number from {least} up")
    return int(value)


def _number(name, value, least):
    if not isinstance(value, Real) or isinstance(value, bool) or not least <= value < float("inf"):
        raise SettingError(f"{name}={value!r}: give a number from {least} up")
    return float(value)


def _layers(name, given):
    """The layers as they came, a name alone as one of them; each known, once, and with a weight that is a number."""
    layers = (given,) if isinstance(given, str) else given
    if not isinstance(layers, Mapping | Sequence):
        raise SettingError(f"{name}={given!r}: give names of layers, or a mapping from names to weights")
    for layer in layers:
        if layer not in LAYERS:
            raise SettingError(f"{name}: there is no layer {layer}; the layers are conv1_1 to conv5_4")
        if isinstance(layers, Sequence) and layers.count(layer) > 1:
            raise SettingError(f"{name}: {layer} is named twice; name it once, or give weights")
    if isinstance(layers, Mapping):
        return {layer: _number(f"{name}: {layer}", weight, 0) for layer, weight in layers.items()}
    return tuple(layers)


def settings_of(given: Mapping[str, Any]) -> Settings:
    """Settings from names and values; raises SettingError for a name that is none of theirs."""
    names = [field.name for field in fields(Settings)]
    unknown = [name for name in given if name not in names]
    if unknown:
        raise SettingError(f"there is no setting {', '.join(unknown)}; there are {', '.join(names)}")
    return Settings(**given)
