"""The study of style statistics in a second referee.

    python -m benchmarks.statistics [-o out-studies] [--runs out-studies/runs]

Makes what is missing of the study `statistic` (`nst_jax.research.studies`: every statistic at the content distance of
the Gram matrix, two networks, four pairs, three seeds), and judges each run's picture with EfficientNet-Lite0 too
(`benchmarks.referees`). Writes statistic.csv, with the columns `content_lite0`, `style_lite0` and `seconds` more than
the study's own, and statistic.jpg. Prints the means, what the table says of each measure against the Gram matrix, and
how far the two referees' orders of the statistics agree. Needs `vgg19` (python -m nst_jax fetch vgg19).
"""

import argparse
from pathlib import Path
from typing import Any

import pandas as pd

import nst_jax as nst
from benchmarks.common import machine
from benchmarks.referees import lite0
from nst_jax.research import studies
from nst_jax.research.grid import Grid
from nst_jax.research.scores import referee_at

MEASURES = (*studies.MEASURES, "content_lite0", "style_lite0")
SHOWN = [*MEASURES, "seconds"]


def main() -> None:
    """Make what is missing, judge, and say what the table says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("-o", "--out", type=Path, default=Path("out-studies"))
    parser.add_argument("--runs", type=Path, default=Path("out-studies/runs"))
    options = parser.parse_args()
    print(machine())
    runs = studies.study(studies.EQUAL, options.runs)
    rows = studies.rows_of(studies.EQUAL, runs)
    rows = rows.join(pd.DataFrame(judged(runs)))
    studies.written(studies.EQUAL, runs, rows, options.out)
    means: Any = rows.groupby(["network", studies.EQUAL], sort=False)[SHOWN].mean()  # pandas' stubs give a union
    print(means.to_string(float_format="%.3g"))
    print(studies.better_than_gram(rows, MEASURES))
    for network, each in means.groupby("network", sort=False):
        r = each[["style_distance", "style_lite0"]].corr("spearman").iloc[0, 1]
        print(f"{network}: the referees' orders of {len(each)} statistics correlate with {r:.2f} in style")


def judged(runs: Grid) -> list[dict[str, float]]:
    """Content and style distance of each run's picture in the second referee, and the run's seconds."""
    eyes, referees, found = lite0(), {}, []
    for run in runs.runs:
        x, pair = run.folder.image, (run.settings["content"], run.settings["style"])
        if pair not in referees:
            p, a = (nst.load_image(path) for path in pair)
            referees[pair] = referee_at(x.shape[:2], p, a, eyes)
        scores = referees[pair](x)
        seconds = run.folder.manifest.get("seconds", float("nan"))
        found.append({"content_lite0": scores["content"], "style_lite0": scores["style"], "seconds": seconds})
    return found


if __name__ == "__main__":
    main()
