"""Files of VGG-19's weights: every layout that they are published in, read under this package's names."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np

from ..errors import WeightsError
from ..files import atomic_write
from .geometry import LAYERS, PLACES
from .torch_file import read_torch_file

CAFFE_MEAN = np.array([103.939, 116.779, 123.68], np.float32)  # of blue, green, red, 0–255
IMAGENET_MEAN = np.array([0.485, 0.456, 0.406], np.float32)  # of red, green, blue, 0–1
IMAGENET_STD = np.array([0.229, 0.224, 0.225], np.float32)
# The place of each convolution in torchvision's list of layers, which counts ReLUs and poolings too.
TORCHVISION = dict(zip(LAYERS, (0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34), strict=True))

Weights = dict[str, np.ndarray]  # "conv1_1.kernel" [3, 3, C, N], "conv1_1.bias" [N], …, "preprocess.kernel" [3, 3]


def read_weights(path: Path, *, decoded: bool = True) -> tuple[Weights, dict[str, str]]:
    """Read a file of any known layout.

    Args:
        path: .safetensors, .h5, .pth, or .bin with 8-bit codes in PyTorch's older format.
        decoded: whether codes are replaced by the weights that they stand for.

    Returns:
        The weights under this package's names, and the file's metadata. A compressed network's maps to the full one's
        features come along as "expand1_1.kernel" [1, 1, N, N_full], ….

    Raises:
        WeightsError: for a damaged file, an unknown layout, or a .pth without PyTorch or .h5 without h5py.
    """
    readers = {
        ".safetensors": _read_safetensors,
        ".h5": _read_h5,
        ".hdf5": _read_h5,
        ".pth": _read_pth,
        ".pt": _read_pth,
        ".bin": _read_bin,
    }
    reader = readers.get(Path(path).suffix.lower())
    if reader is None:
        raise WeightsError(f"{path}: weights are read from .safetensors, .h5 or .pth files")
    arrays, metadata = reader(path)
    for belongs, convert, own in _LAYOUTS:
        if belongs(arrays):
            try:
                weights = convert(arrays)
                return (decode(weights) if decoded else weights), {**own, **metadata}
            except KeyError as error:
                raise WeightsError(f"{path}: lacks {error.args[0]}; download the file again") from None
            except ValueError as error:  # an array that cannot be turned: its shape is not what its name says
                raise _damaged(path, error) from None
    raise WeightsError(f"{path}: holds no weights of VGG-19 in a known layout; see load_network")


def decode(weights: Weights) -> Weights:
    """Weights with every "LAYER.codes" [3, 3, C, N] and "LAYER.table" [256] replaced by "LAYER.kernel"."""
    coded = [name.removesuffix(".codes") for name in weights if name.endswith(".codes")]
    kernels = {f"{layer}.kernel": weights[f"{layer}.table"][weights[f"{layer}.codes"]] for layer in coded}
    rest = {name: array for name, array in weights.items() if not name.endswith((".codes", ".table"))}
    return rest | kernels


def read_metadata(path: Path) -> dict[str, str]:
    """The metadata of a .safetensors file; {} for others."""
    return _read_safetensors(path)[1] if Path(path).suffix.lower() == ".safetensors" else {}


def write_weights(path: Path, weights: Mapping[str, np.ndarray], metadata: Mapping[str, str]) -> None:
    """Write weights and metadata as safetensors, atomically.

    Args:
        path: .safetensors.
        weights: name → array.
        metadata: name → text.

    Raises:
        NSTError: if the folder cannot be written.
    """
    from safetensors.numpy import save

    with atomic_write(path) as file:
        file.write(save({name: np.ascontiguousarray(array) for name, array in weights.items()}, dict(metadata)))


def _read_safetensors(path: Path) -> tuple[Weights, dict[str, str]]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}
    except (SafetensorError, OSError) as error:
        raise _damaged(path, error) from None


def _read_h5(path: Path) -> tuple[Weights, dict[str, str]]:
    try:
        import h5py
    except ImportError:
        raise WeightsError(
            f'{path}: a .h5 file needs h5py; run pip install "nst_jax[h5]", or use the .safetensors file'
        ) from None

    try:
        with h5py.File(path) as file:
            arrays = {}
            for layer in file:
                group = file[layer]
                for name in _texts(group.attrs.get("weight_names", ())):
                    array = np.asarray(group[name])  # pyright: ignore[reportIndexIssue]
                    arrays[f"{layer}/{'bias' if array.ndim == 1 else 'kernel'}"] = array
            return arrays, {}
    except (OSError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(path, error) from None


def _texts(names: Iterable[bytes | str]) -> list[str]:
    return [name.decode() if isinstance(name, bytes) else str(name) for name in names]


def _read_pth(path: Path) -> tuple[Weights, dict[str, str]]:
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


def _read_bin(path: Path) -> tuple[Weights, dict[str, str]]:
    try:
        return read_torch_file(Path(path).read_bytes()), {}
    except (OSError, ValueError) as error:
        raise _damaged(path, error) from None


def _damaged(path: Path, error: Exception) -> WeightsError:
    return WeightsError(f"{path}: is truncated or damaged ({_first_line(error)}); download it again")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _caffe_colours() -> Weights:
    """RGB in [0, 1] → BGR, 0–255, minus the mean."""
    return {"preprocess.kernel": 255 * np.eye(3, dtype=np.float32)[::-1], "preprocess.bias": -CAFFE_MEAN}


def _imagenet_colours() -> Weights:
    """RGB in [0, 1] → (x − mean) / deviation."""
    return {"preprocess.kernel": np.diag(1 / IMAGENET_STD), "preprocess.bias": -IMAGENET_MEAN / IMAGENET_STD}


def _own(arrays: Weights) -> Weights:
    return {**arrays, "preprocess.kernel": arrays["preprocess.kernel"].reshape(3, 3)}


def _keras(arrays: Weights) -> Weights:
    # conv1_1 is Keras' block1_conv1; kernels are HWIO already.
    weights = {}
    for layer, place in PLACES.items():
        keras = f"block{place.block}_conv{place.number}"
        weights |= {f"{layer}.{part}": arrays[f"{keras}/{part}"] for part in ("kernel", "bias")}
    return weights | _caffe_colours()


def _keras_codes(arrays: Weights) -> Weights:
    # Keras' names, codes OIHW as in PyTorch, and a table of 256 values for each layer.
    weights = {}
    for layer, place in PLACES.items():
        keras = f"block{place.block}_conv{place.number}"
        weights[f"{layer}.codes"] = arrays[f"{keras}_W_q"].transpose(2, 3, 1, 0)  # OIHW → HWIO
        weights[f"{layer}.table"] = arrays[f"{keras}_W_table"]
        weights[f"{layer}.bias"] = arrays[f"{keras}_b"]
    return weights | _caffe_colours()


def _from_torch(name_of: Callable[[str], str], colours: Callable[[], Weights]) -> Callable[[Weights], Weights]:
    def convert(arrays: Weights) -> Weights:
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
    (lambda arrays: "block1_conv1_W_q" in arrays, _keras_codes, {"precision": "8 bits a weight"}),
    (
        lambda arrays: "features.0.weight" in arrays,
        _from_torch(lambda l: f"features.{TORCHVISION[l]}", _imagenet_colours),
        {},
    ),
    (lambda arrays: "conv1_1.weight" in arrays, _from_torch(lambda layer: layer, _caffe_colours), {}),
)
