"""How a frame is painted: by the optimiser, or by any function from a frame to a picture."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np

from ..images.picture import Picture, as_picture
from ..losses.building import frozen, leaf
from ..losses.terms import Temporal, Term
from ..optim.loop import minimize
from ..transfer.colours import colours_of
from ..transfer.job import Job
from ..transfer.objective import objective_at
from ..transfer.run import run, shown_at
from .earlier import Earlier
from .settings import VideoSettings


class Painted(NamedTuple):
    """A painted frame.

    Attributes:
        image: [h, w, 3] in [0, 1], as it is shown.
        kept: [h, w, 3], as later frames start from it: before its colours are put back.
        evaluations: of the objective.
    """

    image: Picture
    kept: Picture
    evaluations: int


Painter = Callable[[Picture, Earlier | None, Picture | None], Painted]


def painter_of(job: Job | None, v: VideoSettings) -> Painter:
    """What paints a frame: (frame [h, w, 3], what earlier pictures say of it, where to start) → painted.

    Without a start, the frame is painted as a picture of its own, from coarse to fine.

    Args:
        job: of the first frame; its network, style terms and settings serve all. None if a function paints.
        v: the clip's settings.

    Returns:
        The painter.
    """
    if v.method == "optimise" or v.method == "alone":
        assert job is not None  # as prepared
        return _optimiser(job, v)
    make = v.method

    def painted(p: Picture, earlier: Earlier | None, start: Picture | None) -> Painted:
        x = as_picture(make(p), "what the method returns")
        return Painted(x, x, 0)

    return painted


def _optimiser(job: Job, v: VideoSettings) -> Painter:
    finest = len(job.sizes) - 1
    as_it_is = colours_of("style", job.settings.colour_match)

    @cache
    def styled() -> tuple[Term, ...]:
        """The style terms, measured once: those of the first frame, so that none changes over the clip."""
        return tuple(term for term in objective_at(job, finest).terms if term.kind == "style")

    def painted(p: Picture, earlier: Earlier | None, start: Picture | None) -> Painted:
        content = job.colours.content(p)
        here = replace(job, photo=p, content=content)
        show = shown_at(here, finest)
        if start is None:
            init = content if job.settings.init == "content" else job.start
            *_, last = run(replace(here, photo=content, start=init, colours=as_it_is), interval=np.inf)
            return Painted(show(last.image), last.image, last.evaluations)
        objective = objective_at(here, finest, styled())
        if v.temporal and earlier is not None:
            term = Temporal(jnp.asarray(earlier.y), jnp.asarray(earlier.c), leaf(v.temporal))
            objective = replace(objective, terms=(*objective.terms, term))
        last = minimize(frozen(objective, start), start, job.optimizer, v.warm_steps, interval=np.inf)
        return Painted(show(last.image), last.image, last.evaluations)

    return painted
