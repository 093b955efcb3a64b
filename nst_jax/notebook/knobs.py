"""Knobs: weights of the objective, turned by hand during a run."""

import dataclasses
import math
from collections.abc import Iterable, Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from ..losses.conventions import shares
from ..losses.objective import Objective
from ..losses.terms import Term
from ..transfer.settings import Settings


@dataclasses.dataclass(frozen=True)
class Knob:
    """A number whose change multiplies the weights of some terms: factor = value now / value at the start.

    Attributes:
        name: "alpha/beta", that of another weight in the settings, or that of a term.
        label: for people.
        value: at the start, positive.
        kind: of its terms.
        layer: of its term; None for all terms of the kind.
        logarithmic: whether its slider is.
    """

    name: str
    label: str
    value: float
    kind: str
    layer: str | None = None
    logarithmic: bool = False

    def moves(self, term: Term) -> bool:
        """Whether this knob changes the term's weight."""
        return term.kind == self.kind and self.layer in (None, term.layer)

    @property
    def limits(self) -> tuple[float, float]:
        """The least and the largest value of its slider.

        A logarithmic one goes three powers of ten either way. Another begins at 0: a layer's weight may double, or
        become 1, and any other weight may become ten times as large.
        """
        if self.logarithmic:
            return self.value / 1000, 1000 * self.value
        return 0.0, max(1.0, 2 * self.value) if self.layer else 10 * self.value


@dataclasses.dataclass(frozen=True)
class Move:
    """A knob that was turned.

    Attributes:
        evaluations: of the whole run, spent before the new value took effect.
        knob: its name.
        label: for people.
        value: the new one.
    """

    evaluations: int
    knob: str
    label: str
    value: float


def knobs_of(s: Settings) -> tuple[Knob, ...]:
    """The knobs of a run with these settings; a weight of 0 has no term, and so no knob.

    alpha/beta moves alpha and keeps beta: the style usually has the larger part of the gradient, so its scale, which
    Adam has adapted to, changes little.

    Args:
        s: the settings.

    Returns:
        The knobs, those of the whole run first.
    """
    v = {layer: w for layer, w in shares(s.content_layers).items() if s.alpha * w > 0}
    w = {layer: w for layer, w in shares(s.style_layers).items() if s.beta * w > 0}
    knobs = [Knob("alpha/beta", "α/β", s.alpha / s.beta, "content", logarithmic=True)] if v and w else []
    others = (
        ("tv", "total variation", s.tv),
        ("laplacian", "Laplacian", s.laplacian),
        ("self_similarity", "self-similarity", s.self_similarity if any(shares(s.content_layers).values()) else 0),
    )
    knobs += [Knob(name, label, value, name) for name, label, value in others if value]
    knobs += [Knob(f"content/{l}", f"v {l}", share, "content", l) for l, share in v.items() if len(v) > 1]
    return tuple(knobs + [Knob(f"style/{l}", f"w {l}", share, "style", l) for l, share in w.items()])


def knobs_of_terms(objective: Objective) -> tuple[Knob, ...]:
    """One knob a term: it multiplies the term's weight, and starts at 1."""
    return tuple(Knob(term.name, f"× {term.name}", 1.0, term.kind, term.layer) for term in objective.terms)


def reweighted(objective: Objective, factors: Mapping[str, float]) -> Objective:
    """The objective with the weights of some terms multiplied.

    Same structure, other leaves: a jitted function that has seen one takes the other without compiling.

    Args:
        objective: of any terms.
        factors: name of the term → factor.

    Returns:
        The objective.
    """

    def turn(term: Any) -> Any:
        factor = factors.get(term.name, 1.0)
        if factor == 1:
            return term
        # `jnp.asarray` of a NumPy scalar would compile another program.
        return dataclasses.replace(term, weight=jax.device_put(np.float32(float(term.weight) * factor)))

    return dataclasses.replace(objective, terms=tuple(map(turn, objective.terms)))


class Steering:
    """What `optimize(steer=)` takes: it applies the values that the knobs have when a chunk of evaluations begins.

    Attributes:
        values: name → value now.
        moves: of the knobs, in order.
        before: evaluations of the scales before this one.
    """

    def __init__(self, knobs: Iterable[Knob]):
        self.knobs = tuple(knobs)
        self.values = {knob.name: knob.value for knob in self.knobs}
        self.restart()

    def restart(self) -> None:
        """Forget the moves, since a new run begins; the values stay."""
        self.moves: list[Move] = []
        self._applied = {knob.name: knob.value for knob in self.knobs}
        self.before = 0

    def turn(self, knob: str, value: float) -> None:
        """Set a knob, from any thread; it takes effect with the next chunk."""
        if not math.isclose(value, self.values[knob], rel_tol=1e-6):  # a logarithmic slider rounds
            self.values[knob] = value

    def __call__(self, objective: Objective, evaluations: int) -> Objective:
        values = dict(self.values)
        for knob in self.knobs:
            if values[knob.name] != self._applied[knob.name]:
                self.moves.append(Move(self.before + evaluations, knob.name, knob.label, values[knob.name]))
        self._applied = values
        turned = [knob for knob in self.knobs if values[knob.name] != knob.value]
        if not turned:
            return objective
        factors = {
            term.name: float(np.prod([values[knob.name] / knob.value for knob in turned if knob.moves(term)]))
            for term in objective.terms
        }
        return reweighted(objective, factors)


@jax.jit
def gradient_norms(objective: Objective, x: np.ndarray) -> dict[str, jax.Array]:
    """|∇ term(x)| for each term, weight included; it costs one backward pass for each term.

    Args:
        objective: of any terms.
        x: [h, w, 3].

    Returns:
        name → scalar.
    """
    _, pull_back = jax.vjp(objective.breakdown, x)
    names = tuple(term.name for term in objective.terms)

    def norm(one):
        (g,) = pull_back(dict(zip(names, one, strict=True)))
        return jnp.sqrt(jnp.vdot(g, g))

    return dict(zip(names, lax.map(norm, jnp.eye(len(names), dtype=jnp.float32)), strict=True))
