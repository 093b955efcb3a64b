"""Time to quality: evaluations and seconds until a recipe's picture is as near to the style as that of nst_jax 0.1.

    python -m benchmarks.time_to_quality [--size 384] [--pairs 0 5 4 2] [--every 3] [-o out-time-to-quality]

Protocol, after AlgoPerf's time-to-result (Dahl et al., arXiv 2306.07179): one target for all. The target of a pair is
what the recipe of 0.1 ends with, 75 evaluations a scale, each starting from the enlarged picture: a referee's style
distance, at a content distance no larger. Each recipe runs with twice the evaluations that it has by default at the
finest scale; of the pictures on the way, every few evaluations at that scale, the first that meets the target of a
referee counts, coarser scales included. Seconds are those of a run compiled before, without the start, which takes less
than an evaluation; pictures are judged after it. Prints each pair, and the mean over those that meet the target, with
the ratios to the seconds of 0.1 and of the first recipe.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import nst_jax as nst
from benchmarks.common import SHARED, machine
from benchmarks.network_quality import PAIRS
from benchmarks.referees import EYES
from nst_jax.research.referee import Referee
from nst_jax.transfer.job import prepare
from nst_jax.transfer.run import run

TARGET = {"carry": "picture", "steps": 75}
# By the share of the default's evaluations that the coarser scales have, and by the start.
RECIPES = {
    "default": (1.0, {}),
    "coarse 1/2": (0.5, {}),
    "coarse 1/4": (0.25, {}),
    "painted": (1.0, {"init": "paint"}),
    "painted, coarse 1/2": (0.5, {"init": "paint"}),
    "painted, coarse 1/4": (0.25, {"init": "paint"}),
}


def steps_of(job, share):
    """Evaluations of each scale: a share of the default's at the coarser ones, twice as many at the finest."""
    return (*(max(1, round(share * n)) for n in job.steps[:-1]), 2 * job.steps[-1])


def on_the_way(content, style, how, every):
    """(evaluations, seconds, picture) at the finest scale, of a run whose programs are compiled."""
    job = prepare(content, style, **how)
    for _ in run(prepare(content, style, **how | {"steps": 2})):
        pass
    return [
        (snapshot.evaluations, snapshot.seconds, snapshot.image)
        for snapshot in run(job, every=every, interval=1e9)
        if snapshot.scale == len(job.sizes) - 1
    ]


def main():
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--size", type=int, default=384)
    parser.add_argument("--pairs", type=int, nargs="+", default=[0, 5, 4, 2], help="numbers of pairs, from 0")
    parser.add_argument("--every", type=int, default=3, help="evaluations between two pictures that are judged")
    parser.add_argument("--recipes", nargs="+", default=list(RECIPES), choices=RECIPES)
    parser.add_argument("--referees", nargs="+", default=list(EYES), choices=EYES)
    parser.add_argument("-o", "--out", type=Path, default=Path("out-time-to-quality"))
    options = parser.parse_args()
    eyes, rows = {name: EYES[name]() for name in options.referees}, []
    print(f"{options.size} px; {machine()}")
    for i in options.pairs:
        content, style = (SHARED / "images" / path for path in PAIRS[i])
        p, a = nst.load_image(content, options.size), nst.load_image(style, options.size)
        how: dict[str, Any] = {"size": options.size}
        nst.stylize(content, style, **how | TARGET | {"steps": 2})
        first = nst.stylize(content, style, **how | TARGET)
        referees = {name: Referee(p, a, each) for name, each in eyes.items()}
        targets = {name: referee(first.image) for name, referee in referees.items()}
        for name in options.recipes:
            share, changed = RECIPES[name]
            steps = steps_of(prepare(content, style, **how | changed), share)
            way = on_the_way(content, style, how | changed | {"steps": steps}, options.every)
            for by, referee in referees.items():
                row = {"pair": f"{content.stem} + {style.stem}", "recipe": name, "referee": by}
                row |= {"of 0.1, s": first.seconds, "evaluations": np.nan, "seconds": np.nan}
                for evaluations, seconds, x in way:
                    found = referee(x)
                    if all(found[kind] <= targets[by][kind] for kind in ("style", "content")):
                        row |= {"evaluations": evaluations, "seconds": seconds}
                        file = options.out / f"{content.stem}-{style.stem}-{name.replace(', ', '-')}-{by}.png"
                        nst.save_image(Path(str(file).replace(" ", "-").replace("1/", "1-")), x)
                        break
                rows.append(row)
                print(
                    {key: value if isinstance(value, str) else round(value, 2) for key, value in row.items()},
                    flush=True,
                )
    table = pd.DataFrame(rows)
    against = table[table["recipe"] == options.recipes[0]].set_index(["pair", "referee"])["seconds"]
    table["of 0.1"] = table["seconds"] / table["of 0.1, s"]
    table[f"of {options.recipes[0]}"] = (
        table["seconds"] / against.loc[list(zip(table["pair"], table["referee"], strict=True))].to_numpy()
    )
    table["met"] = table["seconds"].notna()
    print(table.groupby(["referee", "recipe"], sort=False).mean(numeric_only=True).to_string(float_format="%.2f"))
    table.to_csv(options.out / "table.csv", index=False)


if __name__ == "__main__":
    main()
