"""How far the losses of narrow networks, and their gradients, are those of another: what an optimiser follows.

    python -m benchmarks.network_gradients [--networks vgg19-half vgg19-slim] [--against vgg19] [--size 256]
        [--pairs 0 1 …]

For each layer's term of the style loss, and for the content loss, with normalised networks and average pooling: the
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
from benchmarks.network_quality import MORE, PAIRS
from nst_jax.networks.geometry import STYLE_LAYERS
from nst_jax.transfer.normalisation import normalized_for

CONTENT = "conv4_2"


def gram(F):
    F = F.reshape(-1, F.shape[-1])
    return F.T @ F / len(F)


@jax.jit
def terms(network, x, p, a):
    """[6] mean squared differences: of Gram matrices, layer by layer, and of the content layer's features."""
    layers = (*STYLE_LAYERS, CONTENT)
    F, P, A = network(x, layers), network(p, layers), network(a, layers)
    style = [jnp.mean((gram(F[layer]) - gram(A[layer])) ** 2) for layer in STYLE_LAYERS]
    return jnp.stack([*style, jnp.mean((F[CONTENT] - P[CONTENT]) ** 2)])


@jax.jit
def gradients(network, x, p, a):
    """[6, 3hw] gradients of the terms with respect to the picture."""
    return jax.jacrev(lambda x: terms(network, x, p, a))(x).reshape(len(STYLE_LAYERS) + 1, -1)


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
                normalized = normalized_for(network, p, a)
                E = np.asarray(terms(normalized, jnp.asarray(x), p, a), np.float64)
                found[name] = E, np.asarray(gradients(normalized, jnp.asarray(x), p, a), np.float64)
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
