"""Adam by its rate, for grids, which know settings by names."""

from typing import Any

from ..optim.first_order import adam
from ..transfer.result import Result
from ..transfer.stylize import stylize

RATES = {"adam 0.05": 0.05, "adam 0.1": 0.1, "adam 0.2": 0.2, "adam 0.4": 0.4}
TUNED = "adam 0.1"  # the lowest loss in the study "optimiser", on average


def with_rate(optimizer: str, **settings: Any) -> Result:
    """`stylize` with Adam at one of `RATES`, keeping its last picture.

    Args:
        optimizer: of `RATES`.
        **settings: of `stylize`.

    Returns:
        The result.
    """
    return stylize(**settings, optimizer=adam(RATES[optimizer], average=0.0))
