"""A job: a run that is ready to start, its pictures, network and settings loaded and checked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Unpack, cast

import numpy as np
import optax

from ..errors import SettingError
from ..images.masks import Mask, resize_mask
from ..images.picture import Opacity
from ..images.resizing import fit
from ..losses.conventions import shares
from ..losses.style.catalogue import statistic_named
from ..losses.style.statistic import Statistic
from ..networks.device import plainly
from ..networks.formats import colours_of as colours_of_network
from ..networks.loading import load_network, precision_of, weights_file
from ..networks.vgg import VGG19
from ..optim.first_order import adam
from ..optim.lbfgs import lbfgs
from ..optim.optimizer import Optimizer, of_optax
from .colours import Colours
from .guiding import notes
from .inputs import PictureLike, described_file
from .normalisation import normalized_for
from .painting import Region, Regions, StyleLike
from .plan import Needs, ScalePlan, budget_of, plan_scales, weight_bytes
from .scales import each_scale, sizes_of, stages_of, steps_of
from .scene import read_scene
from .settings import Given, Settings, settings_of
from .sharing import check_sharing
from .starts import start_of

OPTIMIZERS = {"lbfgs": lbfgs, "adam": adam}
AVERAGE = 0.9  # of Adam's iterates: at 0.99, 60 evaluations from the photo would give about the mean of all 60
LAPLACIAN = 6.0  # pictures that its term works in
STAGES = 3  # per scale, for a statistic that chooses what it matches at the start of each


@dataclass(frozen=True)
class Job:
    """A run that is ready to start: pictures, network and settings, all checked.

    Attributes:
        photo: [h, w, 3], at the finest scale: the content picture as given.
        content: [h, w, 3], the same as the network sees it.
        alpha: [h, w, 1], its opacity, likewise; None if it is opaque.
        regions: what is painted how, and where; masks and style pictures at their own sizes.
        painted: [h, w], how much of each pixel they paint, at the size of their masks; None if everything is painted.
        colours: what is done to the picture before it is shown.
        start: [h, w, 3], resized to the coarsest scale; None for noise.
        networks: of each scale, normalised if the settings ask for it.
        statistic: what of the style is matched.
        optimizer: of the picture.
        sizes: longest sides of the scales, coarse to fine; one that runs in several stages appears several times.
        steps: evaluations of each.
        plan: of each, so that it fits the budget.
        budget: bytes of memory; None for no limit.
        settings: as given, defaults filled in.
        inputs: "content", "style", "network", … → path, hash and shape, for the manifest.
        notes: where it differs from what was asked, and what was chosen, one line each.
    """

    photo: np.ndarray
    content: np.ndarray
    alpha: Opacity | None
    regions: tuple[Region, ...]
    painted: Mask | None
    colours: Colours
    start: np.ndarray | None
    networks: tuple[VGG19, ...]
    statistic: Statistic
    optimizer: Optimizer
    sizes: tuple[int, ...]
    steps: tuple[int, ...]
    plan: tuple[ScalePlan, ...]
    budget: int | None
    settings: Settings
    inputs: dict[str, dict[str, Any]]
    notes: tuple[str, ...]

    @property
    def network(self) -> VGG19:
        """That of the finest scale."""
        return self.networks[-1]

    def shape(self, scale: int) -> tuple[int, int]:
        """(height, width) of the picture at this scale."""
        return fit(self.content.shape[:2], self.sizes[scale])

    @property
    def shapes(self) -> list[tuple[int, int]]:
        """(height, width) at every scale, coarse to fine."""
        return [self.shape(scale) for scale in range(len(self.sizes))]

    def alpha_at(self, scale: int) -> Opacity | None:
        """[h, w, 1] at this scale, the content picture's opacity; None if it is opaque."""
        return None if self.alpha is None else resize_mask(self.alpha[..., 0], self.shape(scale))[..., None]

    def spent_before(self, scale: int) -> int:
        """Evaluations of the earlier stages of one scale."""
        return sum(n for size, n in zip(self.sizes[:scale], self.steps, strict=False) if size == self.sizes[scale])

    @property
    def style_layers(self) -> tuple[str, ...]:
        """The style layers that have a weight."""
        return _weighted(self.settings)


@plainly
def prepare(
    content: PictureLike,
    style: StyleLike = None,
    *,
    regions: Regions | None = None,
    kept: bool = False,
    **settings: Unpack[Given],
) -> Job:
    """Load and check everything that `stylize` needs; nothing is optimised yet.

    Args:
        content: a file, the name of a known picture, or an array [h, w, 3] in [0, 1].
        style: likewise, or several, as in `stylize`.
        regions: as in `stylize`.
        kept: whether checkpoints will be written, which takes memory.
        **settings: see `Settings`.

    Returns:
        The job.

    Raises:
        NSTError: if a picture, the network or a setting cannot be used.
    """
    s = settings_of(settings)
    scene = read_scene(
        content,
        style,
        regions,
        size=s.size,
        style_scale=s.style_scale,
        colour=s.colour,
        colour_match=s.colour_match,
    )
    p, painting, inputs = scene.content, scene.regions, scene.inputs
    networks, files = _networks(s)
    inputs |= files
    styles = [style for region in painting for style in region.styles]
    named = [str(inputs[name].get("path", name)) for name in ("content", *(style.name for style in styles))]
    sizes = sizes_of(s, p.shape[:2], [(style.picture.shape[:2], style.scale) for style in styles], networks, named)
    networks = each_scale("network", networks, sizes)
    start, more = start_of(s.init, scene, sizes[0])
    inputs |= more
    if s.normalize:
        different = {inputs[style.name]["sha256"]: style.picture for style in styles}
        normalized = {id(each): normalized_for(each, p, *different.values()) for each in networks}
        networks = tuple(normalized[id(each)] for each in networks)
    statistic = statistic_of(s)
    steps, stages = steps_of(s.steps, sizes), 1 if statistic.freeze is None else STAGES
    networks = tuple(each for each, n in zip(networks, steps, strict=True) for _ in range(min(stages, n)))
    sizes, steps = stages_of(sizes, steps, stages)
    shapes = [fit(p.shape[:2], size) for size in sizes]
    optimizer, budget = _optimizer(s.optimizer, _smooth(s, statistic)), budget_of(cast(int | None, s.memory))
    needs = _needs(s, statistic, networks, optimizer, painting, kept)
    if needs[-1].whole and s.devices > 1:
        raise SettingError(f"devices={s.devices}: {needs[-1].whole} is not a sum over positions; give devices=1")
    check_sharing(s.devices, shapes[-1], needs[-1].layers)
    plan = plan_scales(needs, shapes, steps, budget)
    return Job(
        photo=scene.photo,
        content=p,
        alpha=scene.alpha,
        regions=painting,
        painted=scene.painted,
        colours=scene.colours,
        start=start,
        networks=networks,
        statistic=statistic,
        optimizer=optimizer,
        sizes=sizes,
        steps=steps,
        plan=plan,
        budget=budget,
        settings=s,
        inputs=inputs,
        notes=(
            *notes(painting, shapes, networks[-1], _weighted(s), s.guides),
            *_chosen(s, statistic),
            *dict.fromkeys(
                str(each) for each in plan if each.tiling is not None or each.pairs is not None or each.devices > 1
            ),
        ),
    )


def _needs(
    s: Settings,
    statistic: Statistic,
    networks: Sequence[VGG19],
    optimizer: Optimizer,
    painting: Sequence[Region],
    kept: bool,
) -> list[Needs]:
    """What decides the memory of the run, at each scale."""
    masks = [region.mask for region in painting] + [style.mask for region in painting for style in region.styles]
    pictures = [style.picture for region in painting for style in region.styles]
    weights = {id(each): weight_bytes(each) for each in networks}
    whole = "" if statistic.additive or not s.beta else f"the statistic {statistic.name}"
    finest = Needs(
        network=networks[-1],
        layers=measured_layers(s),
        content_layers=_of_content(s) if s.alpha else (),
        optimizer=optimizer,
        lowers=optimizer is lbfgs(),
        held=sum(each.nbytes for each in (*pictures, *masks) if each is not None),
        guided=sum(region.mask is not None for region in painting),
        pictures=LAPLACIAN if s.laplacian else 0.0,
        whole="self_similarity" if s.self_similarity else whole,
        kept=kept,
        devices=s.devices,
    )
    loaded = finest.held + sum(weights.values())
    return [replace(finest, network=each, held=loaded - weights[id(each)]) for each in networks]


def _smooth(s: Settings, statistic: Statistic) -> bool:
    return statistic.smooth and not s.self_similarity


def _chosen(s: Settings, statistic: Statistic) -> list[str]:
    """What was chosen because of the statistic, or of another term."""
    found = []
    if s.optimizer is None and not _smooth(s, statistic):
        found.append("the objective has a kink at its minimum, so Adam minimises it and not L-BFGS")
    if statistic.freeze is not None:
        found.append(f"each scale has {STAGES} stages; what {statistic.name} matches is chosen at the start of each")
    return found


def statistic_of(s: Settings) -> Statistic:
    """What of the style is matched.

    Raises:
        SettingError: for an unknown name.
    """
    return s.statistic if isinstance(s.statistic, Statistic) else statistic_named(s.statistic)


def measured_layers(s: Settings) -> tuple[str, ...]:
    """The layers that have a weight, those of the content first."""
    return tuple(dict.fromkeys((*_of_content(s), *_weighted(s))))


def _of_content(s: Settings) -> tuple[str, ...]:
    return tuple(layer for layer, w in shares(s.content_layers).items() if w * (s.alpha + s.self_similarity))


def _weighted(s: Settings) -> tuple[str, ...]:
    return tuple(layer for layer, w in shares(s.style_layers).items() if s.beta * w)


def _networks(s: Settings) -> tuple[tuple[VGG19, ...], dict[str, dict[str, Any]]]:
    """The networks as given, each loaded once, and what is known of their files: "network", "network 2", …"""
    given = s.network if isinstance(s.network, tuple) else (s.network,)
    keys = [each if isinstance(each, VGG19) else str(each) for each in given]
    loaded = {key: _network(each, s) for key, each in dict(zip(keys, given, strict=True)).items()}
    found = [loaded[key] for key in keys]
    names = ("network", *(f"network {i}" for i in range(2, len(found) + 1)))
    return tuple(network for network, _ in found), dict(zip(names, (file for _, file in found), strict=True))


def _network(given: Any, s: Settings) -> tuple[VGG19, dict[str, Any]]:
    if isinstance(given, VGG19):
        if (s.pool, s.padding, s.colours, s.precision) != (None, None, None, "float32"):
            raise SettingError(
                "pool, padding, colours and precision are set when a network is loaded; give them to load_network"
            )
        network = given
        description = {"name": "a VGG19 given as an object"}
    else:
        network = load_network(given, pool=s.pool, padding=s.padding, colours=s.colours, precision=s.precision)
        file = weights_file(given)
        description = {**described_file(file), "name": Path(given).stem}
        if precision := precision_of(file):
            description["precision"] = precision
    first = network.preprocess
    if known := colours_of_network(np.asarray(first.kernel[...]), np.asarray(first.bias[...])):
        description["colours"] = known
    return network, description | {"pool": network.pool, "padding": network.padding}


def _optimizer(given: Any, smooth: bool) -> Optimizer:
    """The optimiser; unless one is given, L-BFGS, or Adam for an objective with a kink at its minimum."""
    if given is None:
        return lbfgs() if smooth else adam(average=AVERAGE)
    if isinstance(given, Optimizer):
        return given
    if isinstance(given, optax.GradientTransformation):
        return of_optax(given)
    if not isinstance(given, str) or given not in OPTIMIZERS:
        raise SettingError(f"optimizer {given!r} is not known; use {' or '.join(OPTIMIZERS)}, or pass one as an object")
    return OPTIMIZERS[given]()
