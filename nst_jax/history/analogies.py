"""Image Analogies (Hertzmann et al. 2001): A is to A′ as B is to B′, where A′ is the painting, B the photo."""

from typing import Literal, NamedTuple, get_args

import numpy as np
from jaxtyping import Float
from scipy.ndimage import gaussian_filter
from scipy.spatial import KDTree

from ..errors import SettingError
from ..images.luminance import luminance, with_luminance
from ..images.picture import Picture
from ..images.recolouring import match_colours
from ..images.resizing import halved, resample
from .chosen import check
from .patch_fields import fits

Colours = Literal["painting", "photo"]

FINE, COARSE = 5, 3  # sides of the neighbourhoods, in pixels
CAUSAL = (FINE * FINE) // 2  # how many pixels of the fine one precede its centre in the order of a scan
KEPT = 0.97  # of the variance of the features, by their principal components, which are those of
SAMPLED = 20_000  # of them, at least


class Level(NamedTuple):
    """One scale of a pair: what is given and what is painted, [h, w, N] both."""

    plain: np.ndarray
    painted: np.ndarray


def image_analogy(
    p: Picture,
    a: Picture,
    *,
    seed: int = 0,
    kappa: float = 5.0,
    scales: int = 5,
    blur: float = 1.0,
    colours: Colours = "painting",
    slack: float = 1.0,
) -> Picture:
    """B′ such that A : A′ :: B : B′, for A′ = a, A = a blurred, and B = p.

    From coarse to fine, and pixel by pixel in the order of a scan, q of B′ copies that pixel of A′ whose surroundings
    are most like its own: 5 × 5 pixels of A and those of A′ that precede it, and 3 × 3 pixels of both at the coarser
    scale. There are two candidates: the nearest of all pixels, at the squared distance d, and the nearest of those that
    continue what q's neighbours copied, at d_c. The second is taken if d_c ≤ d (1 + 2^(l − L) κ) at scale l, L being
    the finest.

    Args:
        p: [h, w, 3] in [0, 1], the photo.
        a: [H, W, 3] in [0, 1], the painting.
        seed: not used; nothing is drawn.
        kappa: κ ≥ 0: how much coherence is preferred; larger pieces of the painting appear. 0.5–5 is usual.
        scales: ≥ 1, each of twice the size of the one before.
        blur: σ of the Gaussian that makes A of A′, in hundredths of the longest side of A, ≥ 0; strokes up to about
            that size are the painting's, larger shapes the photo's.
        colours: "painting" compares and copies all three channels, after B was given the colours of A; "photo" compares
            and copies luminance, and keeps the photo's chrominance.
        slack: ≥ 0; the nearest of all pixels is found up to a factor 1 + slack. 0 for exactly.

    Returns:
        [h, w, 3] in [0, 1]. With "painting", every pixel is one of the painting's.

    Raises:
        ImageError: if a picture is smaller than a neighbourhood.
        SettingError: for an invalid setting.

    Departs from the paper: "painting" is ours. Beyond a border of B′ the painted pixels count as the mean of A′, in A′
    too. Features are projected on principal components that hold 97 % of their variance. Pixels that do not depend on
    each other are made at once, which changes nothing: see `waves`.

    Source: Hertzmann, Jacobs, Oliver, Curless and Salesin, "Image Analogies", SIGGRAPH 2001.
    """
    if colours not in get_args(Colours):
        raise SettingError(f"colours={colours!r}: give {', '.join(get_args(Colours))}")
    for name, value, least in (("kappa", kappa, 0), ("scales", scales, 1), ("blur", blur, 0), ("slack", slack, 0)):
        check(name, value, least)
    fits(p, FINE, "the photo")
    fits(a, FINE, "the painting")
    if colours == "painting":
        B, painted = np.clip(match_colours(p, a), 0, 1), a
    else:
        B, painted = luminance(p)[..., None], remapped(luminance(a), luminance(p))[..., None]
    σ = blur / 100 * max(a.shape)
    A = gaussian_filter(painted, (σ, σ, 0)) if blur else painted
    x = analogy(A, painted, B, kappa=kappa, scales=scales, slack=slack)
    return np.clip(x if colours == "painting" else with_luminance(p, x[..., 0]), 0, 1)


def remapped(Y: Float[np.ndarray, "H W"], to: Float[np.ndarray, "h w"]) -> Float[np.ndarray, "H W"]:
    """Luminance with the mean and the spread of another's: (Y − μ) σ*/σ + μ*."""
    return (Y - Y.mean()) * (to.std() / max(Y.std(), 1e-6)) + to.mean()


def analogy(
    A: Float[np.ndarray, "H W N"],
    painted: Float[np.ndarray, "H W N"],
    B: Float[np.ndarray, "h w N"],
    *,
    kappa: float,
    scales: int,
    slack: float,
) -> Float[np.ndarray, "h w N"]:
    """B′ such that A : A′ :: B : B′.

    Args:
        A: [H, W, N].
        painted: A′, [H, W, N].
        B: [h, w, N].
        kappa: κ of the preference for coherence.
        scales: at most; those at which a picture is smaller than 16 pixels are left out.
        slack: of the nearest pixel.

    Returns:
        [h, w, N], pixels of A′.
    """
    below: tuple[Level, Level] | None = None
    for scale in reversed(range(scales)):
        shapes = [halved(x.shape, scale) for x in (A, B)]
        if scale and min(map(min, shapes)) < 16:
            continue
        pair = Level(*(_reduced(x, shapes[0], scale) for x in (A, painted)))
        plain = _reduced(B, shapes[1], scale)
        x = _painted(pair, plain, below, kappa * 2.0**-scale, slack)
        below = pair, Level(plain, x)
    assert below is not None
    return below[1].painted


def _reduced(x: np.ndarray, shape: tuple[int, int], scale: int) -> np.ndarray:
    return resample(x.astype(np.float32), shape) if scale else x


def _painted(
    pair: Level, plain: np.ndarray, below: tuple[Level, Level] | None, kappa: float, slack: float
) -> np.ndarray:
    """B′ at one scale."""
    H, W, N = pair.painted.shape
    h, w, _ = plain.shape
    mean = pair.painted.mean((0, 1))
    causal = np.concatenate([_around(pair.painted, i, mean) for i in range(CAUSAL)], -1)
    known = _known(pair.plain, below and below[0]), _known(plain, below and below[1])
    weights = np.sqrt(gaussian_weights(FINE).ravel()[:CAUSAL].repeat(N))
    features = np.concatenate([known[0], causal * weights], -1).reshape(H * W, -1)
    centre, axes = principal(features)
    features = (features - centre) @ axes
    fixed = known[1].reshape(h * w, -1) @ axes[: known[1].shape[2]] - centre @ axes
    axes = axes[known[1].shape[2] :] * weights[:, None]
    tree = KDTree(features, balanced_tree=False, compact_nodes=False)

    r = FINE // 2
    x = np.empty((h + r, w + 2 * r, N), np.float32)  # B′ with its borders
    x[:] = mean
    source = np.full((h + r, w + 2 * r, 2), -(H + W) * FINE)  # where each pixel comes from; far outside for none
    before = np.array([(i // FINE - r, i % FINE - r) for i in range(CAUSAL)])
    for rows, columns in waves(h, w):
        at_rows, at_columns = rows[:, None] + r + before[:, 0], columns[:, None] + r + before[:, 1]
        f = fixed[rows * w + columns] + x[at_rows, at_columns].reshape(len(rows), -1) @ axes
        d, nearest = tree.query(f, eps=slack, workers=-1)
        candidates = source[at_rows, at_columns] - before  # [M, 12, 2]
        inside = ((candidates >= 0) & (candidates < (H, W))).all(-1)
        places = np.where(inside, candidates[..., 0] * W + candidates[..., 1], 0)
        coherent = np.where(inside, np.sum((features[places] - f[:, None]) ** 2, -1), np.inf)
        best = coherent.argmin(1)[:, None]
        take = np.take_along_axis(coherent, best, 1)[:, 0] <= np.square(d) * (1 + kappa)
        chosen = np.where(take, np.take_along_axis(places, best, 1)[:, 0], nearest)
        source[rows + r, columns + r] = np.stack(np.divmod(chosen, W), -1)
        x[rows + r, columns + r] = pair.painted.reshape(-1, N)[chosen]
    return x[r:, r : r + w]


def waves(h: int, w: int):
    """The pixels of a picture in an order as good as that of a scan, as many at once as possible.

    A pixel depends on those of the rows above up to two columns to its right, and on those to its left. So all pixels
    of equal t = column + 3 row are independent, and depend on smaller t alone.

    Args:
        h: height.
        w: width.

    Yields:
        (rows, columns), [M] each.
    """
    slope = FINE // 2 + 1
    for t in range(w + slope * (h - 1)):
        rows = np.arange(max(0, -(-(t - w + 1) // slope)), min(h - 1, t // slope) + 1)
        yield rows, t - slope * rows


def gaussian_weights(side: int) -> Float[np.ndarray, "s s"]:
    """Weights of a square neighbourhood, of sum 1; σ is a quarter of its side."""
    steps = np.arange(side) - side // 2
    weights = np.exp(-(steps**2) / (2 * (side / 4) ** 2))
    return np.outer(weights, weights) / weights.sum() ** 2


def principal(f: Float[np.ndarray, "M D"]) -> tuple[Float[np.ndarray, "D"], Float[np.ndarray, "D K"]]:
    """The mean of feature vectors, and the fewest principal axes that hold `KEPT` of their variance, of a sample."""
    mean = f.mean(0)
    variances, axes = np.linalg.eigh(np.cov(f[:: max(1, len(f) // SAMPLED)], rowvar=False))
    held = np.cumsum(variances[::-1]) / max(variances.sum(), 1e-12)
    K = int(np.searchsorted(held, KEPT)) + 1
    return mean, axes[:, ::-1][:, :K].astype(np.float32)


def _known(plain: np.ndarray, below: Level | None) -> np.ndarray:
    """The features that do not depend on this scale's painted pixels, weighted: [h, w, D]."""
    parts = [np.sqrt(weight) * _around(plain, i) for i, weight in enumerate(gaussian_weights(FINE).ravel())]
    if below is not None:
        rows, columns = (
            np.minimum(np.arange(n) // 2, m - 1) for n, m in zip(plain.shape, below.plain.shape[:2], strict=False)
        )
        for i, weight in enumerate(gaussian_weights(COARSE).ravel()):
            parts += [np.sqrt(weight) * _around(x, i, side=COARSE)[rows[:, None], columns] for x in below]
    return np.concatenate(parts, -1)


def _around(x: np.ndarray, i: int, beyond: np.ndarray | None = None, side: int = FINE) -> np.ndarray:
    """The i-th pixel of the neighbourhood of each pixel; beyond the border the nearest one, or a constant."""
    h, w, N = x.shape
    r = side // 2
    if beyond is None:
        padded = np.pad(x, ((r, r), (r, r), (0, 0)), mode="edge")
    else:
        padded = np.empty((h + 2 * r, w + 2 * r, N), x.dtype)
        padded[:] = beyond
        padded[r : r + h, r : r + w] = x
    dy, dx = divmod(i, side)
    return padded[dy : dy + h, dx : dx + w]
