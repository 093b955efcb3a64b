"""Comparing results: distances, ratios, and a ratio as a formula of the sizes."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import numpy as np

from .exercises import Case

TOLERANCE = 1e-4  # of the largest value expected: ten to a hundred times what float32 loses here


def distance(got: np.ndarray, want: np.ndarray) -> float:
    """The largest difference, relative to the largest value; infinite for another shape or values not finite."""
    if got.shape != want.shape or not np.isfinite(got).all():
        return np.inf
    if not want.any():
        return np.inf if got.any() else 0.0
    return float(np.abs(got - want).max() / np.abs(want).max())


def same(got: list[np.ndarray], want: list[np.ndarray]) -> bool:
    """Whether every pair is equal up to rounding."""
    return all(distance(g, w) < TOLERANCE for g, w in zip(got, want, strict=True))


def ratio(got: np.ndarray, want: np.ndarray) -> float | None:
    """The r for which got = r · want, or None."""
    if got.shape != want.shape or not np.isfinite(got).all() or not want.any():
        return None
    r = float(np.vdot(got, want) / np.vdot(want, want))
    return r if r and distance(got / r, want) < TOLERANCE else None


def ratios_of(got: list[np.ndarray], want: list[np.ndarray]) -> list[float] | None:
    """The ratio of every pair, or None if a pair has none."""
    found = [r for g, w in zip(got, want, strict=True) if (r := ratio(g, w)) is not None]
    return found if len(found) == len(got) else None


def factor(ratios: list[float], cases: tuple[Case, ...]) -> str | None:
    """The ratios as one formula of the sizes, "2 / (N·M)"; None if no simple formula fits."""
    sizes = dict.fromkeys(cases[0].sizes)
    logs = np.log([[case.sizes[name] for name in sizes] for case in cases])  # [cases, sizes]
    for powers in sorted(product(range(-4, 5), repeat=len(sizes)), key=lambda powers: sum(map(abs, powers))):
        constants = np.array(ratios) / np.exp(logs @ np.array(powers, float))
        if np.ptp(constants) < 5 * TOLERANCE * abs(constants.mean()):
            return _formula(float(constants.mean()), dict(zip(sizes, powers, strict=True)))
    return None


def _simple_fractions(number: float) -> Iterator[Fraction]:
    yield Fraction(number).limit_denominator(36)
    if abs(number) < 0.5:
        yield Fraction(1, round(1 / number))  # 1 / 255


def _formula(constant: float, powers: dict[str, int]) -> str:
    if powers.get("h") and powers["h"] == powers.get("w"):
        powers = {"M": powers["h"]} | {name: power for name, power in powers.items() if name not in "hw"}
    fraction = next((f for f in _simple_fractions(constant) if abs(float(f) / constant - 1) < 1e-5), None)
    above, below = (str(fraction.numerator), str(fraction.denominator)) if fraction else (f"{constant:.4g}", "1")

    def times(number: str, sign: int) -> tuple[str, int]:
        letters = [name + {1: "", 2: "²", 3: "³", 4: "⁴"}[abs(p)] for name, p in powers.items() if p * sign > 0]
        if number in ("1", "-1") and letters:
            return number[:-1] + "·".join(letters), len(letters)
        return "·".join([number, *letters]), len(letters) + 1

    above, below, parts = times(above, 1)[0], *times(below, -1)
    return above if below == "1" else f"{above} / ({below})" if parts > 1 else f"{above} / {below}"
