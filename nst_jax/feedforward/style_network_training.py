"""The training of a network of styles, in a folder: logged, measured, looked at, resumed after a stop."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import Array

from ..described import from_names, listed
from ..errors import DivergedError, SettingError
from ..files import sha256
from ..images.known import find
from ..images.picture import Picture
from ..images.reading import load_image
from ..images.resizing import resize
from ..images.sheets import contact_sheet
from ..images.writing import save_image
from ..losses.style.catalogue import statistic_named
from ..networks.loading import load_network, weights_file
from ..training.crops import crop, described_pictures, read_pictures
from ..training.folder import LOG, NETWORK, log, resumed, save
from ..transfer.manifest import plain
from ..transfer.normalisation import normalized_for
from .steadiness import REACH, Moved, two_frames
from .style_network import Geometry, StyleNetwork, initial
from .style_network_files import (
    LearnedStyle,
    TrainedNetwork,
    previews_of,
    read_style_network,
    style_network_file,
    write_style_network,
)
from .style_network_losses import Goals, goals, log_loss, log_total, losses, painted_in, shared_shape
from .style_network_settings import TrainSettings

HELD_OUT = 50  # one picture in this many measures losses and is never trained on
TESTED = 6  # crops of them, in every style
MEASURE = 250  # steps between two measurements
SHOWN = 3  # crops that the pictures on the way show
WARM = 100  # steps in which the learning rate rises from 0
TIMED = 3  # steps that are made and thrown away, to tell the time
PICTURES = "pictures"  # folder of those on the way


@dataclass(frozen=True)
class StyleTrainingSnapshot:
    """A training at one moment.

    Attributes:
        step: updates done.
        losses: "loss", "content/STYLE", "style/STYLE" and, if it counts, "steadiness/STYLE" of held-out crops; empty
            between two measurements.
        seconds: since this call began to train.
        left: seconds that the rest will take, as far as can be said.
    """

    step: int
    losses: dict[str, float]
    seconds: float
    left: float


@dataclass(frozen=True)
class Plan:
    """What a training starts from.

    Attributes:
        start: the network, with a row for each style that is trained.
        kept: the network that styles are added to; None if everything is trained.
        styles: that are trained.
        previews: of them.
        paintings: their pictures, of one size.
    """

    start: StyleNetwork
    kept: TrainedNetwork | None
    styles: tuple[LearnedStyle, ...]
    previews: np.ndarray
    paintings: tuple[Picture, ...]


def train(
    styles: str | Path | Sequence[str | Path],
    pictures: str | Path | Sequence[str | Path],
    folder: str | Path,
    *,
    start: str | Path | None = None,
    add_to: str | Path | None = None,
    stop: Callable[[], bool] = lambda: False,
    **settings: Any,
) -> Iterator[StyleTrainingSnapshot]:
    """Train a network to paint in one or several styles in one pass; stopped in that folder, it resumes bit for bit.

    Its objective is that of `stylize`, of the pictures that it makes of photos. `paint` with `network` paints with it.

    Args:
        styles: files, or names of known pictures; a style is asked for by the name without its ending.
        pictures: folders and ZIP archives of photos.
        folder: of the training: checkpoint.npz, log.csv, network.safetensors, pictures on the way.
        start: a network to begin with, in place of random kernels; styles that it lacks begin at the mean of its own.
        add_to: a network to which the styles are added: γ and β of theirs are trained, and nothing else changes.
        stop: () → whether to stop after this step, and keep what is there.
        **settings: the settings below, with their defaults in brackets.

    Yields:
        A snapshot before the first step, which says how long it will take, and one each step.

    Raises:
        NSTError: before anything is trained, if a picture, a network or a setting cannot be used, or the folder holds
            another training.
        DivergedError: if the loss is not finite; what was written before is kept.

    Source: Dumoulin, Shlens and Kudlur, A Learned Representation for Artistic Style, arXiv 1610.07629.

    Settings:
    """
    styles, pictures = ([each] if isinstance(each, str | Path) else list(each) for each in (styles, pictures))
    return _train(styles, pictures, Path(folder), from_names(TrainSettings, settings), start, add_to, stop)


train.__doc__ = (train.__doc__ or "").rstrip() + "\n" + listed(TrainSettings, " " * 8) + "\n"


def _train(styles, pictures, folder, settings, start, add_to, stop) -> Iterator[StyleTrainingSnapshot]:
    files = read_pictures(pictures, 2)
    plan = _plan(styles, settings, start, add_to)
    known = _known(plan, files, settings, start, add_to)
    loss_network = normalized_for(load_network(settings.network), *plan.paintings)
    test = _frames(files[::HELD_OUT], TESTED, settings, np.random.default_rng(settings.seed))
    files = [file for i, file in enumerate(files) if i % HELD_OUT]
    aims = goals(loss_network, plan.paintings, test[0][0], statistic_named(settings.statistic), settings)
    trained, frozen = _parts(plan)
    optimizer = _optimizer(settings.steps, settings.rate)
    state, done = resumed(folder, known, (trained, optimizer.init(trained)))
    update = partial(_step, frozen=frozen, goals=aims, steps=settings.steps, rate=settings.rate)
    speed = _seconds_of_a_step(update, state, files, done, settings) if done < settings.steps else 0.0
    yield StyleTrainingSnapshot(done, {}, 0.0, speed * (settings.steps - done))
    began = time.perf_counter()
    for step in range(done, settings.steps):
        state = update(state, *_batch(files, step, settings, len(plan.styles)))
        found: dict[str, float] = {}
        last = step + 1 == settings.steps or stop()
        if (step + 1) % MEASURE == 0 or last:
            network = _network(state[0], frozen)
            found = _measured(network, aims, test, plan.styles)
            if not np.isfinite(found["loss"]):
                raise DivergedError(f"{folder}: the loss is infinite at step {step + 1}; give a smaller rate", step + 1)
            log(folder / LOG, step + 1, found)
            save(folder, state, step + 1, known)
            write_style_network(folder / NETWORK, _joined(plan, network, {**known, "steps done": step + 1}))
            save_image(folder / PICTURES / f"{step + 1:06}.jpg", _sheet(network, test[0][:SHOWN]))
        seconds = time.perf_counter() - began
        left = seconds / (step + 1 - done) * (settings.steps - step - 1)
        yield StyleTrainingSnapshot(step + 1, found, seconds, left)
        if last:
            return


def _plan(styles, settings: TrainSettings, start, add_to) -> Plan:
    if start is not None and add_to is not None:
        raise SettingError("start has no effect with add_to, which begins at the mean of its styles; leave it out")
    paths = [find(style) for style in styles]
    if not paths:
        raise SettingError("there is no style to train; give one or several style pictures")
    pictures = [load_image(path, settings.style_size) for path in paths]
    learned = tuple(LearnedStyle(path.stem, sha256(path)) for path in paths)
    kept = None if add_to is None else read_style_network(add_to)
    taken = [] if kept is None else list(kept.names)
    for style in learned:
        if style.name in taken:
            raise SettingError(f"two styles are called {style.name}; give one of the files another name")
        taken.append(style.name)
    before = kept if start is None else read_style_network(start)
    if before is None:
        first = initial(Geometry(settings.widths, settings.blocks), len(learned), settings.seed)
    else:
        first = _begun(before, learned)
    return Plan(first, kept, learned, previews_of(pictures), tuple(shared_shape(pictures)))


def _begun(before: TrainedNetwork, styles: Sequence[LearnedStyle]) -> StyleNetwork:
    """A network's kernels, and the rows of these styles; of a style that it lacks, the mean of its rows."""
    network = before.network
    rows = [before.names.index(style.name) if style.name in before.names else None for style in styles]
    gamma, beta = (
        jnp.stack([each.mean(axis=0) if row is None else each[row] for row in rows])
        for each in (network.gamma, network.beta)
    )
    return replace(network, gamma=gamma, beta=beta)


def _known(plan: Plan, files: Sequence[bytes], settings: TrainSettings, start, add_to) -> dict[str, Any]:
    """What the training is of, as JSON can hold it."""
    return {
        "loss network": sha256(weights_file(settings.network)),
        "pictures": described_pictures(files),
        "styles": [vars(style) for style in plan.styles],
        "recipe": _recipe(settings),
        "start": None if start is None else sha256(style_network_file(start)),
        "added to": None if add_to is None else sha256(style_network_file(add_to)),
    }


def _recipe(settings: TrainSettings) -> dict[str, Any]:
    """The settings; without steadiness if it is off, so that trainings from before there was one resume."""
    recipe = plain(vars(settings))
    return recipe if settings.steadiness else {name: value for name, value in recipe.items() if name != "steadiness"}


def _parts(plan: Plan) -> tuple[dict[str, Any], StyleNetwork]:
    """What is trained, and the network that it belongs to."""
    rows = {"gamma": plan.start.gamma, "beta": plan.start.beta}
    return rows if plan.kept else {**rows, "kernels": plan.start.kernels}, plan.start


def _network(trained: dict[str, Any], frozen: StyleNetwork) -> StyleNetwork:
    return replace(frozen, **trained)


def _joined(plan: Plan, network: StyleNetwork, provenance: dict[str, Any]) -> TrainedNetwork:
    """The network that is written: of the styles that were there, if any, and of those that are trained."""
    kept = plan.kept
    if kept is None:
        return TrainedNetwork(network, plan.styles, plan.previews, provenance)
    gamma, beta = (
        jnp.concatenate([old, new])
        for old, new in ((kept.network.gamma, network.gamma), (kept.network.beta, network.beta))
    )
    return TrainedNetwork(
        replace(kept.network, gamma=gamma, beta=beta),
        (*kept.styles, *plan.styles),
        np.concatenate([kept.previews, plan.previews]),
        {**kept.provenance, f"added {', '.join(style.name for style in plan.styles)}": provenance},
    )


def _frames(
    files: Sequence[bytes], n: int, settings: TrainSettings, rng: np.random.Generator
) -> tuple[np.ndarray, Moved | None]:
    """Squares of photos and, if steadiness counts, the frames after them."""
    if not settings.steadiness:
        return _crops(files, n, settings.size, settings.zoom, rng), None
    return two_frames(_crops(files, n, settings.size + REACH, settings.zoom, rng), rng)


def _crops(files: Sequence[bytes], n: int, size: int, zoom: float, rng: np.random.Generator) -> np.ndarray:
    """Squares of photos, enlarged up to `zoom` times."""
    found = []
    for i in rng.integers(len(files), size=n):
        side = round(size / np.exp(rng.uniform(0, np.log(zoom))))
        x = crop(files[i], max(side, 16), rng)
        found.append(x if len(x) == size else resize(x, (size, size)))
    return np.stack(found)


def _batch(
    files: Sequence[bytes], step: int, settings: TrainSettings, styles: int
) -> tuple[np.ndarray, np.ndarray, Moved | None]:
    """Photos, the numbers of their styles, which take turns, and the frames after them."""
    rng = np.random.default_rng([settings.seed, step])
    numbers = (step * settings.batch + np.arange(settings.batch)) % styles
    x, moved = _frames(files, settings.batch, settings, rng)
    return x, numbers, moved


def _optimizer(steps: int, rate: float) -> optax.GradientTransformation:
    warm = min(WARM, steps // 10)
    schedule = optax.warmup_cosine_decay_schedule(0.0, rate, warm, steps, 0.01 * rate)
    return optax.chain(optax.clip_by_global_norm(1.0), optax.adam(schedule))


@partial(jax.jit, static_argnames=("steps", "rate"))
def _step(
    state: Any,
    x: Array,
    s: Array,
    moved: Moved | None,
    *,
    frozen: StyleNetwork,
    goals: Goals,
    steps: int,
    rate: float,
) -> Any:
    trained, moments = state
    g = jax.grad(lambda part: log_loss(_network(part, frozen), goals, x, s, moved))(trained)
    finite = jnp.isfinite(optax.tree.norm(g))  # a crop without any structure can exceed float32
    g = jax.tree.map(lambda each: jnp.where(finite, each, 0), g)
    update, moments = _optimizer(steps, rate).update(g, moments, trained)
    return optax.apply_updates(trained, update), moments


def _seconds_of_a_step(update, state, files, step: int, settings: TrainSettings) -> float:
    """Of steps that are thrown away; the first compiles."""
    jax.block_until_ready(update(state, *_batch(files, step, settings, 1)))
    began = time.perf_counter()
    for _ in range(TIMED):
        jax.block_until_ready(update(state, *_batch(files, step, settings, 1)))
    return (time.perf_counter() - began) / TIMED


_losses = jax.jit(losses)
_paint = jax.jit(painted_in)


def _measured(
    network: StyleNetwork, goals: Goals, test: tuple[np.ndarray, Moved | None], styles: Sequence[LearnedStyle]
) -> dict[str, float]:
    """Losses of all held-out crops in all styles."""
    (x, moved), totals, found = test, [], {}
    for s, style in enumerate(styles):
        each = _losses(network, goals, x, np.full(len(x), s), moved)
        found |= {f"{kind}/{style.name}": float(loss.mean()) for kind, loss in each.items() if kind != "tv"}
        totals.append(float(log_total(each)))
    return {"loss": float(np.mean(totals)), **found}


def _sheet(network: StyleNetwork, photos: np.ndarray) -> Picture:
    """Photos, and what each style makes of them."""
    columns = [np.asarray(_paint(network, photos, np.full(len(photos), s))) for s in range(len(network.gamma))]
    return contact_sheet([[photo, *made] for photo, *made in zip(photos, *columns, strict=True)], width=192)
