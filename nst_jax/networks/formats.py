"""Files of VGG-19's weights: every published layout, read under this package's names."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

import numpy as np

from ..errors import WeightsError
from ..files import atomic_write, sha256
from .geometry import LAYERS, PLACES, TORCHVISION
from .h5_file import read_h5_file
from .torch_file import read_torch_file

CAFFE_MEAN = np.array([103.939, 116.779, 123.68], np.float32)  # of blue, green, red, 0–255
IMAGENET_MEAN = np.array([0.485, 0.456, 0.406], np.float32)  # of red, green, blue, 0–1
IMAGENET_STD = np.array([0.229, 0.224, 0.225], np.float32)
Lineage = Literal["caffe", "imagenet"]  # what conv1_1 was trained on: see `_COLOURS`
# Published files under torchvision's names, by the beginning of their SHA-256: torchvision's own as .pth and as
# .safetensors, and Caffe's weights, converted for PyTorch ports of neural-style.
KNOWN_COLOURS: dict[str, Lineage] = {"dcbb9e9d": "imagenet", "11aea017": "imagenet", "d01eb7cb": "caffe"}

Weights = dict[str, np.ndarray]  # "conv1_1.kernel" [3, 3, C, N], "conv1_1.bias" [N], …, "preprocess.kernel" [3, 3]


def read_weights(path: Path, *, decoded: bool = True, colours: Lineage | None = None) -> tuple[Weights, dict[str, str]]:
    """Read a file of any known layout.

    Args:
        path: .safetensors, .h5, .pth, or .bin with 8-bit codes.
        decoded: whether codes are replaced by the weights that they stand for.
        colours: what conv1_1 expects, for a file that does not say so: "caffe" (BGR, 0–255, minus the mean) or
            "imagenet" (RGB, mean 0 and deviation 1).

    Returns:
        The weights under this package's names, and the file's metadata. A compressed network's maps to the full one's
        features come along as "expand1_1.kernel" [1, 1, N, N_full], ….

    Raises:
        WeightsError: if the file is damaged, of an unknown layout, needs h5py, or does not say its colours.
    """
    path = Path(path)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise WeightsError(f"{path}: weights are read from {', '.join(_READERS)} files")
    try:
        _check_beginning(path)
        arrays, metadata = reader(path)
    except (OSError, ValueError) as error:
        raise WeightsError(f"{path}: is truncated or damaged ({_first_line(error)}); download it again") from None
    arrays = _unwrapped(arrays)
    layout = next((layout for layout in _LAYOUTS if layout[0] in arrays), None)
    if layout is None:
        some = ", ".join(list(arrays)[:3])
        raise WeightsError(f"{path}: holds no weights of VGG-19 in a known layout; its first arrays are {some}")
    _check_kind(path, arrays)
    _, convert, own = layout
    try:
        weights = convert(arrays)
        held = decode(weights)
    except KeyError as error:
        raise WeightsError(f"{path}: lacks {error.args[0]}; download the file again") from None
    except (IndexError, TypeError, ValueError) as error:  # an array is not what its name says
        raise WeightsError(f"{path}: is truncated or damaged ({_first_line(error)}); download it again") from None
    for name, array in held.items():
        if np.issubdtype(array.dtype, np.integer):
            raise WeightsError(f"{path}: {name} holds integers ({array.dtype}); convert it to float16 or float32")
        with np.errstate(over="ignore"):
            if not np.isfinite(array.astype(np.float32)).all():
                raise WeightsError(f"{path}: {name} has values that are not finite in float32; download the file again")
    if convert is _torchvision:  # its own files and ones converted from Caffe have the same names and shapes
        colours = colours or KNOWN_COLOURS.get(sha256(path)[:8])
        if colours is None:
            raise WeightsError(
                f"{path}: does not say which colours it expects; give colours=imagenet (--weights-colours imagenet) "
                "if torchvision's training made it, or colours=caffe if it was converted from Caffe"
            )
    preprocess = {} if "preprocess.kernel" in weights else _COLOURS[colours or "caffe"]()
    return (held if decoded else weights) | preprocess, {**own, **metadata}


def _check_beginning(path: Path) -> None:
    """Name a complete file of something else."""
    with open(path, "rb") as file:
        beginning = file.read(64).lstrip()
    if beginning.startswith(b"version https://git-lfs"):
        raise WeightsError(f"{path}: is a pointer to weights in Git LFS; run git lfs pull, or download the file")
    if beginning.startswith(b"<"):
        raise WeightsError(f"{path}: is a web page, not weights; open its address in a browser to see what it says")


def _unwrapped(arrays: Weights) -> Weights:
    """The arrays without a prefix that all their names share: "state_dict.module.features.0.weight"."""
    for mark, _, _ in _LAYOUTS:
        for name in arrays:
            if name.endswith(f".{mark}"):
                prefix = name.removesuffix(mark)
                return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
    return arrays


def _check_kind(path: Path, arrays: Weights) -> None:
    """Name a complete network of another kind."""
    if any(name.endswith("running_mean") for name in arrays):
        raise WeightsError(f"{path}: is a batch-normalised VGG; use one without batch normalisation, such as vgg19")
    fourth = ("features.16.weight", "block3_conv4/kernel", "conv3_4.weight")  # VGG-16 has three in each of these blocks
    thirteenth = ("features.28.weight", "block5_conv3/kernel", "conv5_3.weight")
    last = ("features.34.weight", "block5_conv4/kernel", "conv5_4.weight")
    if any(name in arrays for name in thirteenth) and not any(name in arrays for name in (*fourth, *last)):
        raise WeightsError(f"{path}: is VGG-16, with 13 convolutions; use VGG-19, with 16")


def colours_of(kernel: np.ndarray, bias: np.ndarray) -> Lineage | None:
    """Which known preprocessing this is; None for another.

    Args:
        kernel: [3, 3], as "preprocess.kernel".
        bias: [3], as "preprocess.bias".
    """
    for name, make in _COLOURS.items():
        known = make()
        if np.allclose(kernel, known["preprocess.kernel"]) and np.allclose(bias, known["preprocess.bias"]):
            return name
    return None


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
    import ml_dtypes  # noqa: F401  NumPy knows bfloat16 from here on
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}
    except SafetensorError as error:
        raise ValueError(error) from None
    except (AttributeError, TypeError) as error:  # a type of numbers that NumPy lacks, such as float8
        raise WeightsError(f"{path}: {_first_line(error)}; convert it to float16 or float32") from None


def _read_h5(path: Path) -> tuple[Weights, dict[str, str]]:
    try:
        import h5py  # noqa: F401
    except ImportError:
        raise WeightsError(
            f'{path}: a .h5 file needs h5py; run pip install "nst_jax[h5]", or use the .safetensors file'
        ) from None
    return read_h5_file(path), {}


def _read_torch(path: Path) -> tuple[Weights, dict[str, str]]:
    return read_torch_file(path.read_bytes()), {}


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


_READERS = {
    ".safetensors": _read_safetensors,
    ".h5": _read_h5,
    ".hdf5": _read_h5,
    ".pth": _read_torch,
    ".pt": _read_torch,
    ".bin": _read_torch,
}


def _caffe_colours() -> Weights:
    """RGB in [0, 1] → BGR, 0–255, minus the mean."""
    return {"preprocess.kernel": 255 * np.eye(3, dtype=np.float32)[::-1], "preprocess.bias": -CAFFE_MEAN}


def _imagenet_colours() -> Weights:
    """RGB in [0, 1] → (x − mean) / deviation."""
    return {"preprocess.kernel": np.diag(1 / IMAGENET_STD), "preprocess.bias": -IMAGENET_MEAN / IMAGENET_STD}


_COLOURS: dict[Lineage, Callable[[], Weights]] = {"caffe": _caffe_colours, "imagenet": _imagenet_colours}


def _own(arrays: Weights) -> Weights:
    return {**arrays, "preprocess.kernel": arrays["preprocess.kernel"].reshape(3, 3)}


def _keras(arrays: Weights) -> Weights:
    # conv1_1 is Keras' block1_conv1; kernels are HWIO already.
    weights = {}
    for layer, place in PLACES.items():
        keras = f"block{place.block}_conv{place.number}"
        weights |= {f"{layer}.{part}": arrays[f"{keras}/{part}"] for part in ("kernel", "bias")}
    return weights


def _keras_codes(arrays: Weights) -> Weights:
    # Keras' names, codes OIHW as in PyTorch, and a table of 256 values for each layer.
    weights = {}
    for layer, place in PLACES.items():
        keras = f"block{place.block}_conv{place.number}"
        weights[f"{layer}.codes"] = arrays[f"{keras}_W_q"].transpose(2, 3, 1, 0)  # OIHW → HWIO
        weights[f"{layer}.table"] = arrays[f"{keras}_W_table"]
        weights[f"{layer}.bias"] = arrays[f"{keras}_b"]
    return weights


def _torchvision(arrays: Weights) -> Weights:
    return _from_torch(arrays, {layer: f"features.{place}" for layer, place in TORCHVISION.items()})


def _authors(arrays: Weights) -> Weights:
    return _from_torch(arrays, {layer: layer for layer in LAYERS})


def _from_torch(arrays: Weights, names: Mapping[str, str]) -> Weights:
    kernels = {f"{layer}.kernel": arrays[f"{name}.weight"].transpose(2, 3, 1, 0) for layer, name in names.items()}
    return kernels | {f"{layer}.bias": arrays[f"{name}.bias"] for layer, name in names.items()}


# An array that identifies the layout, how it is converted, and what its files do not say about themselves.
_LAYOUTS = (
    # Wang et al., Collaborative Distillation (CVPR 2020): 1×1 maps to the full network's features beside the layers.
    ("expand1_1.kernel", _own, {"pool": "max", "padding": "reflect"}),
    ("preprocess.kernel", _own, {}),
    ("block1_conv1/kernel", _keras, {}),
    ("block1_conv1_W_q", _keras_codes, {"precision": "8 bits a weight"}),
    ("features.0.weight", _torchvision, {}),
    ("conv1_1.weight", _authors, {}),
)
