"""What kind of mistake a function makes: from its results on an exercise's inputs to a sentence for the student.

The function is run on every input, which all have other h, w and N. Where its results are not those of the reference,
the rules at the end are asked one after the other; the first that has something to say gives the diagnosis. Most know
nothing of the exercise; `_known` compares with the exercise's own mistakes.
"""

import inspect
import textwrap
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .exercises import Case, Exercise

TOLERANCE = 1e-4  # of the largest value expected: ten to a hundred times what float32 loses here
NEARLY = 1e-2


@dataclass(frozen=True, repr=False)
class Verdict:
    """right; exercise; diagnosis: a sentence or two; mistake: its short name, "" where there is none; evidence: the
    first input that shows it, with what was expected and what came. True in a condition where the function is right."""

    right: bool
    exercise: str
    diagnosis: str
    mistake: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __bool__(self) -> bool:
        return self.right

    def __repr__(self) -> str:
        text = f"{'✓' if self.right else '✗'} {self.exercise}: {self.diagnosis}"
        lines = textwrap.wrap(text, 100, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
        return "\n".join([*lines, *(f"    {name + ':':<10} {value}" for name, value in self.evidence.items())])


def diagnose(exercise: Exercise, function: Callable) -> Verdict:
    """The verdict on `function` as an answer to `exercise`; never raises because of what `function` does.

    Right is what differs from the package's function by less than 10⁻⁴ of the largest value, on every input, in an
    array of the same shape or a number, and leaves its arguments as they were. JAX's products of matrices are computed
    with all digits meanwhile, whatever the device's default.
    """
    complaint = _not_this_function(exercise, function)
    if complaint:
        return Verdict(False, exercise.name, complaint[1], complaint[0])
    with jax.default_matmul_precision("highest"):
        outcomes = [_run(function, case) for case in exercise.cases]
    wrong = [i for i, (got, want) in enumerate(zip(outcomes, _expected(exercise), strict=True)) if not got.equals(want)]
    changed = next((outcome.changed for outcome in outcomes if outcome.changed), "")
    in_place = f"It changes its argument {changed} in place: work on a copy, or make a new array." if changed else ""
    if not wrong and not changed:
        return Verdict(True, exercise.name, f"right on all {len(outcomes)} inputs.")
    if not wrong:
        return Verdict(False, exercise.name, f"The result is right. {in_place}", "changes_argument")
    mistake, diagnosis = next(found for rule in RULES if (found := rule(exercise, outcomes)))
    evidence = _evidence(exercise.cases[wrong[0]], outcomes[wrong[0]], _expected(exercise)[wrong[0]])
    return Verdict(False, exercise.name, f"{diagnosis} {in_place}".strip(), mistake, evidence)


# Running the function


@dataclass(frozen=True)
class Outcome:
    """What came of one input: a value in float64, or why there is none."""

    value: np.ndarray | None = None
    raised: str = ""
    line: str = ""  # of the function's own file, where it raised
    unusable: str = ""
    changed: str = ""  # the argument that was changed in place

    def equals(self, want: np.ndarray) -> bool:
        return self.value is not None and _distance(self.value, want) < TOLERANCE


def _run(function: Callable, case: Case) -> Outcome:
    first = _call(function, case, np.array)
    if first.raised:
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
        return Outcome(raised=_one_line(error), line=_own_line(function, error))
    changed = [name for name, value in given.items() if not _untouched(value, case.arguments[name])]
    return Outcome(value, unusable=unusable, changed=changed[0] if changed else "")


def _untouched(value, original):
    return not isinstance(value, np.ndarray) or np.array_equal(value, original)


def _as_numbers(result: Any) -> tuple[np.ndarray | None, str]:
    """The result as an array of float64, or None and what it is instead."""
    if result is None:
        return None, "Nothing comes back (None): is the `return` missing?"
    if result is Ellipsis or result is NotImplemented:
        return None, "The function is still to be written: it returns a placeholder."
    if callable(result) and not hasattr(result, "__array__"):
        return None, "A function comes back, not its value: are the brackets of a call missing?"
    kind = type(result).__name__
    try:
        array = np.asarray(result)
        if array.dtype.kind in "OSUbcMm":
            what = {"b": "True and False (a comparison?)", "c": "complex numbers"}.get(array.dtype.kind, f"a {kind}")
            return None, f"What comes back is no array of numbers but {what}."
        return array.astype(np.float64), ""
    except Exception:
        return None, f"What comes back is no array of numbers but a {kind}."


def _one_line(error: BaseException) -> str:
    try:
        message = " ".join(str(error).split())
    except Exception:
        message = ""
    return f"{type(error).__name__}{': ' if message else ''}{textwrap.shorten(message, 200, placeholder=' ...')}"


def _own_line(function: Callable, error: BaseException) -> str:
    """The line of the function's own source at which the error came up."""
    try:
        file = inspect.unwrap(function).__code__.co_filename
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
        return f"{frames[-1].lineno}: {frames[-1].line}" if frames and frames[-1].line else ""
    except Exception:
        return ""


@cache
def _expected(exercise: Exercise) -> list[np.ndarray]:
    with jax.default_matmul_precision("highest"):
        return _results(exercise, exercise.reference)


@cache
def _results(exercise: Exercise, function: Callable) -> list[np.ndarray]:
    return [np.asarray(function(*case.arguments.values()), np.float64) for case in exercise.cases]


# Comparing


def _distance(got: np.ndarray, want: np.ndarray) -> float:
    """The largest difference, relative to the largest value; infinite for another shape, or without numbers."""
    if got.shape != want.shape or not np.isfinite(got).all():
        return np.inf
    return float(np.abs(got - want).max() / np.abs(want).max())


def _same(got: list[np.ndarray], want: list[np.ndarray]) -> bool:
    return all(_distance(g, w) < TOLERANCE for g, w in zip(got, want, strict=True))


def _ratio(got: np.ndarray, want: np.ndarray) -> float | None:
    """The r for which got = r · want, or None."""
    if got.shape != want.shape or not np.isfinite(got).all():
        return None
    r = float(np.vdot(got, want) / np.vdot(want, want))
    return r if r and _distance(got / r, want) < TOLERANCE else None


def _ratios(got: list[np.ndarray], want: list[np.ndarray]) -> list[float] | None:
    ratios = [_ratio(g, w) for g, w in zip(got, want, strict=True)]
    return None if None in ratios else ratios


def _factor(ratios: list[float], cases: tuple[Case, ...]) -> str | None:
    """The ratios as one formula of the sizes, "2 / (N·M)"; None where there is no simple one."""
    sizes = dict.fromkeys(cases[0].sizes)
    logs = np.log([[case.sizes[name] for name in sizes] for case in cases])  # [cases, sizes]
    for powers in sorted(product(range(-4, 5), repeat=len(sizes)), key=lambda powers: sum(map(abs, powers))):
        constants = np.array(ratios) / np.exp(logs @ np.array(powers, float))
        if np.ptp(constants) < 5 * TOLERANCE * abs(constants.mean()):
            return _formula(float(constants.mean()), dict(zip(sizes, powers, strict=True)))
    return None


def _simple_fractions(number):
    yield Fraction(number).limit_denominator(36)
    if abs(number) < 0.5:
        yield Fraction(1, round(1 / number))  # 1 / 255


def _formula(constant: float, powers: dict[str, int]) -> str:
    if powers.get("h") and powers["h"] == powers.get("w"):
        powers = {"M": powers["h"]} | {name: power for name, power in powers.items() if name not in "hw"}
    fraction = next((f for f in _simple_fractions(constant) if abs(float(f) / constant - 1) < 1e-5), None)
    above, below = (str(fraction.numerator), str(fraction.denominator)) if fraction else (f"{constant:.4g}", "1")

    def times(number, sign):
        letters = [name + {1: "", 2: "²", 3: "³", 4: "⁴"}[abs(p)] for name, p in powers.items() if p * sign > 0]
        if number in ("1", "-1") and letters:
            return number[:-1] + "·".join(letters), len(letters)
        return "·".join([number, *letters]), len(letters) + 1

    above, below, parts = times(above, 1)[0], *times(below, -1)
    return above if below == "1" else f"{above} / ({below})" if parts > 1 else f"{above} / {below}"


# What kind of mistake it is: the first rule that has something to say. Each gives (short name, diagnosis) or None, and
# knows that no rule before it had anything to say.


def _not_this_function(exercise, function):
    names = list(exercise.cases[0].arguments)
    call = f"{exercise.name}({', '.join(names)})"
    if not callable(function):
        return "no_function", f"Give the function itself, `checks.{exercise.name}(my_function)`, not what it returns."
    try:
        signature = inspect.signature(function)
    except Exception:
        return None
    try:
        signature.bind(*names)
    except TypeError as error:
        return "arguments", f"The function is called as {call}, and yours cannot be: {error}."
    return None


PROPERTIES = {  # of an input's sizes
    "only_square": ("h = w", lambda h, w, **_: h == w, "Somewhere h stands for w, or w for h."),
    "only_even": ("h and w are even", lambda h, w, **_: h % 2 == w % 2 == 0, "Think of odd sizes."),
}


REMEDIES = {  # words in an exception's message
    ("matmul", "dot_general"): (
        "`@` multiplies along the last axis of the first array and the last but one of the second, and takes all axes "
        "before them as a batch: look at both shapes."
    ),
    ("shape", "broadcast", "dimension"): (
        "Is a size written as a number, or are two axes exchanged? Sizes are in the array's shape."
    ),
    ("is not defined",): "Is it the name of an argument, or of something in a cell that has not been run?",
}


def _where(exercise, good):
    """(short name, sentence) where exactly the inputs that went well have a known property, else None."""
    for name, (words, holds, remedy) in PROPERTIES.items():
        sizes = [case.sizes for case in exercise.cases]
        if all({"h", "w"} <= set(s) for s in sizes) and any(good) and [holds(**s) for s in sizes] == good:
            return name, f"It is right only where {words}. {remedy}"
    return None


def _good(exercise, outcomes):
    return [outcome.equals(want) for outcome, want in zip(outcomes, _expected(exercise), strict=True)]


def _raises(exercise, outcomes):
    bad = next(((o, case) for o, case in zip(outcomes, exercise.cases, strict=True) if o.raised), None)
    if bad is None:
        return None
    outcome, case = bad
    if outcome.raised.startswith("NotImplementedError"):
        return "empty", "The function is still to be written: it raises NotImplementedError."
    name, sentence = _where(exercise, _good(exercise, outcomes)) or ("raises", "")
    remedies = (remedy for words, remedy in REMEDIES.items() if any(word in outcome.raised for word in words))
    sentence = sentence or next(remedies, "")
    return name, f"For {case} it raises {outcome.raised.rstrip('.')}. {sentence}".strip()


def _unusable(exercise, outcomes):
    return next((("unusable", outcome.unusable) for outcome in outcomes if outcome.unusable), None)


def _values(outcomes):
    return [outcome.value for outcome in outcomes]


def _ignores_input(exercise, outcomes):
    first, *others = _values(outcomes)
    if all(np.array_equal(first, other) for other in others):
        return "ignores_input", (
            "The same comes back for every input. Does the function use a variable of the notebook, or a fixed number, "
            "where it should use its arguments?"
        )
    return None


def _known(exercise, outcomes):
    values = _values(outcomes)
    for mistake in exercise.mistakes:
        results = _results(exercise, mistake.function)
        if _same(values, results):
            return mistake.name, mistake.diagnosis
    for mistake in exercise.mistakes:
        ratios = mistake.any_scale and _ratios(values, _results(exercise, mistake.function))
        if ratios and np.ptp(ratios) < TOLERANCE * abs(ratios[0]):
            return mistake.name, mistake.diagnosis
    return None


def _not_finite(exercise, outcomes):
    if any(not np.isfinite(value).all() for value in _values(outcomes)):
        return "not_finite", (
            "The result has infinite values or NaN. Is something divided by 0, or a root or logarithm taken of a "
            "negative number? Features are often exactly 0."
        )
    return None


def _partly(exercise, outcomes):
    good = _good(exercise, outcomes)
    if not any(good):
        return None
    right = [str(case) for case, fine in zip(exercise.cases, good, strict=True) if fine]
    others = f", and {len(right) - 3} more" if len(right) > 3 else ""
    return _where(exercise, good) or (
        "partly",
        f"It is right for some inputs ({'; '.join(right[:3])}{others}) and wrong for others: is a size written as a "
        "number, or a case forgotten?",
    )


def _reshaped(exercise, outcomes):
    wants = _expected(exercise)
    values = _values(outcomes)
    if all(
        v.size == want.size and _distance(v.ravel(), want.ravel()) < TOLERANCE
        for v, want in zip(values, wants, strict=True)
    ):
        wanted = _shape(wants[0].shape)
        return (
            "reshaped",
            f"The numbers are right, but their shape is {_shape(values[0].shape)} where it should be {wanted}.",
        )
    return None


def _misshapen(exercise, outcomes):
    for value, want, case in zip(_values(outcomes), _expected(exercise), exercise.cases, strict=True):
        if value.shape != want.shape:
            return (
                "shape",
                f"For {case} the result has the shape {_shape(value.shape)}; it should be {_shape(want.shape)}.",
            )
    return None


def _nearly(exercise, outcomes):
    worst = max(map(_distance, _values(outcomes), _expected(exercise)))
    if worst < NEARLY:
        return "nearly", (
            f"Nearly right, to {worst:.1g} of the largest value, which is more than rounding explains: is a constant "
            "mistyped, or a smaller type such as float16 used?"
        )
    return None


def _scaled(exercise, outcomes):
    ratios = _ratios(_values(outcomes), _expected(exercise))
    formula = ratios and _factor(ratios, exercise.cases)
    if formula:
        return "factor", f"It is right but for a factor: yours is {formula} times what it should be."
    return None


def _known_scaled(exercise, outcomes):
    for mistake in exercise.mistakes:
        ratios = _ratios(_values(outcomes), _results(exercise, mistake.function))
        formula = ratios and _factor(ratios, exercise.cases)
        if formula:
            return f"{mistake.name}, factor", f"Two things at once. {mistake.diagnosis} Besides, a factor: {formula}."
    return None


def _some_numbers(exercise, outcomes):
    """For a few numbers that mean different things: which of them are right."""
    want = np.array(_expected(exercise)) if _expected(exercise)[0].shape in ((2,), (3,)) else None
    if want is None or any(value.shape != want.shape[1:] for value in _values(outcomes)):
        return None
    got = np.array(_values(outcomes))  # [cases, numbers]
    good = (np.abs(got / want - 1) < TOLERANCE).all(axis=0)
    if good.sum() != len(good) - 1:
        return None
    bad = int(good.argmin())
    ratios = list(got[:, bad] / want[:, bad])
    formula = all(ratios) and _factor(ratios, exercise.cases)
    factor = f" It is {formula} times what it should be." if formula else ""
    return "one_number", f"Of the {len(good)} numbers that come back, only number {bad + 1} is wrong.{factor}"


def _changing_factor(exercise, outcomes):
    ratios = _ratios(_values(outcomes), _expected(exercise))
    if ratios is None or _expected(exercise)[0].size == 1:  # every number is a multiple of every other
        return None
    some = "; ".join(f"{r:.4g} for {case}" for r, case in list(zip(ratios, exercise.cases, strict=True))[:3])
    return "changing_factor", f"Each result is a multiple of the right one, but the factor changes: {some}."


def _unlike(exercise, outcomes):
    worst = max(map(_distance, _values(outcomes), _expected(exercise)))
    return "unknown", (
        f"The shape is right and the numbers are not: they differ by up to {worst:.2g} times the largest value. It is "
        f"none of the mistakes that I know; `checks.hint('{exercise.name}')` may help."
    )


RULES = (
    _raises,
    _unusable,
    _known,
    _ignores_input,
    _not_finite,
    _partly,
    _reshaped,
    _nearly,
    _scaled,
    _some_numbers,
    _known_scaled,
    _misshapen,
    _changing_factor,
    _unlike,
)


# Evidence


def _shape(shape: tuple[int, ...]) -> str:
    return str(list(shape)) if shape else "[] (a plain number)"


def _evidence(case: Case, outcome: Outcome, want: np.ndarray) -> dict[str, str]:
    evidence = {"input": str(case)}
    if outcome.line:
        evidence["line"] = outcome.line
    got = outcome.value
    if got is None or got.shape != want.shape:
        return evidence | {"expected": _summary(want)} | ({} if got is None else {"got": _summary(got)})
    if got.ndim == 0 or got.size <= 3:
        return evidence | {"expected": _summary(want), "got": _summary(got)}
    difference = np.abs(np.nan_to_num(got - want, nan=np.inf))
    place = tuple(int(i) for i in np.unravel_index(difference.argmax(), got.shape))
    return evidence | {"at": str(list(place)), "expected": f"{want[place]:.6g}", "got": f"{got[place]:.6g}"}


def _summary(array: np.ndarray) -> str:
    numbers = ", ".join(f"{value:.6g}" for value in array.ravel()[:3])
    if array.ndim == 0:
        return numbers
    return f"{list(array.shape)}: {numbers}{', ...' if array.size > 3 else ''}"
