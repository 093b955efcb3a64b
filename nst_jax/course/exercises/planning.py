"""The exercise on planning a run: how large a picture a given time allows."""

import math

from .model import Case, Exercise, Mistake

# Side, seconds that it took, seconds that there are: more and less than it took; no side comes out whole by chance.
TIMES = ((320, 20.0, 90.0), (256, 11.0, 600.0), (512, 100.0, 30.0), (192, 7.0, 60.0), (384, 45.0, 41.0))


def affordable_size(size, seconds, budget):
    return int(size * (budget / seconds) ** 0.5)  # time grows with the square of the side


def _side(size, seconds, budget):
    return size * math.sqrt(budget / seconds)


AFFORDABLE_SIZE = Exercise(
    "affordable_size",
    tuple(Case(dict(zip(("size", "seconds", "budget"), each, strict=True)), {}) for each in TIMES),
    lambda size, seconds, budget: math.floor(_side(size, seconds, budget)),
    affordable_size,
    (
        "Twice the side is how many times the pixels? Time grows with pixels.",
        "seconds / size² is the time of a pixel, so that the new side L takes L² · seconds / size². Set it equal to "
        "the budget.",
        "L = size · √(budget / seconds), cut to a whole number.",
    ),
    (
        Mistake(
            "linear",
            lambda size, seconds, budget: math.floor(size * budget / seconds),
            "This lets time grow with the side. It grows with the pixels, the square of the side: take a root.",
        ),
        Mistake(
            "squared",
            lambda size, seconds, budget: math.floor(size * (budget / seconds) ** 2),
            "Here the side grows with the square of the time. It is the time that grows with the square of the side.",
        ),
        Mistake(
            "inverted",
            lambda size, seconds, budget: math.floor(size * math.sqrt(seconds / budget)),
            "The quotient is upside down: with more time the picture may be larger.",
        ),
        Mistake(
            "rounded",
            lambda size, seconds, budget: round(_side(size, seconds, budget)),
            "Rounded to the nearest number, the side is sometimes one pixel too long for the time. Round down.",
        ),
        Mistake(
            "rounded_up",
            lambda size, seconds, budget: math.ceil(_side(size, seconds, budget)),
            "Rounded up, the side is too long for the time. Round down.",
        ),
        Mistake("not_whole", _side, "The side is right, but pixels are whole. Round down."),
        Mistake(
            "pixels",
            lambda size, seconds, budget: math.floor(size**2 * budget / seconds),
            "This is the number of pixels, for a square. Asked for is its side, the root of it.",
        ),
        Mistake(
            "cubed",
            lambda size, seconds, budget: math.floor(size * (budget / seconds) ** (1 / 3)),
            "A picture has two sides, not three: take the square root.",
        ),
        Mistake(
            "root_of_all",
            lambda size, seconds, budget: math.floor(math.sqrt(size * budget / seconds)),
            "The root covers the size, too. Only the quotient of the times is under it.",
        ),
        Mistake(
            "factor",
            lambda size, seconds, budget: math.sqrt(budget / seconds),
            "This is how many times longer the side may be. Multiply by the size.",
        ),
        Mistake(
            "unchanged",
            lambda size, seconds, budget: size,
            "This is the old size. The budget allows another one.",
        ),
    ),
)
