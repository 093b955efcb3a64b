"""Canvases: pictures that are painted with the student while it learns, so that it meets its own mistakes."""

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from ..networks.geometry import STYLE_LAYERS
from .student import responses

STROKE = 0.012  # root mean square of what one step changes, in units of the picture's range


class Canvas(NamedTuple):
    """Pictures being painted in the styles of others, with the student as it learns.

    Optimising a picture brings out every mistake of its network that lowers the loss. The student must see such
    pictures, and photographs show none of these mistakes.

    Attributes:
        images: [n, h, w, 3].
        targets: layer → (mean activations [n, N], Gram matrices [n, N, N]).
    """

    images: Array
    targets: dict[str, tuple[Array, Array]]


@partial(jax.jit, static_argnames="pool")
def new_canvas(student: Mapping[str, Array], photos: Array, paintings: Array, pool: str) -> Canvas:
    """Photos, to be painted in the styles of paintings.

    Args:
        student: its weights by name.
        photos: [n, h, w, 3].
        paintings: [n, h, w, 3].
        pool: "avg" or "max".

    Returns:
        The canvas.
    """
    Z, targets = responses(student, paintings, pool), {}
    for layer in STYLE_LAYERS:
        F = jax.nn.relu(Z[layer])
        mean = jnp.maximum(F.mean(axis=(1, 2)), 1e-3)
        targets[layer] = (mean, _grams(F, mean))
    return Canvas(photos, targets)


def _grams(F: Array, mean: Array) -> Array:
    F = F / mean[:, None, None]
    return jnp.einsum("bhwi,bhwj->bij", F, F) / (F.shape[1] * F.shape[2])


def paint(student: Mapping[str, Array], canvas: Canvas, pool: str) -> Canvas:
    """One step of each picture down the gradient of its style loss, every layer's relative to its target."""

    def style(images):
        Z = responses(student, images, pool)
        return sum(
            jnp.sum(((_grams(jax.nn.relu(Z[layer]), mean) - A) ** 2).mean(axis=(1, 2)) / (A**2).mean(axis=(1, 2)))
            for layer, (mean, A) in canvas.targets.items()
        )

    g = jax.grad(style)(canvas.images)
    stroke = STROKE * g / (jnp.sqrt((g**2).mean(axis=(1, 2, 3), keepdims=True)) + 1e-12)
    return canvas._replace(images=jnp.clip(canvas.images - stroke, 0, 1))
