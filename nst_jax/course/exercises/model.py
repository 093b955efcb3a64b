"""What an exercise is: a solution, inputs, hints and known mistakes; and what the exercises share.

A mistake is a function too: it returns what a student's own mistake returns. The inputs of an exercise differ in h, w
and N, so that no two mistakes look alike on all of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class Mistake:
    """A mistake that students make.

    Attributes:
        name: a short name.
        function: of the exercise's arguments.
        diagnosis: what to say to a student whose function returns the same.
        any_scale: whether results that differ from these by one constant factor count as the same.
    """

    name: str
    function: Callable
    diagnosis: str
    any_scale: bool = False


@dataclass(frozen=True, eq=False)
class Case:
    """One input.

    Attributes:
        arguments: argument → value, in order.
        sizes: the letters of the exercise's formula, to write a wrong factor with.
    """

    arguments: Mapping[str, Any]
    sizes: Mapping[str, int]

    def __str__(self) -> str:
        return ", ".join(
            f"{name} {list(value.shape)}" if isinstance(value, np.ndarray) else f"{name} = {value!r}"
            for name, value in self.arguments.items()
        )


@dataclass(frozen=True, eq=False)
class Exercise:
    """An exercise.

    Attributes:
        name: of the function that students write.
        cases: its inputs.
        reference: the right function; the package's, if it has one.
        solution: the same for students to read; its source stands alone.
        hints: from the idea to nearly the code.
        mistakes: that students make.
    """

    name: str
    cases: tuple[Case, ...]
    reference: Callable
    solution: Callable
    hints: tuple[str, ...]
    mistakes: tuple[Mistake, ...]


# Square or not, odd or even: no two letters are equal in all of them.
SIZES = ((3, 5, 2), (4, 4, 3), (6, 2, 5), (2, 7, 4), (3, 3, 6))


def normal(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def active(seed: int, *shape: int) -> np.ndarray:
    """Features after ReLU: about a third of them exactly 0."""
    return np.maximum(normal(seed, *shape) + 0.4, 0).astype(np.float32)


def cases(make: Callable[[int, int, int, int], dict[str, Any]]) -> tuple[Case, ...]:
    return tuple(Case(make(seed, h, w, N), {"h": h, "w": w, "N": N}) for seed, (h, w, N) in enumerate(SIZES))


def style(seed: int, h: int, w: int, N: int) -> dict[str, np.ndarray]:
    F = active(seed, h, w, N)
    return {"F": F, "G": np_gram(F), "A": np_gram(active(seed + 100, h, w, N))}


def pictures(make: Callable[[int, int, int], dict[str, Any]]) -> tuple[Case, ...]:
    return tuple(Case(make(seed, h, w), {"h": h, "w": w}) for seed, (h, w, _) in enumerate(SIZES))


def uniform(seed: int, h: int, w: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(size=(h, w, 3)).astype(np.float32)


def rows(F: np.ndarray) -> np.ndarray:
    return F.reshape(-1, F.shape[-1])


def positions(F: np.ndarray) -> int:
    return F.shape[0] * F.shape[1]


def np_gram(F: np.ndarray) -> np.ndarray:
    return rows(F).T @ rows(F)
