"""Loss after 50, 100 and 300 evaluations: this package's optimisers against `torch.optim.LBFGS` on one objective.

    python -m benchmarks.lbfgs_quality [--size 384] [--evaluations 300]

The objective that `stylize` has by default, but normalised over the two pictures alone, at one scale from the content
picture, and two others: one of less style, one not normalised;
Neckarfront, Starry Night, the 16× network. PyTorch runs its defaults (history 100, step 1, no line search) with the
tolerances at 0, since they would end the run early, on its own implementation of network and losses. The bar: a ratio
of at most 1.005 after 300 evaluations.
"""

import argparse
import time

import numpy as np
import optax
import torch

import nst_jax as nst
from benchmarks.common import NECKARFRONT, NETWORK, STARRY_NIGHT, machine
from nst_jax.losses.conventions import convert, loss_weights
from nst_jax.training.student import weights_of
from tests.support.torch_oracle import TorchObjective, TorchVGG, to_torch

OPTIMIZERS = {
    "lbfgs()": nst.lbfgs(),
    "lbfgs(memory=10)": nst.lbfgs(10),
    "lbfgs(memory=20)": nst.lbfgs(20),
    "lbfgs(memory=100)": nst.lbfgs(100),
    "lbfgs(cutoff=None)": nst.lbfgs(cutoff=None),
    "adam()": nst.adam(),
    "optax.lbfgs()": optax.lbfgs(),
}


def torch_lbfgs(objective, p, evaluations):
    """(losses, seconds) of torch.optim.LBFGS, one entry an evaluation."""
    x = to_torch(p).requires_grad_(True)
    optimizer = torch.optim.LBFGS([x], max_iter=10**6, max_eval=evaluations, tolerance_grad=0, tolerance_change=0)
    losses, start = [], time.perf_counter()

    def closure():
        optimizer.zero_grad()
        loss = objective(x)
        loss.backward()
        losses.append(loss.item())
        return loss

    optimizer.step(closure)
    return np.array(losses[:evaluations]), time.perf_counter() - start


def network_weights(vgg):
    """The weights of a network of ours, under the names that the oracle reads."""
    names = ["preprocess", *vgg.layers]
    return weights_of(vgg, [f"{name}.{part}" for name in names for part in ("kernel", "bias")])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=384)
    parser.add_argument("--evaluations", type=int, default=300)
    options = parser.parse_args()
    marks = [n for n in (50, 100, 300) if n <= options.evaluations]

    p, a = nst.load_image(NECKARFRONT, options.size), nst.load_image(STARRY_NIGHT, options.size)
    raw = nst.load_network(NETWORK)
    normalized = raw.normalized([p, a])
    print(machine())
    print(f"{p.shape[1]} × {p.shape[0]}; loss after {marks} evaluations, best so far; ratio to PyTorch's at the last")
    for title, vgg, beta in (
        ("normalised, α/β = 1e-3", normalized, 1e3),
        ("normalised, α/β = 1e-1", normalized, 1e1),
        ("not normalised, α/β = 1e-3", raw, 1e3),
    ):
        given = convert(loss_weights(1.0, beta), "author", "paper", vgg.shapes(*p.shape[:2]))
        reference = TorchObjective(
            TorchVGG(network_weights(vgg), vgg.pool, vgg.padding), p, a, given.content, given.style
        )
        losses, seconds = torch_lbfgs(reference, p, options.evaluations)
        best = np.minimum.accumulate(losses)
        print(f"\n{title}\n{'':22}" + "".join(f"{mark:>12}" for mark in marks) + "     ratio   evaluations a step    s")
        print(
            f"{'torch.optim.LBFGS':22}"
            + "".join(f"{best[m - 1]:12.5g}" for m in marks)
            + f"{1:10.4f}{1:21.3f}{seconds:5.0f}"
        )
        objective = nst.build_objective(vgg, p, a, given.content, given.style)
        for name, optimizer in OPTIMIZERS.items():
            for snapshot in nst.optimize(objective, p, optimizer, options.evaluations):
                snapshot.release()  # or all of them, with the optimiser's state of each, would be kept
            spent, ours = snapshot.losses["evaluations"], np.minimum.accumulate(snapshot.losses["total"])
            at = [ours[np.searchsorted(spent, m, side="right") - 1] for m in marks]
            # An accepted step of a line search is an evaluation whose loss is below all before it.
            steps = len(spent) if spent[-1] > len(spent) else 1 + np.sum(np.diff(ours) < 0)
            print(
                f"{name:22}" + "".join(f"{loss:12.5g}" for loss in at) + f"{at[-1] / best[marks[-1] - 1]:10.4f}"
                f"{spent[-1] / steps:21.3f}{snapshot.losses['seconds'][-1]:5.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
