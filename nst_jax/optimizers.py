"""First-order optimisers of a picture: gradient descent, momentum, Adam. L-BFGS has its own module."""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import jax.numpy as jnp
import optax
from jax import Array


class Optimizer(NamedTuple):
    """An Optax transformation that also says what it would keep if the run ended now.

    init, update: as of `optax.GradientTransformationExtraArgs`; update gets the extra arguments value, grad, value_fn.
    kept(state, x, value) → (picture, loss): the state after the update, the picture that was evaluated and its loss.
    A plain Optax transformation keeps the picture evaluated last.
    """

    init: Callable[[Array], Any]
    update: Callable[..., tuple[Array, Any]]
    kept: Callable[[Any, Array, Array], tuple[Array, Array]] = lambda state, x, value: (x, value)


@cache
def gradient_descent(lr: float) -> Optimizer:
    """x ← x − lr · ∇L(x). The unit of `lr` is that of 1 / L: multiply the loss by ten and divide `lr` by ten."""
    return Optimizer(*optax.with_extra_args_support(optax.sgd(lr)))


@cache
def momentum(lr: float, decay: float = 0.9) -> Optimizer:
    """v ← decay · v + ∇L(x); x ← x − lr · v (heavy ball)."""
    return Optimizer(*optax.with_extra_args_support(optax.sgd(lr, momentum=decay)))


class AdamState(NamedTuple):
    adam: Any
    average: Array  # exponential average of the iterates, biased towards its start at 0
    steps: Array


@cache
def adam(lr: float = 0.02, b1: float = 0.9, b2: float = 0.99, average: float = 0.99) -> Optimizer:
    """Adam (Kingma and Ba, arXiv 1412.6980), projected to [0, 1]; keeps an average of its iterates.

    lr: step in units of the picture's range, whatever the scale of the loss; b1, b2: decay of the two moments;
    average: decay of the iterates' average, bias-corrected (0 keeps the last iterate).
    """
    inner = optax.adam(lr, b1=b1, b2=b2, eps=1e-12)  # gradients of one pixel are small: the usual 1e-8 would damp them

    def init(x):
        return AdamState(inner.init(x), jnp.zeros_like(x), jnp.zeros((), jnp.int32))

    def update(g, state, x, **_):
        step, moments = inner.update(g, state.adam, x)
        step = jnp.clip(x + step, 0, 1) - x
        mean = average * state.average + (1 - average) * (x + step)
        return step, AdamState(moments, mean, state.steps + 1)

    def kept(state, x, value):
        return state.average / (1 - average**state.steps), value

    return Optimizer(init, update, kept)
