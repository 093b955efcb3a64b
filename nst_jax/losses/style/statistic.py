"""A style statistic: what of a layer's features is matched, and how two measurements of it differ.

A new statistic is one `Statistic` object. `GRAM` in `gram.py` is the model to copy.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
from jax import Array

Measurement = Any  # a pytree of arrays, the same structure for every picture


class Sums(NamedTuple):
    """A measurement that is a sum over positions, and the number of positions it is over.

    Sums over two parts of a picture add up to the sum over the whole. That is what allows styles to be blended and
    large pictures to be measured tile by tile.
    """

    total: Any  # a pytree: Σ_k t_k s(f_k), over the positions k with weights t_k
    mass: Array | float  # Σ_k t_k: the number of positions M, where no guide is given

    def per_position(self) -> "Sums":
        """The mean over positions, as a sum of mass 1: the form in which a target is kept."""
        return Sums(jax.tree.map(lambda total: total / self.mass, self.total), 1.0)


@dataclass(frozen=True)
class Statistic:
    """A style statistic of a layer's features.

    Attributes:
        name: a short name, for tables.
        measure: (F, guide) → S. F: [h, w, N], features of one layer; guide: [h, w], a weight per position, ≥ 0, or
            None for 1 everywhere. Returns a pytree; if `additive`, a `Sums`.
        distance: (S, S*) → scalar: how far the measurement S of the generated picture is from the target S*. 0 for
            equal measurements.
        formula: the distance as LaTeX without dollar signs, in the letters F^l, N_l, M_l.
        additive: whether `measure` returns `Sums`.
        smooth: whether L-BFGS suits the distance: its gradient is continuous, or jumps only where a nearest position is
            exchanged for another. False for a kink at the minimum itself.
        prepare: S → the target, if it holds more than the measurement: what every evaluation needs of the style is
            computed once.
        blend: (targets, weights that sum to 1) → one target, if it is not the weighted mean of sums over positions.
        freeze: (target, F, guide) → the target for a stage of the run that starts at a picture with these features: a
            statistic that looks for the nearest patch of the style looks once and keeps the match, so that the distance
            is smooth. It takes what `target` or an earlier `freeze` returned, since a frozen target keeps the style's
            data. `distance` takes both, and with an unfrozen target looks for matches at every evaluation. None if the
            target does not depend on the generated picture.
    """

    name: str
    measure: Callable[[Array, Array | None], Measurement]
    distance: Callable[[Measurement, Measurement], Array]
    formula: str
    additive: bool = False
    smooth: bool = True
    prepare: Callable[[Measurement], Measurement] | None = None
    blend: Callable[[Sequence[Measurement], Sequence[float]], Measurement] | None = None
    freeze: Callable[[Measurement, Array, Array | None], Measurement] | None = None

    def target(self, F: Array, guide: Array | None = None) -> Measurement:
        """What `distance` compares with: the measurement of the style picture, per position if `additive`, prepared.

        Per position, a style picture of another size than the generated one serves as it is.

        Args:
            F: [h, w, N], features of the style picture at one layer.
            guide: [h, w], a weight per position; None for 1 everywhere.

        Returns:
            A pytree.
        """
        return self.target_of(self.measure(F, guide))

    def target_of(self, S: Measurement) -> Measurement:
        """`target`, from the measurement of the style picture.

        Args:
            S: of all of its positions.

        Returns:
            A pytree.
        """
        S = S.per_position() if self.additive else S
        return S if self.prepare is None else self.prepare(S)

    @property
    def blends(self) -> bool:
        """Whether several styles have one target, at the cost of one style; otherwise their losses are added."""
        return self.blend is not None or self.additive

    def blended(self, targets: Sequence[Measurement], weights: Sequence[float]) -> Measurement:
        """One target for several styles, of a statistic that `blends`.

        Args:
            targets: one a style.
            weights: of the styles, ≥ 0, with sum 1.

        Returns:
            `blend` of them if there is one; else, of sums over positions, their weighted mean: that of a picture with
            w_s of its positions from style s.
        """
        if self.blend is not None:
            return self.blend(targets, weights)
        return jax.tree.map(lambda *each: sum(w * S for w, S in zip(weights, each, strict=True)), *targets)
