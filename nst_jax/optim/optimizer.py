"""What the loop needs from an optimiser, and how any Optax transformation becomes one."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax
from jax import Array
from jax.sharding import Mesh

State = Any  # of an optimiser: a pytree of arrays


class Counts(NamedTuple):
    """What an optimiser counts.

    Attributes:
        line_search_evaluations: spent within the last update, beside the one that the loop makes.
        failures: line searches so far that found no lower loss.
        stalled: whether only rounding is left, so that the picture no longer moves.
    """

    line_search_evaluations: Array | int = 0
    failures: Array | int = 0
    stalled: Array | bool = False


def _evaluated_last(state: State, x: Array, value: Array) -> tuple[Array, Array]:
    return x, value


def _nothing(state: State) -> Counts:
    return Counts()


@dataclass(frozen=True)
class Optimizer:
    """An Optax transformation that also says what it would keep if the run ended now, and what it counts.

    Attributes:
        init: x → state.
        update: (g, state, x, *, value, grad, value_fn) → (step, state), as `optax.GradientTransformationExtraArgs`.
        kept: (state, x, value) → (picture, loss): from the state after the update, the picture evaluated and its loss.
            By default, these two.
        counts: state → `Counts`. By default, nothing is counted.
        steerable: whether the objective may change during a run: False if a line search compares losses from
            different moments.
        for_devices: mesh → the same optimiser for a picture whose rows these devices share; None if it is this one.
    """

    init: Callable[[Array], State]
    update: Callable[..., tuple[Any, State]]
    kept: Callable[[State, Array, Array], tuple[Array, Array]] = _evaluated_last
    counts: Callable[[State], Counts] = _nothing
    steerable: bool = True
    for_devices: "Callable[[Mesh], Optimizer] | None" = None


@cache
def of_optax(transformation: optax.GradientTransformation) -> Optimizer:
    """An Optax transformation as an `Optimizer`, which keeps the picture evaluated last.

    Cached, since another object would compile again.

    Args:
        transformation: any of Optax, with a line search (`optax.lbfgs`) or without.

    Returns:
        The optimiser; its line search's evaluations are counted.
    """
    init, update = optax.with_extra_args_support(transformation)
    some = jax.eval_shape(init, jax.ShapeDtypeStruct((8, 8, 3), jnp.float32))
    searches = optax.tree_utils.tree_get(some, "num_linesearch_steps") is not None

    def counts(state: State) -> Counts:
        return Counts(line_search_evaluations=optax.tree_utils.tree_get(state, "num_linesearch_steps"))

    if not searches:
        return Optimizer(init, update)
    return Optimizer(init, update, counts=counts, steerable=False)
