"""How a network of styles is trained: the numbers with their meanings, for `train` and the command line."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from ..described import check_words, described, listed, number, whole
from ..errors import SettingError
from ..transfer.settings import settings_of
from .settings import SHARED

OF_STYLIZE = ("network", "alpha", "beta", "tv", "content_layers", "style_layers", "statistic", "convention", "seed")


def _shared(name: str, **others: Any) -> Any:
    """A setting of `stylize`, with its default and its meaning unless given."""
    of = SHARED[name].metadata
    return described(
        others.get("default", SHARED[name].default),
        others.get("meaning", of["meaning"]),
        kind=of["kind"],
        choices=of["choices"],
    )


@dataclass(frozen=True)
class TrainSettings:
    """The settings of a training.

    Raises:
        SettingError: for an invalid value; it names the setting.

    Attributes:
    """

    steps: int = described(10_000, "updates of the weights", kind=int)
    size: int = described(128, "side of the crops of photos, in pixels, a multiple of 16", kind=int)
    zoom: float = described(
        3.0,
        "photos are enlarged up to this many times, since large photos are smooth where small ones show detail",
        kind=float,
    )
    batch: int = described(2, "crops in a batch; the styles take turns", kind=int)
    style_size: int = described(
        384, "longest side at which the style pictures are seen, in pixels: strokes grow with it", kind=int
    )
    widths: tuple[int, int, int] = described(
        (16, 32, 64), "filters at the full, half and quarter side of the picture", kind=int
    )
    blocks: int = described(4, "residual blocks", kind=int)
    steadiness: float = described(
        0.0,
        "against flicker in clips: weight of the mean squared difference between the picture of a frame that has moved "
        "and has noise, and the picture, moved",
        kind=float,
    )
    rate: float = described(2e-3, "the largest learning rate, of Adam", kind=float)
    network: Any = _shared("network", meaning="what measures the losses: a network as in stylize")
    alpha: float = _shared("alpha")
    beta: float = _shared("beta", default=15.0)
    tv: float = _shared("tv")
    content_layers: Any = _shared("content_layers")
    style_layers: Any = _shared("style_layers")
    statistic: str = _shared("statistic", meaning="what of the style's features is matched")
    convention: str = _shared("convention")
    seed: int = _shared("seed", meaning="seed of everything random")

    def __post_init__(self):
        set_ = partial(object.__setattr__, self)
        for name, least in (("steps", 1), ("size", 32), ("batch", 1), ("style_size", 32), ("blocks", 1)):
            set_(name, whole(name, getattr(self, name), least))
        if self.size % 16:
            raise SettingError(f"size={self.size}: give a multiple of 16")
        if len(self.widths) != 3:
            raise SettingError(f"widths={self.widths}: give three whole numbers")
        set_("widths", tuple(whole("widths", width, 1, 4096) for width in self.widths))
        set_("zoom", number("zoom", self.zoom, 1, 16))
        set_("rate", number("rate", self.rate, 1e-9, 1))
        set_("steadiness", number("steadiness", self.steadiness, 0))
        check_words(self, free=("convention",))
        checked = settings_of({name: getattr(self, name) for name in OF_STYLIZE})
        for name in ("alpha", "beta", "tv", "content_layers", "style_layers", "seed"):
            set_(name, getattr(checked, name))


TrainSettings.__doc__ = (TrainSettings.__doc__ or "").rstrip() + "\n" + listed(TrainSettings, " " * 8) + "\n"
