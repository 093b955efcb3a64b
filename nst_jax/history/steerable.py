"""The steerable pyramid in the Fourier domain (Simoncelli and Freeman 1995): oriented bands at octaves of frequency.

The filters are a tight frame on the torus: their squared moduli sum to 1 at every frequency. So the same filters,
conjugated, put the picture together again, and the mean squares of all bands sum to that of the picture.
"""

from collections.abc import Sequence
from functools import cache, partial
from math import factorial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Complex, Float

from ..errors import ShapeError
from .chosen import check

SMALLEST = 4  # pixels of the last low-pass along its shorter side


class Pyramid(NamedTuple):
    """A picture's bands. Level s has 2^−s of its pixels along each side.

    Attributes:
        high: [..., h, w], what lies above all bands.
        bands: one a scale, the finest first: [..., K, h_s, w_s], complex; the imaginary part is the Hilbert transform
            of the real part across the band's orientation.
        low: [..., h_S, w_S], what lies below all bands.
    """

    high: Array | np.ndarray
    bands: Sequence[Array | np.ndarray]
    low: Array | np.ndarray


class Filters(NamedTuple):
    """Transfer functions, with frequencies in the order of `np.fft.fftfreq`.

    Attributes:
        high: [h, w].
        bands: one a scale: [K, h_s, w_s], of the real bands, on the whole plane.
        analytic: likewise, of the complex bands: twice `bands` on the half plane of the orientation.
        lows: S + 1 of [h_s, w_s]: lows[s] is what has passed all low-pass filters before scale s.
    """

    high: np.ndarray
    bands: tuple[np.ndarray, ...]
    analytic: tuple[np.ndarray, ...]
    lows: tuple[np.ndarray, ...]


@cache
def filters(h: int, w: int, scales: int, orientations: int) -> Filters:
    """The filters for pictures of one shape.

    With the radius r in units of the Nyquist frequency, n = K − 1 and θ_k = π k / K, the edge at r = 2^−s is
    L_s = cos(π/2 · clip(log₂ r + s + 1, 0, 1)) and H_s = √(1 − L_s²); band k of scale s is
    L_s H_{s+1} iⁿ α cosⁿ(θ − θ_k) with α² = 2^{2n} n!² / (K (2n)!), the high-pass H_0, the low-pass L_S.

    Args:
        h: height in pixels.
        w: width in pixels.
        scales: S ≥ 1.
        orientations: K ≥ 2.

    Returns:
        Complex64 and float32.

    Raises:
        ShapeError: if the picture is too small for the scales.
        SettingError: for fewer scales or orientations.
    """
    check("scales", scales, 1)
    check("orientations", orientations, 2)
    if min(h, w) < SMALLEST * 2**scales:
        raise ShapeError(
            f"{w} × {h} pixels are too few for {scales} scales, which need {SMALLEST * 2**scales}; ask for fewer scales"
        )
    fy, fx = np.fft.fftfreq(h)[:, None], np.fft.fftfreq(w)
    with np.errstate(divide="ignore"):
        octave = np.log2(2 * np.hypot(fy, fx))
    theta = np.arctan2(fy, fx)
    n = orientations - 1
    alpha = 2**n * factorial(n) / np.sqrt(orientations * factorial(2 * n))
    cosine = np.cos(theta - np.pi * np.arange(orientations)[:, None, None] / orientations)
    angular = 1j**n * alpha * cosine**n

    def edge(s: int) -> tuple[np.ndarray, np.ndarray]:
        phase = np.pi / 2 * np.clip(octave + s + 1, 0, 1)
        return np.cos(phase), np.sin(phase)

    low, high = edge(0)
    lows, bands, analytic = [low], [], []
    for s in range(scales):
        size = level_shape(h, w, s)
        below, above = edge(s + 1)
        band = cropped(lows[-1] * above * angular, size)
        bands.append(band.astype(np.complex64))
        analytic.append((2 * band * (cropped(cosine, size) > 0)).astype(np.complex64))
        lows.append(lows[-1] * below)
    lows = [cropped(each, level_shape(h, w, s)).astype(np.float32) for s, each in enumerate(lows)]
    return Filters(high.astype(np.float32), tuple(bands), tuple(analytic), tuple(lows))


@partial(jax.jit, static_argnames=("scales", "orientations"))
def build(x: Float[Array, "*C h w"], scales: int = 4, orientations: int = 4) -> Pyramid:
    """The pyramid of pictures, which are taken as periodic.

    Args:
        x: [..., h, w].
        scales: S ≥ 1, octaves.
        orientations: K ≥ 2.

    Returns:
        The high-pass, the bands and the low-pass, sampled at the rate of their level, in the units of x.

    Raises:
        ShapeError: as in `filters`.
        SettingError: as in `filters`.

    Source: Simoncelli and Freeman, "The Steerable Pyramid", ICIP 1995; Portilla and Simoncelli 2000 for complex bands.
    """
    h, w = x.shape[-2:]
    passes = filters(h, w, scales, orientations)
    X = jnp.fft.fft2(x, norm="forward")
    bands = [inverse(cropped(X, mask.shape[1:])[..., None, :, :] * mask) for mask in passes.analytic]
    low = passes.lows[-1]
    return Pyramid(inverse(X * passes.high).real, bands, inverse(cropped(X, low.shape) * low).real)


@jax.jit
def collapse(pyramid: Pyramid) -> Float[Array, "*C h w"]:
    """The picture that a pyramid's real parts make: x for `build(x)`.

    Args:
        pyramid: its bands may be real or complex.

    Returns:
        [..., h, w]
    """
    h, w = shape = pyramid.high.shape[-2:]
    passes = filters(h, w, len(pyramid.bands), pyramid.bands[0].shape[-3])
    X = jnp.fft.fft2(pyramid.high, norm="forward") * passes.high
    for band, mask in zip(pyramid.bands, passes.bands, strict=True):
        spectrum = jnp.fft.fft2(jnp.real(band), norm="forward") * mask.conj()
        X += padded(spectrum.sum(-3), shape)
    X += padded(jnp.fft.fft2(pyramid.low, norm="forward") * passes.lows[-1], shape)
    return inverse(X).real


def level_shape(h: int, w: int, s: int) -> tuple[int, int]:
    """Height and width of scale s: halved s times, rounded up."""
    return -(-h // 2**s), -(-w // 2**s)


def inverse(X: Complex[Array, "*C h w"]) -> Complex[Array, "*C h w"]:
    """The picture of Fourier coefficients; with as many pixels as coefficients, it keeps its units at any size."""
    return jnp.fft.ifft2(X, norm="forward")


def cropped(X: Any, size: tuple[int, ...]) -> Any:
    """The coefficients of the lowest frequencies, NumPy's or JAX's: [..., h, w] → [..., *size]."""
    concatenate = np.concatenate if isinstance(X, np.ndarray) else jnp.concatenate
    for axis, n in zip((-2, -1), size, strict=True):
        if X.shape[axis] != n:
            first = (..., slice((n + 1) // 2), *[slice(None)] * (-1 - axis))
            last = (..., slice(X.shape[axis] - n // 2, None), *[slice(None)] * (-1 - axis))
            X = concatenate([X[first], X[last]], axis)
    return X


def padded(X: Complex[Array, "*C h w"], size: tuple[int, ...]) -> Complex[Array, "*C H W"]:
    """Coefficients among zeros for the higher frequencies: [..., h, w] → [..., *size]."""
    for axis, n in zip((-2, -1), size, strict=True):
        k = X.shape[axis]
        if k != n:
            first = (..., slice((k + 1) // 2), *[slice(None)] * (-1 - axis))
            last = (..., slice((k + 1) // 2, None), *[slice(None)] * (-1 - axis))
            between = [*X.shape]
            between[axis] = n - k
            X = jnp.concatenate([X[first], jnp.zeros(between, X.dtype), X[last]], axis)
    return X
