"""Distillation: a narrow VGG-19 that responds to pictures, layer by layer, as its teacher does.

Each layer of the student is matched to the teacher's in two ways, each a relative error.

Features: a learned linear head predicts the teacher's features T from the student's F, each teacher's channel divided
by its root mean square s: ‖F W + b − T/s‖² / ‖T/s‖².

Kernel: the style loss compares distributions of features by the kernel (f · f')² (Li et al., Demystifying Neural Style
Transfer, arXiv 1701.01036), the content loss by distances, which inner products make up too. For both losses
to mean the same in student and teacher, inner products between positions are matched, of features normalised to mean
1: with K = F̂ F̂ᵀ, divided by its mean, ‖K − K_T‖² / ‖K_T‖².
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import Array

from ..networks.geometry import block
from ..networks.vgg import VGG19
from .canvas import Canvas, paint
from .student import DEEPEST, responses

POSITIONS = 512  # of a layer over the batch, whose inner products are matched
FLOOR = 0.05  # of the mean over a layer's channels: a channel below it counts as noise, and is not scaled up further
KERNEL, ALIVE = 0.3, 10.0  # weights, beside the features' 1
SILENT = (
    1.3  # standard deviations that a filter's mean may lie below threshold: there it responds at a tenth of positions
)
RATE = 2e-3

Errors = dict[str, tuple[Array, Array]]  # layer → (features, kernel)


class Teacher(NamedTuple):
    """A network, and for some layers a 1×1 map and ReLU to the features to be matched.

    Attributes:
        network: the teacher.
        maps: layer → (kernel [N, N_T], bias [N_T]).
    """

    network: VGG19
    maps: dict[str, tuple[Array, Array]]

    def __call__(self, images: Array) -> dict[str, Array]:
        """The features to be matched.

        Args:
            images: [B, h, w, 3].

        Returns:
            layer → [B, h_l, w_l, N_l].
        """
        F = jax.vmap(lambda x: self.network(x, DEEPEST))(images)
        mapped = {l: jax.nn.relu(F[l] @ kernel + bias) for l, (kernel, bias) in self.maps.items()}
        return F | mapped


def mismatch(F: Array, T: Array, head: tuple[Array, Array], key: Array) -> tuple[Array, Array]:
    """The two relative errors of one layer.

    Args:
        F: [B, h, w, N], the student's features.
        T: [B, h, w, N_T], the teacher's.
        head: ([N, N_T], [N_T]), the linear head.
        key: chooses positions.

    Returns:
        (features, kernel), scalars.
    """
    F, T = F.reshape(-1, F.shape[-1]), T.reshape(-1, T.shape[-1])  # [M, N], [M, N_T]
    rms = jnp.sqrt(jnp.mean(T**2, axis=0))
    T_s = T / jnp.maximum(rms, FLOOR * rms.mean())
    W, b = head
    some = jax.random.randint(key, (POSITIONS,), 0, len(F))
    K, K_T = _kernel(F, some), _kernel(T, some)
    return jnp.mean((F @ W + b - T_s) ** 2) / jnp.mean(T_s**2), jnp.mean((K - K_T) ** 2) / jnp.mean(K_T**2)


def _kernel(F: Array, some: Array) -> Array:
    mean = F.mean(axis=0)
    F = F[some] / jnp.maximum(mean, FLOOR * mean.mean() + 1e-6)
    K = F @ F.T
    return K / (K.mean() + 1e-6)


def silence(Z: Array) -> Array:
    """Penalty on dead filters: 0 unless a filter's mean lies `SILENT` deviations below threshold."""
    mean, deviation = Z.mean(axis=(0, 1, 2)), Z.std(axis=(0, 1, 2))
    return jnp.mean(jax.nn.relu(-SILENT - mean / (deviation + 1e-3)) ** 2)


def loss(
    weights: Any, images: Array, T: Mapping[str, Array], key: Array, pool: str, leak: Array | float = 1.0
) -> tuple[Array, Errors]:
    """What training minimises.

    Args:
        weights: "student" and "heads".
        images: [B, h, w, 3].
        T: layer → the teacher's features.
        key: chooses positions.
        pool: "avg" or "max".
        leak: as in `responses`.

    Returns:
        The loss, and layer → (features, kernel) errors.
    """
    Z = responses(weights["student"], images, pool, leak)
    errors = {}
    for i, layer in enumerate(DEEPEST):
        some = slice(1, None, 2) if block(layer) == 1 else slice(None)  # a quarter of block 1's positions suffices
        F_l, T_l = jax.nn.relu(Z[layer])[:, some, some], T[layer][:, some, some]
        errors[layer] = mismatch(F_l, T_l, weights["heads"][layer], jax.random.fold_in(key, i))
    matched: Any = sum(features + KERNEL * kernel for features, kernel in errors.values())
    return matched + ALIVE * sum(map(silence, Z.values())), errors


def initial(teacher: Teacher, widths: Sequence[int], seed: int) -> dict[str, Any]:
    """Random weights of student and heads (He et al., arXiv 1502.01852).

    Args:
        teacher: whose features the heads predict.
        widths: filters of the layers of each block.
        seed: of the weights.

    Returns:
        "student": name → array, "heads": layer → (kernel, bias).
    """
    rng = np.random.default_rng(seed)
    T = jax.eval_shape(teacher, jax.ShapeDtypeStruct((1, 64, 64, 3), jnp.float32))
    student, heads, channels = {}, {}, 3
    for layer in DEEPEST:
        N, N_T = widths[block(layer) - 1], T[layer].shape[-1]
        student[f"{layer}.kernel"] = rng.normal(0, np.sqrt(2 / (9 * channels)), (3, 3, channels, N))
        student[f"{layer}.bias"] = np.zeros(N)
        heads[layer] = (rng.normal(0, 0.1 / np.sqrt(N), (N, N_T)), np.zeros(N_T))
        channels = N
    return jax.tree.map(lambda a: jnp.asarray(a, jnp.float32), {"student": student, "heads": heads})


class State(NamedTuple):
    """The state of a training.

    Attributes:
        weights: "student": name → array, "heads": layer → (kernel, bias).
        optimizer: Optax's state.
        canvas: as painted so far.
    """

    weights: Any
    optimizer: optax.OptState
    canvas: Canvas


def optimizer(steps: int) -> optax.GradientTransformation:
    """AdamW with a warm-up and a cosine decay over `steps` updates, gradients clipped to norm 1."""
    rate = optax.warmup_cosine_decay_schedule(0.0, RATE, min(100, steps // 4), steps, RATE / 1000)
    return optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(rate, weight_decay=1e-4))


@partial(jax.jit, static_argnames=("steps", "pool"))
def step(state: State, images: Array, T: dict, key: Array, leak: Array, steps: int, pool: str) -> tuple[State, Errors]:
    """One update of the weights, and one step of the canvas.

    Args:
        state: before it.
        images: [B, h, w, 3].
        T: layer → the teacher's features of the images.
        key: chooses positions.
        leak: as in `responses`.
        steps: of the whole training.
        pool: "avg" or "max".

    Returns:
        The state, and layer → (features, kernel) errors.
    """
    (_, errors), g = jax.value_and_grad(loss, has_aux=True)(state.weights, images, T, key, pool, leak)
    update, moments = optimizer(steps).update(g, state.optimizer, state.weights)
    weights: Any = optax.apply_updates(state.weights, update)
    return State(weights, moments, paint(weights["student"], state.canvas, pool)), errors


@partial(jax.jit, static_argnames="pool")
def evaluate(weights: Any, teacher: Teacher, images: Array, key: Array, pool: str) -> Errors:
    """The errors on pictures [n, h, w, 3]: layer → (features, kernel)."""
    return loss(weights, images, teacher(images), key, pool)[1]
