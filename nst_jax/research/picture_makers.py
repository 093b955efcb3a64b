"""Every way of the package to make a picture from a photo and a painting, in one list: a line makes one more.

maker = PICTURE_MAKERS["optimiser, gram"]
nst.grid(maker.run, content="chelsea", style="vortex", size=256, **maker.settings)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..feedforward.paint import paint
from ..history.making import make
from ..history.methods import METHODS
from ..transfer.stylize import stylize
from .baselines import recoloured, untouched
from .combinations import Maker


@dataclass(frozen=True)
class PictureMaker:
    """A way to make a picture.

    Attributes:
        name: in tables and on sheets.
        kind: such as "strokes" or "optimiser".
        year: of its publication; None for what nobody published as a method.
        run: (content=, style=, size=, **settings) → Result, as `grid` takes it.
        settings: its other keywords.
        photo: whether the photo counts, beyond its size.
        painting: whether the painting counts.
    """

    name: str
    kind: str
    year: int | None
    run: Maker
    settings: Mapping[str, Any] = field(default_factory=dict)
    photo: bool = True
    painting: bool = True


PICTURE_MAKERS: dict[str, PictureMaker] = {
    each.name: each
    for each in (
        PictureMaker("photo", "baseline", None, untouched, painting=False),
        PictureMaker("recoloured photo", "baseline", None, recoloured),
        *(
            PictureMaker(
                method.name,
                method.kind,
                method.year,
                make,
                {"method": method.name},
                photo=method.kind != "texture",
                painting=method.painting != "none",
            )
            for method in sorted(METHODS.values(), key=lambda method: method.year)
        ),
        PictureMaker("optimiser, gram", "optimiser", 2015, stylize),
        PictureMaker("optimiser, wasserstein", "optimiser", None, stylize, {"statistic": "wasserstein"}),
        PictureMaker("optimiser, patches", "optimiser", 2016, stylize, {"statistic": "patches"}),
        PictureMaker("optimiser, nearest", "optimiser", 2022, stylize, {"statistic": "nearest"}),
        PictureMaker("many styles", "one pass", 2016, paint, {"network": "six-styles"}),  # its own alone
        PictureMaker("one pass", "one pass", 2017, paint),
        PictureMaker("one pass, strength 1", "one pass", 2017, paint, {"strength": 1.0}),
        PictureMaker("hybrid", "hybrid", None, stylize, {"init": "paint"}),
        PictureMaker("hybrid, 30 evaluations", "hybrid", None, stylize, {"init": "paint", "steps": 30, "scales": 1}),
    )
}
