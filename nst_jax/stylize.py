"""The recipe: a photo and a painting to a picture, from coarse to fine."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from .bundled import PHOTOS
from .conventions import convert, weights_of
from .errors import DivergedError, ImageError, SettingError
from .files import sha256, sha256_of_array
from .images import as_picture, fit, load_image, resize
from .interrupt import interruptible
from .lbfgs import lbfgs
from .objective import Objective, build_objective
from .optimize import Frame, optimize
from .optimizers import Optimizer, adam
from .progress import with_progress
from .results import Result, plain
from .settings import Settings, settings_of
from .vgg import VGG19
from .weights import load_network, weights_file

COARSEST = 128  # longest side, in pixels, below which no further scale is put before the others
NORMALIZED_AT = 256  # side of the squares over which mean activations are taken
RARE = 2.0  # see VGG19.normalized; chosen by looking: from 5 on, a few filters spoil the picture
OPTIMIZERS = {"lbfgs": lbfgs, "adam": adam}


def stylize(content, style, *, progress: bool = False, **settings) -> Result:
    """Paint `content` in the style of `style`: minimise α L_content + β L_style + tv V(x) / 3hw over pictures x.

    content, style: a path, or float [h, w, 3] in [0, 1]; progress: show a progress bar;
    settings: network, size, steps, alpha, beta, tv, content_layers, style_layers, optimizer, init, convention, seed,
    scales, ratio, pool, padding, normalize: see `Settings` for what they mean and their defaults.

    The style picture is resized with the scale to the same longest side, but never enlarged.
    The same call on the same machine gives the same picture, byte for byte, on the CPU. Ctrl-C returns what is there.
    Raises NSTError for what cannot be used, in one line; DivergedError, with the last good picture in `error.result`,
    where the loss is no longer finite.
    Departs from the paper: it starts from noise at one scale, has no total variation, normalises over ImageNet, and
    states α and β in its own convention. All of that can be set but the pictures that are normalised over.
    """
    return finish(prepare(content, style, **settings), progress=progress)


# What `help`, and the completion of names in a notebook, show in the place of `**settings`.
stylize.__signature__ = inspect.Signature(
    [parameter for parameter in inspect.signature(stylize).parameters.values() if parameter.name != "settings"]
    + [
        inspect.Parameter(field.name, inspect.Parameter.KEYWORD_ONLY, default=field.default, annotation=field.type)
        for field in fields(Settings)
    ],
    return_annotation=Result,
)


@dataclass(frozen=True)
class Job:
    """A run that is ready to start: pictures, network and settings, all checked."""

    content: np.ndarray  # [h, w, 3], at the finest scale
    style: np.ndarray  # at its own size
    start: np.ndarray | None  # None for noise
    network: VGG19
    optimizer: Optimizer
    sizes: tuple[int, ...]  # longest sides, coarse to fine
    steps: tuple[int, ...]
    settings: Settings
    inputs: dict

    def shape(self, scale: int) -> tuple[int, int]:
        """(height, width) of the picture at this scale."""
        return fit(self.content.shape[:2], self.sizes[scale])


@dataclass(frozen=True)
class Look:
    """A frame of the whole run: the frame of the scale at hand, and the history of the scales before."""

    scale: int
    size: int
    frame: Frame
    past: dict[str, np.ndarray]

    @property
    def image(self) -> np.ndarray:
        return self.frame.image

    @property
    def losses(self) -> dict[str, np.ndarray]:
        """The columns of `Frame.losses` over all scales, and "scale", the longest side in pixels."""
        rows = len(self.frame.losses["total"])
        now = {"scale": np.full(rows, self.size), **self.frame.losses}
        if not self.past:
            return now
        for name in ("evaluations", "failures", "seconds"):
            now[name] = now[name] + self.past[name][-1]
        return {name: np.concatenate([self.past[name], column]) for name, column in now.items()}

    def checkpoint(self) -> dict[str, np.ndarray]:
        """All that `run(job, resume=)` needs to go on from here, bit for bit; call it before the next look."""
        past = {f"past/{name}": column for name, column in self.past.items()}
        return {"scale": np.asarray(self.scale), **past, **self.frame.checkpoint()}


def prepare(content, style, **settings) -> Job:
    """Load and check all that `stylize` is given; nothing is optimised yet."""
    s = settings_of(settings)
    content, content_input = _picture(content, "content")
    style, style_input = _picture(style, "style")
    inputs = {"content": content_input, "style": style_input}
    content = resize(content, fit(content.shape[:2], s.size))
    starts = {"content": content, "style": style, "noise": None}
    if isinstance(s.init, str) and s.init in starts:
        start = starts[s.init]
    else:
        start, inputs["init"] = _picture(s.init, "init")
    network, inputs["network"] = _network(s.network, s.pool, s.padding)
    sizes = _sizes(s, content.shape[:2], style.shape[:2], network)
    if s.normalize:
        network = normalized_for(network, content, style)
    return Job(
        content=content,
        style=style,
        start=start,
        network=network,
        optimizer=_optimizer(s.optimizer),
        sizes=sizes,
        steps=_steps(s.steps, len(sizes)),
        settings=s,
        inputs=inputs,
    )


def normalized_for(network: VGG19, content: np.ndarray, style: np.ndarray) -> VGG19:
    """The network normalised over the two pictures and the photographs that come with the package.

    Over the two alone, a filter that answers a corner of one of them would be scaled up beyond all measure.
    """
    square = (NORMALIZED_AT, NORMALIZED_AT)
    photographs = (load_image(known.path) for known in PHOTOS.values())
    return network.normalized([resize(x, square) for x in (content, style, *photographs)], rare=RARE)


def finish(job: Job, *, progress: bool = False) -> Result:
    """Run the job to its end, or to Ctrl-C."""
    looks = run(job)
    look = None
    with interruptible() as interrupted:
        try:
            for look in with_progress(looks, job) if progress else looks:
                if interrupted() and not ended(job, look):
                    return result(job, look, stopped="interrupted")
        except DivergedError as error:
            error.result = result(job, error.look, stopped=str(error)) if error.look else None
            raise
    return result(job, look)


def run(
    job: Job,
    resume: dict[str, np.ndarray] | None = None,
    every: int | None = None,
    *,
    interval: float = 0.5,
    steer: Callable[[Objective, int], Objective] | None = None,
) -> Iterator[Look]:
    """Run the job and yield looks, about one an `interval` (seconds), at multiples of `every` evaluations of a scale,
    and at each scale's end; from a look's `checkpoint()`, where one is given; `steer` as in `optimize`."""
    first = 0 if resume is None else int(resume["scale"])
    past = {name.removeprefix("past/"): column for name, column in (resume or {}).items() if name.startswith("past/")}
    look = None
    for scale in range(first, len(job.sizes)):
        x0 = start_at(job, scale) if look is None else resize(look.image, job.shape(scale))
        objective, steps = objective_at(job, scale), job.steps[scale]
        try:
            for frame in optimize(
                objective, x0, job.optimizer, steps, every=every, interval=interval, resume=resume, steer=steer
            ):
                look = Look(scale, job.sizes[scale], frame, past)
                yield look
        except DivergedError as error:
            error.look = Look(scale, job.sizes[scale], error.frame, past) if error.frame else look
            raise
        past, resume = look.losses, None


def objective_at(job: Job, scale: int) -> Objective:
    """The objective of one scale: targets from the pictures at its size, weights translated to the paper's terms."""
    s, shape = job.settings, job.shape(scale)
    p = resize(job.content, shape)
    a = resize(job.style, style_shape(job.style.shape[:2], job.sizes[scale]))
    given = weights_of(s.alpha, s.beta, s.content_layers, s.style_layers)
    of_paper = convert(given, s.convention, "paper", job.network.shapes(*shape))
    return build_objective(job.network, p, a, of_paper.content, of_paper.style, s.tv / p.size)


def ended(job: Job, look: Look) -> bool:
    """Whether this is the last look of the run."""
    return look.scale == len(job.sizes) - 1 and scale_ended(job, look)


def scale_ended(job: Job, look: Look) -> bool:
    """Whether this is the last look of its scale."""
    return look.frame.stalled or look.frame.evaluations >= job.steps[look.scale]


def result(job: Job, look: Look, stopped: str = "") -> Result:
    """The Result of a run whose last look this is."""
    losses = look.losses
    return Result(
        image=look.image,
        loss=look.frame.loss,
        losses=losses,
        settings=plain(vars(job.settings)),
        inputs=job.inputs,
        scales=[{"size": size, "evaluations": n} for size, n in zip(job.sizes, job.steps, strict=True)],
        evaluations=int(losses["evaluations"][-1]),
        seconds=float(losses["seconds"][-1]),
        failures=int(losses["failures"][-1]),
        stopped=stopped,
    )


def _picture(given, name):
    """A picture by path or as an array, and what the manifest says of it."""
    if isinstance(given, str | Path):
        x = load_image(given)
        return x, {"path": str(Path(given).resolve()), "sha256": sha256(given), "shape": list(x.shape)}
    x = as_picture(given, name)
    return x, {"array": name, "sha256": sha256_of_array(x), "shape": list(x.shape)}


def _network(given, pool, padding):
    if isinstance(given, VGG19):
        if pool is not None or padding is not None:
            raise SettingError("pool and padding are set where a network is loaded; give them to load_network")
        network, description = given, {"name": "a VGG19 given as an object"}
    else:
        network, file = load_network(given, pool=pool, padding=padding), weights_file(given)
        description = {"name": Path(given).stem, "path": str(file.resolve()), "sha256": sha256(file)}
    return network, description | {"pool": network.pool, "padding": network.padding}


def _sizes(s, content, style, network):
    """Longest sides from coarse to fine; without a number of scales, those from about COARSEST up that are large enough
    for the network."""

    def check(size):
        network.shapes(*fit(content, size), s.content_layers)
        network.shapes(*style_shape(style, size), s.style_layers)
        network.shapes(*fit(content, size), s.style_layers)

    check(s.size)
    sizes = [s.size]
    while s.scales is None or len(sizes) < s.scales:
        smaller = max(1, round(s.size / s.ratio ** len(sizes)))
        if s.scales is None and smaller < COARSEST:
            break
        try:
            check(smaller)
        except ImageError:
            if s.scales is None:
                break
            raise
        sizes.insert(0, smaller)
    return tuple(sizes)


def style_shape(shape: tuple[int, int], size: int) -> tuple[int, int]:
    """(height, width) of the style picture at a scale: the longest side is the scale's, but never enlarged."""
    return fit(shape, min(size, max(shape)))


def _steps(steps, scales):
    each = (steps,) * scales if isinstance(steps, int) else tuple(steps)
    if len(each) != scales:
        raise SettingError(f"steps={steps}: {len(each)} numbers for {scales} scales; give one number, or one a scale")
    return each


def _optimizer(given):
    if hasattr(given, "init") and hasattr(given, "update"):
        return given
    if given not in list(OPTIMIZERS):
        raise SettingError(f"optimizer {given!r} is not known; use {' or '.join(OPTIMIZERS)}, or pass one as an object")
    return OPTIMIZERS[given]()


def start_at(job, scale):
    """The picture that the coarsest scale starts from."""
    if job.start is None:
        noise = np.random.default_rng(job.settings.seed).uniform(size=(*job.shape(scale), 3))
        return noise.astype(np.float32)
    return resize(job.start, job.shape(scale))
