"""What a network does when it is taken apart: reconstructions, textures, and the sweep of α/β, as sheets to look at.

    python -m benchmarks.network_checks [--network vgg19-slim] [-o out-checks]

reconstructions.jpg: a photo from its features at one layer, from noise (the paper's figure 1, top), with the root mean
square error of the picture; textures.jpg: pictures of one Gram matrix a style layer, from noise, with both poolings;
sweep.jpg: five values of α/β with both poolings. Prints errors and distances; the latter are to be monotone.
"""

import argparse
from pathlib import Path

import numpy as np

import nst_jax as nst
from benchmarks.common import SHARED
from nst_jax.images.sheets import contact_sheet
from nst_jax.research.referee import Referee

LAYERS = ("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1")
TEXTURES = ("gravel", "brick", "textures/cezanne.jpg", "textures/embark_1.jpg", "dabs", "mosaic")
BETAS = (0.1, 1.0, 10.0, 100.0, 1000.0)


def find(name):
    return SHARED / "images" / name if "/" in name else nst.picture(name)


def reconstructions(networks, size):
    panels, p = [], nst.load_image(find("astronaut"), size)
    for pool, network in networks.items():
        row = [p]
        for layer in LAYERS:
            made = nst.stylize(
                p, p, network=network, size=size, beta=0, tv=0.3, content_layers=layer, init="noise", steps=200
            )
            row.append(made.image)
            print(f"{pool} {layer}: root mean square error {np.sqrt(np.mean((made.image - p) ** 2)):.4f}", flush=True)
        panels.append(row)
    return contact_sheet(panels, ["photo", *LAYERS], list(networks), width=size)


def textures(networks, size):
    panels = []
    for name in TEXTURES:
        a = nst.load_image(find(name), size)
        panels.append([a])
        for network in networks.values():
            made = nst.stylize(a, a, network=network, size=size, alpha=0, tv=0.3, init="noise", steps=200)
            panels[-1].append(made.image)
    return contact_sheet(panels, ["texture", *networks], width=size)


def sweep(networks, size):
    p, a = nst.load_image(find("coffee"), size), nst.load_image(find("vortex"), size)
    referee, panels = Referee(p, a), []
    for pool, network in networks.items():
        made = [nst.stylize(p, a, network=network, size=size, beta=beta).image for beta in BETAS]
        style, content = np.transpose([[judged["style"], judged["content"]] for judged in map(referee, made)])
        print(f"{pool} style   {' '.join(f'{d:.3f}' for d in style)}: falls {bool(np.all(np.diff(style) < 0))}")
        print(f"{pool} content {' '.join(f'{d:.3f}' for d in content)}: rises {bool(np.all(np.diff(content) > 0))}")
        panels.append(made)
    return contact_sheet(panels, [f"α/β = {1 / beta:.0e}" for beta in BETAS], list(networks), width=size)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--network", default="vgg19-slim")
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("-o", "--out", type=Path, default=Path("out-checks"))
    options = parser.parse_args()
    networks = {pool: nst.load_network(options.network, pool=pool) for pool in ("avg", "max")}
    for make in (reconstructions, textures, sweep):
        nst.save_image(options.out / f"{make.__name__}.jpg", make(networks, options.size))


if __name__ == "__main__":
    main()
