"""One evaluation with its gradient on whatever device is there: milliseconds, fraction of its peak, memory.

    python -m benchmarks.devices [--sizes 512 1024 2048] [--precision float32 bfloat16] [--devices 1] [--network FILE]

The network is VGG-19 of full width with random weights unless one is given, to conv5_1, with five Gram matrices and one
content layer. Arithmetic is that of its convolutions, forward and with respect to the picture, two operations a product
and sum. A device's peak is looked up by its kind; another's, and a CPU's, is that of a large matrix product, measured
here. Memory is what the compiled program works in and is given, on each device; `--devices` share the picture.
"""

import argparse
import functools
import os
import time

import jax
import jax.numpy as jnp
import numpy as np

import nst_jax as nst
from nst_jax.losses.shared import is_turned, turned
from nst_jax.networks.geometry import LAYERS
from nst_jax.networks.mesh import by_rows, mesh_of
from tests.support.weights import random_weights

FULL = (64, 128, 256, 512, 512)  # filters of VGG-19's blocks
STYLE = tuple(f"conv{block}_1" for block in range(1, 6))
# Dense operations a second as the makers state them, in units of 10¹²: (float32 or its fastest stand-in that JAX takes
# by default, bfloat16).
PEAKS = {
    "NVIDIA A100": (156.0, 312.0),  # TF32
    "NVIDIA H100": (494.0, 989.0),
    "NVIDIA H200": (494.0, 989.0),
    "NVIDIA L4": (60.0, 121.0),
    "Tesla T4": (8.1, 8.1),  # has no bfloat16
    "TPU v4": (275.0, 275.0),
    "TPU v5 lite": (197.0, 197.0),
    "TPU v5p": (459.0, 459.0),
    "TPU v6 lite": (918.0, 918.0),
}


def arithmetic(vgg, shape):
    """Operations of the convolutions to conv5_1, forward and back."""
    total, channels = 0, 3
    shapes = vgg.shapes(*shape, LAYERS[: LAYERS.index("conv5_1") + 1])
    for h, w, N in shapes.values():
        total += 2 * h * w * 9 * channels * N
        channels = N
    return 2 * total


def peak(precision, repeats=5):
    """(operations a second of one device, how they are known)."""
    kind = jax.devices()[0].device_kind
    for name, peaks in PEAKS.items():
        if kind.startswith(name):
            return 1e12 * peaks[precision == "bfloat16"], "stated by its maker"
    n = 2048
    a = jnp.ones((n, n), jnp.bfloat16 if precision == "bfloat16" else jnp.float32)
    product = jax.jit(lambda a: a @ a)
    return 2 * n**3 / min(timed(product, a, repeats)), f"of a {n} × {n} matrix product, measured"


def timed(function, argument, repeats):
    jax.block_until_ready(function(argument))  # the first compiles
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        jax.block_until_ready(function(argument))
        seconds.append(time.perf_counter() - start)
    return seconds


def prepared(vgg, size, devices):
    """(evaluation, picture, operations) at a size."""
    shape = (size * 3 // 4 // 64 * 64, size)
    rng = np.random.default_rng(0)
    p, x = (rng.uniform(size=(*shape, 3)).astype(np.float32) for _ in range(2))
    a = rng.uniform(size=(256, 256, 3)).astype(np.float32)
    objective = nst.build_objective(vgg, p, a, {"conv4_2": 1e-6}, dict.fromkeys(STYLE, 1.0), 1e-6)
    x = jnp.asarray(x)
    if devices > 1:
        if is_turned(shape, objective.layers, devices):
            objective, x = turned(objective), x.swapaxes(0, 1)
        objective, x = nst.shared(objective, devices), jax.device_put(x, by_rows(mesh_of(devices)))
    evaluate = jax.jit(lambda objective, x: jax.value_and_grad(lambda x: objective(x))(x))
    memory = evaluate.lower(objective, x).compile().memory_analysis()
    return functools.partial(evaluate, objective), x, memory, shape


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[512, 1024, 2048])
    parser.add_argument("--precision", nargs="+", default=["float32", "bfloat16"], choices=["float32", "bfloat16"])
    parser.add_argument("--devices", type=int, default=1)
    parser.add_argument("--network", default="full-width")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    device = f"{options.devices} × {jax.devices()[0].device_kind} of {jax.device_count()}, {os.cpu_count()} CPU cores"
    print(f"{device}; jax {jax.__version__}; {options.network}")
    print(f"{'precision':>10}{'size':>12}{'ms':>10}{'of peak':>9}{'MB a device':>13}{'loss':>14}")
    for precision in options.precision:
        if options.network == "full-width":
            vgg = nst.VGG19(random_weights(FULL), precision=precision)
        else:
            vgg = nst.load_network(options.network, precision=precision)
        most, known = peak(precision)
        for size in options.sizes:
            evaluate, x, memory, shape = prepared(vgg, size, options.devices)
            seconds = float(np.median(timed(evaluate, x, options.repeats)))
            share = arithmetic(vgg, shape) / seconds / (most * options.devices)
            held = (memory.temp_size_in_bytes + memory.argument_size_in_bytes) / 1e6
            loss = float(evaluate(x)[0])
            where = f"{shape[1]} × {shape[0]}"
            print(f"{precision:>10}{where:>12}{1e3 * seconds:10.1f}{share:9.1%}{held:13.0f}{loss:14.6g}", flush=True)
        print(f"    peak of one device in {precision}: {most / 1e12:.2f}e12 operations a second, {known}")


if __name__ == "__main__":
    main()
