"""Pictures made with networks of ours against those made with the paper's, by the same recipe, judged by referees.

    python -m benchmarks.network_quality [--networks vgg19-half vgg19-slim] [--against vgg19] [--pools avg] [--size 384]
        [--pairs 0 1 …] [-o out-quality] [--referees random lite0]

Stylises the pairs below. Prints for each pair and referee the style and content distances, the roughness relative to
the painting's, the other network's loss of content and style, and the seconds of the run, and their ratios to what the
other network's picture has. The bars: style at most 1.10 times on every pair and 1.05 in the mean, content and
roughness at most 1.05. Writes the pictures and a contact sheet.
"""

import argparse
from pathlib import Path

import numpy as np

import nst_jax as nst
from benchmarks.common import SHARED, machine
from benchmarks.referees import EYES
from nst_jax.images.sheets import contact_sheet
from nst_jax.losses.conventions import convert
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
MORE = (  # seen by nothing that was chosen on the pairs above
    ("content/astronaut.png", "paper/the_scream.jpg"),
    ("content/kodim23.png", "styles/gauguin_tahiti.jpg"),
)
# Of the mean, and of the worst pair.
BARS = {"style": (1.05, 1.10), "content": (1.05, 1.05), "roughness": (1.05, 1.05)}


def objective(network: nst.VGG19, p: np.ndarray, a: np.ndarray, beta: float) -> nst.Objective:
    """Content and style as `stylize` counts them at the full size."""
    network, shapes = network.normalized(None if network.means else (p, a)), network.shapes(*p.shape[:2])
    weights = convert(nst.loss_weights(1.0, beta), "author", "paper", shapes)
    return nst.build_objective(network, p, a, weights.content, weights.style)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--networks", nargs="+", default=["vgg19-half", "vgg19-slim"])
    parser.add_argument("--against", default="vgg19")
    parser.add_argument("--pools", nargs="+", default=["avg"])
    parser.add_argument("--size", type=int, default=384)
    parser.add_argument("-o", "--out", type=Path, default=Path("out-quality"))
    parser.add_argument("--referees", nargs="+", default=list(EYES), choices=EYES)
    parser.add_argument(
        "--pairs", type=int, nargs="+", default=range(len(PAIRS + MORE)), help="numbers of pairs, from 0"
    )
    for name in ("beta", "tv"):
        parser.add_argument(f"--{name}", type=float, default=getattr(nst.Settings(), name))
    parser.add_argument("--steps", type=int, nargs="+", default=nst.Settings().steps)
    options = parser.parse_args()
    against = Path(options.against).stem
    networks = {against: nst.load_network(options.against)}
    for name in options.networks:
        networks |= {f"{Path(name).stem}, {pool}": nst.load_network(name, pool=pool) for pool in options.pools}
    eyes = {name: EYES[name]() for name in options.referees}
    recipe = {"size": options.size, "beta": options.beta, "tv": options.tv, "steps": options.steps}
    print(f"against {against}; {recipe}; {machine()}")

    judges = [f"{kind} {name}" for name in eyes for kind in ("style", "content")]
    columns = [*judges, "roughness", "loss", "seconds"]
    print(f"{'pair':44}{'network':18}" + "".join(f"{column:>16}" for column in columns))
    ratios, panels = {name: [] for name in networks}, []
    for i in options.pairs:
        content, style = (SHARED / "images" / path for path in (PAIRS + MORE)[i])
        p, a = nst.load_image(content, options.size), nst.load_image(style, options.size)
        referees = [Referee(p, a, each) for each in eyes.values()]
        loss = objective(networks[against], p, a, options.beta)
        panels.append([])
        for name, network in networks.items():
            made = nst.stylize(content, style, network=network, **recipe)
            nst.save_image(options.out / f"{content.stem}-{style.stem}-{name.replace(', ', '-')}.png", made.image)
            panels[-1].append(made.image)
            scores = [referee(made.image) for referee in referees]
            judged = [score[kind] for score in scores for kind in ("style", "content")]
            row = np.array([*judged, roughness(made.image, a), float(loss(made.image)), made.seconds])
            if name == against:
                reference = row
            ratios[name].append(row / reference)
            print(f"{content.stem + ' + ' + style.stem:44}{name:18}" + "".join(f"{v:16.3f}" for v in row), flush=True)
    nst.save_image(options.out / "sheet.jpg", contact_sheet(panels, list(networks), width=256))

    print(f"\nratio to {against}: mean over the pairs, and largest")
    for name, rows in ratios.items():
        table = np.array(rows)
        for column, mean, worst in zip(columns, table.mean(axis=0), table.max(axis=0), strict=True):
            in_mean, on_worst = BARS.get(column.split()[0], (np.inf, np.inf))
            met = "met" if mean <= in_mean and worst <= on_worst else "missed"
            said = f"   bars {in_mean}, {on_worst}: {met}" if in_mean < np.inf else ""
            print(f"{name:18}{column:18}{mean:8.3f}{worst:8.3f}{said}")


if __name__ == "__main__":
    main()
