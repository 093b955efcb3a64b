"""First-order optimisers of a picture: gradient descent, momentum, Adam."""

from functools import cache
from typing import Any, NamedTuple

import jax.numpy as jnp
import optax
from jax import Array

from .optimizer import Optimizer, of_optax


@cache
def gradient_descent(lr: float) -> Optimizer:
    """x ← x − lr · ∇L(x).

    Args:
        lr: in units of 1 / L: if the loss is multiplied by ten, divide `lr` by ten.

    Returns:
        The optimiser; it keeps the picture evaluated last.
    """
    return of_optax(optax.sgd(lr))


@cache
def momentum(lr: float, decay: float = 0.9) -> Optimizer:
    """v ← decay · v + ∇L(x); x ← x − lr · v (heavy ball).

    Args:
        lr: in units of 1 / L.
        decay: of the velocity v, in [0, 1).

    Returns:
        The optimiser; it keeps the picture evaluated last.
    """
    return of_optax(optax.sgd(lr, momentum=decay))


class AdamState(NamedTuple):
    """State of `adam`: Optax's moments, and the average of the iterates."""

    adam: Any
    average: Array  # exponential average of the iterates, biased towards 0, where it starts
    steps: Array


@cache
def adam(lr: float = 0.02, b1: float = 0.9, b2: float = 0.99, average: float = 0.99) -> Optimizer:
    """Adam (Kingma and Ba, arXiv 1412.6980), projected to [0, 1]; it keeps an average of its iterates.

    Args:
        lr: step in units of the picture's range, whatever the scale of the loss.
        b1: decay of the first moment.
        b2: decay of the second moment.
        average: decay of the iterates' average, which is bias-corrected; 0 keeps the last iterate.

    Returns:
        The optimiser.
    """
    inner = optax.adam(lr, b1=b1, b2=b2, eps=1e-12)  # the gradient of one pixel is small: the usual 1e-8 would damp it

    def init(x: Array) -> AdamState:
        return AdamState(inner.init(x), jnp.zeros_like(x), jnp.zeros((), jnp.int32))

    def update(g: Array, state: AdamState, x: Array, **_: Any) -> tuple[Array, AdamState]:
        update, moments = inner.update(g, state.adam, x)
        step = jnp.clip(x + jnp.asarray(update), 0, 1) - x
        mean = average * state.average + (1 - average) * (x + step)
        return step, AdamState(moments, mean, state.steps + 1)

    def kept(state: AdamState, x: Array, value: Array) -> tuple[Array, Array]:
        return state.average / (1 - average**state.steps), value

    return Optimizer(init, update, kept)
