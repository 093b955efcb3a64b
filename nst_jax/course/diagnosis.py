"""What kind of mistake a function makes: from its results on an exercise's inputs to a sentence for the student.

The function is run on every input; all inputs differ in h, w and N. If its results are not those of the reference, the
rules at the end are asked in turn, and the first that has something to say gives the diagnosis. Most know nothing about
the exercise; `_known` compares with the exercise's own mistakes.
"""

import inspect
from collections.abc import Callable, Sequence
from itertools import permutations
from typing import Any

import jax
import numpy as np

from .comparing import TOLERANCE, distance, factor, ratios_of, same
from .evidence import evidence_of, shape_words
from .exercises import Exercise
from .outcomes import Outcome, expected, results_of, run
from .verdict import Verdict

NEARLY = 1e-2  # of the largest value expected

Finding = tuple[str, str] | None


def diagnose(exercise: Exercise, function: Callable) -> Verdict:
    """The verdict on a function as an answer to an exercise; nothing that the function does raises.

    A function is right if it differs from the package's by less than 10⁻⁴ of the largest value, on every input, in an
    array of the same shape or a number, and leaves its arguments as they were. Meanwhile JAX computes products of
    matrices with all digits, whatever the device's default.

    Args:
        exercise: what was asked.
        function: the student's.

    Returns:
        The verdict.
    """
    complaint = _not_this_function(exercise, function)
    if complaint:
        return Verdict(False, exercise.name, complaint[1], complaint[0])
    with jax.default_matmul_precision("highest"):
        outcomes = [run(function, case) for case in exercise.cases]
    wrong = [i for i, (got, want) in enumerate(zip(outcomes, expected(exercise), strict=True)) if not got.equals(want)]
    changed = next((outcome.changed for outcome in outcomes if outcome.changed), "")
    in_place = (
        f"It changes its argument {changed} in place: work on a copy ({changed}.copy(); y = {changed} is only another "
        "name for it), or make a new array."
        if changed
        else ""
    )
    if not wrong and not changed:
        return Verdict(True, exercise.name, f"right on all {len(outcomes)} inputs.")
    if not wrong:
        return Verdict(False, exercise.name, f"The result is right. {in_place}", "changes_argument")
    mistake, diagnosis = next(found for rule in RULES if (found := rule(exercise, outcomes)))
    if mistake == "unknown" and changed:
        diagnosis = "The numbers are wrong, perhaps because of this:"
    shown = _shown(exercise, outcomes, wrong)
    evidence = evidence_of(exercise.cases[shown], outcomes[shown], expected(exercise)[shown])
    return Verdict(False, exercise.name, f"{diagnosis} {in_place}".strip(), mistake, evidence)


def _shown(exercise: Exercise, outcomes: Sequence[Outcome], wrong: Sequence[int]) -> int:
    """The input to show: the first that raises, else the first of another shape, else the first that is wrong."""
    raised = (i for i in wrong if outcomes[i].raised)
    values = zip(outcomes, expected(exercise), strict=True)
    misshapen = (i for i, (got, want) in enumerate(values) if got.value is not None and got.value.shape != want.shape)
    return next(raised, next(misshapen, wrong[0]))


# What kind of mistake it is: the first rule that has something to say. Each returns (short name, diagnosis) or None,
# and may rely on the rules before it having nothing to say.


def _not_this_function(exercise: Exercise, function: Any) -> Finding:
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
    ("bitwise_xor", "for ^"): "`^` is not a power in Python: write `**`.",
    ("truth value",): (
        "`if`, `and` and `max` want one number. For every entry of an array: np.where(condition, a, b), np.maximum, or "
        "a product with the condition, which counts as 1 and 0."
    ),
    ("values to unpack",): (
        "Each value needs a name: an array [h, w, N] has a shape of three numbers, and `a, b = x` takes an array apart "
        "along its first axis. The last is x[..., 0], x[..., 1] and so on."
    ),
    ("'int' object", "'float' object", "non-iterable int", "non-iterable float"): "A plain number is used as an array.",
    (
        "'NoneType'",
    ): "None is what a function without `return` returns, and one that works in place, such as list.sort.",
    ("where it is not associated", "referenced before assignment"): (
        "A name that the function assigns anywhere is its own everywhere: assign it before it is used."
    ),
    ("array element with a sequence",): (
        "What is assigned to one entry is an array. Features are [h, w, N]: F[i, k] is all N filters at a position, "
        "and F[..., i] one filter at all of them."
    ),
    ("out of bounds",): (
        "Is it the right axis? x[i] goes along the first, of positions in [h, w, N], and x[..., i] along the last."
    ),
    ("KeyError", "IndexError"): (
        "The function is called with other inputs than the notebook has: is a table, or a size, made for those alone?"
    ),
    ("shape", "broadcast", "dimension"): (
        "Is a size written as a number, or are two axes exchanged? Sizes are in the array's shape."
    ),
    ("is not defined",): "Is it the name of an argument, or of something in a cell that has not been run?",
}


def _where(exercise: Exercise, good: list[bool]) -> Finding:
    """The finding, if the inputs that went well are exactly those with a known property."""
    for name, (words, holds, remedy) in PROPERTIES.items():
        sizes = [case.sizes for case in exercise.cases]
        if all({"h", "w"} <= set(s) for s in sizes) and any(good) and [holds(**s) for s in sizes] == good:
            return name, f"It is right only where {words}. {remedy}"
    return None


def _good(exercise: Exercise, outcomes: Sequence[Outcome]) -> list[bool]:
    return [outcome.equals(want) for outcome, want in zip(outcomes, expected(exercise), strict=True)]


def _raises(exercise: Exercise, outcomes: Sequence[Outcome]) -> Finding:
    bad = next(((o, case) for o, case in zip(outcomes, exercise.cases, strict=True) if o.raised), None)
    if bad is None:
        return None
    outcome, case = bad
    if outcome.raised.startswith("NotImplementedError"):
        return "empty", "The function is still to be written: it raises NotImplementedError."
    name, sentence = _where(exercise, _good(exercise, outcomes)) or ("raises", "")
    remedies = (remedy for words, remedy in REMEDIES.items() if any(word in outcome.raised for word in words))
    sentence = sentence or ("" if outcome.explained else next(remedies, ""))
    return name, f"For {case} it raises {outcome.raised.rstrip(' .:')}. {sentence}".strip()


def _unusable(exercise: Exercise, outcomes: Sequence[Outcome]) -> Finding:
    return next((("unusable", outcome.unusable) for outcome in outcomes if outcome.unusable), None)


def _values(outcomes: Sequence[Outcome]) -> list[np.ndarray]:
    """The values; every outcome has one, or an earlier rule had something to say."""
    return [outcome.value for outcome in outcomes if outcome.value is not None]


def _ignores_input(exercise: Exercise, outcomes: Sequence[Outcome]) -> Finding:
    first, *others = _values(outcomes)
    if all(np.array_equal(first, other) for other in others):
        return "ignores_input", (
            "The same comes back for every input. Does the function use a variable of the notebook, or a fixed number, "
            "where it should use its arguments?"
        )
    return None


def _known(exercise: Exercise, outcomes: Sequence[Outcome]) -> Finding:
    values = _values(outcomes)
    for mistake in exercise.mistakes:
        results = results_of(exercise, mistake.function)
        if same(values, results):
            return mistake.name, mistake.diagnosis
    for mistake in exercise.mistakes:
        ratios = mistake.any_scale and ratios_of(values, results_of(exercise, mistake.function))
        if ratios and np.ptp(ratios) < TOLERANCE * abs(ratios[0]):
            return mistake.name, mistake.diagnosis
    return None


def _not_finite(exercise: Exercise, outcomes: Sequence[Outcome]) -> Finding:
    if any(not np.isfinite(value).all() for value in _values(outcomes)):
        return "not_finite", (
            "The result has infinite values or NaN. Is something divided by 0, or a root or logarithm taken of a "
            "negative number? Features are often exactly 0."
        )
    return None


def _partly(exercise: Exercise, outcomes: Sequence[Outcome]) -> Finding:
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


def _reshaped(exercise: Exercise, outcomes: Sequence[Outcome]) -> Finding:
    wants = expected(exercise)
    values = _values(outcomes)
    if all(
        v.size == want.size and distance(v.ravel(), want.ravel()) < TOLERANCE
        for v, want in zip(values, wants, strict=True)
    ):
        wanted = shape_words(wants[0].shape)
        return (
            "reshaped",
            f"The numbers are right, but their shape is {shape_words(values[0].shape)} where it should be {wanted}.",
        )
    return None


def _permuted(exercise: Exercise, outcomes: Sequence[Outcome]) -> Finding:
    """Whether another order of the axes, the same for all inputs, makes the values right."""
    values, wants = _values(outcomes), expected(exercise)
    if not 2 <= wants[0].ndim == values[0].ndim == min(v.ndim for v in values):
        return None
    for axes in permutations(range(wants[0].ndim)):
        if same([value.transpose(axes) for value in values], wants):
            shown = _shown(exercise, outcomes, range(len(values)))
            found, wanted = shape_words(values[shown].shape), shape_words(wants[shown].shape)
            return "axes", (
                f"The numbers are right, but the axes are in another order: {found} where it should be {wanted}. (`.T` "
                "reverses all axes of an array.)"
            )
    return None


def _misshapen(exercise: Exercise, outcomes: Sequence[Outcome]) -> Finding:
    for value, want, case in zip(_values(outcomes), expected(exercise), exercise.cases, strict=True):
        if want.shape in ((2,), (3,)) and value.shape == ():
            return "shape", f"One number comes back; {want.size} are asked for: `return` them with a comma between."
        if value.shape != want.shape:
            found, wanted = shape_words(value.shape), shape_words(want.shape)
            return "shape", f"For {case} the result has the shape {found}; it should be {wanted}."
    return None


def _nearly(exercise: Exercise, outcomes: Sequence[Outcome]) -> Finding:
    worst = max(map(distance, _values(outcomes), expected(exercise)))
    if worst < NEARLY:
        return "nearly", (
            f"Nearly right, to {worst:.1g} of the largest value, which is more than rounding explains: is a constant "
            "mistyped, or a smaller type such as float16 used?"
        )
    return None


def _scaled(exercise: Exercise, outcomes: Sequence[Outcome]) -> Finding:
    ratios = ratios_of(_values(outcomes), expected(exercise))
    formula = ratios and factor(ratios, exercise.cases)
    if formula:
        return "factor", f"It is right but for a factor: yours is {formula} times what it should be."
    return None


def _known_scaled(exercise: Exercise, outcomes: Sequence[Outcome]) -> Finding:
    for mistake in exercise.mistakes:
        ratios = ratios_of(_values(outcomes), results_of(exercise, mistake.function))
        formula = ratios and factor(ratios, exercise.cases)
        if formula:
            return f"{mistake.name}, factor", f"Two things at once. {mistake.diagnosis} Besides, a factor: {formula}."
    return None


def _some_numbers(exercise: Exercise, outcomes: Sequence[Outcome]) -> Finding:
    """For a few numbers that mean different things: which of them are right."""
    want = np.array(expected(exercise)) if expected(exercise)[0].shape in ((2,), (3,)) else None
    if want is None or any(value.shape != want.shape[1:] for value in _values(outcomes)):
        return None
    got = np.array(_values(outcomes))  # [cases, numbers]
    good = np.asarray((np.abs(got / want - 1) < TOLERANCE).all(axis=0))
    if good.sum() != len(good) - 1:
        return None
    bad = int(good.argmin())
    ratios = list(got[:, bad] / want[:, bad])
    formula = all(ratios) and factor(ratios, exercise.cases)
    more = f" It is {formula} times what it should be." if formula else ""
    return "one_number", f"Of the {len(good)} numbers that come back, only number {bad + 1} is wrong.{more}"


def _changing_factor(exercise: Exercise, outcomes: Sequence[Outcome]) -> Finding:
    ratios = ratios_of(_values(outcomes), expected(exercise))
    if ratios is None or expected(exercise)[0].size == 1:  # every number is a multiple of every other
        return None
    some = "; ".join(f"{r:.4g} for {case}" for r, case in list(zip(ratios, exercise.cases, strict=True))[:3])
    return "changing_factor", f"Each result is a multiple of the right one, but the factor changes: {some}."


def _unlike(exercise: Exercise, outcomes: Sequence[Outcome]) -> Finding:
    worst = max(map(distance, _values(outcomes), expected(exercise)))
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
    _permuted,
    _reshaped,
    _nearly,
    _scaled,
    _some_numbers,
    _known_scaled,
    _misshapen,
    _changing_factor,
    _unlike,
)
