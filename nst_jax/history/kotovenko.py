"""Kotovenko's strokes: the style transfer of the networks, with strokes in place of pixels."""

from collections.abc import Iterator
from functools import partial
from typing import Any, cast

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import Array

from ..images.picture import Picture
from ..images.resizing import fit
from ..losses.objective import Objective
from ..progress import bar
from ..transfer.job import prepare
from ..transfer.objective import objective_at
from .chosen import check
from .curves import Curves, bend, curves_of, render

THINNEST = 0.6  # half of a stroke's width, in units
WIDTH_SLOWER = 4  # widths change this much slower than shapes


def kotovenko(
    p: Picture,
    a: Picture | None = None,
    *,
    seed: int,
    progress: bool = False,
    strokes: int = 2000,
    steps: int = 100,
    alpha: float = 1.0,
    beta: float = 30.0,
    curvature: float = 0.1,
    rate: float = 0.2,
    colour_rate: float = 0.02,
    work: int = 256,
    nearest: int = 10,
    network: str = "vgg19-slim",
) -> Picture:
    """Minimise objective(render(θ)) over strokes θ: the objective of `stylize`, with another space of pictures.

    θ are places, shapes, widths and colours of Bézier curves, one a superpixel of the photo at first. Adam moves them
    down the gradient of α L_content + β L_style + curvature L₀ bend(θ), L₀ being the objective at the start. They are
    optimised at one size, and drawn at the photo's.

    Args:
        p: [h, w, 3] in [0, 1], the photo.
        a: [H, W, 3] in [0, 1], the painting.
        seed: of the first bends.
        progress: show a bar.
        strokes: how many, about.
        steps: updates of Adam.
        alpha: weight of the content, as in `stylize`.
        beta: weight of the style, as in `stylize`.
        curvature: weight of the bends, relative to the objective at the start.
        rate: of the places and shapes, in 256ths of the longest side an update; of the widths a quarter of it.
        colour_rate: of the colours, an update.
        work: longest side at which they are optimised, in pixels, at most.
        nearest: how many strokes a pixel looks at.
        network: as in `stylize`.

    Returns:
        [h, w, 3] in [0, 1].

    Departs from the paper: conv5_2 is not a content layer; colours follow content and style alike; a pixel looks at 10
    strokes of 6 straight parts instead of 20 of 10 points; it ends with the strokes, without further steps on pixels;
    the bend is measured otherwise, and its weight is relative.

    Source: Kotovenko et al., Rethinking Style Transfer: From Pixels to Parameterized Brushstrokes, 2021,
    arXiv 2103.17185.
    """
    check("strokes", strokes, 1, 100_000)
    check("steps", steps, 0, 100_000)
    for name, value in (("curvature", curvature), ("rate", rate), ("colour_rate", colour_rate)):
        check(name, value, 0)
    check("work", work, 32, 4096)
    check("nearest", nearest, 1, 1000)
    size = min(work, max(p.shape[:2]))
    job = prepare(p, a, size=size, scales=1, alpha=alpha, beta=beta, tv=0.0, network=network)
    objective, shape = objective_at(job, 0), fit(p.shape[:2], size)
    curves = curves_of(job.content, strokes, np.random.default_rng(seed))
    way = optimised(curves, objective, shape, steps, curvature, rate, colour_rate, nearest, progress)
    *_, (curves, _) = ((curves, 0.0), *way)
    made = jax.jit(render, static_argnums=(1, 2))(curves, p.shape[:2], nearest)
    return np.clip(np.asarray(made), 0, 1)


def optimised(
    curves: Curves,
    objective: Objective,
    shape: tuple[int, int],
    steps: int,
    curvature: float = 0.1,
    rate: float = 0.2,
    colour_rate: float = 0.02,
    nearest: int = 10,
    progress: bool = False,
) -> Iterator[tuple[Curves, float]]:
    """Strokes on their way down an objective of their picture.

    Args:
        curves: the first strokes.
        objective: of pictures of this shape.
        shape: (height, width), in pixels.
        steps: updates of Adam.
        curvature: weight of the bends, relative to the objective at the start.
        rate: of places and shapes; of widths a quarter of it.
        colour_rate: of colours.
        nearest: how many strokes a pixel looks at.
        progress: show a bar.

    Yields:
        The strokes after each update, and the loss before it.
    """
    # each leaf has its rate; a ground that moved would take over from strokes that shrink
    rates = {"shape": rate, "width": rate / WIDTH_SLOWER, "colour": colour_rate, "ground": 0.0}
    kinds: Any = Curves(*cast(Any, (*("shape",) * 4, "width", "colour", "ground")))
    adam = optax.multi_transform({name: optax.adam(each) for name, each in rates.items()}, kinds)
    start: Any = curves
    state, of_bends = adam.init(start), jnp.float32(0)
    for i in bar(range(steps), visible=progress, unit="update"):
        loss, curves, state = _update(curves, state, objective, of_bends, adam, shape, nearest)
        if i == 0:
            of_bends = curvature * loss
        yield curves, float(loss)


@partial(jax.jit, static_argnames=("adam", "shape", "nearest"))
def _update(
    curves: Curves,
    state: Any,
    objective: Objective,
    of_bends: Array,
    adam: optax.GradientTransformationExtraArgs,
    shape: tuple[int, int],
    nearest: int,
) -> tuple[Array, Curves, Any]:
    def loss_of(curves: Curves) -> Array:
        return objective(render(curves, shape, nearest)) + of_bends * bend(curves)

    loss, gradient = jax.value_and_grad(loss_of)(curves)
    change, state = adam.update(gradient, state, cast(Any, curves))
    moved: Any = optax.apply_updates(cast(Any, curves), change)
    kept = {"width": jnp.maximum(moved.width, THINNEST), "colour": jnp.clip(moved.colour, 0, 1)}
    return loss, moved.replace(**kept), state
