"""The evidence of a verdict: an input, what was expected and what came."""

import numpy as np

from .exercises import Case
from .outcomes import Outcome


def shape_words(shape: tuple[int, ...]) -> str:
    """A shape for people."""
    return str(list(shape)) if shape else "[] (a plain number)"


def evidence_of(case: Case, outcome: Outcome, want: np.ndarray) -> dict[str, str]:
    """The input that shows a mistake, what was expected and what came."""
    evidence = {"input": str(case)}
    if outcome.line:
        evidence["line"] = outcome.line
    got = outcome.value
    if got is None or got.shape != want.shape:
        return evidence | {"expected": _summary(want)} | ({} if got is None else {"got": _summary(got)})
    if got.ndim == 0 or got.size <= 3:
        return evidence | {"expected": _numbers(want), "got": _numbers(got)}
    difference = np.abs(np.nan_to_num(got - want, nan=np.inf))
    place = tuple(int(i) for i in np.unravel_index(difference.argmax(), got.shape))
    return evidence | {"at": str(list(place)), "expected": f"{want[place]:.6g}", "got": f"{got[place]:.6g}"}


def _summary(array: np.ndarray) -> str:
    return f"shape {list(array.shape)}: {_numbers(array)}" if array.ndim else _numbers(array)


def _numbers(array: np.ndarray) -> str:
    """The first three, and dots if there are more."""
    return ", ".join([*(f"{value:.6g}" for value in array.ravel()[:3]), *(["..."] if array.size > 3 else [])])
