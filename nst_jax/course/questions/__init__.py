"""The questions of the course's quizzes, one module a notebook; `nst_jax.course.quiz` shows them."""

from .ablations import ABLATIONS
from .alpha_beta import ALPHA_BETA
from .any_style import ANY_STYLE
from .beyond_gram import BEYOND_GRAM
from .control import CONTROL
from .fast_networks import FAST_NETWORKS
from .large_pictures import LARGE_PICTURES
from .losses_and_gradients import LOSSES_AND_GRADIENTS
from .optimisers import OPTIMISERS
from .paper_figures_arxiv import PAPER_FIGURES_ARXIV
from .paper_figures_cvpr import PAPER_FIGURES_CVPR
from .pipeline import PIPELINE
from .quickstart import QUICKSTART
from .side_by_side import SIDE_BY_SIDE
from .strokes_and_patches import STROKES_AND_PATCHES
from .style_as_statistics import STYLE_AS_STATISTICS
from .test_an_idea import TEST_AN_IDEA
from .textures import TEXTURES
from .video import VIDEO
from .what_vgg_sees import WHAT_VGG_SEES
from .your_picture import YOUR_PICTURE

__all__ = [
    "ABLATIONS",
    "ALPHA_BETA",
    "ANY_STYLE",
    "BEYOND_GRAM",
    "CONTROL",
    "FAST_NETWORKS",
    "LARGE_PICTURES",
    "LOSSES_AND_GRADIENTS",
    "OPTIMISERS",
    "PAPER_FIGURES_ARXIV",
    "PAPER_FIGURES_CVPR",
    "PIPELINE",
    "QUICKSTART",
    "SIDE_BY_SIDE",
    "STROKES_AND_PATCHES",
    "STYLE_AS_STATISTICS",
    "TEST_AN_IDEA",
    "TEXTURES",
    "VIDEO",
    "WHAT_VGG_SEES",
    "YOUR_PICTURE",
]
