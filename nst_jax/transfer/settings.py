"""The settings of a run: names, types, defaults and meanings, for `stylize`, the command line, forms and manifests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from ..described import LARGEST, check_words, described, from_names, listed, number, numbers, whole
from ..errors import SettingError
from ..losses.conventions import CONVENTIONS, convention_named, shares
from ..losses.style.names import STATISTICS
from ..networks.geometry import CONTENT_LAYERS, LAYERS, STYLE_LAYERS, known_as
from .budget import bytes_of

if TYPE_CHECKING:
    import optax

    from ..images.picture import Picture
    from ..losses.style.statistic import Statistic
    from ..networks.vgg import VGG19
    from ..optim.optimizer import Optimizer

    Network = str | Path | VGG19
    Optimiser = Literal["lbfgs", "adam"] | Optimizer | optax.GradientTransformation | None
    StyleStatistic = str | Statistic
    Start = str | Path | Picture

Layers = str | Sequence[str] | Mapping[str, float]

LAYERS_OF = {  # of style, for the statistics that compare every position with every other: deep layers have fewer
    "patches": ("conv3_1", "conv4_1"),
    "nearest": ("conv2_1", "conv3_1", "conv4_1"),
    "contextual": ("conv2_1", "conv3_1", "conv4_1"),
}
STARTS = ("content", "style", "noise", "paint")  # by name
SIZE = 30_000  # pixels: a square of them has 900 megapixels
DEVICES = 1024  # of one machine
SCALES = 100  # from one pixel up to SIZE, each a tenth larger than the one before


class Given(TypedDict, total=False):
    """The settings as keywords, for type checkers; what they mean stands in `Settings`, and a test compares the two."""

    network: Network | Sequence[Network]
    size: int
    steps: int | Sequence[int] | None
    alpha: float
    beta: float
    tv: float
    laplacian: float
    self_similarity: float
    content_layers: Layers
    style_layers: Layers
    statistic: StyleStatistic
    style_scale: float | Sequence[float]
    guides: Literal["simple", "inside", "all"]
    colour: Literal["style", "content", "luminance"]
    colour_match: Literal["monge-kantorovich", "pca", "cholesky", "histogram"]
    optimizer: Optimiser
    init: Start
    convention: str
    seed: int
    scales: int | None
    ratio: float
    carry: Literal["change", "picture"]
    pool: Literal["avg", "max"] | None
    padding: Literal["zero", "reflect"] | None
    colours: Literal["caffe", "imagenet"] | None
    normalize: bool
    memory: int | str | None
    devices: int
    precision: Literal["float32", "bfloat16"]


@dataclass(frozen=True)
class Settings:
    """The settings of a run.

    Raises:
        SettingError: for an invalid value; it names the setting.

    Attributes:
    """

    network: Network | Sequence[Network] = described(
        "vgg19-slim",
        "vgg19-slim, vgg19-half, vgg19, vgg19-torchvision, or a file of weights; in Python also a VGG19; or one a "
        "scale, coarse to fine (on the command line with commas between them)",
    )
    size: int = described(512, "longest side of the picture, in pixels", kind=int)
    steps: int | Sequence[int] | None = described(
        None,
        "evaluations of the objective at each scale, or one number a scale, coarse to fine; by default 20000 / its "
        "longest side, but 20 at least, and 150 at the coarsest",
        kind=int,
        many=True,
    )
    alpha: float = described(1.0, "weight of the content, as the convention counts it", kind=float)
    beta: float = described(50.0, "weight of the style, as the convention counts it", kind=float)
    tv: float = described(3.0, "weight of the total variation V(x) / 3hw, the same at every scale", kind=float)
    laplacian: float = described(
        0.0,
        "weight of the difference from the content picture's Laplacian over windows of 4 and of 16 pixels, which keeps "
        "edges and faces: try 30; 100 leaves fringes",
        kind=float,
    )
    self_similarity: float = described(
        0.0,
        "weight of the difference in which parts of the picture look alike, at the content layers, which keeps shapes "
        "whatever their colours: try 30",
        kind=float,
    )
    content_layers: Layers = described(
        CONTENT_LAYERS, "layers, which share the weight equally, or each with its share (layer=share)", kind="layers"
    )
    style_layers: Layers = described(
        None,
        "layers, which share the weight equally, or each with its share (layer=share); by default conv1_1, conv2_1, …, "
        "conv5_1, or fewer for a statistic that compares every position with every other",
        kind="layers",
    )
    statistic: StyleStatistic = described(
        "gram", "what of the style's features is matched; in Python also a Statistic of your own", choices=STATISTICS
    )
    style_scale: float | Sequence[float] = described(
        1.0,
        "longest side of the style picture relative to the generated picture, or one number a style, those of the "
        "regions first: its strokes grow with it; a picture is never enlarged",
        kind=float,
        many=True,
    )
    guides: Literal["simple", "inside", "all"] = described(
        "simple",
        "which units of the network belong to a region: by their place, those that see nothing but the region, or all "
        "that see any of it",
        choices=("simple", "inside", "all"),
    )
    colour: Literal["style", "content", "luminance"] = described(
        "style",
        "whose colours the picture has: the style's; the content's, which the style pictures take before the run, and "
        "the picture after it; or the content's, under a new luminance",
        choices=("style", "content", "luminance"),
    )
    colour_match: Literal["monge-kantorovich", "pca", "cholesky", "histogram"] = described(
        "monge-kantorovich",
        "how one picture takes the colours of another, for colour=content",
        choices=("monge-kantorovich", "pca", "cholesky", "histogram"),
    )
    optimizer: Optimiser = described(
        None,
        "lbfgs or adam; by default lbfgs, or adam where the gradient jumps, as with some statistics; in Python "
        "also one with parameters, such as lbfgs(memory=100), or any of Optax",
        choices=("lbfgs", "adam"),
    )
    init: Start = described(
        "content", "start from content, style, noise, a picture painted in one pass (paint), or a picture of yours"
    )
    convention: str = described("author", "what alpha and beta multiply", choices=tuple(CONVENTIONS))
    seed: int = described(0, "seed of the noise", kind=int)
    scales: int | None = described(None, "number of scales, coarse to fine; by default from 128 pixels up", kind=int)
    ratio: float = described(2.0, "size of a scale relative to the one before", kind=float)
    carry: Literal["change", "picture"] = described(
        "change",
        "what a scale leaves to the next: the change from the content picture, or the picture",
        choices=("change", "picture"),
    )
    pool: Literal["avg", "max"] | None = described(
        None, "avg or max; by default the network's own", choices=("avg", "max")
    )
    padding: Literal["zero", "reflect"] | None = described(
        None, "zero or reflect; by default the network's own", choices=("zero", "reflect")
    )
    colours: Literal["caffe", "imagenet"] | None = described(
        None,
        "caffe or imagenet: what the network's first layer was trained on, for a file that does not say so",
        choices=("caffe", "imagenet"),
        option="weights-colours",
        formerly=("colours",),
    )
    normalize: bool = described(
        True,
        "rescale filters to a mean activation of 1, so that alpha / beta means the same for every network",
        kind=bool,
    )
    memory: int | str | None = described(
        None,
        "most memory that the run may take, such as 4GB: a large picture is then computed in tiles, with the same "
        "result up to rounding; by default three quarters of what is free",
    )
    devices: int = described(
        1,
        "devices of this machine that share the picture, each with a part of its rows or columns, for pictures that "
        "are too large for one",
        kind=int,
    )
    precision: Literal["float32", "bfloat16"] = described(
        "float32",
        "what features are computed in: bfloat16 halves their memory, and is faster on GPUs and TPUs; Gram matrices, "
        "losses and the picture stay in float32",
        choices=("float32", "bfloat16"),
    )

    def __post_init__(self):
        set_ = partial(object.__setattr__, self)
        if self.memory is not None:
            set_("memory", bytes_of(self.memory))
        if isinstance(self.network, list | tuple):
            if not self.network:
                raise SettingError("network is an empty list: give a network, or one a scale")
            set_("network", tuple(self.network))
        set_("size", whole("size", self.size, 1, SIZE))
        set_("seed", whole("seed", self.seed, 0))
        set_("devices", whole("devices", self.devices, 1, DEVICES))
        for name in ("alpha", "beta", "tv", "laplacian", "self_similarity"):
            set_(name, number(name, getattr(self, name), 0))
        set_("ratio", number("ratio", self.ratio, 1.1))
        if self.scales is not None:
            set_("scales", whole("scales", self.scales, 1, SCALES))
        if isinstance(self.steps, Sequence) and not isinstance(self.steps, str) and self.steps:
            set_("steps", tuple(whole("steps", n, 1) for n in self.steps))
        elif self.steps is not None:
            set_("steps", whole("steps", self.steps, 1))
        set_("style_scale", numbers("style_scale", self.style_scale, 0.01, 100))
        if self.style_layers is None:
            named = self.statistic if isinstance(self.statistic, str) else ""
            set_("style_layers", LAYERS_OF.get(named, STYLE_LAYERS))
        for name in ("content_layers", "style_layers"):
            set_(name, _layers(name, getattr(self, name)))
        content, style = (sum(shares(layers).values()) for layers in (self.content_layers, self.style_layers))
        of_layers = {"alpha": content, "beta": style, "self_similarity": content}
        weights = {name: getattr(self, name) * share for name, share in of_layers.items()}
        for name, weight in weights.items():
            if weight > LARGEST:
                raise SettingError(f"{name} times its layers' weights is {weight:.0e}; {LARGEST:.0e} is the most")
        if not (any(weights.values()) or self.tv or self.laplacian):
            raise SettingError("every weight is zero: give alpha, beta or tv, and its layers, a positive one")
        convention_named(self.convention)
        check_words(self, free=("optimizer", "statistic", "convention"))  # objects, or checked elsewhere
        if not isinstance(self.normalize, Integral) or self.normalize not in (True, False):
            raise SettingError(f"normalize={self.normalize!r}: give True or False")


Settings.__doc__ = (Settings.__doc__ or "").rstrip() + "\n" + listed(Settings, " " * 8) + "\n"


def settings_of(given: Mapping[str, Any]) -> Settings:
    """Settings from names and values.

    Args:
        given: name → value.

    Returns:
        The settings, defaults filled in.

    Raises:
        SettingError: for an unknown name or an invalid value.
    """
    return from_names(Settings, given)


def without_effect(s: Settings) -> list[str]:
    """What was set and changes nothing, a line each.

    Args:
        s: the settings.

    Returns:
        The lines; none for most settings.
    """
    content, style = (any(shares(layers).values()) for layers in (s.content_layers, s.style_layers))
    notes = {
        "the style has no weight, so the painting changes nothing": not s.beta or not style,
        "the content has no weight, so the photo is a start at most": not s.laplacian
        and not (content and (s.alpha or s.self_similarity)),
        "self_similarity has no effect without a content layer": bool(s.self_similarity) and not content,
        "seed has no effect unless init is noise": bool(s.seed) and s.init != "noise",
        "colour_match has no effect unless colour is content": s.colour != "content"
        and s.colour_match != "monge-kantorovich",
        "ratio and carry have no effect with one scale": s.scales == 1 and (s.ratio, s.carry) != (2.0, "change"),
    }
    return [note for note, holds in notes.items() if holds]


def _layers(name: str, given: Any) -> tuple[str, ...] | dict[str, float]:
    """The layers as given, a single name as one of them; each known, once, and with a valid weight."""
    layers = (given,) if isinstance(given, str) else given
    if not isinstance(layers, Mapping | Sequence):
        raise SettingError(f"{name}={given!r}: give names of layers, or a mapping from names to weights")
    for layer in layers:
        if layer not in LAYERS:
            known = known_as(str(layer))
            hint = f"{known}, taken after its ReLU, is its name here" if known else "the layers are conv1_1 to conv5_4"
            raise SettingError(f"{name}: there is no layer {layer}; {hint}")
        if isinstance(layers, Sequence) and layers.count(layer) > 1:
            raise SettingError(f"{name}: {layer} is named twice; name it once, or give weights")
    if isinstance(layers, Mapping):
        return {layer: number(f"{name}: {layer}", weight, 0) for layer, weight in layers.items()}
    return tuple(layers)
