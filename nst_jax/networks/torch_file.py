"""PyTorch's tensor files, read without PyTorch and without unpickling.

Since PyTorch 1.6 such a file is a ZIP archive: a pickle, data.pkl, and a member for the numbers of each storage. Older
ones are four pickles (a magic number, a version, the system's sizes, the state), a pickle of the storages' keys, and
the storages: each a count of 8 bytes and its numbers. The state's pickle is a small program. Its operations are
followed here with symbols in place of functions: nothing is imported or called.
"""

import io
import math
import pickletools
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from ..errors import WeightsError

MAGIC = 0x1950A86A20F9469CFC6C
DTYPES = {
    "torch ByteStorage": np.uint8,
    "torch HalfStorage": np.float16,
    "torch FloatStorage": np.float32,
    "torch DoubleStorage": np.float64,
    "torch LongStorage": np.int64,
}
PICKLES = 5
DEPTH = 3  # of dictionaries in dictionaries


class _Symbol(NamedTuple):
    """Something that a pickle would import or make, and that is not needed here."""

    name: str


class _Storage(NamedTuple):
    dtype: Any
    key: str
    size: int


class _Tensor(NamedTuple):
    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


Numbers = Callable[[_Storage], np.ndarray]


def read_torch_file(data: bytes) -> dict[str, np.ndarray]:
    """The tensors of a PyTorch file; anything else in it is ignored.

    Args:
        data: the file's bytes.

    Returns:
        name → array. A tensor of a dictionary within the state has a name such as "state_dict.conv1_1.weight".

    Raises:
        ValueError: if the file is damaged, or holds no tensors.
        WeightsError: if it holds objects, which only their program could read.
    """
    try:
        state, numbers = _archive(data) if data.startswith(b"PK") else _pickles(data)
        arrays = {name: _array(tensor, numbers(tensor.storage)) for name, tensor in _tensors(state)}
    except WeightsError:
        raise
    except Exception as error:  # a damaged pickle is another program, which may fail in any way
        raise ValueError(f"it cannot be followed: {str(error)[:200] or type(error).__name__}") from None
    if not arrays:
        raise ValueError("it holds no tensors")
    return arrays


def _archive(data: bytes) -> tuple[Any, Numbers]:
    """The state of a file since 1.6, and the numbers of its storages."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    members = {info.filename.partition("/")[2]: info for info in archive.infolist()}

    def read(name: str) -> bytes:
        info = members[name]
        if info.compress_type != zipfile.ZIP_STORED or info.file_size > len(data):
            raise ValueError(f"{name} is compressed, or larger than the file")
        return archive.read(info)

    def numbers(storage: _Storage) -> np.ndarray:
        return np.frombuffer(read(f"data/{storage.key}"), storage.dtype)

    return _followed(io.BytesIO(read("data.pkl"))), cache(numbers)


def _pickles(data: bytes) -> tuple[Any, Numbers]:
    """The state of an older file, and the numbers of its storages."""
    stream = io.BytesIO(data)
    magic, _, _, state, keys = (_followed(stream) for _ in range(PICKLES))
    if magic != MAGIC:
        raise ValueError("it is not a state in PyTorch's older format")
    storages = {tensor.storage.key: tensor.storage for _, tensor in _tensors(state)}
    found, place = {}, stream.tell()
    for key in keys:
        storage = storages[key]
        count, place = int.from_bytes(data[place : place + 8], "little"), place + 8
        if count != storage.size:
            raise ValueError(f"storage {key} has {count} numbers, not {storage.size}")
        found[key] = np.frombuffer(data, storage.dtype, count, place)
        place += found[key].nbytes
    return state, lambda storage: found[storage.key]


def _tensors(state: Any, prefix: str = "") -> Iterator[tuple[str, _Tensor]]:
    """The tensors of a dictionary, and of dictionaries in it, with their names."""
    for name, value in state.items():
        if isinstance(value, _Tensor):
            yield f"{prefix}{name}", value
        elif isinstance(value, dict) and prefix.count(".") < DEPTH:
            yield from _tensors(value, f"{prefix}{name}.")


def _array(tensor: _Tensor, numbers: np.ndarray) -> np.ndarray:
    """A contiguous tensor as an array."""
    strides = tuple(math.prod(tensor.shape[i + 1 :]) for i in range(len(tensor.shape)))
    end = tensor.offset + math.prod(tensor.shape)
    if tensor.strides != strides or not 0 <= tensor.offset <= end <= len(numbers):
        raise ValueError("a tensor is not contiguous, or reaches beyond its storage")
    return numbers[tensor.offset : end].reshape(tensor.shape)


def _followed(stream: io.BytesIO) -> Any:
    """What one pickle would make, with symbols in place of functions."""
    stack: list[Any] = []
    marks: list[int] = []
    memo: dict[int, Any] = {}

    def to_mark() -> list[Any]:
        start = marks.pop()
        items = stack[start:]
        del stack[start:]
        return items

    argument: Any
    for operation, argument, _ in pickletools.genops(stream):
        match operation.name:
            case "PROTO" | "FRAME":
                continue
            case "STOP":
                return stack.pop()
            case "MARK":
                marks.append(len(stack))
            case "EMPTY_DICT":
                stack.append({})
            case "EMPTY_LIST":
                stack.append([])
            case "EMPTY_TUPLE":
                stack.append(())
            case "TUPLE":
                stack.append(tuple(to_mark()))
            case "TUPLE1" | "TUPLE2" | "TUPLE3":
                n = int(operation.name[-1])
                stack[-n:] = [tuple(stack[-n:])]
            case "SETITEM":
                value, name = stack.pop(), stack.pop()
                stack[-1][name] = value
            case "SETITEMS":
                items = to_mark()
                stack[-1].update(zip(items[::2], items[1::2], strict=True))
            case "APPEND":
                item = stack.pop()
                stack[-1].append(item)
            case "APPENDS":
                items = to_mark()
                stack[-1].extend(items)
            case "BINPUT" | "LONG_BINPUT":
                memo[argument] = stack[-1]
            case "BINGET" | "LONG_BINGET":
                stack.append(memo[argument])
            case "NONE" | "NEWTRUE" | "NEWFALSE":
                stack.append({"NONE": None, "NEWTRUE": True, "NEWFALSE": False}[operation.name])
            case "BINUNICODE" | "BININT" | "BININT1" | "BININT2" | "LONG1" | "BINFLOAT":
                stack.append(argument)
            case "GLOBAL":
                stack.append(_Symbol(argument))
            case "BINPERSID":
                stack.append(_storage(stack.pop()))
            case "REDUCE":
                arguments, function = stack.pop(), stack.pop()
                stack.append(_called(function, arguments))
            case "BUILD":
                stack.pop()  # what is set on an object, such as a state's own version: none of it is a tensor
            case "NEWOBJ" | "OBJ" | "INST":
                raise WeightsError("holds objects of a program, such as a whole model; save its state_dict() instead")
            case other:
                raise ValueError(f"its pickle holds the operation {other}, which no state of tensors needs")
    raise ValueError("its pickle ends early")


def _storage(identity: Any) -> _Storage:
    kind, symbol, key, _, size = identity[:5]
    if kind != "storage" or symbol.name not in DTYPES:
        raise ValueError(f"it holds a storage of {symbol.name}; {', '.join(DTYPES)} are read")
    return _Storage(DTYPES[symbol.name], key, size)


def _called(function: _Symbol, arguments: Any) -> Any:
    """The result of a call that a state of tensors holds."""
    match function.name:
        case "collections OrderedDict":
            return dict(*arguments)
        case "torch._utils _rebuild_tensor_v2":
            return _Tensor(*arguments[:4])
        case "torch._utils _rebuild_parameter":
            return arguments[0]
        case other:
            raise ValueError(f"it calls {other}, which no state of tensors needs")
