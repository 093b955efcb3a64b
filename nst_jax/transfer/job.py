"""A job: a run that is ready to start, its pictures, network and settings loaded and checked."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Unpack, cast

import numpy as np
import optax
from PIL.Image import Image

from ..errors import SettingError
from ..files import sha256, sha256_of_array
from ..images.known import find
from ..images.picture import Picture, as_picture
from ..images.reading import load_image
from ..images.resizing import fit, resize
from ..networks.formats import colours_of
from ..networks.loading import load_network, precision_of, weights_file
from ..networks.vgg import VGG19
from ..optim.first_order import adam
from ..optim.lbfgs import lbfgs
from ..optim.optimizer import Optimizer, of_optax
from .normalisation import normalized_for
from .scales import sizes_of, steps_of
from .settings import Given, Settings, settings_of

OPTIMIZERS = {"lbfgs": lbfgs, "adam": adam}
PictureLike = str | Path | IO[bytes] | Picture | Image


@dataclass(frozen=True)
class Job:
    """A run that is ready to start: pictures, network and settings, all checked.

    Attributes:
        content: [h, w, 3], at the finest scale.
        style: [H, W, 3], at its own size.
        start: [h, w, 3], resized to the coarsest scale; None for noise.
        network: normalised if the settings ask for it.
        optimizer: of the picture.
        sizes: longest sides of the scales, coarse to fine.
        steps: evaluations of each scale.
        settings: as given, defaults filled in.
        inputs: "content", "style", "network" → path, hash and shape, for the manifest.
    """

    content: np.ndarray
    style: np.ndarray
    start: np.ndarray | None
    network: VGG19
    optimizer: Optimizer
    sizes: tuple[int, ...]
    steps: tuple[int, ...]
    settings: Settings
    inputs: dict[str, dict[str, Any]]

    def shape(self, scale: int) -> tuple[int, int]:
        """(height, width) of the picture at this scale."""
        return fit(self.content.shape[:2], self.sizes[scale])

    @property
    def shapes(self) -> list[tuple[int, int]]:
        """(height, width) at every scale, coarse to fine."""
        return [self.shape(scale) for scale in range(len(self.sizes))]


def prepare(content: PictureLike, style: PictureLike, **settings: Unpack[Given]) -> Job:
    """Load and check everything that `stylize` needs; nothing is optimised yet.

    Args:
        content: a file, the name of a known picture, or an array [h, w, 3] in [0, 1].
        style: likewise.
        **settings: see `Settings`.

    Returns:
        The job.

    Raises:
        NSTError: if a picture, the network or a setting cannot be used.
    """
    s = settings_of(settings)
    p, content_input = _picture(content, "content")
    a, style_input = _picture(style, "style")
    inputs = {"content": content_input, "style": style_input}
    p = resize(p, fit(p.shape[:2], s.size))
    starts = {"content": p, "style": a, "noise": None}
    if isinstance(s.init, str) and s.init in starts:
        start = starts[s.init]
    else:
        start, inputs["init"] = _picture(s.init, "init")
    network, inputs["network"] = _network(s)
    sizes = sizes_of(s, p.shape[:2], a.shape[:2], network)
    if s.normalize:
        network = normalized_for(network, p, a)
    return Job(
        content=p,
        style=a,
        start=start,
        network=network,
        optimizer=_optimizer(s.optimizer),
        sizes=sizes,
        steps=steps_of(s.steps, sizes),
        settings=s,
        inputs=inputs,
    )


def _picture(given: PictureLike, name: str) -> tuple[Picture, dict[str, Any]]:
    """A picture, and what the manifest says of it."""
    if isinstance(given, str | Path):
        path = find(given)
        x = load_image(path)
        return x, {"path": str(path.resolve()), "sha256": sha256(path), "shape": list(x.shape)}
    x = load_image(cast(IO[bytes], given)) if isinstance(given, io.IOBase) else as_picture(given, name)
    return x, {"array": name, "sha256": sha256_of_array(x), "shape": list(x.shape)}


def _network(s: Settings) -> tuple[VGG19, dict[str, Any]]:
    if isinstance(s.network, VGG19):
        if (s.pool, s.padding, s.colours) != (None, None, None):
            raise SettingError("pool, padding and colours are set when a network is loaded; give them to load_network")
        network, description = s.network, {"name": "a VGG19 given as an object"}
    else:
        network = load_network(s.network, pool=s.pool, padding=s.padding, colours=s.colours)
        file = weights_file(s.network)
        description = {"name": Path(s.network).stem, "path": str(file.resolve()), "sha256": sha256(file)}
        if precision := precision_of(file):
            description["precision"] = precision
    if colours := colours_of(np.asarray(network.preprocess.kernel[...]), np.asarray(network.preprocess.bias[...])):
        description["colours"] = colours
    return network, description | {"pool": network.pool, "padding": network.padding}


def _optimizer(given: Any) -> Optimizer:
    if isinstance(given, Optimizer):
        return given
    if isinstance(given, optax.GradientTransformation):
        return of_optax(given)
    if given not in list(OPTIMIZERS):
        raise SettingError(f"optimizer {given!r} is not known; use {' or '.join(OPTIMIZERS)}, or pass one as an object")
    return OPTIMIZERS[given]()
