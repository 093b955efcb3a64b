"""Refining: the optimiser improves the brushed part of a painted picture, and leaves the rest as it is."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import SettingError
from ..images.masks import Mask, resize_labels
from ..images.picture import Picture
from ..transfer.job import Job, prepare
from .composition import Composition, Labels, Refinement, painting, photo_at

EVALUATIONS = 60
MARGIN = 32  # pixels around the brushed part that its features see
STEP = 64  # windows have sides of whole steps, so that few shapes are compiled
FEATHER = 1 / 128  # of the longest side: where the refined part fades into the rest
Window = tuple[slice, slice]


@dataclass(frozen=True, eq=False)
class Refining:
    """A refinement that is ready to run.

    Attributes:
        job: on the window alone.
        window: of the picture.
        mask: [h, w] in [0, 1], how much of each pixel is refined; 0 outside of the window.
        picture: [h, w, 3], before.
    """

    job: Job
    window: Window
    mask: Mask
    picture: Picture

    def pasted(self, x: Picture) -> Picture:
        """The whole picture with what the run made of its window."""
        T = self.mask[self.window][..., None]
        whole = self.picture.copy()
        whole[self.window] += T * (x - whole[self.window])
        return whole

    def refinement(self, x: Picture, described: dict[str, Any]) -> Refinement:
        """What is kept of the run: its picture, and what a manifest says about it."""
        rows, columns = self.window
        place = {"left": columns.start, "top": rows.start, "width": x.shape[1], "height": x.shape[0]}
        return Refinement(self.mask, self.pasted(x), {"window": place, **described})


def refining(c: Composition, picture: Picture, brushed: Labels, evaluations: int = EVALUATIONS) -> Refining:
    """Prepare a run that starts from the picture, and changes what is brushed.

    Args:
        c: the composition; each pixel is optimised for the style that it is painted with.
        picture: [h, w, 3], what it shows now.
        brushed: not 0 where it is refined; of any size with the picture's proportions.
        evaluations: of the objective.

    Returns:
        The run.

    Raises:
        SettingError: if nothing is brushed, or no style is painted there.
        NSTError: if a picture cannot be used.
    """
    h, w, _ = picture.shape
    labels = np.zeros((h, w), np.uint8) if c.labels is None else resize_labels(c.labels, (h, w))
    chosen = (resize_labels((brushed > 0).astype(np.uint8), (h, w)) > 0) & (labels != c.keep)
    if not chosen.any():
        raise SettingError("nothing is brushed that a style paints; brush where the picture is to be refined")
    T = feathered(chosen, FEATHER * max(h, w))
    inside = window(T > 0)
    style, _ = painting(c)
    wanted = [(labels == i, a) for i, a in enumerate([each.source.given(False) for each in c.styles], 1)]
    wanted = [(labels == 0, style), *wanted]
    touched = T[inside] > 0
    parts = [((mask[inside] & touched).astype(np.float32), a) for mask, a in wanted]
    parts = [(mask, a) for mask, a in parts if a is not None and mask.any()]
    if not parts:
        raise SettingError("no style has a weight where it is brushed; move a slider, or brush a style there")
    crop = picture[inside]
    longest = max(crop.shape[:2])
    job = prepare(
        photo_at(c, max(h, w))[inside],
        None,
        regions=parts,
        init=crop,
        size=longest,
        scales=1,
        steps=evaluations,
        style_scale=c.style_scale * max(h, w) / longest,
        colour=c.colour,
    )
    return Refining(job, inside, T, picture)


def feathered(chosen: np.ndarray, sigma: float) -> Mask:
    """A mask that fades at its edge: 1 in the middle of what is chosen, and 0 three sigma outside of it.

    Args:
        chosen: bool [h, w].
        sigma: pixels.

    Returns:
        float32 [h, w] in [0, 1].
    """
    from scipy import ndimage

    T = ndimage.gaussian_filter(chosen.astype(np.float32), sigma, truncate=3.0)
    return np.clip(np.where(T < 1e-3, 0, T), 0, 1).astype(np.float32)


def window(touched: np.ndarray, margin: int = MARGIN, step: int = STEP) -> Window:
    """The part of a picture that holds what is touched, a margin around it, and has sides of whole steps.

    Args:
        touched: bool [h, w], somewhere true.
        margin: pixels.
        step: pixels; a picture that is smaller than the next whole step is taken whole.

    Returns:
        Rows and columns.
    """

    def side(line: Any) -> slice:
        n, (at,) = len(line), np.nonzero(line)
        first, last = max(0, at[0] - margin), min(n, at[-1] + 1 + margin)
        length = min(n, -(-(last - first) // step) * step)
        start = min(max(0, first - (length - (last - first)) // 2), n - length)
        return slice(int(start), int(start + length))

    return side(touched.any(axis=1)), side(touched.any(axis=0))
