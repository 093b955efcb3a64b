"""The training of a student network in a folder: logged, measured, resumed after a stop."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..files import sha256
from ..networks.formats import read_weights, write_weights
from ..networks.geometry import PLACES
from ..networks.loading import load_network, weights_file
from ..networks.vgg import VGG19
from . import distillation as distill
from .canvas import new_canvas
from .crops import crop, described_pictures, read_pictures, vary
from .distillation import State, Teacher
from .folder import LOG, NETWORK, log, resumed, save
from .recipe import Recipe
from .student import COLOURS, DEEPEST, without_silent

GENERATION = 32  # steps that a canvas is painted for before a new one replaces it
HELD_OUT = 100  # one picture in this many measures errors and is never trained on
MEASURE = 10  # generations between two measurements
LEAK = 0.1  # before the joint end of the training


@dataclass(frozen=True)
class TrainingSnapshot:
    """A training at one moment.

    Attributes:
        generation: number of generations done.
        errors: layer → (features, kernel), on the last step's pictures, or on held-out ones if `measured`.
        measured: whether the errors are those of held-out pictures.
        seconds: since this call began.
    """

    generation: int
    errors: dict[str, tuple[float, float]]
    measured: bool
    seconds: float


def train(
    teacher: str | Path, pictures: Iterable[str | Path], folder: str | Path, recipe: Recipe
) -> Iterator[TrainingSnapshot]:
    """Distil a teacher into a small network; a training that was stopped in the same folder resumes.

    Every few generations, and at the end, it measures errors on held-out pictures, adds them to log.csv, and writes
    checkpoint.npz and network.safetensors: the student so far, in float16, normalised to mean activation 1.

    Args:
        teacher: what `load_network` takes.
        pictures: folders and ZIP archives.
        folder: of the training.
        recipe: its settings.

    Yields:
        A snapshot each generation.

    Raises:
        RunError: if the folder holds a training of another teacher, other pictures or another recipe.
        ImageError: if there are fewer than two pictures.
    """
    folder, files = Path(folder), read_pictures(pictures, 2)
    described = {
        "teacher": {"name": Path(teacher).stem, "sha256": sha256(weights_file(teacher))},
        "pictures": described_pictures(files),
        "recipe": {**asdict(recipe), "widths": list(recipe.widths)},
    }
    network = read_teacher(teacher)
    held_out, files = files[::HELD_OUT], [file for i, file in enumerate(files) if i % HELD_OUT]
    weights = distill.initial(network, recipe.widths, recipe.seed)
    state = (weights, distill.optimizer(generations(recipe) * GENERATION).init(weights))
    state, done = resumed(folder, described, state)
    test = _crops(held_out, 24, recipe.size, np.random.default_rng(recipe.seed))
    began = time.perf_counter()
    for generation in range(done, generations(recipe)):
        *state, errors = _generation(state, network, files, generation, recipe)
        measured = (generation + 1) % MEASURE == 0 or generation + 1 == generations(recipe)
        if measured:
            by_pool = {p: distill.evaluate(state[0], network, test, jax.random.key(0), p) for p in ("avg", "max")}
            errors = by_pool["avg"]
            log(folder / LOG, (generation + 1) * GENERATION, _columns(by_pool))
            save(folder, state, generation + 1, described)
            save_network(folder / NETWORK, state[0]["student"], held_out, recipe, described)
        found = {layer: (float(features), float(kernel)) for layer, (features, kernel) in errors.items()}
        yield TrainingSnapshot(generation + 1, found, measured, time.perf_counter() - began)


def generations(recipe: Recipe) -> int:
    """How many generations a recipe's steps are, rounded up."""
    return -(-recipe.steps // GENERATION)


def read_teacher(name: str | Path) -> Teacher:
    """A network by name or path, with its file's maps to a larger network's features, if it holds any."""
    weights, _ = read_weights(weights_file(name))
    maps = {}
    for layer, place in PLACES.items():
        expand = f"expand{place.block}_{place.number}"
        if f"{expand}.kernel" in weights:
            maps[layer] = (jnp.asarray(weights[f"{expand}.kernel"][0, 0]), jnp.asarray(weights[f"{expand}.bias"]))
    # As it was trained: with maximum pooling, whatever the file says about its use.
    return Teacher(load_network(name, pool="max"), maps)


_teach = jax.jit(lambda teacher, images: teacher(images))


def _generation(state: Any, teacher: Teacher, files: Sequence[bytes], generation: int, recipe: Recipe) -> Any:
    """(weights, optimiser's state, errors of the last step) after the steps of one canvas."""
    weights, moments = state
    rng = np.random.default_rng([recipe.seed, generation])
    pool = ("avg", "max")[generation % 2]
    leak = jnp.float32(LEAK if generation < (1 - recipe.joint) * generations(recipe) else 1.0)
    photos = _crops(files, recipe.painted, recipe.size, rng)
    photos[0] = rng.uniform(size=photos[0].shape)
    canvas = new_canvas(weights["student"], photos, _crops(files, recipe.painted, recipe.size, rng), pool)
    state = State(weights, moments, canvas)
    fresh, errors = _crops(files, recipe.fresh, recipe.size, rng), {}
    for i in range(GENERATION):
        images = jnp.concatenate([fresh, state.canvas.images])
        key = jax.random.fold_in(jax.random.key(recipe.seed), generation * GENERATION + i)
        steps = generations(recipe) * GENERATION
        state, errors = distill.step(state, images, _teach(teacher, images), key, leak, steps, pool)
        fresh = _crops(files, recipe.fresh, recipe.size, rng)  # while the step is computed
    return state.weights, state.optimizer, errors


def _crops(files: Sequence[bytes], n: int, size: int, rng: np.random.Generator) -> np.ndarray:
    return np.stack([vary(crop(files[i], size, rng), rng) for i in rng.integers(len(files), size=n)])


def save_network(
    path: Path, student: Mapping[str, Any], files: Sequence[bytes], recipe: Recipe, described: Mapping[str, Any]
) -> None:
    """Write the student in float16, without its silent filters and normalised to mean activation 1.

    Args:
        path: .safetensors.
        student: its weights by name.
        files: pictures to normalise over, compressed.
        recipe: of the training.
        described: teacher, pictures and recipe, for the metadata.
    """
    images = _crops(files, 64, recipe.size, np.random.default_rng(recipe.seed))
    kept = {name: np.asarray(array) for name, array in without_silent(student, images).items()}
    network = VGG19({**COLOURS, **kept}).normalized(images)
    names = [f"{layer}.{part}" for layer in ("preprocess", *DEEPEST) for part in ("kernel", "bias")]
    weights = {name: np.asarray(_array(network, name), np.float16) for name in names}
    teacher, pictures = described["teacher"], described["pictures"]
    metadata = {
        "pool": "avg",
        "padding": "zero",
        "teacher": f"{teacher['name']}, sha256 {teacher['sha256']}",
        "pictures": f"{pictures['number']} files, sha256 {pictures['sha256']}",
        "recipe": str(described["recipe"]),
    }
    write_weights(path, weights, metadata)


def _array(network: VGG19, name: str) -> Any:
    layer, part = name.split(".")
    return getattr(getattr(network, layer), part)[...]


def _columns(errors: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """The errors of each pooling and layer by the names of their columns."""
    return {
        f"{pool}/{layer}/{kind}": float(error)
        for pool, layers in errors.items()
        for layer, pair in layers.items()
        for kind, error in zip(("features", "kernel"), pair, strict=True)
    }
