"""Methods of all kinds side by side: what each can be scored by, which are beaten in everything, and a conclusion."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..images.picture import Picture
from .effects import conclusion_against
from .picture_makers import PictureMaker
from .referee import Referee

PAIR, METHOD, BASELINE = "pair", "method", "recoloured photo"
OF_MAKER, MEASURES = ("kind", "year", "photo", "painting"), ("style", "content", "structure")


def row(maker: PictureMaker, pair: str, x: Picture, seconds: float, referees: Mapping[str, Referee]) -> dict[str, Any]:
    """What a table says about a picture.

    Args:
        maker: which made it.
        pair: name of the photo and the painting.
        x: [h, w, 3] in [0, 1], the picture.
        seconds: that it took.
        referees: name → referee of this photo and painting.

    Returns:
        Column → value. "content NAME" and "structure" are NaN if the maker does not look at the photo, "style NAME" if
        it has no painting.
    """
    of_maker = {PAIR: pair, METHOD: maker.name, "kind": maker.kind, "year": maker.year}
    needs = {"photo": "yes" if maker.photo else "no", "painting": "yes" if maker.painting else "no"}
    scores: dict[str, float] = {}
    for name, referee in referees.items():
        found = referee(x)
        scores[f"style {name}"] = found["style"] if maker.painting else np.nan
        scores[f"content {name}"] = found["content"] if maker.photo else np.nan
        scores["structure"] = found["structure"] if maker.photo else np.nan  # the same for all referees
    return of_maker | needs | {"seconds": seconds} | scores


def front(table: pd.DataFrame, measures: Sequence[str]) -> list[Any]:
    """Those that no other beats: no other row is lower or equal in all measures, and lower in one.

    Args:
        table: one row for each, by name; rows with a NaN among the measures do not take part.
        measures: names of columns, of which less is better.

    Returns:
        Names, in the order of the table.
    """
    whole: Any = table.dropna(subset=list(measures))
    y = whole[list(measures)].to_numpy()
    beaten = ((y[None] <= y[:, None]).all(axis=2) & (y[None] < y[:, None]).any(axis=2)).any(axis=1)
    return list(whole.index[~beaten])


def referees_of(table: pd.DataFrame) -> list[str]:
    """The names of the referees in a table's columns."""
    return [str(column).removeprefix("style ") for column in table if str(column).startswith("style ")]


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """A row for each method, in the table's order: its means over the pairs, and the median of the seconds.

    Args:
        table: of `row`s.

    Returns:
        By method.
    """
    means = [name for name in table if str(name).partition(" ")[0] in MEASURES]
    how: Any = dict.fromkeys(OF_MAKER, "first") | {"seconds": "median"} | dict.fromkeys(means, "mean")
    return table.groupby(METHOD, sort=False).agg(how)


def conclusions(table: pd.DataFrame) -> list[str]:
    """What the table says, in sentences that are computed.

    Of methods that know photo and painting: which are nearer to the painting than the recoloured photo, by each
    referee, pair by pair, by `conclusion_against`; which of them no other beats in style and content distance; and how
    far referees order them alike, by Spearman's rank correlation.

    Args:
        table: of `row`s, with the baseline "recoloured photo".

    Returns:
        Sentences.
    """
    both: Any = table[(table["photo"] == "yes") & (table["painting"] == "yes")]
    found: list[str] = []
    means: Any = summary(both)
    names = referees_of(table)
    for name in names:
        found.append(conclusion_against(both, METHOD, BASELINE, f"style {name}", [PAIR]))
        kept = front(means, [f"style {name}", f"content {name}"])
        found.append(f"referee {name}: none has less of both distances, style and content, than {'; '.join(kept)}.")
    if len(names) > 1:
        for kind in ("style", "content"):
            rho = means[[f"{kind} {name}" for name in names]].rank().corr().to_numpy()
            least = rho[np.triu_indices(len(names), 1)].min()
            found.append(
                f"{kind}: of {len(means)} methods, the referees' orders correlate with {least:.2f} (Spearman)."
            )
    return found
