"""Clips that the package draws: every flow and every occlusion in them is known exactly."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..errors import SettingError
from ..images.picture import Picture
from .masks import Flow, Mask

Coordinates = np.ndarray
SOFT = 1.0  # pixels, of a layer's edge


@dataclass(frozen=True)
class Layer:
    """A flat thing that moves: at frame t, the point X of its own plane is at c + s^t (X − c) + t v.

    Attributes:
        colours: (X, Y) → RGB in [0, 1] at these points of its plane, [h, w, 3].
        depth_inside: (X, Y) → how many pixels a point lies within its outline, negative outside of it.
        zoom: s, a frame.
        velocity: v, to the right and down, in pixels a frame.
        centre: c.
    """

    colours: Callable[[Coordinates, Coordinates], np.ndarray]
    depth_inside: Callable[[Coordinates, Coordinates], np.ndarray]
    zoom: float = 1.0
    velocity: tuple[float, float] = (0.0, 0.0)
    centre: tuple[float, float] = (0.0, 0.0)

    def plane(self, x: Coordinates, y: Coordinates, t: int) -> tuple[Coordinates, Coordinates]:
        """The point of the plane that frame t shows at (x, y)."""
        (a, b), (u, v), s = self.centre, self.velocity, self.zoom**t
        return a + (x - a - t * u) / s, b + (y - b - t * v) / s

    def place(self, X: Coordinates, Y: Coordinates, t: int) -> tuple[Coordinates, Coordinates]:
        """Where frame t shows the point (X, Y) of the plane."""
        (a, b), (u, v), s = self.centre, self.velocity, self.zoom**t
        return a + s * (X - a) + t * u, b + s * (Y - b) + t * v


@dataclass(frozen=True)
class SyntheticClip:
    """A drawn clip.

    Attributes:
        name: of the clip.
        layers: from the back to the front; the first is everywhere.
        shape: (height, width) of its frames.
        count: of its frames.
        noise: standard deviation of the camera's noise, new in every frame.
        seed: of the noise.
        unit: how many pixels of the planes one of its pixels is: frames made smaller have the flow of a clip of their
            shape with a larger unit.
    """

    name: str
    layers: tuple[Layer, ...]
    shape: tuple[int, int]
    count: int
    noise: float = 0.0
    seed: int = 0
    unit: float = 1.0

    def frame(self, t: int) -> Picture:
        """[h, w, 3] in [0, 1], frame t, counted from 0."""
        x, y = self._pixels()
        picture = np.zeros((*self.shape, 3))
        for layer in self.layers:
            X, Y = layer.plane(x, y, t)
            cover = np.clip(layer.depth_inside(X, Y) * layer.zoom**t / (SOFT * self.unit) + 0.5, 0, 1)[..., None]
            picture += cover * (layer.colours(X, Y) - picture)
        if self.noise:
            picture += np.random.default_rng((self.seed, t)).normal(0, self.noise, picture.shape)
        return np.clip(picture, 0, 1).astype(np.float32)

    def flow(self, i: int, j: int) -> Flow:
        """[h, w, 2], the true flow from frame i to frame j, in pixels."""
        x, y = self._pixels()
        flow = np.zeros((*self.shape, 2))
        for n, layer in enumerate(self.layers):
            there = layer.place(*layer.plane(x, y, i), j)
            flow = np.where((self._front(x, y, i) == n)[..., None], np.stack(there, -1) - np.stack([x, y], -1), flow)
        return (flow / self.unit).astype(np.float32)

    def shown(self, i: int, j: int) -> Mask:
        """[h, w], 1 where what frame i shows is also shown by frame j, 0 where it is hidden there, or outside."""
        x, y = self._pixels()
        there = np.stack([x, y], -1) + self.unit * self.flow(i, j)
        inside = ((there >= [x[0, 0] - 1e-4, y[0, 0] - 1e-4]) & (there <= [x[0, -1] + 1e-4, y[-1, 0] + 1e-4])).all(-1)
        return (inside & (self._front(x, y, i) == self._front(there[..., 0], there[..., 1], j))).astype(np.float32)

    def _pixels(self) -> tuple[Coordinates, Coordinates]:
        y, x = (np.mgrid[: self.shape[0], : self.shape[1]] + 0.5) * self.unit - 0.5
        return x, y

    def _front(self, x: Coordinates, y: Coordinates, t: int) -> np.ndarray:
        """The number of the layer that frame t shows at each place."""
        front = np.zeros(x.shape, int)
        for n, layer in enumerate(self.layers):
            front = np.where(layer.depth_inside(*layer.plane(x, y, t)) > 0, n, front)
        return front


def texture(seed: int, grain: float) -> Callable[[Coordinates, Coordinates], np.ndarray]:
    """A picture on the whole plane: soft discs of many colours over waves, known at every point.

    Args:
        seed: of places, sizes and colours.
        grain: about the size of its smallest parts, in pixels.

    Returns:
        (X, Y) → RGB in [0, 1].
    """
    rng = np.random.default_rng(seed)
    palette = 0.5 * rng.uniform(0, 1, (9, 3)) + 0.5 * rng.uniform(0.1, 0.9, (9, 1))  # half grey
    angles, phases = rng.uniform(0, np.pi, 5), rng.uniform(0, 2 * np.pi, 5)
    lengths = grain * np.array([2.5, 3.5, 6.0, 11.0, 19.0])
    mix = rng.normal(0, 0.05, (5, 3))

    def colours(X: Coordinates, Y: Coordinates) -> np.ndarray:
        waves = [
            np.sin(2 * np.pi * (X * np.cos(a) + Y * np.sin(a)) / l + p)
            for a, l, p in zip(angles, lengths, phases, strict=True)
        ]
        picture = palette[0] + np.stack(waves, -1) @ mix
        for side in (
            24 * grain,
            10 * grain,
            5 * grain,
        ):  # a disc in each square of a grid, with places drawn from its number
            for n in (0, 1):  # two grids, one between the other
                column, row = np.floor(X / side + 0.5 * n), np.floor(Y / side + 0.5 * n)
                chance = _chance(column, row, seed + n, 4)
                centre = [(k + 0.25 + 0.5 * chance[..., m] - 0.5 * n) * side for m, k in enumerate((column, row))]
                radius = side * (0.1 + 0.15 * chance[..., 2])
                far = np.hypot(X - centre[0], Y - centre[1])
                cover = np.clip((radius - far) / SOFT + 0.5, 0, 1)[..., None]
                disc = palette[1 + (chance[..., 3] * 8).astype(int)]
                picture = picture + cover * (disc - picture)
        return np.clip(picture, 0, 1)

    return colours


def pan(
    count: int = 12, shape: tuple[int, int] = (144, 192), velocity: tuple[float, float] = (3.0, 1.0)
) -> SyntheticClip:
    """A camera that moves over a texture: everything moves by `velocity`, in pixels a frame."""
    return SyntheticClip("pan", (Layer(texture(1, 4), _everywhere, velocity=velocity),), shape, count)


def zoom(count: int = 12, shape: tuple[int, int] = (144, 192), factor: float = 1.02) -> SyntheticClip:
    """A camera that comes closer: everything grows by `factor` a frame."""
    centre = ((shape[1] - 1) / 2, (shape[0] - 1) / 2)
    return SyntheticClip("zoom", (Layer(texture(2, 4), _everywhere, zoom=factor, centre=centre),), shape, count)


def ball(
    count: int = 12,
    shape: tuple[int, int] = (144, 192),
    velocity: tuple[float, float] = (5.0, 1.0),
    background: tuple[float, float] = (-1.0, 0.0),
) -> SyntheticClip:
    """A ball that passes before a moving background: it hides what it comes to, and shows what it leaves."""
    h, w = shape
    radius, centre = 0.22 * h, (0.3 * w, 0.45 * h)

    def depth(X: Coordinates, Y: Coordinates) -> np.ndarray:
        return radius - np.hypot(X - centre[0], Y - centre[1])

    layers = (Layer(texture(3, 5), _everywhere, velocity=background), Layer(texture(7, 3), depth, velocity=velocity))
    return SyntheticClip("ball", layers, shape, count)


def still(count: int = 12, shape: tuple[int, int] = (144, 192), noise: float = 0.01, seed: int = 0) -> SyntheticClip:
    """A camera that does not move, before a scene that does not, with noise of its own in every frame."""
    return SyntheticClip("still", (Layer(texture(5, 4), _everywhere),), shape, count, noise, seed)


CLIPS: dict[str, Callable[..., SyntheticClip]] = {each.__name__: each for each in (pan, zoom, ball, still)}


def synthetic_clip(name: str) -> SyntheticClip:
    """A drawn clip by its name: pan, zoom, ball or still.

    Raises:
        SettingError: for another name.
    """
    if name not in CLIPS:
        raise SettingError(f"there is no drawn clip {name!r}; there are {', '.join(CLIPS)}")
    return CLIPS[name]()


def _everywhere(X: Coordinates, Y: Coordinates) -> np.ndarray:
    return np.full(X.shape, np.inf)


def _chance(column: np.ndarray, row: np.ndarray, seed: int, n: int) -> np.ndarray:
    """n numbers in [0, 1) for each square of a grid, the same wherever it is asked for (a hash)."""
    mask = np.uint64(0xFFFFFFFF)
    key = (column.astype(np.int64).astype(np.uint64) * np.uint64(0x9E3779B1)) & mask
    key ^= (row.astype(np.int64).astype(np.uint64) * np.uint64(0x85EBCA77)) & mask
    found = []
    for k in range(n):
        bits = key ^ np.uint64((seed * 7919 + k * 104729 + 12345) & 0xFFFFFFFF)
        for multiplier in (0x7FEB352D, 0x846CA68B):  # the finaliser "lowbias32"
            bits = ((bits ^ (bits >> np.uint64(16))) * np.uint64(multiplier)) & mask
        found.append(((bits ^ (bits >> np.uint64(16))) & mask).astype(float) / 2**32)
    return np.stack(found, -1)
