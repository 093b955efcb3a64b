"""The start of a hybrid: a picture painted in one pass, which the optimiser then improves."""

from collections.abc import Sequence

import numpy as np

from ..images.picture import Picture
from ..transfer.painting import Region
from .paint import paint_regions
from .settings import PaintSettings


def painted_start(p: Picture, regions: Sequence[Region]) -> Picture:
    """The picture that a run with `init="paint"` starts from.

    Args:
        p: [h, w, 3], the content picture at the coarsest scale.
        regions: of the run.

    Returns:
        [h, w, 3] in [0, 1].
    """
    return paint_regions(p, regions, np.ones(p.shape[:2], np.float32), PaintSettings())[0]
