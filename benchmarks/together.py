"""Runs made together on one device (vmap) against the same runs one by one: Adam, four seeds.

    python -m benchmarks.together [--sizes 64 128 256] [--runs 4] [--steps 64]

Prints the seconds of both without compilation, and their ratio: above 1, together is faster.
"""

import argparse
import time

import jax
import numpy as np

import nst_jax as nst
from nst_jax.optimize import minimize_together


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[64, 128, 256])
    parser.add_argument("--runs", type=int, default=4)
    parser.add_argument("--steps", type=int, default=64)
    options = parser.parse_args()
    network, optimizer = nst.load_network("vgg19-slim"), nst.adam()
    print(f"{options.runs} runs of {options.steps} evaluations, vgg19-slim, {jax.devices()[0]}")
    for size in options.sizes:
        p, a = (nst.load_image(nst.picture(name), size) for name in ("coffee", "vortex"))
        weights = nst.weights_of(1.0, 50.0)
        paper = nst.convert(weights, "author", "paper", network.shapes(*p.shape[:2]))
        objective = nst.build_objective(network, p, a, paper.content, paper.style)
        rngs = map(np.random.default_rng, range(options.runs))
        starts = [rng.uniform(size=p.shape).astype(np.float32) for rng in rngs]

        def alone(objective=objective, starts=starts):
            for x0 in starts:
                nst.minimize(objective, x0, optimizer, options.steps)

        def together(objective=objective, starts=starts):
            minimize_together([objective] * len(starts), starts, optimizer, options.steps)

        seconds = [min(_timed(way) for _ in range(3)) for way in (alone, together) if way() is None]
        print(f"{size:5} px: {seconds[0]:.2f} s one by one, {seconds[1]:.2f} s together: {seconds[0] / seconds[1]:.2f}")


def _timed(way):
    began = time.perf_counter()
    way()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
