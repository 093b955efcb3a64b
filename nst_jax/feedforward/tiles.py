"""Large pictures in one pass: into which tiles a picture is cut to fit a budget, and the tiles one by one."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ..errors import SettingError
from ..losses.tiling import Tiling
from ..transfer.budget import gigabytes
from ..transfer.plan import PROCESS

PICTURES = 6.0  # pictures that a pass in tiles holds, of the photo's size: photo, result, and what is being copied


class Tile(NamedTuple):
    """One tile, in pixels of the picture.

    Attributes:
        rows: from where to where it reads.
        columns: likewise.
        own_rows: from where to where the picture is its.
        own_columns: likewise.
    """

    rows: slice
    columns: slice
    own_rows: slice
    own_columns: slice

    def at(self, stride: int = 1) -> tuple[slice, slice]:
        """The rows and columns that it reads, of positions that stand for `stride` pixels."""
        rows, columns = (slice(each.start // stride, each.stop // stride) for each in (self.rows, self.columns))
        return rows, columns

    def of(self, values: np.ndarray, stride: int = 1) -> np.ndarray:
        """What it reads of values […, h, w] whose positions stand for `stride` pixels."""
        return values[(..., *self.at(stride))]

    def owned(self, stride: int = 1) -> np.ndarray:
        """[h_t, w_t], 1 at the positions of what it reads that are its own, 0 at the others."""
        inside = []
        for read, own in ((self.rows, self.own_rows), (self.columns, self.own_columns)):
            at = np.arange(read.start // stride, read.stop // stride) * stride  # odd edges are dropped in pooling
            inside.append((own.start <= at) & (at < own.stop))
        return (inside[0][:, None] & inside[1]).astype(np.float32)

    def keep(self, picture: np.ndarray, y: np.ndarray) -> None:
        """Write what is its own of y [h_t, w_t, 3] into a picture [h, w, 3]."""
        top, left = self.own_rows.start - self.rows.start, self.own_columns.start - self.columns.start
        target = picture[self.own_rows, self.own_columns]
        target[:] = y[top : top + target.shape[0], left : left + target.shape[1]]


def tiles_of(tiling: Tiling, shape: tuple[int, ...]) -> Iterator[Tile]:
    """The tiles of a picture, row by row.

    Args:
        tiling: how it is cut.
        shape: (height, width, …).

    Yields:
        The tiles, which read windows of one shape.
    """
    rows, columns = (
        [
            (slice(start, start + axis.length), slice(*own))
            for start, *own in zip(axis.starts, axis.bounds, axis.bounds[1:], strict=False)
        ]
        for axis in tiling.tiles(shape)
    )
    for read, own in rows:
        for read_columns, own_columns in columns:
            yield Tile(read, read_columns, own, own_columns)


def said(tiling: Tiling, shape: tuple[int, ...]) -> str:
    """How a picture was cut, for people."""
    tiles = tiling.tiles(shape)
    height, width = tiles.window
    return f"painted in {tiles.number} tiles of {width} × {height} with a halo of {tiling.halo}, to fit the memory"


class Cost(NamedTuple):
    """What one pass needs, fitted to peaks measured from outside: see benchmarks/large_pictures.py.

    Attributes:
        each: bytes a pixel that is computed at once.
        grid: pixels; tiles begin at its multiples.
        halo: pixels that a tile reads around what it owns, with which everything is exact.
    """

    each: float
    grid: int
    halo: int

    def bytes(self, shape: tuple[int, int], pixels: int, held: int) -> int:
        """The peak of memory.

        Args:
            shape: (height, width).
            pixels: that are computed at once.
            held: bytes of what else is held.

        Returns:
            Bytes, with what Python and the libraries take.
        """
        return int(PROCESS + PICTURES * 12 * shape[0] * shape[1] + held + self.each * pixels)

    def tiling(self, shape: tuple[int, int], held: int, budget: int | None) -> Tiling | None:
        """How a picture is cut to fit a budget: into the largest tiles that do.

        Args:
            shape: (height, width).
            held: bytes of masks and style pictures.
            budget: bytes; None for no limit.

        Returns:
            The tiling; None for one piece.

        Raises:
            SettingError: if no tile fits; it names a size that would.
        """
        if budget is None or self.bytes(shape, shape[0] * shape[1], held) <= budget:
            return None
        most = max(0, int((budget - self.bytes(shape, 0, held)) / self.each))
        tiling = Tiling(most, self.grid, self.halo)
        height, width = tiling.tiles(shape).window
        if height * width <= most:
            return tiling
        needed = self.bytes(shape, height * width, held)
        remedy = f"give memory={gigabytes(needed * 1.05)}"
        if size := self._largest(shape, held, budget):
            remedy += f", or size={size}"
        whole = f"a picture of {shape[1]} × {shape[0]}"
        raise SettingError(f"memory={gigabytes(budget)}: {whole} needs {gigabytes(needed)}; {remedy}")

    def _largest(self, shape: tuple[int, int], held: int, budget: int) -> int:
        """The longest side that fits, in pixels, in one piece or in the smallest tiles; 0 if none does."""
        sides, longest = np.asarray(shape) / max(shape), max(shape)
        for size in range(longest - longest % 64, 0, -64):
            h, w = (max(self.grid, int(side * size) // self.grid * self.grid) for side in sides)
            window = [min(side, 2 * self.halo + 2 * self.grid) for side in (h, w)]
            share = held * h * w // (shape[0] * shape[1])
            if self.bytes((h, w), window[0] * window[1], share) <= budget:
                return size
        return 0
