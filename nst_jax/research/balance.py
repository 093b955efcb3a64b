"""Runs at an equal content distance: at equal weights, whatever pulls harder has more style and less content."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from math import exp, log
from pathlib import Path
from typing import Any

import numpy as np

from ..transfer.stylize import stylize
from .combinations import GridRun
from .grid import Grid, grid
from .scores import row_of

TOLERANCE = 0.02  # of the content distance, relative
TRIES = 6  # values of β of a level at most
STRIDE = 4.0  # from the first β to the second; the next steps grow while all lie on one side


def balanced(folder: str | Path, factor: str, reference: Any, chance: str, *, beta: float, **axes: Any) -> Grid:
    """For each level of a factor, the runs with the content distance that the reference level has at β.

    β of a level is searched: its logarithm is interpolated between the nearest runs on both sides, over the logarithm
    of the referee's content distance, which is a mean over the levels of `chance`. All runs are kept, so a search that
    was stopped resumes.

    Args:
        folder: of the runs.
        factor: name of a setting, whose levels are a list in `axes`.
        reference: one of the levels.
        chance: name of a setting whose levels, a list in `axes`, differ by chance alone, such as the seed.
        beta: weight of the style in the reference.
        **axes: keywords of `stylize`, as in `grid`.

    Returns:
        One run for each combination, of those nearest to the wanted content distance, with its β as a factor.
    """
    runs, errors = [], {}
    models = grid(stylize, folder=folder, **axes | {factor: [reference], chance: axes[chance][:1], "beta": [beta]})
    for model in models.runs:

        def made(level: Any, beta: float, model: GridRun = model) -> Sequence[GridRun]:
            factors = model.factors | {factor: level, "beta": beta}
            settings: dict[str, Any] = model.settings | {name: [value] for name, value in factors.items()}
            some = grid(stylize, folder=folder, **settings | {chance: axes[chance]})
            errors.update(some.errors)
            return some.runs

        wanted = _content(made(reference, beta))
        for level in axes[factor]:
            runs += _nearest(partial(made, level), beta, wanted)
    return Grid(tuple(runs), errors)


def _content(runs: Sequence[GridRun]) -> float:
    return float(np.mean([row_of(run.folder)["content_distance"] for run in runs]))


def _nearest(made: Callable[[float], Sequence[GridRun]], beta: float, wanted: float) -> Sequence[GridRun]:
    runs: list[Sequence[GridRun]] = []
    off: dict[float, float] = {}  # log β → log of the content distance relative to the one wanted
    while len(runs) < TRIES:
        runs.append(made(beta))
        off[log(beta)] = log(_content(runs[-1]) / wanted)
        if not abs(off[log(beta)]) > TOLERANCE:  # or the run failed, and has no distance
            break
        beta = exp(_next(off))
    return min(zip(runs, off.values(), strict=True), key=lambda each: abs(each[1]))[0]


def _next(off: Mapping[float, float]) -> float:
    """The next log β: between the first neighbours that lie on different sides of 0, else beyond all of one side."""
    tried = sorted(off)
    for low, high in pairwise(tried):
        if (off[low] > 0) != (off[high] > 0):
            return low + (high - low) * off[low] / (off[low] - off[high])
    return tried[0] - len(off) * log(STRIDE) if off[tried[0]] > 0 else tried[-1] + len(off) * log(STRIDE)
