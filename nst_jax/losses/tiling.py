"""Tiles: a large picture in equal windows, each with a halo, and the part of the picture that each of them owns."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from ..errors import SettingError
from ..networks.geometry import reach, stride

WORK = 1.5  # of one evaluation in tiles, relative to the whole, without halos: two passes forward and one backward


class Axis(NamedTuple):
    """One side of a picture, in windows of one length.

    Attributes:
        length: of a window, in pixels.
        starts: of the windows, multiples of the grid.
        bounds: window i owns the pixels from bounds[i] up to bounds[i + 1]; all but the last are multiples of the grid.
    """

    length: int
    starts: tuple[int, ...]
    bounds: tuple[int, ...]


class Tiles(NamedTuple):
    """A picture in windows of one shape, row by row.

    Attributes:
        rows: the picture's height.
        columns: its width.
    """

    rows: Axis
    columns: Axis

    @property
    def window(self) -> tuple[int, int]:
        """(height, width) of every window, halo included."""
        return self.rows.length, self.columns.length

    @property
    def number(self) -> int:
        """Number of windows."""
        return len(self.rows.starts) * len(self.columns.starts)

    @property
    def work(self) -> float:
        """Cost of an evaluation, relative to that of the whole picture in one piece."""
        h, w = self.rows.bounds[-1], self.columns.bounds[-1]
        return 1.0 if self.number == 1 else WORK * self.number * self.window[0] * self.window[1] / (h * w)


@dataclass(frozen=True)
class Tiling:
    """How pictures are cut into tiles, whatever their shapes.

    Attributes:
        pixels: of a window at most, halo included.
        grid: windows begin at its multiples, in pixels: the stride of the deepest layer, so that pooling has the same
            windows as in the whole picture.
        halo: what a window has around the part that it owns, in pixels, unless the picture ends there. With the reach
            of the deepest layer, everything is exact.
    """

    pixels: int
    grid: int
    halo: int

    def tiles(self, shape: tuple[int, ...]) -> Tiles:
        """The tiles of a picture: of all that are small enough, those with the least work.

        Args:
            shape: (height, width, …) of the picture.

        Returns:
            The tiles; a single one if the picture is small enough; the smallest, if none with its halo is small enough.
        """
        return _tiles(shape[0], shape[1], self)


def tiling_for(layers: Iterable[str], tile: int, halo: int | None = None) -> Tiling:
    """The tiling with tiles of about this side, halo apart.

    Args:
        layers: all that are measured.
        tile: side of a tile, in pixels.
        halo: in pixels; None for the reach of the deepest layer, with which everything is exact.

    Returns:
        The tiling.

    Raises:
        SettingError: if the tile is smaller than the stride of the deepest layer, or the halo negative.
    """
    grid, exact = geometry_of(layers)
    halo = exact if halo is None else halo
    if tile < grid or halo < 0:
        raise SettingError(f"tile={tile}, halo={halo}: give a tile of {grid} pixels or more and a halo of 0 or more")
    return Tiling((tile + 2 * _up(halo, grid)) ** 2, grid, halo)


def geometry_of(layers: Iterable[str]) -> tuple[int, int]:
    """The grid and the halo with which tiles are exact: stride and reach of the deepest layer, in pixels; (1, 0) for
    none."""
    layers = tuple(layers)
    return max(map(stride, layers), default=1), max(map(reach, layers), default=0)


@cache
def _tiles(h: int, w: int, tiling: Tiling) -> Tiles:
    rows, columns = (_axes(side, tiling.grid, tiling.halo) for side in (h, w))
    small = []
    for row in rows:  # the longest windows have the least work
        column = next((each for each in columns if row.length * each.length <= tiling.pixels), None)
        small += [] if column is None else [Tiles(row, column)]
    return min(small, key=lambda tiles: (tiles.work, max(tiles.window)), default=Tiles(rows[-1], columns[-1]))


@cache
def _axes(length: int, grid: int, halo: int) -> list[Axis]:
    """A side in 1, 2, … windows, each list of them shorter than the one before."""
    axes = [Axis(length, (0,), (0, length))]
    shortest = length - (length - 2 * _up(halo, grid) - grid) // grid * grid
    while axes[-1].length - grid >= shortest:
        axes.append(_axis(length, len(axes[-1].starts) + 1, shortest, axes[-1].length - grid, grid, halo))
    return axes


def _axis(length: int, number: int, shortest: int, longest: int, grid: int, halo: int) -> Axis:
    """A side in this number of windows or a few more, of equal length.

    All lengths differ from the side's by a multiple of the grid, so that the last window, too, begins on the grid.
    """
    before = _up(halo, grid)  # of the halo, since a window begins on the grid
    while True:
        ideal = -(-(length + (number - 1) * (before + halo)) // number)
        ideal = max(shortest, length - (length - ideal) // grid * grid)
        for window in range(ideal, longest + 1, grid):
            starts, bounds = [0], [0]
            while starts[-1] + window < length:
                bounds.append((starts[-1] + window - halo) // grid * grid)
                starts.append(min(bounds[-1] - before, length - window))
            if len(starts) <= number:
                return Axis(window, tuple(starts), (*bounds, length))
        number += 1


def _up(length: int, grid: int) -> int:
    """The next multiple of the grid."""
    return -(-length // grid) * grid
