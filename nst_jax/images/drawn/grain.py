"""Random fields: clouds of noise, streaks along a flow, wood, canvas and paper, and light on a relief."""

from collections.abc import Sequence

import numpy as np
from scipy import ndimage


def normalised(field: np.ndarray) -> np.ndarray:
    """The field shifted and scaled to mean 0 and standard deviation 1."""
    return (field - field.mean()) / (field.std() + 1e-12)


def blurred_noise(rng: np.random.Generator, shape: tuple[int, ...], sigma: float | Sequence[float]) -> np.ndarray:
    """White noise blurred by a Gaussian of `sigma` pixels (one number, or one for each axis), mean 0, deviation 1."""
    return normalised(ndimage.gaussian_filter(rng.standard_normal(shape), sigma, mode="wrap"))


def fractal(rng: np.random.Generator, shape: tuple[int, int], largest: float, slope: float = 1.0) -> np.ndarray:
    """Noise whose amplitude falls as 1/frequency**(1 + slope), with no waves longer than `largest` pixels."""
    fy, fx = np.fft.fftfreq(shape[0])[:, None], np.fft.rfftfreq(shape[1])[None]
    frequency = np.hypot(fy, fx)
    amplitude = 1 / np.maximum(frequency, 1 / largest) ** (1 + slope)
    amplitude[0, 0] = 0
    spectrum = np.fft.rfft2(rng.standard_normal(shape))
    return normalised(np.fft.irfft2(spectrum * amplitude, s=shape))


def along(noise: np.ndarray, direction: np.ndarray, length: int) -> np.ndarray:
    """Line integral convolution: `noise` [h, w] averaged over `length` pixels up and down the flow [h, w, 2] (x, y)."""
    h, w = noise.shape
    # at half the resolution: the average is smooth, and this is what takes the time
    noise, direction = noise[::2, ::2].astype(np.float32), direction[::2, ::2].astype(np.float32)
    total = noise.copy()
    for sign in (1, -1):
        y, x = np.indices(noise.shape, np.float32)
        i, j = y.astype(np.int32), x.astype(np.int32)
        for _ in range(length // 4):
            x += sign * direction[i, j, 0]
            y += sign * direction[i, j, 1]
            i, j = (
                np.clip(y, 0, noise.shape[0] - 1).astype(np.int32),
                np.clip(x, 0, noise.shape[1] - 1).astype(np.int32),
            )
            total += noise[i, j]
    return normalised(total.repeat(2, 0).repeat(2, 1)[:h, :w])


def weave(rng: np.random.Generator, shape: tuple[int, int], period: float) -> np.ndarray:
    """Height of a canvas of plain weave in about [-1, 1], threads `period` pixels apart and of uneven thickness."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(float)
    x += 0.25 * period * fractal(rng, shape, 12 * period)
    y += 0.25 * period * fractal(rng, shape, 12 * period)
    a, b = np.pi * x / period, np.pi * y / period
    over = np.sin(a) * np.sin(b)
    return over * np.abs(np.cos(a) * np.cos(b)) ** 0.3 + 0.3 * blurred_noise(rng, shape, (0.4 * period, 0.4 * period))


def wood(
    rng: np.random.Generator, shape: tuple[int, int], period: float, knots: Sequence[tuple[float, ...]] = ()
) -> np.ndarray:
    """Grain of a plank sawn lengthwise, in [0, 1]: rings `period` pixels apart, drawn out in x, around `knots`.

    Each knot is (x, y, radius) in pixels; the rings bend around it.
    """
    y, x = np.mgrid[: shape[0], : shape[1]].astype(float)
    ring = (
        y
        + 5
        * period
        * ndimage.zoom(fractal(rng, (shape[0] // 8 + 1, 64), 64), (8, shape[1] / 64 + 0.1), order=1)[
            : shape[0], : shape[1]
        ]
    )
    for kx, ky, radius in knots:
        distance2 = ((x - kx) / 3.5) ** 2 + (y - ky) ** 2
        ring += np.sign(y - ky) * radius * np.exp(-distance2 / (4 * radius**2)) * -1.5
    rings = 0.5 + 0.5 * np.sin(2 * np.pi * ring / period)
    fibres = blurred_noise(rng, shape, (0.8, 30))
    return np.clip(0.65 * rings**2 + 0.2 * fibres + 0.15, 0, 1)


def paper(rng: np.random.Generator, shape: tuple[int, int], unit: float = 1.0) -> np.ndarray:
    """Tone of laid paper, mean 1, deviation about 0.03: fibres, tooth and faint clouds; `unit` scales its features."""
    tooth = blurred_noise(rng, shape, 1.2 * unit)
    fibres = blurred_noise(rng, shape, (0.8 * unit, 7 * unit)) + blurred_noise(rng, shape, (7 * unit, 0.8 * unit))
    clouds = fractal(rng, shape, 300 * unit)
    return 1 + 0.012 * tooth + 0.008 * fibres + 0.018 * clouds


def relief(
    picture: np.ndarray,
    height: np.ndarray,
    strength: float = 0.5,
    gloss: float = 0.0,
    light: tuple[float, float] = (-0.6, -0.8),
) -> np.ndarray:
    """`picture` [h, w, 3] lit from `light` (x, y; up is negative) as if its paint stood `height` [h, w] pixels high."""
    dy, dx = np.gradient(height)
    slope = -(dx * light[0] + dy * light[1])
    slope /= np.sqrt(1 + dx**2 + dy**2)
    shade = 1 + strength * slope
    shine = gloss * np.clip(slope - 0.25, 0, None) ** 2
    return np.clip(picture * shade[..., None] + shine[..., None], 0, 1)


def ramp(value: np.ndarray, stops: Sequence[tuple[float, str]]) -> np.ndarray:
    """Colours [..., 3] for `value` [...] from `stops`, a list of (value, "#rrggbb") in rising order."""
    places = [place for place, _ in stops]
    colours = np.array([rgb(code) for _, code in stops])
    return np.stack([np.interp(value, places, colours[:, i]) for i in range(3)], axis=-1)


def rgb(code: str) -> np.ndarray:
    """The colour [3] in [0, 1] of "#rrggbb"."""
    return np.array([int(code[i : i + 2], 16) for i in (1, 3, 5)]) / 255


def smoothstep(low: float | np.ndarray, high: float | np.ndarray, value: float | np.ndarray) -> np.ndarray:
    """0 below `low`, 1 above `high`, a smooth cubic between."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)
