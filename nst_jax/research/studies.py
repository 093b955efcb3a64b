"""The studies: ablations, one factor at a time around a base; a small grid of several factors; and style statistics,
each at the weight that keeps as much of the content as the Gram matrix does.

    python -m nst_jax.research.studies [NAME …] [-o FOLDER] [--runs FOLDER]

makes what is missing (everything: about half an hour on two cores; a study that was stopped resumes) and writes a table
NAME.csv and a sheet NAME.jpg for each. Those of the full run come with the package, in data/studies.
"""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..bundle import DATA
from ..files import atomic_write
from ..images.known import picture
from ..images.reading import load_image
from ..images.sheets import Sheet
from ..losses.style.catalogue import STATISTICS
from ..networks.geometry import STYLE_LAYERS
from ..transfer.stylize import stylize
from .balance import balanced
from .combinations import GridRun
from .effects import conclusion_against
from .grid import Grid, grid
from .rates import RATES, TUNED, with_rate
from .roughness import roughness
from .scores import picture_of

PHOTO, PAINTINGS = "astronaut", ("vortex", "mosaic")
SEEDS = [0, 1, 2]
CUMULATIVE = [STYLE_LAYERS[:n] for n in range(1, 6)]
BASE = {"network": "vgg19-slim", "size": 128, "steps": 150, "scales": 1, "init": "noise", "pool": "avg"}
BASE |= {"optimizer": "lbfgs", "style_layers": CUMULATIVE[4]}

# "adam" is the default of the package, with a rate of 0.02 and an average over about 100 iterates; `RATES` are with the
# last iterate, so that the study tunes the rate. The best of them takes part in the grid of several factors.
# name → the factors besides painting and seed; all other settings are the base's.
STUDIES = {
    "content-layer": {"content_layers": [("conv2_2",), ("conv3_2",), ("conv4_2",), ("conv5_1",)]},
    "style-layer": {"style_layers": [(layer,) for layer in STYLE_LAYERS]},
    "style-layers": {"style_layers": CUMULATIVE},
    "pooling": {"pool": ["avg", "max"]},
    "normalisation": {"normalize": [True, False]},
    "optimiser": {"optimizer": ["lbfgs", "adam", *RATES]},
    "start": {"init": ["content", "style", "noise"]},
    "together": {
        "style_layers": [CUMULATIVE[2], CUMULATIVE[4]],
        "pool": ["avg", "max"],
        "optimizer": ["lbfgs", TUNED],
    },
    "statistic": {"statistic": list(STATISTICS)},
}

# The statistics, at an equal content distance. Runs start from the content picture, where a seed has no effect: chance
# is what pairs of pictures differ by.
EQUAL, REFERENCE = "statistic", "gram"
PHOTOS = (PHOTO, "coffee")
EQUAL_BASE = {"network": "vgg19-slim", "size": 96, "steps": 80, "scales": 1, "beta": 50.0}
MEASURES = ("content_distance", "style_distance", "colour_distance", "structure_distance", "roughness")


def study(name: str, folder: str | Path, **changes: Any) -> Grid:
    """Make a study's runs, or what is missing of them.

    Args:
        name: of the study.
        folder: of its runs.
        **changes: other values of any setting.

    Returns:
        The runs.
    """
    if name == EQUAL:
        paintings, photos = ([picture(known) for known in names] for names in (PAINTINGS, PHOTOS))
        axes = {"style": paintings, "content": photos} | EQUAL_BASE
        return balanced(folder, name, REFERENCE, **axes | STUDIES[name] | changes)
    base = {setting: value for setting, value in BASE.items() if setting not in STUDIES[name]}  # factors come last
    axes = {"content": PHOTO} | base | {"style": list(PAINTINGS), "seed": SEEDS} | STUDIES[name] | changes
    if not isinstance(axes["optimizer"], list):
        return grid(stylize, folder=folder, **axes)
    rated, named = ([each for each in axes["optimizer"] if (each in RATES) == known] for known in (True, False))
    by_name = grid(stylize, folder=folder, **axes | {"optimizer": named})
    by_rate = grid(with_rate, folder=folder, **axes | {"optimizer": rated})
    return Grid(by_name.runs + by_rate.runs, by_name.errors | by_rate.errors)


def rows_of(name: str, runs: Grid) -> pd.DataFrame:
    """The table of a study's runs; that of the statistics has their roughness, too.

    Args:
        name: of the study.
        runs: of the study.

    Returns:
        One row a run.
    """
    return runs.table() if name != EQUAL else runs.table().assign(roughness=[_roughness(run) for run in runs.runs])


def _roughness(run: GridRun) -> float:
    x, a = picture_of(run.folder), load_image(run.settings["style"])
    return np.nan if x is None else roughness(x, a)


def better_than_gram(rows: pd.DataFrame) -> str:
    """What the table of the statistics says about each measure: which are below Gram's, which above, and by how much.

    Args:
        rows: the table.

    Returns:
        A sentence for each measure; the one on the content distance says how equal it is.
    """
    return "\n".join(conclusion_against(rows, EQUAL, REFERENCE, of, ("content", "style")) for of in MEASURES)


def table(name: str) -> pd.DataFrame:
    """The table of the full run that comes with the package."""
    return pd.read_csv(DATA / "studies" / f"{name}.csv")


def sheet(name: str) -> Sheet:
    """The sheet of the full run that comes with the package: the first seed, or photo, a row for each painting."""
    first = PHOTO if name == EQUAL else f"seed {SEEDS[0]}"
    return Sheet(load_image(DATA / "studies" / f"{name}.jpg"), f"the pictures of the study {name}, {first}", 52)


def main() -> None:
    """Make the studies named, or all."""
    parser = argparse.ArgumentParser(description="Makes the ablations.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(STUDIES)}; all unless given")
    parser.add_argument("-o", "--out", type=Path, default=Path("out-studies"))
    parser.add_argument("--runs", type=Path, default=Path("out-studies/runs"))
    options = parser.parse_args()
    for name in options.names or STUDIES:
        runs = study(name, options.runs)
        rows = rows_of(name, runs)
        with atomic_write(options.out / f"{name}.csv", "w") as file:
            rows.to_csv(file, index=False, float_format="%.6g")
        columns = next(iter(STUDIES[name]))
        with atomic_write(options.out / f"{name}.jpg") as file:
            shown = runs.sheet("style", columns, width=104)  # of the first seed, or photo
            file.write(replace(shown, quality=60).jpeg())  # all of them go into one small notebook
        print(f"{name}: {runs}", flush=True)
        if name == EQUAL:
            print(better_than_gram(rows))


if __name__ == "__main__":
    main()
