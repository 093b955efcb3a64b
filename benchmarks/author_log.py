"""The losses that the paper's author's notebook prints, beside ours by his recipe, with PyTorch's L-BFGS and with ours.

    python -m benchmarks.author_log [--optimizers torch ours] [--evaluations 500 200] [-o out-author-log]

His recipe: VGG-19 with max pooling and without normalisation; the mean squares of `convention="author"`, content weight
1 at conv4_2, style weights 1e3 / N²; Neckarfront and Starry Night with a short side of 512 pixels, from the photo, 500
evaluations; then 800 pixels and 200 evaluations, from the result enlarged. PyTorch's optimiser runs as in his notebook:
its defaults, on colours from 0 to 255, in steps of 20 iterations. Both see one objective, ours. `vgg19` is at 8 bits a
weight where no full file is at hand, and the painting may be another file than
his: his losses are a mark, not an oracle.

Prints the loss at every 50th evaluation. The same command goes on where it was stopped.
"""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import jax
import numpy as np
import torch
from PIL import Image

import nst_jax as nst
from benchmarks.common import NECKARFRONT, STARRY_NIGHT, machine
from nst_jax.files import atomic_write, read_arrays, write_arrays
from nst_jax.images.resizing import resize
from nst_jax.losses.conventions import CONVENTIONS, convert

SIDES = (512, 800)  # of the short side, in pixels
EVERY = 50  # evaluations between two printed losses
PRINTED = (
    (1388532.5, 707860.75, 538045.4, 469374.9, 433804.6, 411657.6, 395248.2, 383885.3, 375128.8, 368493.8),
    (393681.7, 318565.3, 288719.7, 272176.6),
)  # by his notebook, at 50, 100, …


class Progress(NamedTuple):
    """Where a run stands.

    Attributes:
        losses: [n], one an evaluation.
        picture: [h, w, 3].
        seconds: since its start.
    """

    losses: np.ndarray
    picture: np.ndarray
    seconds: float


def torchs(objective, x0, evaluations, kept: Path) -> Iterator[Progress]:
    """torch.optim.LBFGS as the notebook uses it, after each of its steps of 20 iterations."""
    x = torch.tensor(255 * np.asarray(x0)).requires_grad_(True)
    optimizer, losses, seconds = torch.optim.LBFGS([x]), [], 0.0
    if kept.exists():
        before = torch.load(kept, weights_only=True)
        x.data, losses, seconds = before["x"], before["losses"], before["seconds"]
        optimizer.load_state_dict(before["optimizer"])
    start = time.perf_counter() - seconds

    def closure():
        value, g = _of_255(objective, x.detach().numpy())
        x.grad = torch.tensor(np.asarray(g))
        losses.append(float(value))
        return torch.tensor(losses[-1])

    while True:
        yield Progress(np.array(losses[:evaluations]), x.detach().numpy() / 255, seconds)
        if len(losses) >= evaluations:
            return
        optimizer.step(closure)
        seconds = time.perf_counter() - start
        state = {"x": x.data, "losses": losses, "seconds": seconds, "optimizer": optimizer.state_dict()}
        with atomic_write(kept) as file:
            torch.save(state, file)


def ours(objective, x0, evaluations, kept: Path) -> Iterator[Progress]:
    """This package's L-BFGS, every 25 evaluations; a loss is the lowest so far, since that picture is kept."""
    resume = read_arrays(kept, "version") if kept.exists() else None
    for snapshot in nst.optimize(objective, x0, nst.lbfgs(), evaluations, every=25, interval=np.inf, resume=resume):
        write_arrays(kept, snapshot.checkpoint())
        each = np.arange(1, snapshot.evaluations + 1)
        at = np.searchsorted(snapshot.losses["evaluations"], each, side="right") - 1
        losses = np.minimum.accumulate(snapshot.losses["total"])[at]
        yield Progress(losses, snapshot.image, snapshot.seconds)


_of_255 = jax.jit(jax.value_and_grad(lambda objective, x: objective(x / 255), argnums=1))
OPTIMIZERS = {"torch": (torchs, ".pt"), "ours": (ours, ".npz")}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--optimizers", nargs="+", default=list(OPTIMIZERS), choices=OPTIMIZERS)
    parser.add_argument("--evaluations", nargs=2, type=int, default=(500, 200))
    parser.add_argument("-o", "--output", type=Path, default=Path("out-author-log"))
    options = parser.parse_args()
    if any(n > EVERY * len(printed) for n, printed in zip(options.evaluations, PRINTED, strict=True)):
        parser.error("his notebook prints 500 and 200 evaluations; give no more")
    options.output.mkdir(exist_ok=True, parents=True)
    vgg = nst.load_network("vgg19", pool="max")
    weights = CONVENTIONS["author"].published({layer: N for layer, (_, _, N) in vgg.shapes(*SIDES).items()})
    print(machine())
    print(f"{'by':6}{'side':>6}{'evaluations':>13}{'loss':>12}{'his':>12}{'ratio':>8}{'seconds':>9}")
    for name in options.optimizers:
        run, suffix = OPTIMIZERS[name]
        x = None
        for side, evaluations, printed in zip(SIDES, options.evaluations, PRINTED, strict=True):
            p, a = (short_side(path, side) for path in (NECKARFRONT, STARRY_NIGHT))
            given = convert(weights, "author", "paper", vgg.shapes(*p.shape[:2]))
            objective = nst.build_objective(vgg, p, a, given.content, given.style)
            start = p if x is None else resize(x, p.shape[:2])
            shown = 0
            for at in run(objective, start, evaluations, options.output / f"{name}-{side}{suffix}"):
                x = np.clip(at.picture, 0, 1)
                for n in range(shown + EVERY, len(at.losses) + 1, EVERY):
                    loss, his, shown = at.losses[n - 1], printed[n // EVERY - 1], n
                    ratio = f"{loss / his:8.3f}{at.seconds:9.0f}"
                    print(f"{name:6}{side:6}{n:13}{loss:12.0f}{his:12.0f}{ratio}", flush=True)
                nst.save_image(options.output / f"{name}-{side}.png", x)


def short_side(path: Path, side: int) -> np.ndarray:
    """The picture with `side` pixels on its short side, by linear interpolation as in his notebook."""
    with Image.open(path) as file:
        w, h = file.size
        size = (side * w // min(w, h), side * h // min(w, h))
        return np.asarray(file.convert("RGB").resize(size, Image.Resampling.BILINEAR), np.float32) / 255


if __name__ == "__main__":
    main()
