"""The ablations of the notebook on them: one factor at a time around a base, and a small grid of several at once.

    python -m nst_jax.research.studies [NAME …] [-o FOLDER] [--runs FOLDER]

makes what is missing of them (all: about ten minutes on two cores; a study that was stopped resumes) and writes a table
NAME.csv and a sheet NAME.jpg for each. Those of the full run come with the package, in data/studies.
"""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from ..bundle import DATA
from ..files import atomic_write
from ..images.known import picture
from ..images.reading import load_image
from ..images.sheets import Sheet
from ..networks.geometry import STYLE_LAYERS
from ..transfer.stylize import stylize
from .grid import Grid, grid

PHOTO, PAINTINGS = "astronaut", ("vortex", "mosaic")
SEEDS = [0, 1, 2]
BASE = {"network": "vgg19-slim", "size": 128, "steps": 150, "scales": 1, "init": "noise", "pool": "avg"}
CUMULATIVE = [STYLE_LAYERS[:n] for n in range(1, 6)]

# name → the factors besides painting and seed; all other settings are the base's.
STUDIES = {
    "content-layer": {"content_layers": [("conv2_2",), ("conv3_2",), ("conv4_2",), ("conv5_1",)]},
    "style-layer": {"style_layers": [(layer,) for layer in STYLE_LAYERS]},
    "style-layers": {"style_layers": CUMULATIVE},
    "pooling": {"pool": ["avg", "max"]},
    "normalisation": {"normalize": [True, False]},
    "optimiser": {"optimizer": ["lbfgs", "adam"]},
    "start": {"init": ["content", "style", "noise"]},
    "together": {
        "style_layers": [CUMULATIVE[2], CUMULATIVE[4]],
        "pool": ["avg", "max"],
        "normalize": [True, False],
        "optimizer": ["lbfgs", "adam"],
    },
}


def study(name: str, folder: str | Path, **changes: Any) -> Grid:
    """Make a study's runs, or what is missing of them.

    Args:
        name: of the study.
        folder: of its runs.
        **changes: other values of any setting.

    Returns:
        The runs.
    """
    axes = BASE | {"style": [picture(known) for known in PAINTINGS], "seed": SEEDS} | STUDIES[name] | changes
    return grid(stylize, folder=folder, content=picture(PHOTO), **axes)


def table(name: str) -> pd.DataFrame:
    """The table of the full run that comes with the package."""
    return pd.read_csv(DATA / "studies" / f"{name}.csv")


def sheet(name: str) -> Sheet:
    """The sheet of the full run that comes with the package: the first seed, a row for each painting."""
    return Sheet(load_image(DATA / "studies" / f"{name}.jpg"), f"the pictures of the study {name}, seed {SEEDS[0]}", 60)


def main() -> None:
    """Make the studies named, or all."""
    parser = argparse.ArgumentParser(description="Makes the ablations.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(STUDIES)}; all unless given")
    parser.add_argument("-o", "--out", type=Path, default=Path("out-studies"))
    parser.add_argument("--runs", type=Path, default=Path("out-studies/runs"))
    options = parser.parse_args()
    for name in options.names or STUDIES:
        runs = study(name, options.runs)
        with atomic_write(options.out / f"{name}.csv", "w") as file:
            runs.table().to_csv(file, index=False, float_format="%.6g")
        columns = next(iter(STUDIES[name]))
        with atomic_write(options.out / f"{name}.jpg") as file:
            shown = runs.sheet("style", columns, seed=SEEDS[0], width=104)
            file.write(replace(shown, quality=60).jpeg())  # all of them go into one small notebook
        print(f"{name}: {runs}", flush=True)


if __name__ == "__main__":
    main()
