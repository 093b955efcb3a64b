"""Starts, evaluations, and what a scale leaves to the next: recipes judged by referees, against seconds.

    python -m benchmarks.recipe [--network vgg19-slim] [--size 512] [--pairs 0 5 4] [-o out-recipe] [--referees random]
    python -m benchmarks.recipe --recipes default short painted painted-short --against default
    python -m benchmarks.recipe --recipes default "vgg19 coarse" vgg19 --against vgg19 --referees random lite0
    python -m benchmarks.recipe --recipes default "beta 25" "beta 100" "tv 0" "tv 10" max --against default

Stylises pairs of `benchmarks.network_quality` with some recipes: that of 0.1 (75 evaluations a scale, each starting
from the enlarged picture), today's, those of hybrids, which start from a picture painted in one pass, those with the
paper's network at all scales or at the coarse ones, and today's with one setting changed. Prints for each pair the
style and content distances in each referee, the roughness relative to the painting's, and the seconds of the run; then
the ratios to one of the recipes. Writes the pictures.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np

import nst_jax as nst
from benchmarks.common import SHARED, machine
from benchmarks.network_quality import PAIRS
from benchmarks.referees import EYES
from nst_jax.research.referee import Referee
from nst_jax.research.roughness import roughness

RECIPES = {
    "0.1": {"carry": "picture", "steps": 75},
    "change carried": {"carry": "change", "steps": 75},
    "default": {},
    "short": {"steps": (60, 30, 15)},  # 38 % of the default's work
    "painted": {"init": "paint"},
    "painted-short": {"init": "paint", "steps": (60, 30, 15)},
    "painted-10": {"init": "paint", "steps": 10},
    "vgg19": {"network": "vgg19"},
    "vgg19 coarse": {"network": ("vgg19", "vgg19", "vgg19-slim")},  # at 512 pixels, which has three scales
    "half": {"network": "vgg19-half"},
    "half coarse": {"network": ("vgg19-half", "vgg19-half", "vgg19-slim")},
    "beta 12.5": {"beta": 12.5},  # a quarter, half, twice and four times the default
    "beta 25": {"beta": 25.0},
    "beta 100": {"beta": 100.0},
    "beta 200": {"beta": 200.0},
    "tv 0": {"tv": 0.0},
    "tv 1": {"tv": 1.0},
    "tv 10": {"tv": 10.0},
    "max": {"pool": "max"},
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--network", default="vgg19-slim")
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--pairs", type=int, nargs="+", default=[0, 5, 4], help="numbers of pairs, from 0")
    parser.add_argument("-o", "--out", type=Path, default=Path("out-recipe"))
    parser.add_argument("--referees", nargs="+", default=["random"], choices=EYES)
    parser.add_argument("--recipes", nargs="+", default=["0.1", "change carried", "default"], choices=RECIPES)
    parser.add_argument("--against", default="0.1", choices=RECIPES)
    options = parser.parse_args()
    recipes = {name: RECIPES[name] for name in dict.fromkeys((options.against, *options.recipes))}
    eyes = {name: EYES[name]() for name in options.referees}
    print(f"{options.network}, {options.size} px; {machine()}")
    columns = [*(f"{kind} {name}" for name in eyes for kind in ("style", "content")), "roughness", "seconds"]
    print(f"{'pair':44}{'recipe':22}" + "".join(f"{column:>16}" for column in columns))
    ratios = {name: [] for name in recipes}
    for i in options.pairs:
        content, style = (SHARED / "images" / path for path in PAIRS[i])
        p, a = nst.load_image(content, options.size), nst.load_image(style, options.size)
        referees = [Referee(p, a, each) for each in eyes.values()]
        rows = {}
        for name, recipe in recipes.items():
            how: Any = {"network": options.network, "size": options.size, **recipe}
            nst.stylize(content, style, **how | {"steps": 2})  # compiles
            made = nst.stylize(content, style, **how)
            nst.save_image(
                options.out / f"{content.stem}-{style.stem}-{name.replace(', ', '-').replace(' ', '-')}.png", made.image
            )
            judged = [referee(made.image)[kind] for referee in referees for kind in ("style", "content")]
            rows[name] = np.array([*judged, roughness(made.image, a), made.seconds])
            ratios[name].append(rows[name] / rows[options.against])
            line = "".join(f"{value:16.3f}" for value in rows[name])
            print(f"{content.stem + ' + ' + style.stem:44}{name:22}{line}", flush=True)
    print(f"\nratio to the recipe {options.against}: mean over the pairs, and largest")
    for name, rows in ratios.items():
        for column, mean, largest in zip(columns, np.mean(rows, axis=0), np.max(rows, axis=0), strict=True):
            print(f"{name:22}{column:18}{mean:8.3f}{largest:8.3f}")


if __name__ == "__main__":
    main()
