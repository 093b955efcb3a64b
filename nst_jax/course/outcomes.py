"""A student's function, run on the inputs of an exercise."""

import inspect
import textwrap
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..errors import NSTError
from .comparing import TOLERANCE, distance
from .exercises import Case, Exercise


@dataclass(frozen=True)
class Outcome:
    """What came of one input.

    Attributes:
        value: in float64; None without one.
        raised: the exception, in one line.
        explained: whether that is one of the package's, which says what to do.
        line: of the function's own file, where it raised.
        unusable: why the result is not a value.
        changed: the argument that was changed in place.
    """

    value: np.ndarray | None = None
    raised: str = ""
    explained: bool = False
    line: str = ""
    unusable: str = ""
    changed: str = ""

    def equals(self, want: np.ndarray) -> bool:
        """Whether the value is the expected one, up to rounding."""
        return self.value is not None and distance(self.value, want) < TOLERANCE


def run(function: Callable, case: Case) -> Outcome:
    """What came of one input: in NumPy, or in JAX if the function needs it."""
    first = _call(function, case, np.array)
    if first.raised and not first.raised.startswith("IndexError"):  # beyond the end JAX takes the last, silently
        second = _call(function, case, jnp.asarray)  # NumPy's arrays lack .at, for example
        if not second.raised or "numpy.ndarray" in first.raised:
            return second
    return first


def _call(function: Callable, case: Case, convert: Callable) -> Outcome:
    given = {name: convert(value) if isinstance(value, np.ndarray) else value for name, value in case.arguments.items()}
    try:
        result = function(*given.values())
        value, unusable = _as_numbers(result)
    except (Exception, SystemExit) as error:
        explained = isinstance(error, NSTError)
        return Outcome(raised=_one_line(error), explained=explained, line=_own_line(function, error))
    changed = [name for name, value in given.items() if not _untouched(value, case.arguments[name])]
    return Outcome(value, unusable=unusable, changed=changed[0] if changed else "")


def _untouched(value: Any, original: Any) -> bool:
    return not isinstance(value, np.ndarray) or np.array_equal(value, original)


def _as_numbers(result: Any) -> tuple[np.ndarray | None, str]:
    """The result as an array of float64, or None and what it is instead."""
    if result is None:
        return None, "Nothing comes back (None): is the `return` missing? (`print` shows a value and returns nothing.)"
    if result is Ellipsis or result is NotImplemented:
        return None, "The function is still to be written: it returns a placeholder."
    if callable(result) and not hasattr(result, "__array__"):
        return None, "A function comes back, not its value: are the brackets of a call missing?"
    kind = type(result).__name__
    try:
        array = np.asarray(result)
        if array.dtype.kind in "OSUbcMm":
            what = {"b": "True and False (a comparison?)", "c": "complex numbers"}.get(array.dtype.kind, f"a {kind}")
            return None, f"What comes back is not an array of numbers but {what}."
        return array.astype(np.float64), ""
    except Exception:
        return None, f"What comes back is not an array of numbers but a {kind}."


def _one_line(error: BaseException) -> str:
    try:
        message = " ".join(str(error).split())
    except Exception:
        message = ""
    return f"{type(error).__name__}{': ' if message else ''}{textwrap.shorten(message, 200, placeholder=' ...')}"


def _own_line(function: Callable, error: BaseException) -> str:
    """The line of the function's own source that raised the error."""
    try:
        file = inspect.unwrap(function).__code__.co_filename
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
        return f"{frames[-1].lineno}: {frames[-1].line}" if frames and frames[-1].line else ""
    except Exception:
        return ""


@cache
def expected(exercise: Exercise) -> list[np.ndarray]:
    """The right result for every input."""
    with jax.default_matmul_precision("highest"):
        return results_of(exercise, exercise.reference)


@cache
def results_of(exercise: Exercise, function: Callable) -> list[np.ndarray]:
    """A function's results for every input, in float64."""
    return [np.asarray(function(*case.arguments.values()), np.float64) for case in exercise.cases]
