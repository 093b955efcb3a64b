"""One evaluation of the objective with its gradient: this package against PyTorch, on the same weights and pictures.

    python -m benchmarks.evaluation [--repeats 9] [--only 512]

Five style layers and conv4_2, average pooling, zero padding, random weights of full and of quarter width, and
`vgg19-slim` at the sizes of the first command's last scale and of a square. The two take
turns, so that the ratios hold where the machine's speed drifts; PyTorch runs in its faster memory format. A loop on the
device is timed too, since that is what `optimize` runs. Peak memory is that of one process each, less what it had
before the network and the pictures were there.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import jax
import numpy as np
import torch

import nst_jax as nst
from benchmarks.common import machine
from nst_jax.networks.formats import read_weights
from nst_jax.networks.geometry import STYLE_LAYERS
from nst_jax.networks.loading import weights_file
from tests.support.pictures import picture
from tests.support.torch_oracle import TorchObjective, TorchVGG, to_torch
from tests.support.weights import random_weights

FULL, QUARTER = (64, 128, 256, 512, 512), (16, 32, 64, 128, 128)
CASES = {
    "256": ((256, 256), FULL),
    "512": ((512, 512), FULL),
    "quarter": ((288, 384), QUARTER),
    "slim": ((341, 512), "vgg19-slim"),
    "slim 512": ((512, 512), "vgg19-slim"),
}
CONTENT, STYLE = {"conv4_2": 1e-6}, {layer: 1.0 for layer in STYLE_LAYERS}


def weights_of(widths):
    """The weights of a bundled network by name, or random ones by the filters of the blocks."""
    return read_weights(weights_file(widths))[0] if isinstance(widths, str) else random_weights(widths)


def ours(shape, weights):
    """(a call that evaluates once, a call that evaluates n times on the device, seconds to compile the first)."""
    objective = nst.build_objective(nst.VGG19(weights), picture(*shape), picture(*shape, 1), CONTENT, STYLE)
    x = jax.numpy.asarray(picture(*shape, 2))
    evaluate = jax.jit(lambda objective, x: jax.value_and_grad(lambda x: objective(x))(x))
    start = time.perf_counter()
    compiled = evaluate.lower(objective, x).compile()
    seconds = time.perf_counter() - start

    @jax.jit
    def loop(objective, x, n):
        def step(_, x):
            return x - 1e-20 * jax.grad(lambda x: objective(x))(x)

        return jax.lax.fori_loop(0, n, step, x)

    return (
        lambda: jax.block_until_ready(compiled(objective, x)),
        lambda n: loop(objective, x, n).block_until_ready(),
        seconds,
    )


def theirs(shape, weights, memory_format):
    objective = TorchObjective(TorchVGG(weights), picture(*shape), picture(*shape, 1), CONTENT, STYLE)
    vgg = objective.vgg
    vgg.kernels = {name: kernel.contiguous(memory_format=memory_format) for name, kernel in vgg.kernels.items()}
    x = to_torch(picture(*shape, 2)).contiguous(memory_format=memory_format).requires_grad_(True)

    def evaluate():
        x.grad = None
        objective(x).backward()

    return evaluate


def seconds(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def time_case(name, repeats):
    shape, widths = CASES[name]
    weights = weights_of(widths)
    one, loop, compilation = ours(shape, weights)
    torches = [theirs(shape, weights, fmt) for fmt in (torch.contiguous_format, torch.channels_last)]
    for call in (one, lambda: loop(2), *torches):
        call()  # compiled, and warm
    torch_one = min(torches, key=lambda call: min(seconds(call) for _ in range(3)))
    rows = [(seconds(one), seconds(lambda: loop(2)) / 2, seconds(torch_one)) for _ in range(repeats)]
    a, b, c = (1e3 * statistics.median(column) for column in zip(*rows, strict=True))
    ratio, in_loop = (statistics.median(row[2] / row[i] for row in rows) for i in (0, 1))
    print(f"{name:10}{a:12.0f}{b:12.0f}{c:12.0f}{ratio:12.2f}{in_loop:12.2f}{compilation:12.1f}", flush=True)


def peak(name, which):
    """MiB that building the objective and evaluating it three times add to a process's peak, compilation included."""
    shape, widths = CASES[name]
    weights = weights_of(widths)
    jax.block_until_ready(jax.numpy.zeros(1) + 1)  # both libraries are loaded and started before the measurement
    torch.zeros(1) + 1
    before = resident_peak()
    call = ours(shape, weights)[0] if which == "ours" else theirs(shape, weights, torch.contiguous_format)
    for _ in range(3):
        call()
    return resident_peak() - before


def resident_peak():
    """MiB. From /proc, since a child's `ru_maxrss` begins at its parent's."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--only", choices=CASES)
    parser.add_argument(
        "--peak", nargs=2, metavar=("CASE", "WHICH"), help="print one peak; the benchmark calls itself so"
    )
    options = parser.parse_args()
    if options.peak:
        print(peak(*options.peak))
        return
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    print(machine())
    print(f"{'':10}{'ours, ms':>12}{'in a loop':>12}{'PyTorch':>12}{'ratio':>12}{'in a loop':>12}{'compile, s':>12}")
    for name in [options.only] if options.only else CASES:
        time_case(name, options.repeats)
    print(f"\n{'':10}{'ours, MiB':>12}{'PyTorch':>12}{'ratio':>12}")
    for name in [options.only] if options.only else CASES:
        found = [
            float(subprocess.check_output([sys.executable, "-m", "benchmarks.evaluation", "--peak", name, which]))
            for which in ("ours", "theirs")
        ]
        print(f"{name:10}{found[0]:12.0f}{found[1]:12.0f}{np.divide(*found[::-1]):12.2f}", flush=True)


if __name__ == "__main__":
    main()
