"""Time to the loss that `torch.optim.LBFGS` reaches after 300 evaluations, at one scale and from coarse to fine.

    python -m benchmarks.time_to_loss [--size 512] [--coarse 100]

The objective of `stylize` by default at the full size, from the content picture and from noise, the paper's start.
PyTorch works at the full size alone; ours too, and then with `--coarse` evaluations at each coarser scale first, the
clock running through them. Our first call compiles; the second, which is compared, does not. The aim: three times as
fast.
"""

import argparse
import time

import numpy as np

import nst_jax as nst
from benchmarks.common import NECKARFRONT, NETWORK, STARRY_NIGHT, machine
from benchmarks.lbfgs_quality import network_weights, torch_lbfgs
from nst_jax.transfer.job import prepare
from nst_jax.transfer.run import objective_at, start_at
from tests.support.torch_oracle import TorchObjective, TorchVGG


def time_ours(job, optimizer, target):
    """(seconds until the finest scale's loss is at most `target`, or None if never; evaluations at that scale)."""
    start, x = time.perf_counter(), start_at(job, 0)
    for scale in range(len(job.sizes)):
        objective, x0 = objective_at(job, scale), nst.resize(x, job.shape(scale))
        for snapshot in nst.optimize(objective, x0, optimizer, job.steps[scale], interval=0.05):
            if scale == len(job.sizes) - 1 and snapshot.losses["total"].min() <= target:
                return time.perf_counter() - start, snapshot.evaluations
        x = snapshot.image
    return None, snapshot.evaluations


def reference(job):
    """The objective of the finest scale in PyTorch."""
    weights = {
        kind: {term.layer: float(term.weight) for term in objective_at(job, -1).terms if term.kind == kind}
        for kind in ("content", "style")
    }
    vgg = TorchVGG(network_weights(job.network), job.network.pool, job.network.padding)
    style = nst.load_image(STARRY_NIGHT, job.sizes[-1])
    return TorchObjective(vgg, job.content, style, weights["content"], weights["style"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--coarse", type=int, default=100)
    options = parser.parse_args()
    print(machine())
    for init in ("content", "noise"):
        settings = {"network": NETWORK, "size": options.size, "init": init, "tv": 0.0}
        jobs = [prepare(NECKARFRONT, STARRY_NIGHT, **settings, scales=scales, steps=300) for scales in (1, 3)]
        losses, torch_seconds = torch_lbfgs(reference(jobs[0]), start_at(jobs[0], 0), 300)
        target = np.min(losses)
        h, w = jobs[0].shape(0)
        print(
            f"\n{w} × {h} from {init}; torch.optim.LBFGS, 300 evaluations: loss {target:.5g} in {torch_seconds:.0f} s"
        )
        for job in jobs:
            coarse = (options.coarse,) * (len(job.sizes) - 1)
            job = prepare(NECKARFRONT, STARRY_NIGHT, **settings, scales=len(job.sizes), steps=(*coarse, 600))
            first, evaluations = time_ours(job, nst.lbfgs(), target)
            again, _ = time_ours(job, nst.lbfgs(), target)
            way = " → ".join(map(str, job.sizes))
            if again is None:
                print(f"ours, {way}: not reached in {evaluations} evaluations at {job.sizes[-1]} px", flush=True)
            else:
                print(
                    f"ours, {way}: {evaluations} evaluations at {job.sizes[-1]} px, {again:.0f} s, "
                    f"{torch_seconds / again:.2f} times as fast ({torch_seconds / first:.2f} with compilation)",
                    flush=True,
                )


if __name__ == "__main__":
    main()
