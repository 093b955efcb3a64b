"""Kinds of files of weights: every layout that is read, every near miss, and what only looks like one."""

import io
import json
import pickle
import zipfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import h5py
import ml_dtypes
import numpy as np
from safetensors.numpy import save, save_file

from nst_jax.networks.formats import write_weights
from nst_jax.networks.geometry import LAYERS
from tests.support.weight_files import (
    Trap,
    torch_layout,
    torchvision_name,
    vgg16,
    write_codes,
    write_h5,
    write_hub,
    write_pth,
)
from tests.support.weights import random_weights

from .trial import REFUSED, USED

WEIGHTS = random_weights()
Write = Callable[[Path], object]


def own(**changed: np.ndarray) -> Write:
    """Writes this package's layout, with some arrays changed; the names' dots are written as __."""
    arrays = WEIGHTS | {name.replace("__", "."): array for name, array in changed.items()}
    return lambda path: write_weights(path, arrays, {})


def of_type(dtype: type) -> Write:
    """Writes this package's layout in another type of numbers."""
    return lambda path: save_file({name: array.astype(dtype) for name, array in WEIGHTS.items()}, path)


def without(*names: str) -> Write:
    """Writes this package's layout without some arrays."""
    return lambda path: write_weights(path, {n: x for n, x in WEIGHTS.items() if n not in names}, {})


def holding(data: bytes) -> Write:
    """Writes these bytes."""
    return lambda path: path.write_bytes(data)


def header(*, claims: int | None = None, **entries: object) -> bytes:
    """A safetensors file by its header, which may claim to be longer than it is."""
    text = json.dumps(entries).encode()
    ends = [each["data_offsets"][1] for each in entries.values() if isinstance(each, dict)]
    data = bytes(min(max(ends, default=0), 4096))
    return (len(text) if claims is None else claims).to_bytes(8, "little") + text + data


def entry(dtype: str, shape: list[int], start: int, end: int) -> dict[str, object]:
    """What a safetensors header says of an array."""
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


def saved(state: object, *, old: bool = False) -> bytes:
    """A file of PyTorch's."""
    import torch

    stream = io.BytesIO()
    torch.save(state, stream, _use_new_zipfile_serialization=not old)
    return stream.getvalue()


def state(name_of: Callable[[str], str] = torchvision_name) -> dict[str, Any]:
    """A state dict."""
    import torch

    return {name: torch.from_numpy(array) for name, array in torch_layout(WEIGHTS, name_of).items()}


def whole_model() -> bytes:
    """A model with its program, as people save it who should save its state."""
    import torch

    return saved(torch.nn.Linear(2, 2))


def batch_normalised(path: Path) -> None:
    """A batch-normalised VGG."""
    arrays = torch_layout(WEIGHTS, torchvision_name)
    save_file(arrays | {"features.1.running_mean": np.zeros(4, np.float32)}, path)


def large_h5(path: Path) -> None:
    """4 TiB by its header, and nothing in it."""
    with h5py.File(path, "w") as file:
        group = file.create_group("block1_conv1")
        group.attrs["weight_names"] = [b"kernel:0"]
        group.create_dataset("kernel:0", (2**20, 2**20), "f4", chunks=(64, 64))


def linked_h5(path: Path) -> None:
    """A group that is linked into itself, and an array that lies in another file."""
    with h5py.File(path, "w") as file:
        group = file.create_group("block1_conv1")
        group["itself"] = h5py.SoftLink("/block1_conv1/itself")
        group["kernel:0"] = h5py.ExternalLink("/etc/passwd", "/kernel:0")
        group.attrs["weight_names"] = [b"kernel:0"]


def zip_bomb(path: Path) -> None:
    """An archive under PyTorch's member names, of 256 MiB of zeros in a few KB."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/data.pkl", bytes(2**28))


def deep(path: Path) -> None:
    """A pickle of a hundred thousand dictionaries in one another."""
    data = b"\x80\x02" + b"}X\x01\0\0\0a" * 100_000 + b"}" + b"s" * 100_000 + b"."
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/data.pkl", data)


KINDS: dict[str, tuple[Write, str]] = {
    "own.safetensors": (own(), USED),
    "half precision.safetensors": (of_type(np.float16), USED),
    "bfloat16.safetensors": (of_type(ml_dtypes.bfloat16), USED),
    "double precision.safetensors": (of_type(np.float64), USED),
    "prefix.safetensors": (without(*(f"{l}.{p}" for l in LAYERS[4:] for p in ("kernel", "bias"))), USED),
    "hub.safetensors": (lambda path: write_hub(path, WEIGHTS), USED),
    "keras.h5": (lambda path: write_h5(path, WEIGHTS), USED),
    "newer keras.hdf5": (lambda path: write_h5(path, WEIGHTS, newer=True), USED),
    "integers.safetensors": (of_type(np.int32), REFUSED),
    "complex.safetensors": (holding(header(**{"preprocess.kernel": entry("C64", [3, 3], 0, 72)})), REFUSED),
    "float8.safetensors": (holding(header(**{"preprocess.kernel": entry("F8_E4M3", [3, 3], 0, 9)})), REFUSED),
    "not a number.safetensors": (own(conv3_2__bias=np.full(6, np.nan, np.float32)), REFUSED),
    "infinite.safetensors": (own(conv1_1__kernel=np.full((3, 3, 3, 4), np.inf, np.float32)), REFUSED),
    "beyond float32.safetensors": (own(conv1_1__bias=np.full(4, 1e300)), REFUSED),
    "missing bias.safetensors": (without("conv2_2.bias"), REFUSED),
    "missing colours.safetensors": (without("preprocess.kernel"), REFUSED),
    "another shape.safetensors": (own(conv1_2__kernel=np.zeros((3, 3, 5, 4), np.float32)), REFUSED),
    "no filters.safetensors": (own(conv1_1__kernel=np.zeros((3, 3, 3, 0), np.float32)), REFUSED),
    "scalar.safetensors": (own(preprocess__kernel=np.zeros((), np.float32)), REFUSED),
    "nothing in it.safetensors": (holding(save({})), REFUSED),
    "another model.safetensors": (holding(save({"h.0.attn.weight": np.zeros((4, 4), np.float32)})), REFUSED),
    "vgg16.safetensors": (
        lambda path: save_file(vgg16(WEIGHTS, None, {"kernel": "weight", "bias": "bias"}), path),
        REFUSED,
    ),
    "batch-normalised.safetensors": (batch_normalised, REFUSED),
    "header of 2^62 bytes.safetensors": (holding(header(claims=2**62)), REFUSED),
    "array of 2^60 bytes.safetensors": (
        holding(header(**{"preprocess.kernel": entry("F32", [2**29, 2**29], 0, 2**60)})),
        REFUSED,
    ),
    "arrays that overlap.safetensors": (
        holding(header(a=entry("F32", [4], 0, 16), b=entry("F32", [4], 8, 24))),
        REFUSED,
    ),
    "empty.safetensors": (holding(b""), REFUSED),
    "empty.pth": (holding(b""), REFUSED),
    "empty.h5": (holding(b""), REFUSED),
    "page.pth": (holding(b"<html>sign in</html>"), REFUSED),
    "pointer.h5": (holding(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"), REFUSED),
    "noise.bin": (holding(np.random.default_rng(0).bytes(10_000)), REFUSED),
    "trap.pth": (holding(pickle.dumps(Trap())), REFUSED),
    "bomb.pth": (zip_bomb, REFUSED),
    "deep.pth": (deep, REFUSED),
    "4 TiB.h5": (large_h5, REFUSED),
    "links.h5": (linked_h5, REFUSED),
    "an archive.safetensors": (zip_bomb, REFUSED),
    "folder.safetensors": (lambda path: path.mkdir(), REFUSED),
    "text.txt": (holding(b"conv1_1"), REFUSED),
}
if find_spec("torch"):  # which writes these
    KINDS |= {
        "torchvision.pth": (lambda path: write_pth(path, WEIGHTS), USED),
        "older.pth": (holding(saved(state(), old=True)), USED),
        "author.pth": (lambda path: write_pth(path, WEIGHTS, lambda layer: layer), USED),
        "wrapped.pt": (holding(saved({"state_dict": state(), "epoch": 3})), USED),
        "parallel.pth": (holding(saved({f"module.{name}": x for name, x in state().items()})), USED),
        "codes.bin": (lambda path: write_codes(path, WEIGHTS), USED),
        "trap in an archive.pth": (holding(saved({"conv1_1.weight": Trap()})), REFUSED),
        "whole model.pth": (lambda path: path.write_bytes(whole_model()), REFUSED),
    }
COLOURS = "imagenet"  # for the files that do not say theirs
SEEDS = {
    "own.safetensors": save(WEIGHTS),
    "short.safetensors": save({name: x for name, x in WEIGHTS.items() if name[:5] in ("prepr", "conv1")}),
}
if find_spec("torch"):
    SEEDS |= {"torch.pth": saved(state()), "older.pth": saved({"state_dict": state(str)}, old=True)}


def h5_seed(folder: Path) -> bytes:
    """A whole file of Keras' for mutation; it is written to a folder first."""
    return write_h5(folder / "seed.h5", WEIGHTS).read_bytes()
