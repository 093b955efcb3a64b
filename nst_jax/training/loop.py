"""The training of a student network in a folder: logged, measured, resumed after a stop."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from ..files import sha256
from ..networks.codes import encode
from ..networks.formats import read_weights, write_weights
from ..networks.geometry import PLACES
from ..networks.loading import load_network, weights_file
from ..networks.vgg import VGG19
from . import distillation as distill
from .canvas import TERMS, Canvas
from .crops import crop, described_pictures, read_pictures, vary
from .distillation import Errors, State, Teacher
from .folder import LOG, NETWORK, log, resumed, save
from .recipe import Recipe
from .student import COLOURS, DEEPEST, as_student, weights_of, without_silent

GENERATION = 32  # steps that a canvas is painted for before a new one replaces it
HELD_OUT = 100  # one picture in this many measures errors and is never trained on
TESTED = 24  # crops of them
NORMALISED = 64  # crops of them over which mean activations are 1
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
    teacher: str | Path,
    pictures: Iterable[str | Path],
    folder: str | Path,
    recipe: Recipe,
    *,
    start: str | Path | None = None,
) -> Iterator[TrainingSnapshot]:
    """Distil a teacher into a small network; a training that was stopped in the same folder resumes.

    Every few generations, and at the end, it measures errors on held-out pictures, adds them to log.csv, and
    writes checkpoint.npz and network.safetensors: the student so far, at 8 bits a weight, normalised to mean
    activation 1.

    Args:
        teacher: what `load_network` takes.
        pictures: folders and ZIP archives, each of one kind of pictures; all kinds are drawn equally often.
        folder: of the training.
        recipe: its settings.
        start: a student to begin with, at most as wide, as `load_network` takes it; None for random weights.

    Yields:
        A snapshot each generation.

    Raises:
        RunError: if the folder holds a training of another teacher, other pictures or another recipe.
        ImageError: if a kind has fewer than two pictures.
        SettingError: if the start is wider than the recipe.
    """
    folder, kinds = Path(folder), [read_pictures([place], 2) for place in pictures]
    described = {
        "teacher": {"name": Path(teacher).stem, "sha256": sha256(weights_file(teacher))},
        "pictures": described_pictures([file for files in kinds for file in files]),
        "recipe": {**asdict(recipe), "widths": list(recipe.widths), "pools": list(recipe.pools)},
        "start": None if start is None else {"name": Path(start).stem, "sha256": sha256(weights_file(start))},
    }
    network = read_teacher(teacher)
    held_out = [files[::HELD_OUT] for files in kinds]
    kinds = [[file for i, file in enumerate(files) if i % HELD_OUT] for files in kinds]
    begin = None
    if start is not None:
        crops = _crops(held_out, NORMALISED, recipe.size, np.random.default_rng(recipe.seed))
        begin = as_student(read_weights(weights_file(start))[0], crops)
    weights = distill.initial(network, recipe.widths, recipe.seed, begin)
    if begin is not None:
        crops = _crops(kinds, TESTED, recipe.size, np.random.default_rng(recipe.seed + 1))
        weights = distill.fitted(weights, network, jnp.asarray(crops), "avg")
    updates = distill.optimizer(generations(recipe) * GENERATION, recipe.rate)
    state, done = resumed(folder, described, (weights, updates.init(weights)))
    test = _test(network, held_out, recipe)
    began = time.perf_counter()
    if done == 0:
        log(folder / LOG, 0, _measured(state[0], network, test)[0])
    for generation in range(done, generations(recipe)):
        *state, errors = _generation(state, network, kinds, generation, recipe, updates)
        measured = (generation + 1) % MEASURE == 0 or generation + 1 == generations(recipe)
        if measured:
            row, errors = _measured(state[0], network, test)
            log(folder / LOG, (generation + 1) * GENERATION, row)
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
    networks = {pool: load_network(name, pool=pool) for pool in ("avg", "max")}
    if maps:  # fitted to its features with maximum pooling
        networks["avg"] = networks["max"]
    return Teacher(networks, maps)


def _test(
    teacher: Teacher, held_out: Sequence[Sequence[bytes]], recipe: Recipe
) -> tuple[np.ndarray, dict[str, Canvas]]:
    """Crops held out, and by pooling canvases of them, some half-way to their paintings, some of noise."""
    rng = np.random.default_rng(recipe.seed)
    crops = _crops(held_out, TESTED, recipe.size, rng)
    photos, paintings = crops[: TESTED // 3], crops[TESTED // 3 : TESTED // 3 * 2]
    noise = rng.uniform(size=photos.shape).astype(np.float32)
    images = np.where(rng.random((len(photos), 1, 1, 1)) < 0.5, (photos + paintings) / 2, (photos + noise) / 2)
    canvases = {p: distill.new_canvas(teacher, images, photos, paintings, p) for p in ("avg", "max")}
    return crops, canvases


def _measured(weights: Any, teacher: Teacher, test: Any) -> tuple[dict[str, float], Errors]:
    """A row of the log, and the errors with average pooling."""
    row, errors = {}, {}
    for pool, canvas in test[1].items():
        errors[pool] = distill.evaluate(weights, teacher, test[0], jax.random.key(0), pool)
        apart = distill.evaluate_gradients(weights["student"], teacher, canvas, pool)
        row |= {f"{pool}/{term}/gradient": float(a) for term, a in zip(TERMS, apart, strict=True)}
    return _columns(errors) | row, errors["avg"]


def _generation(
    state: Any,
    teacher: Teacher,
    kinds: Sequence[Sequence[bytes]],
    generation: int,
    recipe: Recipe,
    updates: optax.GradientTransformation,
) -> Any:
    """(weights, optimiser's state, errors of the last step) after the steps of one canvas."""
    weights, moments = state
    rng = np.random.default_rng([recipe.seed, generation])
    pool = recipe.pools[generation % len(recipe.pools)]
    leak = jnp.float32(LEAK if generation < (1 - recipe.joint) * generations(recipe) else 1.0)
    photos, paintings = (_crops(kinds, recipe.painted, recipe.size, rng) for _ in range(2))
    images = photos.copy()
    images[0] = rng.uniform(size=photos[0].shape)
    canvas = distill.new_canvas(teacher, images, photos, paintings, pool)
    state = State(weights, moments, canvas)
    fresh, errors = _crops(kinds, recipe.fresh, recipe.size, rng), {}
    for i in range(GENERATION):
        of_term, of_positions = jax.random.split(
            jax.random.fold_in(jax.random.key(recipe.seed), generation * GENERATION + i)
        )
        lesson = distill.teach(teacher, fresh, state.canvas, of_term, pool)
        state, errors = distill.step(state, fresh, lesson, of_positions, leak, updates, pool)
        fresh = _crops(kinds, recipe.fresh, recipe.size, rng)  # while the step is computed
    return state.weights, state.optimizer, errors


def _crops(kinds: Sequence[Sequence[bytes]], n: int, size: int, rng: np.random.Generator) -> np.ndarray:
    """[n, size, size, 3]; each kind is drawn equally often."""
    drawn = [kinds[k][rng.integers(len(kinds[k]))] for k in rng.integers(len(kinds), size=n)]
    return np.stack([vary(crop(file, size, rng), rng) for file in drawn])


def save_network(
    path: Path,
    student: Mapping[str, Any],
    kinds: Sequence[Sequence[bytes]],
    recipe: Recipe,
    described: Mapping[str, Any],
) -> None:
    """Write the student at 8 bits a weight, without its silent filters and normalised to mean activation 1.

    Args:
        path: .safetensors.
        student: its weights by name.
        kinds: pictures to normalise over, compressed, by kind.
        recipe: of the training.
        described: teacher, pictures and recipe, for the metadata.
    """
    images = _crops(kinds, NORMALISED, recipe.size, np.random.default_rng(recipe.seed))
    kept = {name: np.asarray(array) for name, array in without_silent(student, images).items()}
    network = VGG19({**COLOURS, **kept}).normalized(images)
    names = [f"{layer}.{part}" for layer in ("preprocess", *DEEPEST) for part in ("kernel", "bias")]
    weights = encode(weights_of(network, names))
    teacher, pictures = described["teacher"], described["pictures"]
    metadata = {
        "pool": "avg",
        "padding": "zero",
        "teacher": f"{teacher['name']}, sha256 {teacher['sha256']}",
        "pictures": f"{pictures['number']} files, sha256 {pictures['sha256']}",
        "recipe": str(described["recipe"]),
    }
    write_weights(path, weights, metadata)


def _columns(errors: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """The errors of each pooling and layer by the names of their columns."""
    return {
        f"{pool}/{layer}/{kind}": float(error)
        for pool, layers in errors.items()
        for layer, pair in layers.items()
        for kind, error in zip(("features", "kernel"), pair, strict=True)
    }
