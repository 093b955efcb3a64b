"""The studies: ablations, one factor at a time around a base; a small grid of several factors; and style statistics,
each at the weight that keeps as much of the content as the Gram matrix does.

    python -m nst_jax.research.studies [NAME …] [-o FOLDER] [--runs FOLDER]

makes what is missing (`statistic`, which needs `vgg19`: over an hour on two cores; the others: a quarter of an hour; a
study that was stopped resumes) and writes a table NAME.csv and a sheet NAME.jpg for each. Those of the full run come
with the package, in data/studies.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.ndimage import gaussian_filter

from ..bundle import DATA
from ..files import atomic_write
from ..images.known import picture
from ..images.reading import load_image
from ..images.sheets import Sheet
from ..images.writing import save_image
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

# The statistics, at an equal content distance. Runs start from the content picture with smooth noise of each seed,
# which leads to other minima and leaves no grain.
EQUAL, REFERENCE = "statistic", "gram"
PHOTOS = (PHOTO, "coffee")
NETWORKS = ("vgg19-slim", "vgg19")
EQUAL_BASE = {"size": 96, "steps": 80, "scales": 1, "beta": 15.0}
NOISE, SMOOTH = 0.1, 2.0  # standard deviation of a start's noise; of the Gaussian that smooths it, in pixels
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
        return _at_equal_content(Path(folder), **EQUAL_BASE | STUDIES[name] | changes)
    base = {setting: value for setting, value in BASE.items() if setting not in STUDIES[name]}  # factors come last
    axes = {"content": PHOTO} | base | {"style": list(PAINTINGS), "seed": SEEDS} | STUDIES[name] | changes
    if not isinstance(axes["optimizer"], list):
        return grid(stylize, folder=folder, **axes)
    rated, named = ([each for each in axes["optimizer"] if (each in RATES) == known] for known in (True, False))
    by_name = grid(stylize, folder=folder, **axes | {"optimizer": named})
    by_rate = grid(with_rate, folder=folder, **axes | {"optimizer": rated})
    return Grid(by_name.runs + by_rate.runs, by_name.errors | by_rate.errors)


def _at_equal_content(
    folder: Path,
    network: Sequence[str | Path] = NETWORKS,
    style: Sequence[str] = PAINTINGS,
    content: Sequence[str] = PHOTOS,
    seed: Sequence[int] = tuple(SEEDS),
    **axes: Any,
) -> Grid:
    runs, errors = [], {}
    for photo in content:
        starts = [_start(folder, photo, axes["size"], each) for each in seed]
        axes |= {"network": list(network), "style": [picture(known) for known in style], "content": [picture(photo)]}
        made = balanced(folder, EQUAL, REFERENCE, "init", init=starts, **axes)
        runs += [replace(run, factors=_with_seed(run.factors, starts, seed)) for run in made.runs]
        errors |= made.errors
    return Grid(tuple(runs), errors)


def _start(folder: Path, photo: str, size: int, seed: int) -> Path:
    """The file of a start: the photo and smooth noise."""
    path, p = folder / "starts" / f"{photo}-{size}-{seed}.png", load_image(photo, size)
    noise = gaussian_filter(np.random.default_rng(seed).normal(size=p.shape), (SMOOTH, SMOOTH, 0))
    path.parent.mkdir(parents=True, exist_ok=True)
    save_image(path, np.clip(p + NOISE * noise / noise.std(), 0, 1))
    return path


def _with_seed(factors: Mapping[str, Any], starts: Sequence[Path], seeds: Sequence[int]) -> dict[str, Any]:
    """The factors of a run with the seed of its start in the place of the start."""
    named = {name: value for name, value in factors.items() if name != "init"}
    return named | {"seed": seeds[starts.index(factors["init"])]}


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


def better_than_gram(rows: pd.DataFrame, measures: Sequence[str] = MEASURES) -> str:
    """What the table of the statistics says, for each network and measure: which are below Gram's, which above, and by
    how much.

    Args:
        rows: the table.
        measures: its columns to speak of.

    Returns:
        A line for each; the one on the content distance says how equal it is.
    """
    lines = []
    for network, each in rows.groupby("network", sort=False):
        said = [conclusion_against(each, EQUAL, REFERENCE, of, ("content", "style")) for of in measures]
        lines += [f"{network}, {one}" for one in said]
    return "\n".join(lines)


def written(name: str, runs: Grid, rows: pd.DataFrame, out: Path) -> None:
    """Write NAME.csv, the table, and NAME.jpg, the pictures of the first seed and photo: a row for each painting; of
    the statistics, those of the first painting, a row for each network.

    Args:
        name: of the study.
        runs: of the study.
        rows: its table.
        out: folder for both.
    """
    with atomic_write(out / f"{name}.csv", "w") as file:
        rows.to_csv(file, index=False, float_format="%.6g")
    shown = runs.sheet("network" if name == EQUAL else "style", next(iter(STUDIES[name])), width=104)
    with atomic_write(out / f"{name}.jpg") as file:
        file.write(replace(shown, quality=60).jpeg())  # all of them go into one small notebook


def table(name: str) -> pd.DataFrame:
    """The table of the full run that comes with the package."""
    return pd.read_csv(DATA / "studies" / f"{name}.csv")


def sheet(name: str) -> Sheet:
    """The sheet of the full run that comes with the package, as `written` describes it."""
    said = f"the pictures of the study {name}, seed {SEEDS[0]}"
    return Sheet(load_image(DATA / "studies" / f"{name}.jpg"), said, 52)


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
        written(name, runs, rows, options.out)
        print(f"{name}: {runs}", flush=True)
        if name == EQUAL:
            print(better_than_gram(rows))


if __name__ == "__main__":
    main()
