"""The course's exercises as data; `nst_jax.checks` runs them."""

from .any_style import ADAIN, WHITEN
from .control import BLEND_TARGETS, CHOLESKY_MATCH, GUIDED_GRAM
from .distributions import MEAN_AND_STEP, WASSERSTEIN_1D
from .fast_networks import BREAK_EVEN, INSTANCE_NORM
from .gradients import CONTENT_GRADIENT, STYLE_GRADIENT
from .history import BEATEN_BY, CHEAPEST_CUT, MATCH_HISTOGRAM
from .layers import FEATURE_SHAPE, PARAMETERS, RECEPTIVE_FIELD
from .losses import CONTENT_LOSS, TOTAL_VARIATION
from .model import Case, Exercise, Mistake
from .optimisers import GRADIENT_STEP, LBFGS_DIRECTION
from .planning import AFFORDABLE_SIZE
from .pooling import AVERAGE_POOL
from .preprocessing import PREPROCESS
from .statistics import GRAM, STYLE_LOSS
from .tiles import GRAM_OF_TILES, HALO
from .units import JCJOHNSON_TO_PAPER
from .video import CLOSEST_FIRST, CONSISTENT, TEMPORAL_LOSS

__all__ = ["EXERCISES", "Case", "Exercise", "Mistake"]

EXERCISES = {
    exercise.name: exercise
    for exercise in (
        GRAM,
        CONTENT_LOSS,
        STYLE_LOSS,
        TOTAL_VARIATION,
        CONTENT_GRADIENT,
        STYLE_GRADIENT,
        PREPROCESS,
        JCJOHNSON_TO_PAPER,
        FEATURE_SHAPE,
        RECEPTIVE_FIELD,
        PARAMETERS,
        GRADIENT_STEP,
        LBFGS_DIRECTION,
        AFFORDABLE_SIZE,
        AVERAGE_POOL,
        BLEND_TARGETS,
        GUIDED_GRAM,
        CHOLESKY_MATCH,
        WASSERSTEIN_1D,
        MEAN_AND_STEP,
        HALO,
        GRAM_OF_TILES,
        INSTANCE_NORM,
        BREAK_EVEN,
        WHITEN,
        ADAIN,
        MATCH_HISTOGRAM,
        CHEAPEST_CUT,
        BEATEN_BY,
        TEMPORAL_LOSS,
        CONSISTENT,
        CLOSEST_FIRST,
    )
}
