"""Masks without painting: the regions of two pictures, and which of them belong together."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from PIL import Image
from scipy.cluster.hierarchy import cut_tree, linkage
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist
from skimage.color import rgb2lab
from skimage.measure import regionprops_table
from skimage.segmentation import slic

from ..errors import ImageError, SettingError
from ..images.masks import PALETTE, Mask, region_map
from ..images.picture import Picture
from ..images.resizing import fit, resize
from ..images.sheets import Sheet, pictures
from ..networks.vgg import VGG19

SIZE, PIECES = 384, 400  # longest side in pixels at which pictures are cut, and into about how many pieces
LAYER = "conv4_1"
# In units of Lab: the longest side, and the spread of the pieces' features. More weight on features makes halos as wide
# as a unit sees; less tears a sky apart.
PLACE, FEATURES = 20.0, 14.0


@dataclass(frozen=True, eq=False)
class Suggestion:
    """Regions of two pictures, for a person to judge and to edit.

    Attributes:
        pictures: content and style picture.
        content: masks of the content picture's regions, float32 [h, w], 0 or 1; the largest region first.
        style: masks of their counterparts in the style picture, in the same order.
    """

    pictures: tuple[Picture, Picture]
    content: list[Mask]
    style: list[Mask]

    def sheet(self, width: int = SIZE) -> Sheet:
        """Both pictures beside the maps of their regions; regions of one colour belong together.

        Args:
            width: of a panel, in pixels.

        Returns:
            The sheet. `region_map` gives a map alone, to edit and to read with `load_regions`.
        """
        maps = region_map(self.content), region_map(self.style)
        rows = list(zip(self.pictures, maps, strict=True))
        return pictures(rows, ["picture", "regions"], ["content", "style"], width=width)


def suggest_regions(content: Picture, style: Picture, n: int = 3, vgg: VGG19 | None = None) -> Suggestion:
    """Cut two pictures into n regions each, and pair the regions.

    Superpixels (SLIC) are merged by Ward's method on their mean colour in Lab, place and features of conv4_1. The
    regions of the two pictures are paired by mean colour and features, each as it differs from its picture's mean over
    regions, so that the sum of squared distances is least. Nothing is random.

    Args:
        content: [h, w, 3] in [0, 1].
        style: [h, w, 3] in [0, 1].
        n: 2 to 8, regions of each picture.
        vgg: a network that sees texture and things; None for colour and place alone.

    Returns:
        The masks of both, each of the size of its picture.

    Raises:
        SettingError: for another n.
        ImageError: for a picture too small for n regions, or for the network.

    Source: superpixels: Achanta et al., "SLIC Superpixels Compared to State-of-the-Art Superpixel Methods", 2012.
    """
    if not 2 <= n <= len(PALETTE):
        raise SettingError(f"n is {n}; use 2 to {len(PALETTE)} regions")
    (labels, p), (style_labels, a) = (_regions(x, n, vgg) for x in (content, style))
    _, counterparts = linear_sum_assignment(cdist(p - p.mean(axis=0), a - a.mean(axis=0), "sqeuclidean"))
    return Suggestion(
        (content, style), _masks(labels, range(n), content.shape), _masks(style_labels, counterparts, style.shape)
    )


def _regions(x: Picture, n: int, vgg: VGG19 | None) -> tuple[Int[np.ndarray, "h w"], Float[np.ndarray, "n D"]]:
    """Labels of n regions, the largest 0, and the mean colour and features of each."""
    x = resize(x, fit(x.shape[:2], min(SIZE, max(x.shape[:2]))))
    pieces = slic(x, PIECES, start_label=0)
    count = pieces.max() + 1
    if count < n:
        raise ImageError(f"a picture of {x.shape[1]} × {x.shape[0]} is too small for {n} regions; use a larger one")
    measured = regionprops_table(pieces + 1, rgb2lab(x), properties=("centroid", "intensity_mean"))
    values = np.stack(list(measured.values()), axis=1)  # [pieces, 5]: place, then colour
    places, looks = values[:, :2] * (PLACE / max(pieces.shape)), values[:, 2:]
    if vgg is not None:
        looks = np.hstack([looks, FEATURES * _features(x, pieces, vgg)])
    merged = cut_tree(linkage(np.hstack([looks, places]), "ward"), n)[:, 0]  # [pieces]
    areas = np.bincount(pieces.ravel())
    sizes = np.bincount(merged, areas)
    means = [np.average(looks[merged == i], axis=0, weights=areas[merged == i]) for i in range(n)]
    largest_first = np.argsort(-sizes, kind="stable")
    return np.argsort(largest_first)[merged][pieces], np.stack(means)[largest_first]


def _features(x: Picture, pieces: Int[np.ndarray, "h w"], vgg: VGG19) -> Float[np.ndarray, "pieces N"]:
    """Mean features of each piece, of length 1, as they differ from the mean over pieces; their spread is 1."""
    F = np.asarray(vgg(x, [LAYER])[LAYER])
    h, w, N = F.shape
    rows, columns = (np.arange(size) * cells // size for size, cells in zip(pieces.shape, (h, w), strict=True))
    positions = rows[:, None] * w + columns  # of each pixel
    pixels = np.zeros((pieces.max() + 1, h * w), np.float32)
    np.add.at(pixels, (pieces, positions), 1)
    f = pixels @ F.reshape(-1, N)
    f /= np.maximum(np.linalg.norm(f, axis=1, keepdims=True), 1e-12)
    f -= f.mean(axis=0)
    return f / max(np.sqrt((f**2).sum(axis=1).mean()), 1e-12)


def _masks(labels: Int[np.ndarray, "h w"], order: Iterable[int], shape: tuple[int, ...]) -> list[Mask]:
    """A mask for each label in this order, at a picture's size."""
    full = np.asarray(Image.fromarray(labels.astype(np.uint8)).resize((shape[1], shape[0]), Image.Resampling.NEAREST))
    return [(full == i).astype(np.float32) for i in order]
