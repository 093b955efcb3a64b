"""PyTorch's older file format, read without PyTorch and without unpickling.

Such a file is four pickles (a magic number, a version, the system's sizes, the state), a pickle of the storages' keys,
and the storages: each a count of 8 bytes and its numbers. The state's pickle is a small program. Its operations are
followed here with symbols instead of functions: nothing is imported or called, and anything but tensors is refused.
"""

import io
import math
import pickletools
from typing import Any, NamedTuple

import numpy as np

MAGIC = 0x1950A86A20F9469CFC6C
DTYPES = {"torch ByteStorage": np.uint8, "torch FloatStorage": np.float32}
PICKLES = 5


class _Global(NamedTuple):
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


def read_torch_file(data: bytes) -> dict[str, np.ndarray]:
    """The tensors of a file in PyTorch's older format.

    Args:
        data: the file's bytes.

    Returns:
        name → array of uint8 or float32.

    Raises:
        ValueError: if the file is damaged, or holds anything but a dictionary of such tensors.
    """
    stream = io.BytesIO(data)
    try:
        magic, _, _, state, keys = (_followed(stream) for _ in range(PICKLES))
    except (IndexError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"its pickles cannot be followed: {error}") from None
    if magic != MAGIC or not isinstance(state, dict) or not isinstance(keys, list):
        raise ValueError("it is not a state in PyTorch's older format")
    tensors = {name: tensor for name, tensor in state.items() if isinstance(tensor, _Tensor)}
    if len(tensors) < len(state):
        raise ValueError("it holds more than tensors")
    storages = {tensor.storage.key: tensor.storage for tensor in tensors.values()}
    numbers = {}
    for key in keys:
        if key not in storages:
            raise ValueError(f"storage {key} belongs to no tensor")
        count = int.from_bytes(stream.read(8), "little")
        if count != storages[key].size:
            raise ValueError(f"storage {key} has {count} numbers, not {storages[key].size}")
        wanted = count * np.dtype(storages[key].dtype).itemsize
        found = stream.read(wanted)
        if len(found) < wanted:
            raise ValueError("it ends early")
        numbers[key] = np.frombuffer(found, storages[key].dtype)
    return {name: _array(tensor, numbers[tensor.storage.key]) for name, tensor in tensors.items()}


def _array(tensor: _Tensor, numbers: np.ndarray) -> np.ndarray:
    """A contiguous tensor as an array."""
    strides = tuple(math.prod(tensor.shape[i + 1 :]) for i in range(len(tensor.shape)))
    end = tensor.offset + math.prod(tensor.shape)
    if tensor.strides != strides or end > len(numbers):
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
            case "PROTO":
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
            case "SETITEMS":
                items = to_mark()
                stack[-1].update(zip(items[::2], items[1::2], strict=True))
            case "APPENDS":
                items = to_mark()
                stack[-1].extend(items)
            case "BINPUT" | "LONG_BINPUT":
                memo[argument] = stack[-1]
            case "BINGET" | "LONG_BINGET":
                stack.append(memo[argument])
            case "NONE" | "NEWTRUE" | "NEWFALSE":
                stack.append({"NONE": None, "NEWTRUE": True, "NEWFALSE": False}[operation.name])
            case "BINUNICODE" | "BININT" | "BININT1" | "BININT2" | "LONG1":
                stack.append(argument)
            case "GLOBAL":
                stack.append(_Global(argument))
            case "BINPERSID":
                stack.append(_storage(stack.pop()))
            case "REDUCE":
                arguments, function = stack.pop(), stack.pop()
                stack.append(_called(function, arguments))
            case other:
                raise ValueError(f"its pickle holds the operation {other}, which no state of tensors needs")
    raise ValueError("its pickle ends early")


def _storage(identity: Any) -> _Storage:
    kind, symbol, key, _, size = identity[:5]
    if kind != "storage" or symbol.name not in DTYPES:
        raise ValueError(f"it holds a storage of {symbol.name}; 8-bit and float32 ones are read")
    return _Storage(DTYPES[symbol.name], key, size)


def _called(function: Any, arguments: Any) -> Any:
    """The result of the two calls that a state of tensors holds."""
    if function == _Global("collections OrderedDict"):
        return None  # the hooks of a tensor
    if function == _Global("torch._utils _rebuild_tensor_v2"):
        return _Tensor(*arguments[:4])
    raise ValueError(f"it calls {function}, which no state of tensors needs")
