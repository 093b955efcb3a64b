"""The style statistics by name, for the command line and for tables."""

from ...errors import SettingError
from .contextual import CONTEXTUAL
from .covariance import COVARIANCE
from .gram import GRAM
from .mean import MEAN
from .mean_spread import MEAN_SPREAD
from .moments import CENTRAL_MOMENTS, RAW_MOMENTS
from .nearest import NEAREST
from .patches import PATCHES
from .relaxed_emd import RELAXED_EMD
from .shifted_gram import SHIFTED_GRAM
from .sliced import HISTOGRAM, SLICED
from .spectrum import SPECTRUM
from .statistic import Statistic
from .wasserstein import WASSERSTEIN

STATISTICS = {
    statistic.name: statistic
    for statistic in (
        GRAM,
        MEAN,
        MEAN_SPREAD,
        COVARIANCE,
        WASSERSTEIN,
        RAW_MOMENTS,
        CENTRAL_MOMENTS,
        HISTOGRAM,
        SLICED,
        SHIFTED_GRAM,
        SPECTRUM,
        PATCHES,
        NEAREST,
        CONTEXTUAL,
        RELAXED_EMD,
    )
}


def statistic_named(name: str) -> Statistic:
    """The style statistic of this name.

    Args:
        name: a key of `STATISTICS`.

    Returns:
        The statistic.

    Raises:
        SettingError: for an unknown name.
    """
    if not isinstance(name, str) or name not in STATISTICS:
        raise SettingError(f"there is no statistic {name!r}; there are {', '.join(STATISTICS)}")
    return STATISTICS[name]
