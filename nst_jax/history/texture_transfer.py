"""Style transfer by texture synthesis (Elad and Milanfar 2017): large patches of the painting, joined robustly, from
coarse to fine, fused with the photo where it has content."""

from itertools import product
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from scipy.ndimage import gaussian_filter, gaussian_gradient_magnitude
from skimage.restoration import denoise_tv_chambolle

from ..errors import SettingError, ShapeError
from ..images.luminance import luminance
from ..images.picture import Picture
from ..images.recolouring import match_colours
from ..images.resizing import halved, resample, resize
from .chosen import check
from .patch_fields import fits

NUMBERS = 4e7  # that the painting's patches may have; beyond, every s-th one of every s-th row is a candidate
SAMPLED = 400  # patches, for the principal components
KEPT = 0.95  # of their variance
PRODUCTS = 2**24  # of patches of the photo and of the painting, at once
NEAREST = 1e-3  # a distance that counts as none: bounds the weights of the robust mean


def texture_transfer(
    p: Picture,
    a: Picture,
    *,
    seed: int = 0,
    sides: tuple[int, ...] = (33, 21, 13, 9),
    gaps: tuple[int, ...] = (28, 18, 8, 5),
    scales: int = 3,
    updates: int = 3,
    r: float = 0.8,
    content_weight: float = 0.7,
    mask: Float[np.ndarray, "h w"] | None = None,
    noise: float = 0.2,
    denoise: float = 0.01,
) -> Picture:
    """The picture that patches of the painting agree on, fused with the photo.

    At each scale and for each side of patches, from large to small, an update has five steps: (1) patches R_k x, a gap
    apart, look for their nearest ones Q_k of the painting, among principal components; (2) x ← argmin_x
    Σ_k |R_k x − Q_k|^r, by ten reweighted means; (3) x ← (x + W p̂)/(1 + W), where p̂ is the photo in the painting's
    colours; (4) x gets the painting's colours; (5) total variation removes seams.

    Args:
        p: [h, w, 3] in [0, 1], the photo.
        a: [H, W, 3] in [0, 1], the painting.
        seed: of the noise, and of the sample for the principal components.
        sides: of the patches in pixels, at each scale; those that do not fit are left out.
        gaps: between patches in pixels, from 1 to the side, for each of the sides.
        scales: ≥ 1, each of twice the size of the one before.
        updates: ≥ 1, of each side at each scale.
        r: exponent of the distances, from 0 (excluded) to 2; 2 gives plain means, which blur.
        content_weight: W at most, ≥ 0.
        mask: [h, w] from 0 to 1, where the photo has content; None for `detail` of it.
        noise: σ of the Gaussian noise added at the start, ≥ 0.
        denoise: weight of total variation, ≥ 0.

    Returns:
        [h, w, 3] in [0, 1].

    Raises:
        ImageError: if a picture is smaller than the smallest patch.
        SettingError: for an invalid setting.
        ShapeError: if the mask does not have the shape of the photo.

    Where W is small and the patches are a large part of the picture, whole objects of the painting are copied: a face,
    say. Smaller sides, more content or a mask prevent it.

    Departs from the paper: the mask comes from gradients, where people or a segmentation drew it; total variation
    stands for its edge-preserving filter.

    Source: Elad and Milanfar, "Style-Transfer via Texture-Synthesis", 2017, arXiv 1609.03057.
    """
    if len(sides) != len(gaps) or not sides or not all(1 <= gap <= side for side, gap in zip(sides, gaps, strict=True)):
        raise SettingError(f"sides={sides}, gaps={gaps}: give a gap from 1 to the side for each side")
    for name, value, low, high in (
        ("scales", scales, 1, np.inf),
        ("updates", updates, 1, np.inf),
        ("r", r, 1e-3, 2),
        ("content_weight", content_weight, 0, np.inf),
        ("noise", noise, 0, np.inf),
        ("denoise", denoise, 0, np.inf),
    ):
        check(name, value, low, high)
    fits(p, min(sides), "the photo")
    fits(a, min(sides), "the painting")
    if mask is not None and mask.shape != p.shape[:2]:
        raise ShapeError(f"a mask {list(mask.shape)} for a photo {list(p.shape)}; give one number for each pixel")
    rng = np.random.default_rng(seed)
    W = content_weight * (detail(p) if mask is None else mask)[..., None].astype(np.float32)
    recoloured = np.clip(match_colours(p, a), 0, 1)
    x = None
    for scale in reversed(range(scales)):
        shape, shape_a = halved(p.shape, scale), halved(a.shape, scale)
        fitting = [(side, gap) for side, gap in zip(sides, gaps, strict=True) if side <= min(shape + shape_a)]
        if not fitting:
            continue
        p_, a_, W_ = resize(recoloured, shape), resize(a, shape_a), np.maximum(resample(W, shape), 0)
        x = resize(x, shape) if x is not None else p_ + noise * rng.standard_normal(p_.shape).astype(np.float32)
        for side, gap in fitting:
            of = candidates(a_, side, rng)
            for _ in range(updates):
                x = joined(x, of, side, gap, r)
                x = np.clip(match_colours((x + W_ * p_) / (1 + W_), a_), 0, 1)
                x = denoise_tv_chambolle(x, weight=denoise, channel_axis=-1) if denoise else x
    assert x is not None
    return x.astype(np.float32)


def detail(p: Picture) -> Float[np.ndarray, "h w"]:
    """Where a photo has content: the gradient of its luminance, smoothed, relative to where it is strongest.

    Args:
        p: [h, w, 3] in [0, 1].

    Returns:
        [h, w] from 0 to 1; 1 for the strongest twentieth, 0 for a photo of one colour.
    """
    σ = max(p.shape) / 256
    gradient = gaussian_filter(gaussian_gradient_magnitude(luminance(p), σ), 3 * σ)
    return np.clip(gradient / max(np.quantile(gradient, 0.95), 1e-3), 0, 1)


class Candidates(NamedTuple):
    """Patches of a painting, and what they are compared by.

    Attributes:
        patches: [K, s² 3].
        mean: [s² 3].
        axes: [s² 3, C], principal.
        projected: [K, C], (patches − mean) axes.
    """

    patches: np.ndarray
    mean: np.ndarray
    axes: np.ndarray
    projected: np.ndarray


def candidates(a: Picture, side: int, rng: np.random.Generator) -> Candidates:
    """The patches of a painting, or those on a grid of it, if they are too many.

    Args:
        a: [H, W, 3] in [0, 1].
        side: s of the patches, in pixels.
        rng: draws the sample that the principal components are computed from.
    """
    gap = 1
    while _count(a.shape, side, gap) * side**2 * 3 > NUMBERS:
        gap += 1
    patches = taken(a, _grid(a.shape, side, gap), side)
    sample = patches[rng.permutation(len(patches))[:SAMPLED]]
    mean = sample.mean(0)
    _, σ, axes = np.linalg.svd(sample - mean, full_matrices=False)
    held = np.cumsum(σ**2) / max(np.sum(σ**2), 1e-12)
    axes = axes[: int(np.searchsorted(held, KEPT)) + 1].T
    return Candidates(patches, mean, axes, (patches - mean) @ axes)


def joined(x: Picture, of: Candidates, side: int, gap: int, r: float) -> Picture:
    """argmin_x Σ_k |R_k x − Q_k|^r, where Q_k is the nearest of the candidates to R_k x.

    Args:
        x: [h, w, 3].
        of: the candidates.
        side: of their patches, in pixels.
        gap: between neighbouring patches of x, in pixels.
        r: from 0 to 2.

    Returns:
        [h, w, 3]
    """
    corners = _grid(x.shape, side, gap)
    found = _nearest((taken(x, corners, side) - of.mean) @ of.axes, of.projected)
    return robust_mean(x, of.patches[found], corners, side, r)


def robust_mean(
    x: Picture, Q: Float[np.ndarray, "M D"], corners: Int[np.ndarray, "M 2"], side: int, r: float, iterations: int = 10
) -> Picture:
    """argmin_x Σ_k |R_k x − Q_k|^r, by reweighted means.

    x ← Σ_k w_k R_kᵀ Q_k / Σ_k w_k R_kᵀ 1, with w_k = |R_k x − Q_k|^(r − 2).

    Args:
        x: [h, w, 3], the start.
        Q: [M, s² 3], a patch for each corner.
        corners: [M, 2], rows and columns; each pixel of x lies in a patch.
        side: s, in pixels.
        r: from 0 to 2; 2 takes the mean, whatever the start.
        iterations: ≥ 1.

    Returns:
        [h, w, 3]
    """
    squares = Q.reshape(-1, side, side, 3)
    for _ in range(iterations):
        distance = np.maximum(np.linalg.norm(taken(x, corners, side) - Q, axis=1), NEAREST)
        w = distance ** (r - 2)
        w /= w.max()
        total, mass = np.zeros(x.shape), np.zeros((*x.shape[:2], 1))
        for (i, j), weight, square in zip(corners, w, squares, strict=True):
            total[i : i + side, j : j + side] += weight * square
            mass[i : i + side, j : j + side] += weight
        x = (total / mass).astype(np.float32)
    return x


def _nearest(f: np.ndarray, g: np.ndarray) -> np.ndarray:
    """argmin_j |f_i − g_j|²: few rows of each shape, for which nothing is worth compiling."""
    half = 0.5 * np.sum(g**2, 1)
    blocks = np.array_split(f, -(-len(f) * len(g) // PRODUCTS))
    return np.concatenate([np.argmax(block @ g.T - half, 1) for block in blocks])


def taken(x: Float[np.ndarray, "h w N"], corners: Int[np.ndarray, "M 2"], side: int) -> Float[np.ndarray, "M D"]:
    """R_k x: the patches at some corners, [M, s² N]."""
    windows = np.lib.stride_tricks.sliding_window_view(x, (side, side), (0, 1))[corners[:, 0], corners[:, 1]]
    return np.moveaxis(windows, 1, -1).reshape(len(corners), -1)


def _grid(shape: tuple[int, ...], side: int, gap: int) -> Int[np.ndarray, "M 2"]:
    """The corners of patches a gap apart, and at the borders."""
    rows, columns = ([*range(0, n - side, gap), n - side] for n in shape[:2])
    return np.array(list(product(rows, columns)))


def _count(shape: tuple[int, ...], side: int, gap: int) -> int:
    rows, columns = (-(-(n - side) // gap) + 1 for n in shape[:2])
    return rows * columns
