"""How far the losses of narrow networks, and their gradients, are those of another: what an optimiser follows.

    python -m benchmarks.network_gradients [--networks vgg19-half vgg19-slim] [--against vgg19] [--size 256]
        [--pairs 0 1 …]

For each layer's term of the style loss, and for the content loss, as `stylize` counts them with average pooling: the
term relative to the other network's, the length of its gradient likewise, and the cosine between both gradients, 1 for
the same direction. At the photo, and at a picture on the way: the photo painted in one pass. Medians over the pairs of
`benchmarks.network_quality`.
"""

import argparse

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd

import nst_jax as nst
from benchmarks.common import SHARED, machine
from benchmarks.network_quality import MORE, PAIRS, objective
from nst_jax.networks.geometry import STYLE_LAYERS

CONTENT = "conv4_2"


@jax.jit
def terms(objective, x):
    """[6] the terms of the objective: of style, layer by layer, and of content."""
    found = objective.breakdown(x)
    return jnp.stack([*(found[f"style/{layer}"] for layer in STYLE_LAYERS), found[f"content/{CONTENT}"]])


@jax.jit
def gradients(objective, x):
    """[6, 3hw] gradients of the terms with respect to the picture."""
    return jax.jacrev(lambda x: terms(objective, x))(x).reshape(len(STYLE_LAYERS) + 1, -1)


def main():
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--networks", nargs="+", default=["vgg19-half", "vgg19-slim"])
    parser.add_argument("--against", default="vgg19")
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--pairs", type=int, nargs="+", default=range(len(PAIRS + MORE)), help="numbers, from 0")
    options = parser.parse_args()
    networks = {name: nst.load_network(name) for name in (options.against, *options.networks)}
    print(f"against {options.against}, {options.size} px; {machine()}")
    rows = []
    for i in options.pairs:
        content, style = (SHARED / "images" / path for path in (PAIRS + MORE)[i])
        p, a = nst.load_image(content, options.size), nst.load_image(style, options.size)
        places = {"photo": p, "on the way": nst.paint(p, a, size=options.size, strength=1).image}
        for place, x in places.items():
            found = {}
            for name, network in networks.items():
                as_counted = objective(network, p, a, nst.Settings().beta)
                E = np.asarray(terms(as_counted, jnp.asarray(x)), np.float64)
                found[name] = E, np.asarray(gradients(as_counted, jnp.asarray(x)), np.float64)
            E_T, g_T = found[options.against]
            for name in options.networks:
                E, g = found[name]
                for k, layer in enumerate((*STYLE_LAYERS, f"{CONTENT}, content")):
                    if E_T[k] > 0:  # at the photo the content loss is 0
                        length, of_other = np.linalg.norm(g[k]), np.linalg.norm(g_T[k])
                        row = {"network": name, "at": place, "layer": layer, "term": E[k] / E_T[k]}
                        rows.append(row | {"|g|": length / of_other, "cosine": g[k] @ g_T[k] / (length * of_other)})
    table = pd.DataFrame(rows).groupby(["network", "at", "layer"], sort=False).median()
    print(table.to_string(float_format="%.2f"))


if __name__ == "__main__":
    main()
