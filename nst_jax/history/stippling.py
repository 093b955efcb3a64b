"""Stippling: dots of ink whose density is the photo's darkness, by weighted centroidal Voronoi diagrams."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from jaxtyping import Float
from scipy.spatial import KDTree

from ..images.picture import Picture
from .brush import lay
from .chosen import check
from .tone import darkness_of

Points = Float[np.ndarray, "n 2"]
Density = Float[np.ndarray, "h w"]

PER_REGION = 12  # places of the grid that a region has on average, at least


def stippling(
    p: Picture,
    a: None = None,
    *,
    seed: int,
    dots: int = 15_000,
    iterations: int = 20,
    contrast: float = 1.0,
    gamma: float = 1.3,
    detail: float = 1.0,
    ink: float = 1.0,
) -> Picture:
    """Black dots of one size: each lies in the middle of its region, and all regions are about equally dark.

    Points sampled from the density ρ = darkness^γ are moved by Lloyd's algorithm: each goes to the centroid
    Σ ρ x / Σ ρ over the places x that are nearest to it. A dot's area is ink · Σ ρ / dots.

    What is smaller than the distance of two dots, about √(h w / dots), is lost: a face of 50 pixels takes more dots.

    Args:
        p: [h, w, 3] in [0, 1], the photo.
        a: no painting.
        seed: of the first points.
        dots: how many, at most; fewer where the photo has fewer dark pixels.
        iterations: of Lloyd's algorithm.
        contrast: the photo's, relative to what stretches its lightness over the whole range.
        gamma: γ, of the density; large values leave light tones white.
        detail: how much what differs from its surroundings is enlarged: eyes in a dark face, or in a light one; 0 keeps
            the photo's tones.
        ink: area of the dots, relative to the photo's darkness.

    Returns:
        [h, w, 3] in [0, 1], black on white.

    Departs from the paper: regions are measured on a grid of places that is refined until a region has 12 of them on
    average, each with the density of its pixel, instead of at a fixed resolution; detail is enlarged first.

    Source: Secord, Weighted Voronoi Stippling, 2002.
    """
    check("dots", dots, 1, 200_000)
    check("iterations", iterations, 0, 1000)
    check("contrast", contrast, 0)
    check("gamma", gamma, 0.05)
    check("detail", detail, 0, 100)
    check("ink", ink, 0, 10)
    density = darkness_of(p, contrast, 0.0, detail) ** gamma
    canvas = np.ones_like(p)
    points = sampled(np.random.default_rng(seed), density, dots)
    if len(points):
        *_, (points, _) = lloyd(points, density, iterations)
        radius = np.sqrt(ink * density.sum() / (np.pi * len(points)))
        lay(canvas, points[:, None], np.ones(len(points), int), radius, np.zeros((len(points), 3)), 1.0)
    return canvas


def sampled(rng: np.random.Generator, density: Density, n: int) -> Points:
    """Points with the density of the pixels that they lie in.

    Args:
        rng: random numbers.
        density: [h, w] ≥ 0; pixel (i, j) is centred on x = j, y = i.
        n: number of points; none are sampled from a density of 0.

    Returns:
        [n, 2], (x, y).
    """
    if density.max() <= 1e-6:
        return np.zeros((0, 2))
    at = np.searchsorted(np.cumsum(density.ravel()) / density.sum(), rng.random(n), side="right")
    y, x = np.divmod(np.minimum(at, density.size - 1), density.shape[1])
    return np.stack([x, y], axis=-1) + rng.uniform(-0.5, 0.5, (n, 2))


def lloyd(points: Points, density: Density, iterations: int) -> Iterator[tuple[Points, float]]:
    """Lloyd's algorithm: points on their way to the weighted centroids of their regions.

    Args:
        points: [n, 2], (x, y), in pixels.
        density: [h, w] ≥ 0.
        iterations: how many.

    Yields:
        The points before each iteration and at the end, and their energy Σ ρ |x − nearest point|², in square pixels:
        it never rises.
    """
    h, w = density.shape
    fine = int(np.ceil(np.sqrt(max(1, PER_REGION * len(points) / density.size))))
    y, x = (f.ravel() for f in (np.mgrid[: fine * h, : fine * w] + 0.5) / fine - 0.5)
    mass = density.repeat(fine, 0).repeat(fine, 1).ravel() / fine**2
    used = mass > 0
    places, mass = np.stack([x, y], axis=-1)[used], mass[used]
    for i in range(iterations + 1):
        found: Any = KDTree(points).query(places, workers=-1)
        distance, nearest = found
        yield points, float((mass * distance**2).sum())
        if i < iterations:
            total = np.bincount(nearest, mass, len(points))
            sums = np.stack([np.bincount(nearest, mass * places[:, c], len(points)) for c in (0, 1)], axis=-1)
            points = np.where(total[:, None] > 0, sums / np.maximum(total, 1e-300)[:, None], points)
