"""Texture synthesis before and with networks: how far each method's textures are from the sample.

    python -m benchmarks.textures [--size 128] [--side 192] [--textures NAME …] [--methods NAME …] [-o OUT.png]
        [--table OUT.csv]

Samples are periodic (bricks, drawn by this package), stochastic (dabs; grass and gravel, if shared pictures are
there) and structured (julesz, woodcut, mosaic, vortex; brick and caustics, if shared pictures are there). For each
texture and method the table gives seconds of the processor, and the distances of `nst_jax.history.texture_distances` to
the sample. Each but the last is divided by that of white noise in the sample's colours, so that 0 is the sample's and 1
is noise.

A method that matches one column and fails in another shows what its statistic does not see: what stands far apart, for
most; and what patches do not see is that the sample is repeated.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

import nst_jax as nst
from benchmarks.common import SHARED, machine
from nst_jax.files import atomic_write
from nst_jax.history.bricks import bricks
from nst_jax.history.julesz import julesz
from nst_jax.history.texture_distances import DISTANCES, TextureDistances, noise
from nst_jax.images.picture import Picture
from nst_jax.images.sheets import contact_sheet

FILES = {"grass": "grass_cc0_gray.png", "gravel": "gravel_cc0_gray.png", "brick": "brick_cc0_gray.png",
         "caustics": "embark_1.jpg"}  # fmt: skip
COLUMNS = ("seconds", *DISTANCES)


def samples(size: int) -> dict[str, Picture]:
    """Name → square sample of this side."""
    found = {"bricks": bricks(size), "julesz": julesz((size, size), parity="odd")}
    for name in ("dabs", "woodcut", "mosaic", "vortex"):
        found[name] = square(nst.load_image(name, 2 * size), size)
    for name, file in FILES.items():
        if (SHARED / "images" / "textures" / file).is_file():
            found[name] = square(nst.load_image(SHARED / "images" / "textures" / file, 2 * size), size)
    return found


def square(x: Picture, size: int) -> Picture:
    """The middle of a picture."""
    top, left = ((side - size) // 2 for side in x.shape[:2])
    return np.ascontiguousarray(x[top : top + size, left : left + size])


def on_paper(x: Picture, side: int) -> Picture:
    """A sample on white, at the scale of the textures."""
    paper = np.ones((max(side, len(x)), max(side, len(x)), 3), np.float32)
    paper[: len(x), : len(x)] = x
    return paper


def gram_texture(p: Picture, a: Picture, *, seed: int = 0) -> Picture:
    """The texture of Gatys and others (2015), from noise."""
    return nst.stylize(p, a, network="vgg19-slim", size=max(p.shape), alpha=0, init="noise", seed=seed).image


TEXTURES = ("heeger-bergen", "portilla-simoncelli", "efros-leung", "ashikhmin", "quilting-texture")
METHODS: dict[str, Callable[..., Picture]] = {
    "noise": lambda p, a, *, seed: noise(p.shape[:2], a, seed),
    **{name: nst.METHODS[name].function for name in TEXTURES},
    "gram": gram_texture,
}


def main() -> None:
    """Print the table, a row as soon as it is known, and save the sheet."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--size", type=int, default=128, help="side of the samples, a multiple of 16")
    parser.add_argument("--side", type=int, default=192, help="side of the textures, a multiple of 16")
    parser.add_argument("--textures", nargs="+")
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=list(METHODS))
    parser.add_argument("-o", "--out", type=Path, default=Path("out-textures.png"))
    parser.add_argument("--table", type=Path, help="CSV that the rows are written to")
    options = parser.parse_args()
    found = samples(options.size)
    chosen = options.textures or list(found)
    p = np.full((options.side, options.side, 3), 0.5, np.float32)
    print(f"samples of {options.size} px, textures of {options.side} px; {machine()}\n")
    print(f"{'':32}" + "".join(f"{column:>11}" for column in COLUMNS))
    rows, table = [], []
    for name in chosen:
        a = found[name]
        measures, made = TextureDistances(a), []
        unit = measures.of_noise(noise(p.shape[:2], a))
        for method in options.methods:
            began = time.process_time()
            x = METHODS[method](p, a, seed=0)
            seconds = time.process_time() - began
            distances = {column: value / unit[column] for column, value in measures(x).items()}
            made.append(x)
            table.append({"texture": name, "method": method, "seconds": f"{seconds:.1f}"}
                         | {column: f"{value:.2f}" for column, value in distances.items()})  # fmt: skip
            if options.table is not None:
                with atomic_write(options.table, "w") as file:
                    file.write(pd.DataFrame(table).to_csv(index=False, lineterminator="\n"))
            cells = "".join(f"{distances[column]:11.2f}" for column in COLUMNS[1:])
            print(f"{name + ', ' + method:32}{seconds:11.1f}{cells}", flush=True)
        rows.append([on_paper(a, options.side), *made])
        sheet = contact_sheet(rows, ["sample", *options.methods], chosen[: len(rows)], width=options.side)
        nst.save_image(options.out, sheet)


if __name__ == "__main__":
    main()
