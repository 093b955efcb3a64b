"""Distillation: a narrow VGG-19 that responds to pictures, layer by layer, as its teacher does.

Each layer of the student is matched to the teacher's in two ways, each a relative error.

Features: a learned linear head predicts the teacher's features T from the student's F, each teacher's channel divided
by its root mean square s: ‖F W + b − T/s‖² / ‖T/s‖².

Kernel: the style loss compares distributions of features by the kernel (f · f')² (Li et al., Demystifying Neural Style
Transfer, arXiv 1701.01036), the content loss by distances, which inner products make up too. For both losses
to mean the same in student and teacher, inner products between positions are matched, of features normalised to mean
1: with K = F̂ F̂ᵀ, divided by its mean, ‖K − K_T‖² / ‖K_T‖².

A third match is of gradients with respect to the picture, which the optimiser follows: `canvas`.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import Array

from ..errors import SettingError
from ..networks.geometry import block
from ..networks.vgg import VGG19
from .canvas import FLOOR, TERMS, Answers, Canvas, Targets, apart, gradients, new_targets, paint
from .student import DEEPEST, responses

POSITIONS = 512  # of a layer over the batch, whose inner products are matched
KERNEL, GRADIENT, ALIVE = 0.3, 2.0, 1.0  # weights, beside the features' 1
IMPORTANT = {"conv4_1": 2.0, "conv4_2": 2.0, "conv5_1": 2.0}  # layer → weight of its errors; 1 for the others
SILENT = (
    1.3  # standard deviations that a filter's mean may lie below threshold: there it responds at a tenth of positions
)
RIDGE = 1e-4  # of the mean square of a feature, added where heads are fitted
NEW = 0.1  # size of the first weights from new filters to old ones, where a training starts from a narrower student

Errors = dict[str, tuple[Array, Array]]  # layer → (features, kernel)


class Teacher(NamedTuple):
    """A network with each pooling, and for some layers a 1×1 map and ReLU to the features to be matched.

    Attributes:
        networks: pooling → the network.
        maps: layer → (kernel [N, N_T], bias [N_T]).
    """

    networks: dict[str, VGG19]
    maps: dict[str, tuple[Array, Array]]

    def answers(self, pool: str) -> Answers:
        """What gives the features to be matched, with a pooling, "avg" or "max"."""

        def features(images: Array) -> dict[str, Array]:
            F = jax.vmap(lambda x: self.networks[pool](x, DEEPEST))(images)
            mapped = {l: jax.nn.relu(F[l] @ kernel + bias) for l, (kernel, bias) in self.maps.items()}
            return F | mapped

        return features


class Lesson(NamedTuple):
    """What a teacher says of a batch.

    Attributes:
        features: layer → [B, h_l, w_l, N_l], of photos and canvases.
        gradients: [n, h, w, 3], of the canvases' chosen terms.
        chosen: [n], places in `TERMS`.
    """

    features: dict[str, Array]
    gradients: Array
    chosen: Array


@partial(jax.jit, static_argnames="pool")
def new_canvas(teacher: Teacher, images: Array, photos: Array, paintings: Array, pool: str) -> Canvas:
    """Pictures to begin with [n, h, w, 3], to be painted with the content of photos in the styles of paintings."""
    return Canvas(images, photos, paintings, new_targets(teacher.answers(pool), photos, paintings))


@partial(jax.jit, static_argnames="pool")
def teach(teacher: Teacher, photos: Array, canvas: Canvas, key: Array, pool: str) -> Lesson:
    """The teacher's answers to photos [m, h, w, 3] and canvases, and its gradients of terms drawn by `key`."""
    answers = teacher.answers(pool)
    chosen = jax.random.randint(key, (len(canvas.images),), 0, len(TERMS))
    g, painted = gradients(answers, canvas.images, canvas.targets, chosen)
    features = {layer: jnp.concatenate([F, painted[layer]]) for layer, F in answers(photos).items()}
    return Lesson(features, g, chosen)


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
    T_s = T / _scale(T)
    W, b = head
    some = jax.random.randint(key, (POSITIONS,), 0, len(F))
    K, K_T = _kernel(F, some), _kernel(T, some)
    return jnp.mean((F @ W + b - T_s) ** 2) / jnp.mean(T_s**2), jnp.mean((K - K_T) ** 2) / jnp.mean(K_T**2)


def _scale(T: Array) -> Array:
    """The root mean square of each channel of [M, N], that of noise no smaller than the others'."""
    rms = jnp.sqrt(jnp.mean(T**2, axis=0))
    return jnp.maximum(rms, FLOOR * rms.mean())


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
    weights: Any, photos: Array, canvas: Canvas, lesson: Lesson, key: Array, pool: str, leak: Array | float = 1.0
) -> tuple[Array, tuple[Errors, Array]]:
    """What training minimises.

    Args:
        weights: "student" and "heads".
        photos: [m, h, w, 3].
        canvas: n of them.
        lesson: the teacher's.
        key: chooses positions.
        pool: "avg" or "max".
        leak: as in `responses`, for features and inner products.

    Returns:
        The loss, layer → (features, kernel) errors, and the student's gradients of the canvases [n, h, w, 3].
    """
    Z = responses(weights["student"], jnp.concatenate([photos, canvas.images]), pool, leak)
    errors = matched(Z, lesson.features, weights["heads"], key)
    answers = answers_of(weights["student"], pool)
    targets = new_targets(answers, canvas.photos, canvas.paintings)
    g, _ = gradients(answers, canvas.images, targets, lesson.chosen)
    total: Any = sum(
        IMPORTANT.get(layer, 1.0) * (features + KERNEL * kernel) for layer, (features, kernel) in errors.items()
    )
    total += GRADIENT * apart(g, lesson.gradients).mean() + ALIVE * sum(map(silence, Z.values()))
    return total, (errors, g)


def matched(Z: Mapping[str, Array], T: Mapping[str, Array], heads: Mapping[str, Any], key: Array) -> Errors:
    """The errors of each layer.

    Args:
        Z: layer → the student's responses [B, h_l, w_l, N].
        T: layer → the teacher's features [B, h_l, w_l, N_T].
        heads: layer → (kernel [N, N_T], bias [N_T]).
        key: chooses positions.

    Returns:
        layer → (features, kernel).
    """
    errors = {}
    for i, layer in enumerate(DEEPEST):
        some = slice(1, None, 2) if block(layer) == 1 else slice(None)  # a quarter of block 1's positions suffices
        F_l, T_l = jax.nn.relu(Z[layer])[:, some, some], T[layer][:, some, some]
        errors[layer] = mismatch(F_l, T_l, heads[layer], jax.random.fold_in(key, i))
    return errors


def answers_of(student: Mapping[str, Array], pool: str) -> Answers:
    """What gives a student's features, with a pooling."""
    return lambda images: jax.tree.map(jax.nn.relu, responses(student, images, pool))


def initial(
    teacher: Teacher, widths: Sequence[int], seed: int, start: Mapping[str, np.ndarray] | None = None
) -> dict[str, Any]:
    """Random weights of student and heads (He et al., arXiv 1502.01852), around those of a narrower student.

    Args:
        teacher: whose features the heads predict.
        widths: filters of the layers of each block, or of each layer.
        seed: of the weights.
        start: a student's weights by name, at most as wide; its filters come first, and hardly see the new ones.

    Returns:
        "student": name → array, "heads": layer → (kernel, bias).

    Raises:
        SettingError: if the start has more filters than the widths say.
    """
    rng = np.random.default_rng(seed)
    T = jax.eval_shape(teacher.answers("avg"), jax.ShapeDtypeStruct((1, 64, 64, 3), jnp.float32))
    student, heads, channels = {}, {}, 3
    for i, layer in enumerate(DEEPEST):
        N, N_T = widths[i if len(widths) == len(DEEPEST) else block(layer) - 1], T[layer].shape[-1]
        kernel, bias = rng.normal(0, np.sqrt(2 / (9 * channels)), (3, 3, channels, N)), np.zeros(N)
        if start is not None:
            old, C, M = start[f"{layer}.kernel"], *start[f"{layer}.kernel"].shape[2:]
            if M > N:
                raise SettingError(f"widths={tuple(widths)}: the start has {M} filters at {layer}; give at least these")
            kernel[:, :, C:, :M] *= NEW
            kernel[:, :, :C, :M], bias[:M] = old, start[f"{layer}.bias"]
        student[f"{layer}.kernel"], student[f"{layer}.bias"] = kernel, bias
        heads[layer] = (rng.normal(0, 0.1 / np.sqrt(N), (N, N_T)), np.zeros(N_T))
        channels = N
    return jax.tree.map(lambda a: jnp.asarray(a, jnp.float32), {"student": student, "heads": heads})


def fitted(weights: Any, teacher: Teacher, images: Array, pool: str) -> Any:
    """Weights whose heads predict the teacher's features best, by least squares over pictures [n, h, w, 3].

    A trained student with random heads would be untrained by them first.
    """
    Z, T, heads = responses(weights["student"], images, pool), teacher.answers(pool)(images), {}
    for layer in DEEPEST:
        F_l, T_s = (a.reshape(-1, a.shape[-1]) for a in (jax.nn.relu(Z[layer]), T[layer]))
        T_s = T_s / _scale(T_s)
        X = jnp.concatenate([F_l, jnp.ones((len(F_l), 1))], axis=1)
        XX = X.T @ X / len(X)
        W = jnp.linalg.solve(XX + RIDGE * jnp.trace(XX) / len(XX) * jnp.eye(len(XX)), X.T @ T_s / len(X))
        heads[layer] = (W[:-1], W[-1])
    return weights | {"heads": heads}


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


def optimizer(steps: int, rate: float) -> optax.GradientTransformation:
    """AdamW, its rate rising to `rate`, then falling as a cosine over `steps` updates; gradients clipped to norm 1."""
    schedule = optax.warmup_cosine_decay_schedule(0.0, rate, min(100, steps // 4), steps, rate / 1000)
    return optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(schedule, weight_decay=1e-4))


@partial(jax.jit, static_argnames=("updates", "pool"))
def step(
    state: State,
    photos: Array,
    lesson: Lesson,
    key: Array,
    leak: Array,
    updates: optax.GradientTransformation,
    pool: str,
) -> tuple[State, Errors]:
    """One update of the weights, and one step of the canvases: every second follows the teacher.

    Args:
        state: before it.
        photos: [m, h, w, 3].
        lesson: the teacher's, on photos and canvases.
        key: chooses positions.
        leak: as in `responses`.
        updates: the optimiser of the weights.
        pool: "avg" or "max".

    Returns:
        The state, and layer → (features, kernel) errors.
    """
    (_, (errors, own)), g = jax.value_and_grad(loss, has_aux=True)(
        state.weights, photos, state.canvas, lesson, key, pool, leak
    )
    update, moments = updates.update(g, state.optimizer, state.weights)
    weights: Any = optax.apply_updates(state.weights, update)
    followed = own.at[::2].set(lesson.gradients[::2])
    canvas = state.canvas._replace(images=paint(state.canvas.images, followed))
    return State(weights, moments, canvas), errors


@partial(jax.jit, static_argnames="pool")
def evaluate(weights: Any, teacher: Teacher, images: Array, key: Array, pool: str) -> Errors:
    """The errors on pictures [n, h, w, 3]: layer → (features, kernel)."""
    Z = responses(weights["student"], images, pool)
    return matched(Z, teacher.answers(pool)(images), weights["heads"], key)


@partial(jax.jit, static_argnames="pool")
def evaluate_gradients(student: Mapping[str, Array], teacher: Teacher, canvas: Canvas, pool: str) -> Array:
    """How far the student's gradients of each term point from the teacher's, in the mean over canvases.

    Args:
        student: its weights by name.
        teacher: whose targets the canvases hold.
        canvas: n of them.
        pool: "avg" or "max".

    Returns:
        [len(TERMS)], 0 for the same direction, 1 for unrelated ones.
    """
    answers = answers_of(student, pool)
    targets: Targets = new_targets(answers, canvas.photos, canvas.paintings)

    def of(term: Array) -> Array:
        chosen = jnp.full(len(canvas.images), term)
        own, _ = gradients(answers, canvas.images, targets, chosen)
        return apart(own, gradients(teacher.answers(pool), canvas.images, canvas.targets, chosen)[0]).mean()

    return jax.lax.map(of, jnp.arange(len(TERMS)))
