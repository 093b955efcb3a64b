"""Large pictures: peak memory against the plan, the cost of tiles, and their seams.

    python -m benchmarks.large_pictures peak --sizes 1024 2048 4096 [--network vgg19-slim] [--memory 3GB] [--out FOLDER]
    python -m benchmarks.large_pictures paint --sizes 2048 4096 [--network six-styles] [--memory 2GB] [--out FOLDER]
    python -m benchmarks.large_pictures cost --sizes 1024 2048 [--tile 1024] [--repeats 5]
    python -m benchmarks.large_pictures seams [--size 1024] [--tile 256] [--out FOLDER]

`peak` begins a run of one scale in a process of its own, stops it after a few evaluations, and prints the process's
peak (`ru_maxrss`, as its parent sees it) beside what the plan says. `paint` does so for a picture in one pass, of any
style or, with a network of styles, of one of its own. `cost` times an evaluation with its gradient, in one piece and in
tiles by turns. `seams` compares the pictures of two runs, in one piece and in tiles, pixel by pixel.
Pictures are three quarters as high as wide.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.common import NECKARFRONT, STARRY_NIGHT, machine

FULL = (64, 128, 256, 512, 512)  # filters of VGG-19's blocks


def network_named(name):
    """A network; "full-width" is VGG-19's shape with random weights, where its weights are not at hand."""
    import nst_jax as nst
    from tests.support.weights import random_weights

    return nst.VGG19(random_weights(FULL)) if name == "full-width" else nst.load_network(name)


def photo(size):
    import nst_jax as nst

    return nst.resize(nst.load_image(NECKARFRONT), (size * 3 // 4, size))


def job_of(size, network, memory, optimizer=None, steps=None):
    from nst_jax.transfer.job import prepare

    given = {"size": size, "network": network_named(network), "memory": memory, "optimizer": optimizer, "steps": steps}
    return prepare(photo(size), STARRY_NIGHT, scales=1, normalize=network != "full-width", **given)


def begin(size, network, memory, optimizer, evaluations, out):
    """In a process of its own: some evaluations of a run; prints what was planned, and seconds an evaluation."""
    import nst_jax as nst
    from nst_jax.transfer.run import run

    job = job_of(size, network, memory, optimizer)
    for snapshot in run(job, interval=0):
        snapshot.release()
        if snapshot.evaluations >= evaluations:
            break
    ticks = snapshot.seconds_here
    print(job.plan[0].bytes, np.diff(ticks).mean() if len(ticks) > 1 else ticks[0], job.plan[0], sep="\t", flush=True)
    if out:
        nst.save_image(Path(out) / f"{size}.png", snapshot.image)


def peak(options):
    print(f"{'size':>6}{'plan, GB':>10}{'peak, GB':>10}{'ratio':>7}{'s an evaluation':>17}{'s a megapixel':>15}")
    for size in options.sizes:
        said, found = in_a_process_of_its_own(
            "begin", size, options.network, options.memory, options.optimizer, options.evaluations, options.out
        )
        if said is None:
            print(f"{size:6}  failed")
            continue
        planned, seconds, plan = said.split("\t")
        seconds = float(seconds)
        ratio, megapixels = found / (float(planned) / 1e9), size * size * 3 / 4e6
        print(
            f"{size:6}{float(planned) / 1e9:10.2f}{found:10.2f}{ratio:7.2f}{seconds:17.1f}{seconds / megapixels:15.2f}"
        )
        print(f"        {plan}", flush=True)


def in_a_process_of_its_own(*arguments) -> tuple[str | None, float]:
    """The last line that this program prints with such arguments, None if it fails, and its peak of memory in GB."""
    child = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.large_pictures", *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )
    said = child.stdout.read().strip().splitlines()
    _, status, usage = os.wait4(child.pid, 0)
    return None if status or not said else said[-1], usage.ru_maxrss * 1024 / 1e9


def paint_once(size, network, memory, out):
    """In a process of its own: one picture in one pass; prints CPU-seconds, and in how many tiles."""
    import nst_jax as nst

    chosen = None if network == "vgg19-slim" else network
    style = STARRY_NIGHT if chosen is None else "vortex"
    made = nst.paint(photo(size), style, size=size, network=chosen, memory=memory)
    print(time.process_time(), "; ".join(made.notes) or "in one piece", sep="\t", flush=True)
    if out:
        nst.save_image(Path(out) / f"paint-{network}-{size}.png", made.image)


def paint(options):
    print(machine())
    print(f"{'size':>6}{'peak, GB':>10}{'CPU-s':>8}{'CPU-s a megapixel':>19}")
    for size in options.sizes:
        said, found = in_a_process_of_its_own("paint-once", size, options.network, options.memory, options.out)
        if said is None:
            print(f"{size:6}  failed")
            continue
        seconds, how = said.split("\t")
        print(
            f"{size:6}{found:10.2f}{float(seconds):8.0f}{float(seconds) / (size * size * 3 / 4e6):19.1f}  {how}",
            flush=True,
        )


def cost(options):
    import jax

    import nst_jax as nst
    from nst_jax.transfer.objective import objective_at

    evaluate = jax.jit(lambda objective, x: jax.value_and_grad(lambda x: objective(x))(x))
    print(machine())
    print(f"{'size':>6}{'whole, s':>10}{'tiles, s':>10}{'overhead':>10}{'planned':>9}{'tiles, s a megapixel':>22}")
    for size in options.sizes:
        whole = objective_at(job_of(size, options.network, "1000GB"), 0)
        tiles = nst.tiled(whole, options.tile)
        x = jax.numpy.asarray(photo(size))
        rows = []
        for i in range(options.repeats + 1):
            row = []
            for objective in (whole, tiles):
                start = time.perf_counter()
                jax.block_until_ready(evaluate(objective, x))
                row.append(time.perf_counter() - start)
            rows += [row] if i else []  # the first compiles
        a, b = (statistics.median(column) for column in zip(*rows, strict=True))
        ratio = statistics.median(row[1] / row[0] for row in rows)
        work, megapixels = tiles.tiling.tiles(x.shape).work, size * size * 3 / 4e6
        print(f"{size:6}{a:10.2f}{b:10.2f}{ratio:10.2f}{work:9.2f}{b / megapixels:22.2f}", flush=True)


def seams(options):
    import nst_jax as nst
    from nst_jax.transfer.objective import objective_at

    job = job_of(options.size, options.network, "1000GB", steps=options.evaluations)
    whole = objective_at(job, 0)
    made = {}
    for name, objective in (("whole", whole), ("tiles", nst.tiled(whole, options.tile))):
        made[name] = nst.minimize(objective, photo(options.size), nst.lbfgs(), options.evaluations).image
    difference = np.abs(made["tiles"] - made["whole"])
    tiles = nst.tiled(whole, options.tile).tiling.tiles(difference.shape)
    on_borders = max(difference[y - 1 : y + 1].max() for y in tiles.rows.bounds[1:-1])
    print(f"{tiles.number} tiles: largest difference {difference.max():.1e}, on horizontal borders {on_borders:.1e}")
    if options.out:
        for name, image in (made | {"difference": np.clip(difference / difference.max(), 0, 1)}).items():
            nst.save_image(Path(options.out) / f"{name}.png", image)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)
    for command, what in ((peak, "memory"), (paint, "memory in one pass"), (cost, "time"), (seams, "pictures")):
        each = commands.add_parser(command.__name__, help=what)
        each.set_defaults(command=command)
        each.add_argument("--network", default="vgg19-slim")
        each.add_argument("--out", default="")
        if command is not seams:
            each.add_argument("--sizes", type=int, nargs="+", default=[1024, 2048])
        if command in (cost, seams):
            each.add_argument("--tile", type=int, default=1024 if command is cost else 256)
    for command, n in (("peak", 2), ("seams", 10)):
        commands.choices[command].add_argument("--evaluations", type=int, default=n)
    for command in ("peak", "paint"):
        commands.choices[command].add_argument("--memory", default="3GB")
    commands.choices["peak"].add_argument("--optimizer", default="lbfgs")
    commands.choices["cost"].add_argument("--repeats", type=int, default=3)
    commands.choices["seams"].add_argument("--size", type=int, default=1024)
    if sys.argv[1:2] == ["begin"]:  # the benchmark calls itself so
        size, network, memory, optimizer, evaluations, out = sys.argv[2:]
        begin(int(size), network, memory, optimizer, int(evaluations), out)
        return
    if sys.argv[1:2] == ["paint-once"]:
        size, network, memory, out = sys.argv[2:]
        paint_once(int(size), network, memory, out)
        return
    options = parser.parse_args()
    options.command(options)


if __name__ == "__main__":
    main()
