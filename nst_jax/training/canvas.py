"""Canvases: pictures that are painted while a student learns, by its own gradients and by its teacher's.

Optimising a picture follows the gradient of its loss, and brings out every mistake of a network that lowers the loss.
A student must see such pictures, since photographs show none of its mistakes, and its gradients must point where its
teacher's do. Each step follows one term of the loss, drawn at random for each canvas, so that every layer counts.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from ..networks.geometry import STYLE_LAYERS

CONTENT_LAYER = "conv4_2"
TERMS = (*STYLE_LAYERS, CONTENT_LAYER)  # of the loss: the distance in the style of each layer, and in content
FLOOR = 0.05  # of the mean over a layer's channels: a channel below it counts as noise, and is not scaled up further
STROKE = 0.012  # root mean square of what one step changes, in units of the picture's range

Answers = Callable[[Array], Mapping[str, Array]]  # images [n, h, w, 3] → layer → features [n, h_l, w_l, N_l]


class Targets(NamedTuple):
    """What a network's features of canvases are compared with.

    Attributes:
        content: [n, h_l, w_l, N_l], of the photos.
        style: layer → (mean activations [n, N], Gram matrices [n, N, N]), of the paintings.
    """

    content: Array
    style: dict[str, tuple[Array, Array]]


class Canvas(NamedTuple):
    """Pictures being painted.

    Attributes:
        images: [n, h, w, 3], as painted so far.
        photos: [n, h, w, 3].
        paintings: [n, h, w, 3].
        targets: the teacher's.
    """

    images: Array
    photos: Array
    paintings: Array
    targets: Targets


def new_targets(answers: Answers, photos: Array, paintings: Array) -> Targets:
    """The targets of photos [n, h, w, 3] to be painted in the styles of paintings [n, h, w, 3]."""
    F, style = answers(paintings), {}
    for layer in STYLE_LAYERS:
        mean = F[layer].mean(axis=(1, 2))
        mean = jnp.maximum(mean, FLOOR * mean.mean(axis=1, keepdims=True) + 1e-6)
        style[layer] = (mean, _grams(F[layer], mean))
    return Targets(answers(photos)[CONTENT_LAYER], style)


def _grams(F: Array, mean: Array) -> Array:
    F = F / mean[:, None, None]
    return jnp.einsum("bhwi,bhwj->bij", F, F) / (F.shape[1] * F.shape[2])


def terms(F: Mapping[str, Array], targets: Targets) -> Array:
    """Each term of each canvas's loss, relative to its target: ‖G − A‖² / ‖A‖², …, ‖F − P‖² / ‖P‖².

    Args:
        F: layer → features [n, h_l, w_l, N_l].
        targets: of the same network.

    Returns:
        [n, len(TERMS)].
    """
    pairs = [(_grams(F[layer], mean), A) for layer, (mean, A) in targets.style.items()]
    pairs.append((F[CONTENT_LAYER], targets.content))
    return jnp.stack([_squares(of - to) / (_squares(to) + 1e-12) for of, to in pairs], axis=1)


def _squares(a: Array) -> Array:
    return jnp.sum(a**2, axis=tuple(range(1, a.ndim)))


def gradients(answers: Answers, images: Array, targets: Targets, chosen: Array) -> tuple[Array, Mapping[str, Array]]:
    """The gradients of one term of each canvas's loss with respect to its pixels.

    Args:
        answers: the network.
        images: [n, h, w, 3].
        targets: of the same network.
        chosen: [n], places in `TERMS`.

    Returns:
        [n, h, w, 3], and the features of the images.
    """

    def loss(images):
        F = answers(images)
        return jnp.take_along_axis(terms(F, targets), chosen[:, None], axis=1).sum(), F

    return jax.grad(loss, has_aux=True)(images)


def apart(g: Array, of_teacher: Array) -> Array:
    """How far gradients [n, h, w, 3] point from the teacher's: 1 − cos of the angle between them, [n]."""
    dot = jnp.sum(g * of_teacher, axis=(1, 2, 3))
    # Content has no gradient while a canvas is its photo: then both are 0, and nothing is to be learnt.
    alike = dot / jnp.sqrt(_squares(g) * _squares(of_teacher) + 1e-30)
    return jnp.where(_squares(of_teacher) > 0, 1 - alike, 0.0)


def paint(images: Array, g: Array) -> Array:
    """One step of each picture [n, h, w, 3] down its gradient, of one length for all."""
    return jnp.clip(images - STROKE * g / (jnp.sqrt((g**2).mean(axis=(1, 2, 3), keepdims=True)) + 1e-12), 0, 1)
