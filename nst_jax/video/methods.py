"""How a frame is painted: by the optimiser, in one pass, or by any function from a frame to a picture."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np

from ..errors import ImageError
from ..images.picture import Picture, as_picture
from ..losses.building import frozen, leaf
from ..losses.terms import Temporal, Term
from ..optim.loop import minimize
from ..transfer.colours import colours_of
from ..transfer.job import Job
from ..transfer.objective import objective_at
from ..transfer.one_pass import Fast, PaintFrame
from ..transfer.run import run, shown_at
from .earlier import Earlier, new_part, start_of
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


Made = Job | Fast | PaintFrame
Painter = Callable[[Picture, Earlier | None, Picture | None], Painted]


def painter_of(made: Made, v: VideoSettings, photos: Sequence[Picture]) -> Painter:
    """What paints a frame: (frame [h, w, 3], what earlier pictures say, its picture in the pass before) → painted.

    Args:
        made: what a picture is made by: the job of the first frame, whose network, style terms and settings serve all;
            a method of one pass; or a function.
        v: the clip's settings.
        photos: the frames of the clip.

    Returns:
        The painter.
    """
    if isinstance(made, Job):
        return _optimiser(made, v)
    make = _recoloured(made, photos, v.strength) if isinstance(made, Fast) else made

    def painted(p: Picture, earlier: Earlier | None, own: Picture | None) -> Painted:
        x = own if own is not None else as_picture(make(p), "what the method returns")
        if x.shape != p.shape:
            sizes = f"{x.shape[1]} × {x.shape[0]} pixels, its frame {p.shape[1]} × {p.shape[0]}"
            raise ImageError(f"what the method returns is {sizes}; return a picture of the frame's size")
        if earlier is not None:
            x = blended(x, earlier, v.share)
        return Painted(x, x, 0)

    return painted


def blended(x: Picture, earlier: Earlier, share: float) -> Picture:
    """(1 − s c) x + s c y: what minimises (1 − s c) (z − x)² + s c (z − y)² at each pixel.

    Args:
        x: [h, w, 3] in [0, 1], a frame painted by itself.
        earlier: y and c.
        share: s, from 0 to 1.

    Returns:
        [h, w, 3] in [0, 1].
    """
    c = share * earlier.c[..., None]
    return ((1 - c) * x + c * earlier.y).astype(np.float32)


def _recoloured(made: Fast, photos: Sequence[Picture], strength: float) -> PaintFrame:
    """The method in the colours of its scene, and with what is not painted."""
    scene = made.scene
    paint = made.hold(photos, strength)
    return lambda p: replace(scene, photo=p).shown(paint(scene.colours.content(p)))


def _optimiser(job: Job, v: VideoSettings) -> Painter:
    """By the optimiser. A frame that shows new things takes more evaluations, as many as the first if all is new."""
    finest = len(job.sizes) - 1
    as_it_is = colours_of("style", job.settings.colour_match)

    @cache
    def styled() -> tuple[Term, ...]:
        """The style terms, measured once: those of the first frame, so that none changes over the clip."""
        return tuple(term for term in objective_at(job, finest).terms if term.kind == "style")

    def painted(p: Picture, earlier: Earlier | None, own: Picture | None) -> Painted:
        content = job.colours.content(p)
        here = replace(job, photo=p, content=content)
        show = shown_at(here, finest)
        if earlier is None:
            init = content if job.settings.init == "content" else job.start
            *_, last = run(replace(here, photo=content, start=init, colours=as_it_is), interval=np.inf)
            return Painted(show(last.image), last.image, last.evaluations)
        start = start_of(earlier, content, own)
        objective = objective_at(here, finest, styled())
        if v.temporal:
            term = Temporal(jnp.asarray(earlier.y), jnp.asarray(earlier.c), leaf(v.temporal))
            objective = replace(objective, terms=(*objective.terms, term))
        more = max(0, sum(job.steps) - v.warm_steps) * (new_part(earlier.c) if own is None else 0.0)
        last = minimize(frozen(objective, start), start, job.optimizer, v.warm_steps + round(more), interval=np.inf)
        return Painted(show(last.image), last.image, last.evaluations)

    return painted
