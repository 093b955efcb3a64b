"""Knobs: weights of the objective that are turned by hand while a run goes on."""

import dataclasses
import math
from collections.abc import Iterable, Mapping

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from .conventions import shares
from .objective import Objective
from .settings import Settings


@dataclasses.dataclass(frozen=True)
class Knob:
    """A number whose change multiplies the weights of some terms: factor = value now / value at the start.

    name: "alpha/beta", "tv", or that of a term; label: for people; value: at the start, positive;
    terms: what the names of its terms begin with.
    """

    name: str
    label: str
    value: float
    terms: str


@dataclasses.dataclass(frozen=True)
class Move:
    """A knob turned: `evaluations` of the whole run were spent before the new value came to bear."""

    evaluations: int
    knob: str
    label: str
    value: float


def knobs_of(s: Settings) -> tuple[Knob, ...]:
    """The knobs of a run with these settings; a weight of 0 has no term, and so no knob.

    alpha/beta moves alpha and leaves beta alone: the style has the larger part of the gradient as a rule, so that the
    scale of the gradient, to which Adam is used, changes little.
    """
    v = {layer: w for layer, w in shares(s.content_layers).items() if s.alpha * w > 0}
    w = {layer: w for layer, w in shares(s.style_layers).items() if s.beta * w > 0}
    knobs = [Knob("alpha/beta", "α/β", s.alpha / s.beta, "content/")] if v and w else []
    knobs += [Knob("tv", "total variation", s.tv, "tv")] if s.tv else []
    knobs += [Knob(f"content/{l}", f"v {l}", share, f"content/{l}") for l, share in v.items() if len(v) > 1]
    return tuple(knobs + [Knob(f"style/{l}", f"w {l}", share, f"style/{l}") for l, share in w.items()])


def knobs_of_terms(objective: Objective) -> tuple[Knob, ...]:
    """One knob for each term that has a weight: it multiplies it, and stands at 1."""
    return tuple(
        Knob(term.name, f"× {term.name}", 1.0, term.name) for term in objective.terms if hasattr(term, "weight")
    )


def reweighted(objective: Objective, factors: Mapping[str, float]) -> Objective:
    """The objective with the weight of each term multiplied; factors: name of the term → factor.

    Same structure, other leaves: a jitted function that has seen the one takes the other without compiling.
    """

    def turn(term):
        factor = factors.get(term.name, 1.0)
        if factor == 1:
            return term
        # `jnp.asarray` of a NumPy scalar would compile a program of its own.
        return dataclasses.replace(term, weight=jax.device_put(np.float32(float(term.weight) * factor)))

    return dataclasses.replace(objective, terms=tuple(map(turn, objective.terms)))


class Steering:
    """What `optimize(steer=)` takes: it applies the values that the knobs have when a chunk of evaluations begins.

    values: name → value now; moves: list of Move, in order. `turn` may be called from any thread.
    """

    def __init__(self, knobs: Iterable[Knob]):
        self.knobs = tuple(knobs)
        self.values = {knob.name: knob.value for knob in self.knobs}
        self.restart()

    def restart(self) -> None:
        """Forget the moves, since a new run begins; the values stay."""
        self.moves: list[Move] = []
        self._applied = {knob.name: knob.value for knob in self.knobs}
        self.before = 0  # evaluations of the scales before this one

    def turn(self, knob: str, value: float) -> None:
        """Set a knob; it comes to bear with the next chunk."""
        if not math.isclose(value, self.values[knob], rel_tol=1e-6):  # a slider of logarithms rounds
            self.values[knob] = value

    def __call__(self, objective: Objective, evaluations: int) -> Objective:
        values = dict(self.values)
        for knob in self.knobs:
            if values[knob.name] != self._applied[knob.name]:
                self.moves.append(Move(self.before + evaluations, knob.name, knob.label, values[knob.name]))
        self._applied = values
        changed = {knob.terms: values[knob.name] / knob.value for knob in self.knobs if values[knob.name] != knob.value}
        if not changed:
            return objective
        factors = {
            name: float(np.prod([factor for terms, factor in changed.items() if name.startswith(terms)]))
            for name in objective.names
        }
        return reweighted(objective, factors)


@jax.jit
def gradient_norms(objective: Objective, x: np.ndarray) -> dict[str, jax.Array]:
    """|∇ term(x)| for each term, weight included: name → scalar. x: [h, w, 3]. One backward pass for each term."""
    _, pull_back = jax.vjp(objective.breakdown, x)
    names = objective.names

    def norm(one):
        (g,) = pull_back(dict(zip(names, one, strict=True)))
        return jnp.sqrt(jnp.vdot(g, g))

    return dict(zip(names, lax.map(norm, jnp.eye(len(names), dtype=jnp.float32)), strict=True))
