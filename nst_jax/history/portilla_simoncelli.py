"""Texture synthesis by joint statistics of wavelet coefficients (Portilla and Simoncelli 2000), by gradient."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import jax
import jax.numpy as jnp
import numpy as np
from flax import struct
from jax import Array
from jaxtyping import Float

from ..images.picture import Picture
from ..optim.lbfgs import lbfgs
from ..optim.loop import minimize
from .chosen import check, check_odd
from .joint_statistics import joint_statistics
from .pca import colour_axes
from .periodic import periodic_component
from .samples import checked_sample
from .steerable import SMALLEST, build, collapse

FLOOR = 1e-6  # variance below which a band of whitened channels counts as empty
RANGE = "range"


def portilla_simoncelli(
    a: Picture,
    shape: tuple[int, int],
    *,
    seed: int = 0,
    steps: int = 80,
    scales: int = 4,
    orientations: int = 4,
    lags: int = 7,
) -> Picture:
    """A texture that has the joint statistics of the sample's wavelet coefficients.

    L-BFGS minimises the squared differences of all statistics. It starts from noise whose bands have the sample's
    spread: from white noise, what is left of the highest frequencies would show as a checkerboard, since of the
    high-pass only the variance counts. The channels are those in which the colours of the sample are uncorrelated.

    What it does not see: long lines that meet, objects, and what differs from one side of the sample to the other.
    Bricks become pieces of bricks, apples patches of their colours; a sample with a gradient loses contrast.

    Args:
        a: [H, W, 3] in [0, 1], the sample.
        shape: (h, w) of the texture, in pixels.
        seed: of the noise.
        steps: evaluations of the objective, ≥ 1.
        scales: of the pyramid, ≥ 1.
        orientations: of the pyramid, ≥ 2.
        lags: side of the square of shifts of autocorrelations, odd, ≥ 1.

    Returns:
        [h, w, 3] in [0, 1], periodic where its sides are multiples of 2^scales, from 4 · 2^scales up.

    Raises:
        ImageError: if the sample is too small for the scales.
        SettingError: for a setting out of its range.

    Departs from the paper: gradients in place of projections on one statistic after the other; colours, with the bands
    of all channels correlated; minimum and maximum bound each channel; the statistics are those of the sample's
    periodic component.

    Source: Portilla and Simoncelli, International Journal of Computer Vision 40, 2000.
    """
    check("steps", steps, 1)
    check("scales", scales, 1, 12)
    check("orientations", orientations, 2)
    check_odd("lags", lags, 1)
    least, multiple = SMALLEST * 2**scales, 2**scales
    a = checked_sample(a, shape, least, f"{scales} scales")
    a = a[: len(a) // multiple * multiple, : a.shape[1] // multiple * multiple]
    axes = colour_axes(a)
    z = axes.channels(a)  # [C, H, W]
    objective = JointStatistics.of(z, scales, orientations, lags)
    h, w = (max(least, -(-side // multiple) * multiple) for side in shape)
    noise = np.random.default_rng(seed).standard_normal((len(z), h, w)).astype(np.float32)
    x0 = objective.places(np.asarray(with_spread_of_bands(noise, z, scales, orientations)))
    last = minimize(objective, x0, lbfgs(), steps)
    x = axes.colours(objective.channels(last.image))
    return np.ascontiguousarray(x[: shape[0], : shape[1]])


@dataclass(frozen=True)
class Kind:
    """One kind of statistic, as a term of the objective."""

    name: str
    layer: None = None

    @property
    def kind(self) -> str:
        return self.name


@struct.dataclass
class JointStatistics:
    """Σ over kinds and scales of the mean of ((S − S*) / unit)², and a penalty on what leaves the sample's range.

    The range of each of the sample's channels is [0, 1] in the picture u [h, w, C]. Units are the sample's: covariances
    count as correlations, skewness by the root of the kurtosis, kurtosis by itself.

    Attributes:
        target: S*, by name.
        unit: likewise.
        low: [C], the least of each channel of the sample.
        high: [C], the greatest.
        scales: of the pyramid.
        orientations: of the pyramid.
        lags: of the autocorrelations.
    """

    target: Mapping[str, Array | np.ndarray]
    unit: Mapping[str, Array | np.ndarray]
    low: Array | np.ndarray
    high: Array | np.ndarray
    scales: int = struct.field(pytree_node=False)
    orientations: int = struct.field(pytree_node=False)
    lags: int = struct.field(pytree_node=False)

    @classmethod
    def of(cls, z: Float[np.ndarray, "C H W"], scales: int = 4, orientations: int = 4, lags: int = 7) -> Self:
        """The objective of a sample with whitened channels z, whose sides are multiples of 2^scales."""
        periodic = np.moveaxis(periodic_component(np.moveaxis(z, 0, -1)), -1, 0)
        target = jax.tree.map(np.asarray, joint_statistics(periodic, scales, orientations, lags))
        low, high = z.min((1, 2)), z.max((1, 2))
        high = np.maximum(high, low + 1e-3)  # a channel of one value
        return cls(target, units(target, scales), low, high, scales, orientations, lags)

    @property
    def terms(self) -> list[Kind]:
        return [Kind(name) for name in dict.fromkeys([name.split("/")[0] for name in self.target])] + [Kind(RANGE)]

    def breakdown(self, x: Float[Array, "h w C"]) -> dict[str, Array]:
        """Loss by kind of statistic, of a picture u."""
        u = x
        S = joint_statistics(self.channels(u), self.scales, self.orientations, self.lags)
        losses = {term.name: jnp.zeros(()) for term in self.terms}
        for name, target in self.target.items():
            difference = cut(S[name], target) - cut(target, S[name])
            losses[name.split("/")[0]] += jnp.mean((difference / self.unit[name]) ** 2)
        outside = (self.high - self.low) * (u - jnp.clip(u, 0, 1))
        losses[RANGE] = jnp.mean(outside**2)
        return losses

    def channels(self, u: Any) -> Any:
        """Whitened channels [C, h, w] of a picture u [h, w, C], NumPy's or JAX's."""
        return (self.low + u * (self.high - self.low)).transpose(2, 0, 1)

    def places(self, z: Any) -> Any:
        """The picture u [h, w, C] of whitened channels [C, h, w], NumPy's or JAX's."""
        return (z.transpose(1, 2, 0) - self.low) / (self.high - self.low)


@partial(jax.jit, static_argnames=("scales", "orientations"))
def with_spread_of_bands(
    x: Float[np.ndarray, "C h w"], z: Float[np.ndarray, "C H W"], scales: int, orientations: int
) -> Float[Array, "C h w"]:
    """x with each band of its pyramid multiplied so that it has the spread of that band of z."""

    def matched(band: Array, of: Array) -> Array:
        spreads = [jnp.real(each).std((-2, -1), keepdims=True) for each in (of, band)]
        return jnp.real(band) * spreads[0] / spreads[1]

    return collapse(jax.tree.map(matched, build(x, scales, orientations), build(z, scales, orientations)))


def cut(A: Array | np.ndarray, B: Array | np.ndarray) -> Array | np.ndarray:
    """A, where it has three axes with the middle of the last two, no larger than B: levels limit the shifts."""
    if A.ndim < 3:
        return A
    least = min(A.shape[-1], B.shape[-1])
    begin = (A.shape[-1] - least) // 2
    return A[:, begin : begin + least, begin : begin + least]


def units(S: Mapping[str, np.ndarray], scales: int) -> dict[str, np.ndarray]:
    """What each statistic counts in, of the same shape or broadcasting to it."""

    def spread(name: str) -> np.ndarray:  # standard deviations of a covariance's maps
        return np.sqrt(np.diagonal(S[name]) + FLOOR)

    def by_kurtosis(kurtosis: np.ndarray) -> np.ndarray:
        return np.stack([np.sqrt(kurtosis), kurtosis], -1)

    def centre(name: str) -> np.ndarray:  # the variance of an autocovariance's map
        middle = S[name].shape[1] // 2
        return S[name][:, middle, middle, None, None] + FLOOR

    C = len(S["moments"])
    pairs = np.sqrt(np.diagonal(S["colours"][:, C:]) + FLOOR)
    unit = {
        "moments": np.concatenate([np.ones((C, 2)), by_kurtosis(1 + S["moments"][:, 3])], -1),
        "colours": np.outer(pairs, np.concatenate([np.ones(C), pairs])),
        "high": np.outer(spread("high"), spread("high")),
    }
    for s in range(scales + 1):
        unit[f"moments of lows/{s}"] = by_kurtosis(1 + S[f"moments of lows/{s}"][:, 1])
        unit[f"autocorrelation of lows/{s}"] = centre(f"autocorrelation of lows/{s}")
    for s in range(scales):
        moduli, parts = spread(f"moduli/{s}"), spread(f"real parts/{s}")
        unit[f"autocorrelation of moduli/{s}"] = centre(f"autocorrelation of moduli/{s}")
        unit[f"mean moduli/{s}"] = parts
        unit[f"moduli/{s}"] = np.outer(moduli, moduli)
        unit[f"real parts/{s}"] = np.outer(parts, parts)
        if s + 1 < scales:
            unit[f"moduli of parents/{s}"] = np.outer(moduli, spread(f"moduli/{s + 1}"))
            unit[f"phases of parents/{s}"] = np.outer(parts, np.tile(spread(f"real parts/{s + 1}"), 2))
    return {name: value.astype(np.float32) for name, value in unit.items()}
