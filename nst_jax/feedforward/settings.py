"""The settings of `paint`: names, types, defaults and meanings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict

from ..described import check_words, described, listed, number, numbers, whole
from ..errors import SettingError
from ..transfer.budget import bytes_of
from ..transfer.settings import SIZE, Settings

if TYPE_CHECKING:
    from PIL.Image import Image

    from ..images.picture import Picture

    Strength = float | str | Path | Picture | Image

SHARED = {each.name: each for each in fields(Settings)}  # settings that mean what they mean in `stylize`


class GivenToPaint(TypedDict, total=False):
    """The settings as keywords, for type checkers."""

    network: str | Path | None
    size: int
    strength: Strength
    detail: float
    transform: Literal["whitening", "monge-kantorovich", "mean-spread"]
    style_scale: float | Sequence[float]
    colour: Literal["style", "content", "luminance"]
    colour_match: Literal["monge-kantorovich", "pca", "cholesky", "histogram"]
    memory: int | str | None


@dataclass(frozen=True)
class PaintSettings:
    """The settings of `paint`.

    Raises:
        SettingError: for an invalid value; it names the setting.

    Attributes:
    """

    network: str | Path | None = described(
        None,
        "a network trained for certain styles, which are then asked for by name: six-styles, or a file that train has "
        "made; by default one for any style",
    )
    size: int = described(512, SHARED["size"].metadata["meaning"], kind=int)
    strength: Strength = described(
        0.6, "how far features take the statistics of the style, from 0 to 1; or a picture, white for 1", kind=str
    )
    detail: float = described(
        0.3,
        "how much of the photo's own features joins at each finer level, from 0 to 1: less gives larger strokes",
        kind=float,
    )
    transform: Literal["whitening", "monge-kantorovich", "mean-spread"] = described(
        "whitening",
        "how features take them: whitening and colouring; with the least change; or mean and spread of each filter",
        choices=("whitening", "monge-kantorovich", "mean-spread"),
    )
    style_scale: float | Sequence[float] = described(
        1.0, SHARED["style_scale"].metadata["meaning"], kind=float, many=True
    )
    colour: Literal["style", "content", "luminance"] = described(
        "style", SHARED["colour"].metadata["meaning"], choices=SHARED["colour"].metadata["choices"]
    )
    colour_match: Literal["monge-kantorovich", "pca", "cholesky", "histogram"] = described(
        "monge-kantorovich",
        SHARED["colour_match"].metadata["meaning"],
        choices=SHARED["colour_match"].metadata["choices"],
    )
    memory: int | str | None = described(None, SHARED["memory"].metadata["meaning"])

    def __post_init__(self):
        set_ = partial(object.__setattr__, self)
        if self.memory is not None:
            set_("memory", bytes_of(self.memory))
        if not isinstance(self.network, str | Path | None):
            raise SettingError(f"network={self.network!r:.40}: give a name or a file, or None")
        set_("size", whole("size", self.size, 1, SIZE))
        if isinstance(self.strength, int | float):
            set_("strength", number("strength", self.strength, 0, 1))
        set_("detail", number("detail", self.detail, 0, 1))
        set_("style_scale", numbers("style_scale", self.style_scale, 0.01, 100))
        check_words(self)


PaintSettings.__doc__ = (PaintSettings.__doc__ or "").rstrip() + "\n" + listed(PaintSettings, " " * 8) + "\n"
