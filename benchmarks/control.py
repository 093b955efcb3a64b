"""Control: what several styles cost, whether a soft seam is styled, whether regions stay apart, whose colours come out.

    python -m benchmarks.control [--network vgg19-slim] [--size 192] [--steps 60] [-o out-control]

Works on the bundled pictures. Prints
- seconds an evaluation with one, two and four styles blended, as ratios to one style in the same run;
- a soft seam, for a mask that goes from 1 to 0 over a quarter of the picture: the change from the photo along it,
  relative to that in the same place without regions; 1 if the seam is styled as the rest;
- the swap test: a picture made of two styles side by side; the style loss with its regions, relative to that with the
  regions exchanged, for each mode of the guides;
- with the content's colours: how far mean and covariance of the picture's colours are from the photo's, before and
  after clipping.
Writes the pictures, and three of them as control.jpg.
"""

import argparse
import time
from pathlib import Path

import jax
import numpy as np

import nst_jax as nst
from benchmarks.common import machine
from nst_jax.images.recolouring import colour_statistics, match_colours
from nst_jax.images.sheets import contact_sheet
from nst_jax.transfer.job import prepare
from nst_jax.transfer.objective import objective_at

PAIRS = (("chelsea", "vortex"), ("astronaut", "woodcut"), ("coffee", "mosaic"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--network", default="vgg19-slim")
    parser.add_argument("--size", type=int, default=192)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("-o", "--out", type=Path, default=Path("out-control"))
    options = parser.parse_args()
    how = {"network": nst.load_network(options.network), "size": options.size, "scales": 1, "steps": options.steps}
    print(f"{options.network}, {options.size} px, {options.steps} evaluations; {machine()}\n")
    costs(how)
    seam(how, options.out)
    swap(how)
    colours(how, options.out)
    sheet(options.out)


def costs(how):
    """Seconds an evaluation, the objectives taking turns so that other work on the machine hits all alike."""
    names = ("vortex", "woodcut", "mosaic", "dabs")
    evaluate = jax.jit(lambda objective, x: jax.value_and_grad(objective)(x))
    objectives = {n: objective_at(prepare("chelsea", [*names[:n]], **how), -1) for n in (1, 2, 4)}
    x = prepare("chelsea", "vortex", **how).content
    for objective in objectives.values():
        jax.block_until_ready(evaluate(objective, x))
    seconds = {n: [] for n in objectives}
    for _ in range(30):
        for n, objective in objectives.items():
            began = time.perf_counter()
            jax.block_until_ready(evaluate(objective, x))
            seconds[n].append(time.perf_counter() - began)
    one = np.min(seconds[1])  # the least: other work on the machine only adds
    for n, each in seconds.items():
        print(f"{n} styles: {np.min(each) / one:.3f} × the seconds of one")


def seam(how, out):
    """A mask and its complement with one style, against the run without regions."""
    p = prepare("chelsea", "vortex", **how).content
    h, w, _ = p.shape
    ramp = np.tile(np.clip((np.arange(w, dtype=np.float32) - 0.375 * w) / (0.25 * w), 0, 1), (h, 1))
    plain = nst.stylize("chelsea", "vortex", **how).image
    for name, style in {"the same style on both sides": "vortex", "another style beyond": "woodcut"}.items():
        x = nst.stylize("chelsea", style, regions=[(1 - ramp, "vortex")], **how).image
        nst.save_image(out / f"seam-{style}.png", x)
        change, usual = (np.sqrt(((each - p) ** 2).mean(axis=(0, 2))) for each in (x, plain))
        inside = (ramp[0] > 0) & (ramp[0] < 1)
        beside = ~inside
        print(
            f"soft seam, {name}: change along it {change[inside].mean() / usual[inside].mean():.2f}, "
            f"beside it {change[beside].mean() / usual[beside].mean():.2f} × that without regions"
        )


def swap(how):
    size = how["size"]
    a, b = (nst.resize(nst.load_image(name), (size, size // 2)) for name in ("vortex", "mosaic"))
    x = np.concatenate([a, b], axis=1)
    left = np.zeros((size, size), np.float32)
    left[:, : size // 2] = 1
    for mode in ("simple", "inside", "all"):
        losses = []
        for first, second in ((a, b), (b, a)):
            regions = [(left, first), (1 - left, second)]
            job = prepare(x, regions=regions, **how | {"guides": mode, "alpha": 0, "tv": 0})
            losses.append(float(objective_at(job, -1)(x)))
        print(f"swap test, guides {mode}: {losses[0] / losses[1]:.4f} of the loss with the regions exchanged")


def colours(how, out):
    for content, style in PAIRS:
        p = prepare(content, style, **how).content
        x = nst.stylize(content, match_colours(nst.load_image(style), p).clip(0, 1), **how).image
        matched = match_colours(x, p)
        (m, C), (n, D) = colour_statistics(matched), colour_statistics(p)
        made = nst.stylize(content, style, colour="content", **how).image
        nst.save_image(out / f"colours-{content}-{style}.png", made)
        clipped, E = colour_statistics(made)
        print(
            f"content's colours, {content} + {style}: mean off by {np.abs(m - n).max() / n.max():.1%}, covariance by "
            f"{np.linalg.norm(C - D) / np.linalg.norm(D):.1%}; after clipping "
            f"{np.abs(clipped - n).max() / n.max():.1%} and {np.linalg.norm(E - D) / np.linalg.norm(D):.1%}"
        )


def sheet(out):
    shown = {
        "seam-woodcut": "two styles, a soft seam",
        "colours-chelsea-vortex": "the photo's colours",
        "colours-coffee-mosaic": "the photo's colours",
    }
    row = [nst.load_image(out / f"{name}.png") for name in shown]
    nst.save_image(out / "control.jpg", contact_sheet([row], list(shown.values()), width=256))


if __name__ == "__main__":
    main()
