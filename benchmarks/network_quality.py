"""Pictures made with a network of ours against those made with the 16× network, by the same recipe, judged by referees.

    python -m benchmarks.network_quality [--network vgg19-slim] [--size 384] [-o out-quality] [--referees random lite0]

Stylises the pairs below with the 16× network, with the maximum pooling that it is better with, and with ours, with
both. Prints for each pair and referee the style and content distances, the roughness relative to the painting's, the
seconds of the run, and their ratios to the 16× network's. The bars on every pair: style at most 1.15, content at most
1.05, roughness at most 1.1 times. Writes the pictures and a contact sheet.
"""

import argparse
from pathlib import Path

import jax
import numpy as np

import nst_jax as nst
from benchmarks.common import NETWORK, SHARED
from benchmarks.referees import EYES
from nst_jax.images.sheets import contact_sheet
from nst_jax.research.referee import Referee
from nst_jax.research.roughness import roughness

PAIRS = (
    ("paper/tubingen_neckarfront.jpg", "paper/starry_night.jpg"),
    ("paper/tubingen_neckarfront.jpg", "paper/shipwreck_minotaur_gatys.jpg"),
    ("paper/tubingen_neckarfront.jpg", "paper/the_scream.jpg"),
    ("paper/tubingen_neckarfront.jpg", "paper/composition_vii.jpg"),
    ("content/kodim19.png", "styles/gauguin_tahiti.jpg"),
    ("content/astronaut.png", "styles/vangogh_self.jpg"),
    ("content/kodim07.png", "styles/hokusai_wave.jpg"),
    ("content/chelsea.png", "styles/vangogh_rhone.jpg"),
)
BARS = {"style": 1.15, "content": 1.05, "roughness": 1.1}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--network", default="vgg19-slim")
    parser.add_argument("--pools", nargs="+", default=["avg", "max"])
    parser.add_argument("--size", type=int, default=384)
    parser.add_argument("-o", "--out", type=Path, default=Path("out-quality"))
    parser.add_argument("--referees", nargs="+", default=list(EYES), choices=EYES)
    parser.add_argument("--pairs", type=int, nargs="+", default=range(len(PAIRS)), help="numbers of pairs, from 0")
    for name in ("beta", "tv"):
        parser.add_argument(f"--{name}", type=float, default=getattr(nst.Settings(), name))
    parser.add_argument("--steps", type=int, nargs="+", default=nst.Settings().steps)
    options = parser.parse_args()
    networks = {"16x": nst.load_network(NETWORK, pool="max")}
    networks |= {f"ours, {pool}": nst.load_network(options.network, pool=pool) for pool in options.pools}
    eyes = {name: EYES[name]() for name in options.referees}
    recipe = {"size": options.size, "beta": options.beta, "tv": options.tv, "steps": options.steps}
    print(f"{options.network} against the 16× network; {recipe}; {jax.devices()[0]}")

    columns = [*(f"{kind} {name}" for name in eyes for kind in ("style", "content")), "roughness", "seconds"]
    print(f"{'pair':44}{'network':14}" + "".join(f"{column:>16}" for column in columns))
    ratios, panels = {name: [] for name in networks}, []
    for i in options.pairs:
        content, style = (SHARED / "images" / path for path in PAIRS[i])
        p, a = nst.load_image(content, options.size), nst.load_image(style, options.size)
        referees = [Referee(p, a, each) for each in eyes.values()]
        panels.append([])
        for name, network in networks.items():
            made = nst.stylize(content, style, network=network, **recipe)
            nst.save_image(options.out / f"{content.stem}-{style.stem}-{name.replace(', ', '-')}.png", made.image)
            panels[-1].append(made.image)
            scores = [referee(made.image) for referee in referees]
            judged = [score[kind] for score in scores for kind in ("style", "content")]
            row = np.array([*judged, roughness(made.image, a), made.seconds])
            if name == "16x":
                reference = row
            ratios[name].append(row / reference)
            print(f"{content.stem + ' + ' + style.stem:44}{name:14}" + "".join(f"{v:16.3f}" for v in row), flush=True)
    nst.save_image(options.out / "sheet.jpg", contact_sheet(panels, list(networks), width=options.size))

    print("\nratio to the 16× network's: mean over the pairs, and worst")
    for name, rows in ratios.items():
        for column, mean, worst in zip(columns[:-1], np.mean(rows, axis=0), np.max(rows, axis=0), strict=False):
            bar = BARS[column.split()[0]]
            met = "met" if worst <= bar else f"missed on {np.sum(np.array(rows)[:, columns.index(column)] > bar)}"
            print(f"{name:14}{column:18}{mean:8.3f}{worst:8.3f}   bar {bar}: {met}")


if __name__ == "__main__":
    main()
