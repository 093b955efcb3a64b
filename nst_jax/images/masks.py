"""Masks: pictures that say what belongs to a region, and how they are read."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, UInt8
from PIL import Image, ImageColor

from ..errors import ImageError, SettingError
from .picture import Opacity, Picture, as_layers, bytes8, laid_on
from .reading import load_layers

Mask = Float[np.ndarray, "h w"]

# Colours that people with any colour vision can tell apart (Okabe and Ito 2008).
PALETTE = ("e69f00", "56b4e9", "009e73", "f0e442", "0072b2", "d55e00", "cc79a7", "000000")
GREY = 0.1  # how far the channels of a grey pixel may differ
NOISE = 16  # of 255: how far JPEG shifts a flat colour
REACH = 9  # pixels from a thin part of a region to the middle of 3 × 3 pixels of it
FARTHEST = 3.0  # squared distance between black and white
SMALL = 0.01  # share of a picture below which a colour is an edge's or noise


def load_mask(given: Any, name: str = "the mask") -> Mask:
    """Read a mask: where a picture is opaque or, if it is opaque everywhere, how light it is.

    Args:
        given: a file; or bool, uint8, uint16 or floats in [0, 1], of NumPy, JAX or PyTorch, in any layout of a picture;
            or a picture of Pillow's.
        name: of the argument, for the message.

    Returns:
        float32 [h, w] in [0, 1]; 1 inside of the region.

    Raises:
        ImageError: if it cannot be read, has colours, or is 0 everywhere.
    """
    x, alpha, name = _layers(given, name)
    if alpha is not None and (alpha < 1).any():
        mask = alpha[..., 0]
    else:
        if np.ptp(x, axis=2).max() > GREY:
            raise ImageError(f"{name} has colours; give a grey or transparent picture, or its colours as regions")
        mask = x.mean(axis=2)
    if not mask.any():
        raise ImageError(f"{name} is 0 everywhere; paint its region white, or leave it out")
    return np.ascontiguousarray(mask)


def load_regions(given: Any, legend: Iterable[str] | None = None, name: str = "the picture of regions") -> list[Mask]:
    """Read a picture of flat colours, one colour a region.

    Each pixel belongs to the nearest colour of those that fill 3 × 3 pixels somewhere around it. Where two regions
    meet, a smoothed edge or JPEG makes mixtures, and a mixture may be nearest to a third region's colour. Lines
    narrower than 3 pixels join what is beside them.

    Args:
        given: as for `load_mask`, in colours; transparent pixels are white.
        legend: colours such as "ff0000", "#ff0000" or "red"; a mapping from colours serves. None for `flat_colours`.
        name: of the argument, for the message.

    Returns:
        A mask for each colour of the legend, in its order: float32 [h, w], 0 or 1, with sum 1 at each pixel.

    Raises:
        ImageError: if it cannot be read, or a colour of one has no counterpart in the other, legend or picture.
        SettingError: for an unknown colour.
    """
    from scipy import ndimage

    x, alpha, name = _layers(given, name)
    x = laid_on(x, alpha)
    legend = flat_colours(x, name) if legend is None else list(legend)
    colours = [_rgb(colour) for colour in legend]
    distance = _distances(x, colours)
    nearest = distance.argmin(axis=0)
    cores = [ndimage.minimum_filter(nearest == i, 3) for i in range(len(legend))]
    present = _flat_areas(x)
    for colour, core in zip(legend, cores, strict=True):
        if not core.any():
            raise ImageError(f"{name} has no area in {colour}; its colours are {', '.join(present)}")
    taken = dict[int, str]()
    for colour in present:
        i = int(_distances(_rgb(colour), colours).argmin())
        if i in taken:
            raise ImageError(f"{name} has areas in {taken[i]} and {colour}, both nearest to {legend[i]} of the legend")
        taken[i] = colour
    near = [ndimage.maximum_filter(core, 2 * REACH + 1) for core in cores]
    regions = np.where(near, distance, distance + FARTHEST).argmin(axis=0)
    return [(regions == i).astype(np.float32) for i in range(len(legend))]


def flat_colours(given: Any, name: str = "the picture of regions") -> list[str]:
    """The flat colours of a picture, each of at least 1 % of it.

    Args:
        given: as for `load_regions`.
        name: of the argument, for the message.

    Returns:
        Colours such as "ff0000", the one with the largest area first.

    Raises:
        ImageError: if it cannot be read, or most of it is not flat.
    """
    x, alpha, name = _layers(given, name)
    areas = _flat_areas(laid_on(x, alpha))
    if sum(areas.values()) < 0.5:
        raise ImageError(f"{name}: flat colours cover {sum(areas.values()):.0%} of it; paint each region in one colour")
    return list(areas)


def region_map(masks: Sequence[Mask], legend: Sequence[str] = PALETTE) -> Picture:
    """A picture of flat colours that `load_regions` reads.

    Args:
        masks: [h, w] each; a pixel belongs to the largest.
        legend: a colour for each mask.

    Returns:
        [h, w, 3] in [0, 1].
    """
    return np.stack([_rgb(colour) for colour in legend[: len(masks)]])[np.argmax(masks, axis=0)]


def resize_mask(mask: Mask, shape: tuple[int, int]) -> Mask:
    """A mask at another size, by area: each pixel is the mean over what it covers.

    It is linear and keeps the mean, so masks that sum to 1 at each pixel do so at every size.

    Args:
        mask: [h, w], at its full size, because resizing twice blurs.
        shape: (height, width) of the result.

    Returns:
        [height, width].
    """
    from skimage.transform import resize_local_mean

    return resize_local_mean(np.asarray(mask, np.float32), tuple(shape))


def resize_labels(labels: UInt8[np.ndarray, "h w *C"], shape: tuple[int, int]) -> UInt8[np.ndarray, "h2 w2 *C"]:
    """Numbers of regions, or flat colours, at another size: each pixel has the nearest one's, without values between.

    Args:
        labels: [h, w], or [h, w, 3].
        shape: (height, width) of the result.

    Returns:
        [height, width], or [height, width, 3].
    """
    return np.asarray(Image.fromarray(labels).resize((shape[1], shape[0]), Image.Resampling.NEAREST))


def check_proportions(mask: Mask, shape: tuple[int, ...], name: str, of: str) -> None:
    """Check that a mask has the proportions of its picture, up to a rounding of each side of either.

    Args:
        mask: [h, w].
        shape: (height, width, …) of the picture.
        name: of the mask, for the message.
        of: what the picture is called.

    Raises:
        ImageError: if it has others.
    """
    (h, w), (H, W) = mask.shape, shape[:2]
    if abs(h * W - w * H) > (h + w + H + W) / 2:
        raise ImageError(f"{name} is {w} × {h}, {of} {W} × {H}; give a mask of the same proportions")


def _layers(given: Any, name: str) -> tuple[Picture, Opacity | None, str]:
    """Colours and opacity of a file or an array, and what to call it."""
    if isinstance(given, str | Path):
        return *load_layers(given), str(given)
    truth = isinstance(given, np.ndarray) and given.dtype == bool
    return *as_layers(given.astype(np.float32) if truth else given, name), name


def _rgb(colour: str) -> Float[np.ndarray, "3"]:
    for text in (colour, f"#{colour}"):
        with suppress(ValueError):
            return np.array(ImageColor.getrgb(text)[:3], np.float32) / 255
    raise SettingError(f"{colour!r} is not a colour; use one such as ff0000 or red")


def _distances(x: Float[np.ndarray, "*shape 3"], colours: Sequence[np.ndarray]) -> np.ndarray:
    """[S, *shape], the squared distance to each of S colours."""
    return np.stack([((x - colour) ** 2).sum(axis=-1) for colour in colours])


def _flat_areas(x: Float[np.ndarray, "h w C"]) -> dict[str, float]:
    """Flat colour → share of the picture, the largest first, down to `SMALL`."""
    from scipy import ndimage

    x = np.broadcast_to(bytes8(x), (*x.shape[:2], 3))
    spread = ndimage.maximum_filter(x, (3, 3, 1)) - ndimage.minimum_filter(x, (3, 3, 1))
    r, g, b = x[(spread <= NOISE).all(axis=2)].astype(np.int32).T
    codes, counts = np.unique(r << 16 | g << 8 | b, return_counts=True)
    rgb = codes[:, None] >> np.array([16, 8, 0]) & 255
    shares, areas = counts / x[..., 0].size, dict[str, float]()
    while shares.sum() >= SMALL:
        commonest = shares.argmax()
        near = np.abs(rgb - rgb[commonest]).max(axis=1) <= NOISE
        areas[f"{codes[commonest]:06x}"] = shares[near].sum()
        shares[near] = 0
    ordered = sorted(areas, key=areas.__getitem__, reverse=True)
    return {colour: areas[colour] for colour in ordered if areas[colour] >= SMALL}
