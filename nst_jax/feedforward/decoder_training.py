"""The training of a decoder: first to reconstruct pictures from their features, then to paint in the style of others.

python -m nst_jax.feedforward.decoder_training --pictures ZIP --paintings ZIP --run FOLDER
"""

import argparse
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import Array

from ..described import described, listed
from ..errors import NSTError, SettingError
from ..files import sha256
from ..networks.formats import write_weights
from ..networks.geometry import STYLE_LAYERS
from ..networks.loading import load_network, weights_file
from ..networks.vgg import VGG19
from ..progress import bar
from ..training.crops import crop, described_pictures, read_pictures, vary
from ..training.folder import LOG, NETWORK, log, resumed, save
from .decoder import LEVELS, Weights, initial, load_decoder
from .decoder_losses import features, reconstruction_loss, style_transfer_loss

HELD_OUT = 50  # one picture in this many measures losses and is never trained on
MEASURE = 250  # steps between two measurements
WARM = 200  # steps in which the learning rate rises from 0
TESTED = 16  # pairs that are measured, at strength 1
MEASURED = 0.3  # their detail
BEFORE = "reconstruction.safetensors"  # the decoder before paintings were added
STRENGTH, DETAIL = (0.4, 1.0), (0.1, 0.6)  # between which the settings of a pair are chosen
PLAIN = 0.5  # share of crops whose colours are left as they are


@dataclass(frozen=True)
class DecoderRecipe:
    """The settings of a training.

    Raises:
        SettingError: for an invalid value; it names the setting.

    Attributes:
    """

    steps: int = described(7000, "updates of the weights", kind=int)
    styled: float = described(0.0, "share of the steps, at the end, in which paintings take part", kind=float)
    size: int = described(128, "side of the crops, in pixels", kind=int)
    batch: int = described(4, "crops of photos in a batch", kind=int)
    rate: float = described(2e-3, "the largest learning rate, of Adam", kind=float)
    beta: float = described(2.0, "weight of the style", kind=float)
    seed: int = described(0, "seed of everything random", kind=int)

    def __post_init__(self):
        least = {"steps": 1, "size": 32, "batch": 1, "seed": 0}
        for name, smallest in least.items():
            if getattr(self, name) < smallest:
                raise SettingError(f"{name}={getattr(self, name)}: give a whole number from {smallest} up")
        if self.size % 16:
            raise SettingError(f"size={self.size}: give a multiple of 16")
        if not 0 <= self.styled <= 1:
            raise SettingError(f"styled={self.styled}: give a share from 0 to 1")


DecoderRecipe.__doc__ = (DecoderRecipe.__doc__ or "").rstrip() + "\n" + listed(DecoderRecipe, " " * 8) + "\n"


def train(
    encoder: str | Path,
    pictures: Iterable[str | Path],
    paintings: Iterable[str | Path],
    folder: str | Path,
    recipe: DecoderRecipe,
    start: str | Path | None = None,
) -> Iterator[tuple[int, dict[str, float]]]:
    """Train a decoder; a training that was stopped in that folder resumes.

    Args:
        encoder: what `load_network` takes.
        pictures: folders and ZIP archives of photos.
        paintings: likewise, of paintings.
        folder: of the training: checkpoint.npz, log.csv, network.safetensors.
        recipe: its settings.
        start: the decoder that it begins with, such as the reconstruction.safetensors of another training; None for
            random weights.

    Yields:
        Steps done, and the losses; of pictures held out every 250 steps and at the end.

    Raises:
        RunError: if the folder holds another training.
        ImageError: if there are fewer than two pictures, or two paintings.
    """
    folder = Path(folder)
    photos, styles = read_pictures(pictures, 2), read_pictures(paintings, 2)
    known = {
        "encoder": {"name": Path(encoder).stem, "sha256": sha256(weights_file(encoder))},
        "pictures": described_pictures(photos),
        "paintings": described_pictures(styles),
        "recipe": asdict(recipe),
        "start": None if start is None else sha256(start),
    }
    network = load_network(encoder)
    weights = load_decoder(start) if start else initial(_widths(network), recipe.seed)
    state, done = resumed(folder, known, (weights, _optimizer(recipe).init(weights)))
    rng = np.random.default_rng(recipe.seed)
    test = [_crops(files[::HELD_OUT], TESTED, recipe, rng) for files in (photos, styles)]
    photos, styles = ([file for i, file in enumerate(files) if i % HELD_OUT] for files in (photos, styles))
    alone = round((1 - recipe.styled) * recipe.steps)
    for step in range(done, recipe.steps):
        rng = np.random.default_rng([recipe.seed, step])
        x, s = (_crops(files, recipe.batch, recipe, rng) for files in (photos, styles))
        strength, detail = (rng.uniform(*bounds, recipe.batch).astype(np.float32) for bounds in (STRENGTH, DETAIL))
        state = _step(state, network, x, s, strength, detail, recipe, step >= alone)
        losses: dict[str, float] = {}
        if (step + 1) % MEASURE == 0 or step + 1 == recipe.steps:
            losses = _evaluate(state[0], network, test[0], test[1], recipe)
            log(folder / LOG, step + 1, losses)
            save(folder, state, step + 1, known)
            write_decoder(folder / NETWORK, state[0], known)
        if step + 1 == alone:
            write_decoder(folder / BEFORE, state[0], known)
        yield step + 1, losses


def write_decoder(path: Path, weights: Weights, known: dict[str, Any]) -> None:
    """Write a decoder in float16.

    Args:
        path: .safetensors.
        weights: by name.
        known: encoder, pictures, paintings and recipe, for the metadata.
    """
    metadata = {name: str(value) for name, value in known.items()}
    write_weights(path, {name: np.asarray(array, np.float16) for name, array in weights.items()}, metadata)


def _widths(network: VGG19) -> dict[str, int]:
    return {layer: network.width(layer) for layer in network.layers}


def _crops(files: Sequence[bytes], n: int, recipe: DecoderRecipe, rng: np.random.Generator) -> np.ndarray:
    crops = [crop(files[i], recipe.size, rng) for i in rng.integers(len(files), size=n)]
    return np.stack([each if rng.random() < PLAIN else vary(each, rng) for each in crops])


def _optimizer(recipe: DecoderRecipe) -> optax.GradientTransformation:
    warm, last = min(WARM, recipe.steps // 10), 0.01 * recipe.rate
    rate = optax.warmup_cosine_decay_schedule(0.0, recipe.rate, warm, recipe.steps, last)
    return optax.adam(rate)


def _losses(encoder, x, s, strength, detail, recipe) -> dict[str, Callable[[Weights], Array]]:
    """The losses by name, as functions of the weights."""
    F, S = features(encoder, x, LEVELS), features(encoder, s, STYLE_LAYERS)
    return {
        "reconstruction": lambda w: reconstruction_loss(w, encoder, x, F, detail),
        "style transfer": lambda w: style_transfer_loss(w, encoder, F, S, strength, detail, recipe.beta),
    }


@partial(jax.jit, static_argnames=("recipe", "styled"), donate_argnums=0)
def _step(state, encoder, x, s, strength, detail, recipe, styled):
    weights, moments = state
    losses = _losses(encoder, x, s, strength, detail, recipe)
    each = [jax.grad(loss)(weights) for loss in list(losses.values())[: 1 + styled]]
    g = jax.tree.map(lambda *parts: sum(parts), *map(_bounded, each))
    update, moments = _optimizer(recipe).update(g, moments, weights)
    return optax.apply_updates(weights, update), moments


def _bounded(g: Weights) -> dict[str, Array]:
    """A gradient, each array's norm at most 1: that of the style grows with every map that it passes back through."""
    return {name: each / jnp.maximum(1.0, jnp.linalg.norm(each.ravel())) for name, each in g.items()}


@partial(jax.jit, static_argnames="recipe")
def _held_out(weights, encoder, x, s, recipe):
    ones = jnp.ones(len(x))
    return {name: loss(weights) for name, loss in _losses(encoder, x, s, ones, MEASURED * ones, recipe).items()}


def _evaluate(weights, encoder, x, s, recipe) -> dict[str, float]:
    return {name: float(loss) for name, loss in _held_out(weights, encoder, x, s, recipe).items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--encoder", default="vgg19-slim")
    parser.add_argument("--pictures", required=True, nargs="+", type=Path, metavar="ZIP_OR_FOLDER")
    parser.add_argument("--paintings", required=True, nargs="+", type=Path, metavar="ZIP_OR_FOLDER")
    parser.add_argument("--run", required=True, type=Path, metavar="FOLDER")
    parser.add_argument("--start", type=Path, metavar="DECODER")
    for each in fields(DecoderRecipe):
        parser.add_argument(f"--{each.name}", type=each.metadata["kind"], default=each.default)
    given = parser.parse_args()
    recipe = DecoderRecipe(**{each.name: getattr(given, each.name) for each in fields(DecoderRecipe)})
    began = time.perf_counter()
    with bar(total=recipe.steps, unit="step") as shown:
        for step, losses in train(given.encoder, given.pictures, given.paintings, given.run, recipe, given.start):
            if shown.n == 0:
                shown.initial = step - 1
            shown.n = step
            if losses:
                words = ", ".join(f"{name} {loss:.3f}" for name, loss in losses.items())
                shown.write(f"step {step}, {time.perf_counter() - began:.0f} s: {words}")


if __name__ == "__main__":
    try:
        main()
    except NSTError as error:
        raise SystemExit(f"nst_jax: {error}") from None
