"""Absurd values for every setting, made from the fields of `nst.Settings`."""

from dataclasses import fields
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from nst_jax.transfer.settings import Settings

NAMES = tuple(each.name for each in fields(Settings))
# A run that takes little, one scale of a narrow network's first layers.
BASE: dict[str, Any] = {
    "size": 32,
    "steps": 2,
    "scales": 1,
    "content_layers": "conv1_2",
    "style_layers": "conv1_1",
    "normalize": False,
}
NAN, INF = float("nan"), float("inf")
ANY: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2, 7, 10**5, 2**31 - 1, 2**31, 2**63, 10**30, -(10**30)),
    *(0.0, -0.0, 0.5, 1.5, 5e-324, 1e-30, 1e19, 1e20, 1e38, 1e300, NAN, INF, -INF, 1j),
    *("", " ", "x", "é" * 300, "\0", "a\nb", "1", "\u0661", "nan", "conv1_1", "relu4_2", "nowhere.png", "/", "."),
    *("http://localhost/a.png", "~", "~nobody/x", "-", "None"),
    *([], (), {}, [3], [1, 1], [0.5], ["conv1_1"], ["conv1_1", "conv1_1"], [None], [[]], {"x": 1}, {"conv1_1": 0}),
    *({"conv1_1": NAN}, {"conv1_1": 1e30}, {"conv1_1": "1"}, {1: 1}, {"conv1_1": 1, "conv1_2": 0}, {"conv5_1"}),
    *(b"x", object(), len, int, range(3), Fraction(1, 3), Decimal("1"), Path("nowhere"), Path("/")),
    *(np.float32(NAN), np.int64(3), np.float16(0.5), np.bool_(True), np.array([]), np.array([1.0, 2.0])),
    *(np.zeros((2, 2)), np.full((4, 4, 3), NAN), np.full((4, 4, 3), 300.0), np.zeros((4, 4, 3)), np.array("x")),
)
TEXTS = (
    *("", " ", "x", "0", "-1", "1.5", "nan", "inf", "-inf", "1e400", "1e-400", "1_0", "\u0661", "0x10", "1" * 400),
    *("\ud800", "é" * 300, "a\nb", "conv1_1=", "=1", "conv1_1=nan", "conv1_1=conv1_1", "relu4_2", "4", "../", "-"),
)


def values_of(name: str) -> tuple[Any, ...]:
    """Values for a setting: the common ones, and those near what it may be."""
    each = next(each for each in fields(Settings) if each.name == name)
    words = each.metadata["choices"]
    near = [*words, *(word.upper() for word in words), *(f"{word} " for word in words), list(words)]
    default = each.default
    return (
        *ANY,
        *near,
        [default],
        (default, default),
        str(default),
        {default: 1} if default is not None else {None: 1},
    )
