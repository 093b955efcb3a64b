"""Flow in files: .flo, in Middlebury's format, or .npy; and a folder of them for a clip."""

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np

from ..errors import ImageError
from ..files import atomic_write
from .masks import Flow

MAGIC = 202021.25  # the first number of a .flo file
UNKNOWN = 1e9  # values above are unknown


def read_flow(path: str | Path) -> Flow:
    """Read a flow.

    Args:
        path: .flo or .npy.

    Returns:
        [h, w, 2], to the right and down, in pixels; NaN where it is unknown.

    Raises:
        ImageError: if the file is not a complete flow.
    """
    path = Path(path)
    try:
        flow = np.load(path, allow_pickle=False) if path.suffix.lower() == ".npy" else _read_flo(path.read_bytes())
        flow = np.asarray(flow, np.float32)
    except (OSError, ValueError, TypeError, EOFError) as error:
        raise ImageError(f"{path}: cannot be read as a flow ({error}); give a complete .flo or .npy file") from None
    if flow.ndim != 3 or flow.shape[2] != 2:
        raise ImageError(f"{path}: holds an array {list(flow.shape)}; a flow is [h, w, 2]")
    return np.where((np.abs(flow) > UNKNOWN).any(-1, keepdims=True), np.nan, flow)


def write_flow(path: str | Path, flow: Flow) -> None:
    """Write a flow as .flo or .npy, atomically.

    Args:
        path: its ending chooses the format.
        flow: [h, w, 2], to the right and down, in pixels.

    Raises:
        NSTError: if the folder cannot be written.
    """
    with atomic_write(path) as file:
        if Path(path).suffix.lower() == ".npy":
            np.save(file, flow.astype(np.float32))
        else:
            h, w = flow.shape[:2]
            file.write(struct.pack("<fii", MAGIC, w, h) + flow.astype("<f4").tobytes())


def flow_of_folder(folder: str | Path) -> Callable[[int, int], Flow]:
    """The flows of a clip from a folder that holds `I-J.flo` or `I-J.npy`, from frame I to frame J, counted from 1.

    Args:
        folder: of the files; of the size of the pictures that are made.

    Returns:
        (i, j) → flow from frame i to frame j, counted from 0, as everywhere in Python.

    Raises:
        ImageError: when called, if a file is missing or damaged.
    """

    def flow(i: int, j: int) -> Flow:
        names = [f"{i + 1}-{j + 1}{ending}" for ending in (".flo", ".npy")]
        found = [path for path in (Path(folder) / name for name in names) if path.is_file()]
        if not found:
            raise ImageError(f"{folder}: holds neither {' nor '.join(names)}; give every flow, or compute them")
        return np.nan_to_num(read_flow(found[0]), nan=0.0)

    return flow


def _read_flo(data: bytes) -> np.ndarray:
    if len(data) < 12 or np.frombuffer(data[:4], "<f4")[0] != MAGIC:
        raise ValueError("it is not a .flo file")
    w, h = struct.unpack("<ii", data[4:12])
    if min(h, w) < 1 or len(data) - 12 != 8 * h * w:
        raise ValueError("it is cut short")
    return np.frombuffer(data[12:], "<f4").reshape(h, w, 2)
