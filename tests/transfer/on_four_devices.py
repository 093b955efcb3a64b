"""What four virtual devices make of a picture, for `test_sharing.py`: a program, since their number is a flag of XLA.

    python -m tests.transfer.on_four_devices FOLDER

It writes FOLDER/found.json, and begins a run in FOLDER/run that it stops on the way.
"""

import json
import os
import re
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

DEVICES = 4
os.environ["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={DEVICES}"

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402

import nst_jax as nst  # noqa: E402
from nst_jax.losses.objective import Kept  # noqa: E402
from nst_jax.losses.shared import is_turned, turned  # noqa: E402
from nst_jax.losses.style.catalogue import statistic_named  # noqa: E402
from nst_jax.losses.terms import Laplacian  # noqa: E402
from nst_jax.networks.geometry import LAYERS as LAYERS_OF_VGG  # noqa: E402
from nst_jax.networks.mesh import by_rows, mesh_of  # noqa: E402
from nst_jax.optim import loop  # noqa: E402
from nst_jax.transfer.job import prepare  # noqa: E402
from nst_jax.transfer.run import run  # noqa: E402
from nst_jax.transfer.sharing import optimize_on  # noqa: E402
from tests.support.weights import random_weights  # noqa: E402

NETWORK = LAYERS_OF_VGG[:5]  # to conv3_1
LAYERS = ("conv1_1", "conv2_1", "conv3_1")
SETTINGS = {"content_layers": "conv2_2", "style_layers": LAYERS, "size": 48, "scales": 1, "steps": 6}
RNG = np.random.default_rng(0)


def pictures(h, w):
    return tuple(RNG.uniform(size=shape).astype(np.float32) for shape in ((h, w, 3), (30, 26, 3), (h, w, 3)))


def objective_of(h, w, *, statistic=nst.GRAM, pool="avg", padding="zero"):
    """Of every kind of term and target that is as large as the picture; (objective, picture)."""
    p, a, x = pictures(h, w)
    vgg = nst.VGG19(random_weights((4, 6, 8), NETWORK), pool=pool, padding=padding).normalized([p, a])
    plain = nst.build_objective(vgg, p, a, {"conv2_2": 1e-3}, dict.fromkeys(LAYERS, 1.0), 1e-3, statistic)
    content, first, *others, tv = plain.terms
    guided = replace(first, guide=jnp.asarray(RNG.uniform(size=(h, w)), jnp.float32))
    kept = Kept(jnp.asarray(p), jnp.asarray(RNG.uniform(size=(h, w, 1)), jnp.float32))
    return replace(plain, terms=(content, guided, *others, tv, Laplacian(jnp.asarray(p), 30.0)), kept=kept), x


@jax.jit
def evaluate(objective, x):
    return jax.value_and_grad(lambda x: objective(x))(x)


def compared(objective, x):
    """Relative errors of value and gradient on four devices, and whether the picture was turned for it."""
    value, g = evaluate(objective, jnp.asarray(x))
    turn = is_turned(x.shape, objective.layers, DEVICES)
    here = nst.shared(turned(objective) if turn else objective, DEVICES)
    x = jax.device_put(x.swapaxes(0, 1) if turn else x, by_rows(mesh_of(DEVICES)))
    found, slope = evaluate(here, x)
    slope = np.asarray(slope).swapaxes(0, 1) if turn else np.asarray(slope)
    return {
        "value": abs(float(found / value) - 1),
        "gradient": float(np.abs(slope - g).max() / np.abs(g).max()),
        "turned": turn,
    }


def compiled(shape, devices):
    """The loop's program on so many devices: collectives, and bytes that it takes on each."""
    objective, x = objective_of(*shape)
    optimizer = nst.lbfgs(4)
    if devices > 1:
        optimizer, objective = optimizer.for_devices(mesh_of(devices)), nst.shared(objective, devices)
        carry = loop._start_shared(x, optimizer, mesh_of(devices))
    else:
        carry = loop._start(jnp.asarray(x), optimizer)
    program = loop._run_chunk.lower(objective, optimizer, carry, 8).compile()
    memory = program.memory_analysis()
    names = re.findall(r" (all-gather|all-to-all|collective-permute|all-reduce)(?:-start)?\(", program.as_text())
    lies = [leaf.sharding for leaf in jax.tree.leaves(carry)]
    same = devices == 1 or lies == jax.tree.leaves(program.output_shardings[0])
    return Counter(names) | {"bytes": memory.temp_size_in_bytes + memory.argument_size_in_bytes, "same": same}


def shares_of_a_run():
    """Whether every array of the loop that is as long as the picture lies in four parts, to begin with."""
    carry = loop._start_shared(pictures(48, 20)[0], nst.lbfgs(3).for_devices(mesh_of(DEVICES)), mesh_of(DEVICES))
    large = [leaf for leaf in jax.tree.leaves(carry) if leaf.size >= 48 * 20 * 3]
    return [leaf.addressable_shards[0].data.size * DEVICES == leaf.size for leaf in large]


def ran(h, w, optimizer):
    """Largest relative difference of losses in a short run: on four devices, and from a start off by rounding."""
    objective, x = objective_of(h, w)
    nudged = x * (1 + 2.0**-23 * RNG.integers(-1, 2, x.shape)).astype(np.float32)
    *_, one = optimize_on(1, objective, x, optimizer, 6, every=3)
    *_, four = optimize_on(DEVICES, objective, x, optimizer, 6, every=3)
    *_, other = optimize_on(1, objective, nudged, optimizer, 6, every=3)
    return {
        name: float(np.abs(each.losses["total"] / one.losses["total"] - 1).max())
        for name, each in (("four", four), ("rounding", other))
    }


def refused(call):
    try:
        call()
    except nst.NSTError as error:
        return str(error)
    return ""


def main(folder):
    p, a, network = folder / "p.png", folder / "a.png", nst.VGG19(random_weights((4, 6, 8), NETWORK))
    found = {
        "rows": compared(*objective_of(32, 18, padding="reflect", pool="max")),
        "columns": compared(*objective_of(21, 48)),
        "wasserstein": compared(*objective_of(32, 18, statistic=statistic_named("wasserstein"))),
        "four": compiled((128, 48), DEVICES),  # a part has the 32 rows that the Laplacian needs of its neighbour
        "one": compiled((128, 48), 1),
        "parts": shares_of_a_run(),
        "lbfgs": ran(21, 48, nst.lbfgs()),
        "adam": ran(48, 21, nst.adam()),
    }
    given = {**SETTINGS, "network": network}
    odd = dict(given, size=47)
    found["odd"] = refused(lambda: prepare(p, a, **odd, devices=4))
    found["small"] = refused(lambda: prepare(p, a, **dict(given, size=12), devices=4))
    found["more"] = refused(lambda: prepare(p, a, **given, devices=5))
    found["no sum"] = refused(lambda: prepare(p, a, **dict(given, statistic="nearest"), devices=2))
    found["budget"] = refused(lambda: prepare(p, a, **given, devices=4, memory="1MB"))
    objective, x = objective_of(21, 48)
    found["rows of a shared objective"] = refused(lambda: nst.shared(objective, 4)(x))
    found["notes"] = prepare(p, a, **given, devices=4).notes
    found["scales"] = [plan.devices for plan in prepare(p, a, **dict(given, scales=3), devices=4).plan]
    kept = nst.RunFolder(folder / "run")
    job = kept.begin(p, a, **dict(SETTINGS, network=folder / "network.safetensors"), devices=4)
    for snapshot in run(job, every=3, interval=np.inf):
        if snapshot.evaluations == 3:
            from nst_jax.files import write_arrays

            write_arrays(
                kept.path / "checkpoint.npz", snapshot.checkpoint() | {"run": np.asarray(kept.manifest["run"])}
            )
    nst.save_image(folder / "whole.png", snapshot.image)
    (folder / "found.json").write_text(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
