"""Research: the referee, grids of runs, effects, studies, people's answers, and the papers' figures."""

from ..errors import NSTError

try:
    import matplotlib  # noqa: F401
    import pandas  # noqa: F401
except ImportError as error:
    raise NSTError(f'grids, tables and figures need {error.name}; run pip install "nst_jax[research]"') from None
