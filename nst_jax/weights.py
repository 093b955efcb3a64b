"""Networks by name: where their weights come from, and the cache of the converted ones."""

from dataclasses import dataclass
from pathlib import Path

from .bundled import NETWORKS
from .download import cache_folder, check_hash, download
from .errors import DownloadError, WeightsError
from .files import sha256
from .layers import check_weights
from .layouts import read_weights, write_weights


@dataclass(frozen=True)
class Source:
    """A published file of weights; hash: "sha256:…" or "md5:…"; bytes: its size."""

    url: str
    filename: str
    hash: str
    bytes: int
    licence: str


SOURCES = {
    "vgg19": Source(
        url="https://storage.googleapis.com/tensorflow/keras-applications/vgg19/"
        "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5",
        filename="vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5",
        hash="md5:253f8cb515780f3b799900260a226db6",
        bytes=80_134_624,
        licence="Creative Commons Attribution 4.0; Visual Geometry Group, University of Oxford",
    ),
    "vgg19-torchvision": Source(
        url="https://huggingface.co/timm/vgg19.tv_in1k/resolve/128d4708565b3a414bcbb9bbad440b2fe37b9f18/model.safetensors",
        filename="vgg19.tv_in1k.safetensors",
        hash="sha256:11aea017b543ff59233749d8f1cf544cda749378f5790d2fedab841fb86b7669",
        bytes=575_000_000,
        licence="BSD 3-Clause; torchvision",
    ),
}


def load_network(name: str | Path, *, pool: str | None = None, padding: str | None = None):
    """A `VGG19` by name, or from a file of weights.

    name: "vgg19-slim" (ours, small, comes with the package); "vgg19" (the paper's, Caffe lineage) and
    "vgg19-torchvision" (trained afresh), downloaded once and kept in the cache; or a path: this package's .safetensors,
    torchvision's .safetensors or .pth, Keras' .h5, the paper's author's .pth. A .pth needs PyTorch, and is
    read with `weights_only`: nothing in it is ever executed.
    pool: "avg" (the paper's) or "max"; padding: "zero" or "reflect"; None for the file's own: average and zero, unless
    its metadata say otherwise.
    Raises WeightsError, in one line, where the weights cannot be had or are not whole.
    """
    from .vgg import VGG19  # brings JAX, which the functions below do without

    path = weights_file(name)
    try:
        weights, metadata = read_weights(path)
        check_weights(weights)
    except WeightsError as error:
        fault = str(error) if str(path) in str(error) else f"{path}: {error}"
        if str(name) in SOURCES:  # the cache's own copy, damaged since
            path.unlink()
            fault += " (it was removed, and the next call downloads it)"
        raise WeightsError(fault) from None
    return VGG19(weights, pool=pool or metadata.get("pool", "avg"), padding=padding or metadata.get("padding", "zero"))


def weights_file(name: str | Path) -> Path:
    """The file that `load_network(name)` reads, downloaded and converted first where it has to be."""
    if str(name) in NETWORKS:
        return NETWORKS[str(name)]
    if str(name) in SOURCES:
        return _converted(str(name))
    if not isinstance(name, str | Path):
        raise WeightsError(f"network={name!r}: give a name, a path, or a network")
    path = Path(name).expanduser()
    if path.is_file():
        return path
    if path.suffix or path.parent != Path("."):
        raise WeightsError(f"{name}: no such file of weights; check the path")
    names = ", ".join((*NETWORKS, *SOURCES))
    raise WeightsError(f"network {name!r} is not known; use one of {names}, or a path to a file of weights")


def cached(name: str) -> Path | None:
    """The cache's file of a published network, where it has been downloaded and converted."""
    path = cache_folder() / "networks" / f"{name}.safetensors"
    return path if path.is_file() else None


def _converted(name: str) -> Path:
    """The cached conversion of a published file; the original is deleted once it is converted, or found damaged."""
    if path := cached(name):
        return path
    source, path = SOURCES[name], cache_folder() / "networks" / f"{name}.safetensors"
    original = path.with_name(source.filename)
    if not original.is_file():
        download(source.url, source.hash, original, otherwise="use a network whose file you have: --network FILE")
    try:
        check_hash(original, source.hash)
        weights, metadata = read_weights(original)
        check_weights(weights)  # whole, or an error now rather than at every later use
    except (DownloadError, WeightsError) as error:
        original.unlink(missing_ok=True)
        raise WeightsError(f"{error} (it was removed)") from None
    provenance = {"name": name, "source": source.url, "sha256": sha256(original), "licence": source.licence}
    write_weights(path, weights, {**metadata, **provenance, "pool": "avg", "padding": "zero"})
    original.unlink(missing_ok=True)
    return path
