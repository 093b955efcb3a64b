"""The settings of a run: their names, defaults and meanings, for `stylize`, the command line and the manifest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from .errors import SettingError
from .layers import CONTENT_LAYERS, STYLE_LAYERS

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
    normalize: rescale the network's filters to a mean activation of 1 over the two pictures (`VGG19.normalized`), so
    that alpha / beta means the same for every network.
    """

    network: Any = "vgg19"
    size: int = 512
    steps: int | Sequence[int] = 100
    alpha: float = 1.0
    beta: float = 1e3
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
        for name, least in (("size", 1), ("seed", 0)):
            value = getattr(self, name)
            if not isinstance(value, int) or value < least:
                raise SettingError(f"{name}={value!r}: give a whole number from {least} up")
        for name in ("alpha", "beta", "tv"):
            value = getattr(self, name)
            if not isinstance(value, int | float) or not 0 <= value < float("inf"):
                raise SettingError(f"{name}={value!r}: give a number from 0 up")
        if self.scales is not None and (not isinstance(self.scales, int) or self.scales < 1):
            raise SettingError(f"scales={self.scales!r}: give a whole number from 1 up, or None")
        if not self.ratio > 1:
            raise SettingError(f"ratio={self.ratio!r}: each scale is larger than the one before; give 2 or 1.4142, say")
        each = [self.steps] if isinstance(self.steps, int) else list(self.steps)
        if not each or any(not isinstance(n, int) or n < 1 for n in each):
            raise SettingError(f"steps={self.steps!r}: give evaluations, from 1 up, or a list of them, one a scale")


def settings_of(given: Mapping[str, Any]) -> Settings:
    """Settings from names and values; raises SettingError for a name that is none of theirs."""
    names = [field.name for field in fields(Settings)]
    unknown = [name for name in given if name not in names]
    if unknown:
        raise SettingError(f"there is no setting {', '.join(unknown)}; there are {', '.join(names)}")
    return Settings(**given)
