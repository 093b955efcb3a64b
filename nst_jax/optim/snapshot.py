"""A run at one moment, and what is needed to resume from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from ..errors import RunError

Arrays = dict[str, np.ndarray]


class TermKey(NamedTuple):
    """What a term is for.

    Attributes:
        kind: "content", "style", "tv", …
        layer: the one it measures; None if it looks at the picture alone.
    """

    kind: str
    layer: str | None


def are_columns(losses: Arrays) -> bool:
    """Whether the arrays are columns of one table: numeric, of one length, with at least one row."""
    rows = {each.shape for each in losses.values()}
    return len(rows) == 1 and all(each.ndim == 1 and each.size and each.dtype.kind in "fi" for each in losses.values())


class State:
    """The state that a snapshot was taken of: the run's own arrays, until it is about to change them.

    Attributes:
        released: whether it is no longer needed.
    """

    def __init__(self, read: Callable[[], Arrays]):
        self._read: Callable[[], Arrays] | None = read
        self.released = False

    def settle(self) -> None:
        """Copy the arrays, unless released; called before the run changes them."""
        if self.released:
            self._read = None
            return
        copies = self.arrays()
        self._read = lambda: copies

    def arrays(self) -> Arrays:
        """Copies of the arrays."""
        if self._read is None or self.released:
            raise RunError("this snapshot was released, so that nothing can resume from it; take another")
        return self._read()


@dataclass(frozen=True)
class Snapshot:
    """A run at one moment. It may be kept, shown, saved and resumed from at any later time.

    Attributes:
        image: float32 [h, w, 3], the picture that the optimiser would keep now, clipped to [0, 1].
        iterate: float32 [h, w, 3], the picture to be evaluated next, as it is: it may leave [0, 1].
        loss: L_total of the picture kept, before clipping; for averaging optimisers, of the last iterate.
        losses: name → [rows], one row an update: "scale", the longest side in pixels; counted from the start of the
            run, "evaluations" of the objective with its gradient, "failures" of the line search to find a lower loss,
            and "seconds"; "total", the sum of each kind of terms ("content", "style"), each term, and "gradient_norm".
        terms: name of each term → its kind and layer.
        evaluations: spent so far.
        seconds: since the start.
        stalled: whether the scale ended early because only rounding was left.
        scale: number of the scale, from 0, coarse to fine.
        spent_here: evaluations spent at this scale.
        state: of the loop, for `checkpoint`.
        before: what `checkpoint` holds beside it: the scales before this one.
        as_saved: what is done to the state's arrays for `checkpoint`; None for nothing.
    """

    image: np.ndarray
    iterate: np.ndarray
    loss: float
    losses: Arrays
    terms: Mapping[str, TermKey]
    evaluations: int
    seconds: float
    stalled: bool
    scale: int
    spent_here: int
    state: State = field(repr=False)
    before: Arrays = field(default_factory=dict, repr=False)
    as_saved: Callable[[Arrays], Arrays] | None = field(default=None, repr=False)

    def checkpoint(self) -> Arrays:
        """The arrays from which the run that yielded this snapshot resumes, now or at any later time.

        Returns:
            name → array: what `optimize(resume=)`, or `run(job, resume=)`, takes.

        Raises:
            RunError: if the snapshot was released.
        """
        arrays = self.state.arrays()
        return {**self.before, **(arrays if self.as_saved is None else self.as_saved(arrays))}

    def release(self) -> None:
        """Give up `checkpoint`, so that the run need not copy the optimiser's state before it changes it.

        With L-BFGS that saves sixty pictures' memory; picture and losses stay.
        """
        self.state.released = True

    @property
    def size(self) -> int:
        """Longest side of the picture, in pixels."""
        return max(self.image.shape[:2])

    @property
    def seconds_here(self) -> np.ndarray:
        """The times of the updates at this scale, in seconds since the start of the run."""
        return self.losses["seconds"][self.losses["scale"] == self.size]
