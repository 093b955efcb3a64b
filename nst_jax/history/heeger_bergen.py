"""Texture synthesis by the histograms of a pyramid's bands (Heeger and Bergen 1995)."""

import numpy as np
from jaxtyping import Float

from ..images.picture import Picture
from .chosen import check
from .pca import colour_axes
from .periodic import periodic_component
from .samples import checked_sample
from .steerable import SMALLEST, Pyramid, build, collapse


def heeger_bergen(
    a: Picture,
    shape: tuple[int, int],
    *,
    seed: int = 0,
    iterations: int = 5,
    scales: int = 4,
    orientations: int = 4,
) -> Picture:
    """A texture that has the histograms of the sample, and of the bands of its steerable pyramid.

    White noise gets the histogram of the sample. Then, again and again: each band of its pyramid gets the histogram of
    the sample's band, the pyramid is collapsed, and the picture gets the histogram of the sample. The channels are
    those in which the colours of the sample are uncorrelated; each is made by itself.

    What it does not see: which bands are strong at one place. Lines break up, bricks become strokes, pebbles grain; and
    bright spots of one channel need not lie on those of another, so that false colours appear.

    Args:
        a: [H, W, 3] in [0, 1], the sample.
        shape: (h, w) of the texture, in pixels.
        seed: of the noise.
        iterations: ≥ 1.
        scales: of the pyramid, ≥ 1.
        orientations: of the pyramid, ≥ 2.

    Returns:
        [h, w, 3] in [0, 1], periodic where its sides are at least 4 · 2^scales.

    Raises:
        ImageError: if the sample is too small for the scales.
        SettingError: for a setting out of its range.

    Departs from the paper: the bands of the sample are those of its periodic component, so that its borders make no
    edges (as Briand et al. do).

    Source: Heeger and Bergen, "Pyramid-Based Texture Analysis/Synthesis", SIGGRAPH 1995; Briand, Vacher, Galerne and
    Rabin, "The Heeger & Bergen Pyramid Based Texture Synthesis Algorithm", IPOL 2014.
    """
    check("iterations", iterations, 1)
    check("scales", scales, 1, 12)
    check("orientations", orientations, 2)
    a = checked_sample(a, shape, least := SMALLEST * 2**scales, f"{scales} scales")
    axes = colour_axes(a)
    values = [np.sort(channel, None) for channel in axes.channels(a)]
    periodic = np.moveaxis(periodic_component(np.moveaxis(axes.channels(a), 0, -1)), -1, 0)
    wanted = [sorted_bands(build(channel, scales, orientations)) for channel in periodic]
    rng = np.random.default_rng(seed)
    z = rng.standard_normal((len(values), *(max(side, least) for side in shape))).astype(np.float32)
    for c, channel in enumerate(z):
        x = with_histogram(channel, values[c])
        for _ in range(iterations):
            x = np.asarray(collapse(with_histograms(build(x, scales, orientations), wanted[c])))
            x = with_histogram(x, values[c])
        z[c] = x
    return axes.colours(z[:, : shape[0], : shape[1]])


def with_histogram(x: Float[np.ndarray, "*n"], values: Float[np.ndarray, "m"]) -> Float[np.ndarray, "*n"]:
    """x with another distribution of its values, in the same order of size.

    The value of rank i of n becomes the (i + ½)/n quantile of the wanted values, between which it is linear. For n = m
    it is a permutation of them.

    Args:
        x: of any shape, n values.
        values: [m], the wanted ones, ascending.

    Returns:
        Of the shape of x.
    """
    y = np.empty(x.size, np.float32)
    at = (np.arange(x.size) + 0.5) / x.size * len(values) - 0.5
    y[np.argsort(x, axis=None, kind="stable")] = np.interp(at, np.arange(len(values)), values)
    return y.reshape(x.shape)


def sorted_bands(pyramid: Pyramid) -> list[np.ndarray]:
    """The real parts of each band, ascending, from the high-pass to the low-pass."""
    return [np.sort(band, None) for band in real_bands(pyramid)]


def with_histograms(pyramid: Pyramid, wanted: list[np.ndarray]) -> Pyramid:
    """The pyramid of real bands that have the wanted distributions, given in the order of `sorted_bands`."""
    high, *bands, low = map(with_histogram, real_bands(pyramid), wanted)
    K = pyramid.bands[0].shape[-3]
    return Pyramid(high, [np.stack(bands[i : i + K]) for i in range(0, len(bands), K)], low)


def real_bands(pyramid: Pyramid) -> list[np.ndarray]:
    """The real parts of all bands, one by one, from the high-pass to the low-pass."""
    oriented = [band for scale in pyramid.bands for band in np.real(scale)]
    return [np.asarray(pyramid.high), *oriented, np.asarray(pyramid.low)]
