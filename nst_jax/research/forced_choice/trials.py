"""The trials of a session: which two results are shown, on which sides, in which order."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from skimage.filters import gaussian

from ...errors import SettingError, ShapeError
from ...images.picture import Picture, as_picture
from ...images.reading import load_image
from ...images.resizing import fit, resize
from ...transfer.result import Result
from ...transfer.run_folder import RunFolder
from ..combinations import GridRun
from ..grid import Grid
from ..labels import labels

SIDE = 400  # pixels, longest side of every result shown
DECOY = "(blurred)"  # name of what a catch trial shows beside a result
BLUR = 0.08  # standard deviation of its blur, as a share of its longest side
STRETCH = 0.02  # how far the proportions of results may differ, from rounding

PAIR = ("content", "style")  # factors of a grid that make groups

Shown = str | Path | Picture | Result | RunFolder | GridRun


@dataclass(frozen=True, eq=False)
class Group:
    """Results made from one content and one style picture, which people compare with each other.

    Pictures are loaded here. Results are resized to one size, so that people do not choose by size.

    Attributes:
        results: name → [h, w, 3] in [0, 1]; given as pictures, files, Results or runs.
        content: [h, w, 3]; None if it is not shown.
        style: likewise.

    Raises:
        SettingError: for fewer than two results.
        ShapeError: if their proportions differ.
        ImageError: for what is not a picture.
    """

    results: Mapping[str, Any]
    content: Any = None
    style: Any = None

    def __post_init__(self):
        results = {str(name): _picture(given, str(name)) for name, given in self.results.items()}
        if len(results) < 2 or DECOY in results:
            raise SettingError(f"results: {', '.join(results) or 'none'}; give two or more, none of them named {DECOY}")
        (first, x), *others = results.items()
        for name, y in others:
            if abs(x.shape[1] * y.shape[0] / (x.shape[0] * y.shape[1]) - 1) > STRETCH:
                sizes = [f"{name} has {x.shape[1]} × {x.shape[0]} pixels" for name, x in ((first, x), (name, y))]
                raise ShapeError(f"{', '.join(sizes)}; compare results of the same proportions")
        shape = fit(x.shape[:2], SIDE)
        object.__setattr__(self, "results", {name: resize(x, shape) for name, x in results.items()})
        for name in ("content", "style"):
            given = getattr(self, name)
            object.__setattr__(self, name, None if given is None else _picture(given, name))

    def picture(self, name: str, beside: str) -> Picture:
        """What one side of a trial shows.

        Args:
            name: of a result, or DECOY: the style picture, or if there is none the other result, strongly blurred.
            beside: name of what the other side shows.

        Returns:
            [h, w, 3] in [0, 1], of one shape for all.
        """
        if name != DECOY:
            return self.results[name]
        other = self.results[beside]
        x = other if self.style is None else resize(self.style, other.shape[:2])
        return gaussian(x, BLUR * max(x.shape[:2]), channel_axis=-1)


def _picture(given: Shown, name: str) -> Picture:
    match given:
        case Result() | RunFolder():
            return given.image
        case GridRun():
            return given.folder.image
        case str() | Path():
            return load_image(given)
    return as_picture(given, name)


@dataclass(frozen=True)
class Trial:
    """One question.

    Attributes:
        group: name of the group.
        left: name of the result on the left.
        right: name of the result on the right.
        repeat: whether the pair was shown before, with sides swapped.
    """

    group: str
    left: str
    right: str
    repeat: bool

    @property
    def catch(self) -> bool:
        """Whether one side is the decoy, so that the answer shows whether the rater looks."""
        return DECOY in (self.left, self.right)

    @property
    def pair(self) -> str:
        """The same text whichever of the two is on the left."""
        return f"{self.group}: " * bool(self.group) + " | ".join(sorted((self.left, self.right)))


def groups_of(results: Mapping[str, Any] | Grid, content: Any = None, style: Any = None) -> dict[str, Group]:
    """The groups of a session.

    Args:
        results: name → picture, file, Result or run, for one group; name → Group; or a grid, whose runs are grouped by
            content and style picture, and named by their other factors.
        content: shown with a single group; None if it is not shown.
        style: likewise.

    Returns:
        Name → group; a single group's name may be "".

    Raises:
        SettingError: if these are not results, or groups compare different results.
        ShapeError: as in `Group`.
        ImageError: as in `Group`.
    """
    if not isinstance(results, Mapping | Grid):
        raise SettingError('results: give a dict, such as {"one name": one, "another": another}, or a grid')
    if isinstance(results, Mapping) and not any(isinstance(each, Group) for each in results.values()):
        return {"": Group(results, content, style)}
    if content is not None or style is not None:
        raise SettingError("content and style: a grid and groups have their own; leave these out")
    groups = _groups_of_grid(results) if isinstance(results, Grid) else dict(results)
    compared = {frozenset(each.results) if isinstance(each, Group) else None for each in groups.values()}
    if len(compared) > 1:
        raise SettingError(f"results: {', '.join(groups)} must all be groups that compare results of the same names")
    return groups


def _groups_of_grid(grid: Grid) -> dict[str, Group]:
    known = {name: labels([run.factors[name] for run in grid.runs]) for name in grid.runs[0].factors}
    results: dict[str, dict[str, GridRun]] = {}
    pictures: dict[str, list[Any]] = {}
    for i, run in enumerate(grid.runs):
        described = {name: f"{name} {label[i]}" for name, label in known.items()}
        group = ", ".join(text for name, text in described.items() if name in PAIR)
        others = ", ".join(text for name, text in described.items() if name not in PAIR)
        results.setdefault(group, {})[others] = run
        pictures[group] = [run.settings.get(name) for name in PAIR]
    return {group: Group(named, *pictures[group]) for group, named in results.items()}


def session(groups: Mapping[str, Group], seed: int = 0, rater: str = "") -> tuple[Trial, ...]:
    """The trials of one rater, the same for the same arguments.

    Every pair of results of a group is shown once, and once more with its sides swapped, each time in random order. Two
    catch trials stand between them, one with the decoy on the left and one with it on the right: whoever always
    answers "left" fails one.

    Args:
        groups: name → group.
        seed: of order and sides, 0 or more.
        rater: each has their own order.

    Returns:
        k (k − 1) trials for each group of k results, and 2.
    """
    rng = np.random.default_rng([seed, *rater.encode()])
    pairs = [(group, *pair) for group, each in groups.items() for pair in combinations(each.results, 2)]
    first = [Trial(group, *((a, b) if rng.random() < 0.5 else (b, a)), repeat=False) for group, a, b in pairs]
    second = [replace(trial, left=trial.right, right=trial.left, repeat=True) for trial in first]
    decoys = rng.permutation(2)
    trials = []
    for half, left in zip((first, second), decoys, strict=True):
        half = [half[i] for i in rng.permutation(len(half))]
        group = rng.choice(list(groups))
        name = rng.choice(list(groups[group].results))
        caught = Trial(str(group), *((DECOY, str(name)) if left else (str(name), DECOY)), repeat=False)
        half.insert(rng.integers(1, len(half) + 1), caught)
        trials += half
    return tuple(trials)
