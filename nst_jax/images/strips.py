"""What a sheet was made of: rows of pictures with their labels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Strip:
    """Rows of panels of one width.

    Attributes:
        panels: pictures [h, w, 3] in [0, 1]; None for a gap, a text for a gap with that text.
        columns: a label for each column.
        rows: a label for each row.
        coarse: a picture of at most this width, in pixels, is a map whose pixels stay visible.
    """

    panels: Sequence[Sequence[np.ndarray | str | None]]
    columns: Sequence[str] = ()
    rows: Sequence[str] = ()
    coarse: int = 0
