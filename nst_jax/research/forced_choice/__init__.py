"""Two-alternative forced choice: trials, the log of answers, scores, and how many answers a question needs.

`nst.ask` shows the trials in a notebook. Several raters' logs are scored together:

    from nst_jax.research.forced_choice import raters, read_log, scores

    log = read_log(*Path("answers").glob("*.csv"))
    scores(log), raters(log)
"""

from .bradley_terry import bradley_terry, scores
from .log import Answer, append, frame, raters, read_log
from .power import needed_wins, power, power_table, trials_needed
from .trials import Group, Trial, groups_of, session

__all__ = [
    "Answer", "Group", "Trial", "append", "bradley_terry", "frame", "groups_of", "needed_wins", "power", "power_table",
    "raters", "read_log", "scores", "session", "trials_needed",
]  # fmt: skip
