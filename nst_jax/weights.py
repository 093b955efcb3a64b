"""Networks by name: where their weights come from, how their files are laid out, and the cache of converted ones."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .download import cache_folder, check_hash, download
from .errors import DownloadError, WeightsError
from .files import atomic_write, sha256
from .layers import LAYERS, check_weights

CAFFE_MEAN = np.array([103.939, 116.779, 123.68], np.float32)  # of blue, green, red, 0–255
IMAGENET_MEAN = np.array([0.485, 0.456, 0.406], np.float32)  # of red, green, blue, 0–1
IMAGENET_STD = np.array([0.229, 0.224, 0.225], np.float32)
# The place of each convolution in torchvision's list of layers, which counts ReLUs and poolings too.
TORCHVISION = dict(zip(LAYERS, (0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34), strict=True))

Weights = dict[str, np.ndarray]  # "conv1_1.kernel" [3, 3, C, N], "conv1_1.bias" [N], …, "preprocess.kernel" [3, 3]


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

    name: "vgg19" (the paper's, Caffe lineage), "vgg19-torchvision" (trained afresh), both downloaded once and kept in
    the cache, or a path: this package's .safetensors, torchvision's .safetensors or .pth, Keras' .h5, the paper's
    author's .pth. A .pth needs PyTorch, and is read with `weights_only`: nothing in it is ever executed.
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
            fault += " (it was removed; the next call does so)"
        raise WeightsError(fault) from None
    return VGG19(weights, pool=pool or metadata.get("pool", "avg"), padding=padding or metadata.get("padding", "zero"))


def weights_file(name: str | Path) -> Path:
    """The file that `load_network(name)` reads, downloaded and converted first where it has to be."""
    if str(name) in SOURCES:
        return _converted(str(name))
    if not isinstance(name, str | Path):
        raise WeightsError(f"network={name!r}: give a name, a path, or a network")
    path = Path(name).expanduser()
    if path.is_file():
        return path
    if path.suffix or path.parent != Path("."):
        raise WeightsError(f"{name}: no such file of weights; check the path")
    raise WeightsError(
        f"network {name!r} is not known; use {' or '.join(map(repr, SOURCES))}, or a path to a file of weights"
    )


def read_weights(path: Path) -> tuple[Weights, dict[str, str]]:
    """The weights of a file of any known layout, under this package's names, and its metadata.

    Raises WeightsError for a damaged file, an unknown layout, or a .pth without PyTorch.
    """
    readers = {
        ".safetensors": _read_safetensors,
        ".h5": _read_h5,
        ".hdf5": _read_h5,
        ".pth": _read_pth,
        ".pt": _read_pth,
    }
    reader = readers.get(Path(path).suffix.lower())
    if reader is None:
        raise WeightsError(f"{path}: weights are read from .safetensors, .h5 or .pth files")
    arrays, metadata = reader(path)
    for belongs, convert, own in _LAYOUTS:
        if belongs(arrays):
            try:
                return convert(arrays), {**own, **metadata}
            except KeyError as error:
                raise WeightsError(f"{path}: lacks {error.args[0]}; take the file anew from its source") from None
            except ValueError as error:  # an array that cannot be turned: of another shape than its name says
                raise _damaged(path, error) from None
    raise WeightsError(f"{path}: holds no weights of VGG-19 in a known layout; see load_network")


def write_weights(path: Path, weights: Mapping[str, np.ndarray], metadata: Mapping[str, str]) -> None:
    """Write weights and metadata as safetensors, atomically."""
    from safetensors.numpy import save

    with atomic_write(path) as file:
        file.write(save({name: np.ascontiguousarray(array) for name, array in weights.items()}, dict(metadata)))


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


def _read_safetensors(path):
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}
    except (SafetensorError, OSError) as error:
        raise _damaged(path, error) from None


def _read_h5(path):
    import h5py

    try:
        with h5py.File(path) as file:
            return {
                f"{layer}/{'bias' if np.ndim(file[layer][weight]) == 1 else 'kernel'}": np.asarray(file[layer][weight])
                for layer in file
                for weight in _texts(file[layer].attrs.get("weight_names", ()))
            }, {}
    except (OSError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(path, error) from None


def _texts(names):
    return [name.decode() if isinstance(name, bytes) else str(name) for name in names]


def _read_pth(path):
    try:
        import torch
    except ImportError:
        raise WeightsError(
            f"{path}: a .pth file needs PyTorch; install it, or use the .safetensors or .h5 file"
        ) from None
    import pickle
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of an unusual pickle protocol, just before it is refused
            state = torch.load(path, map_location="cpu", weights_only=True)
        return {name: tensor.numpy() for name, tensor in state.items()}, {}
    except (pickle.UnpicklingError, RuntimeError, EOFError, OSError, AttributeError, TypeError) as error:
        raise _damaged(path, error) from None


def _damaged(path, error):
    return WeightsError(f"{path}: is no whole file of weights ({_first_line(error)}); take it anew from its source")


def _first_line(error):
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _caffe_colours() -> Weights:
    """RGB in [0, 1] → BGR, 0–255, minus the mean."""
    return {"preprocess.kernel": 255 * np.eye(3, dtype=np.float32)[::-1], "preprocess.bias": -CAFFE_MEAN}


def _imagenet_colours() -> Weights:
    """RGB in [0, 1] → (x − mean) / deviation."""
    return {"preprocess.kernel": np.diag(1 / IMAGENET_STD), "preprocess.bias": -IMAGENET_MEAN / IMAGENET_STD}


def _own(arrays):
    weights = {name: array for name, array in arrays.items() if not name.startswith("expand")}
    return weights | {"preprocess.kernel": arrays["preprocess.kernel"].reshape(3, 3)}


def _keras(arrays):
    # conv1_1 is Keras' block1_conv1; kernels are HWIO already.
    weights = {}
    for layer in LAYERS:
        keras = f"block{layer[4]}_conv{layer[6]}"
        weights |= {f"{layer}.{part}": arrays[f"{keras}/{part}"] for part in ("kernel", "bias")}
    return weights | _caffe_colours()


def _from_torch(name_of: Callable[[str], str], colours: Callable[[], Weights]):
    def convert(arrays):
        weights = {}
        for layer in LAYERS:
            weights[f"{layer}.kernel"] = arrays[f"{name_of(layer)}.weight"].transpose(2, 3, 1, 0)  # OIHW → HWIO
            weights[f"{layer}.bias"] = arrays[f"{name_of(layer)}.bias"]
        return weights | colours()

    return convert


# How a layout is recognised, how it is converted, and what its files do not say of themselves. The first that fits.
_LAYOUTS = (
    # Wang et al., Collaborative Distillation (CVPR 2020): 1×1 maps to the full network's features beside the layers.
    (lambda arrays: "expand1_1.kernel" in arrays, _own, {"pool": "max", "padding": "reflect"}),
    (lambda arrays: "preprocess.kernel" in arrays, _own, {}),
    (lambda arrays: "block1_conv1/kernel" in arrays, _keras, {}),
    (
        lambda arrays: "features.0.weight" in arrays,
        _from_torch(lambda l: f"features.{TORCHVISION[l]}", _imagenet_colours),
        {},
    ),
    (lambda arrays: "conv1_1.weight" in arrays, _from_torch(lambda layer: layer, _caffe_colours), {}),
)
