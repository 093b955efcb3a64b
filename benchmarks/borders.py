"""What padding does to the borders: zeros against reflection, on pictures that have no borders in them.

    python -m benchmarks.borders [--networks vgg19-slim vgg19] [--size 128] [--steps 60] [-o out-borders]

The content is flat grey; the style is a flat colour, or a painting. Nothing in them marks the border, so a good picture
has none. For the mean colour of each ring one pixel wide, the table gives its distance from the mean colour of the
inside (mean over the colours, in units of the range, largest over the rings): of the rim, the outer 8 pixels, and of 8
rings inside, which tells how much of it is the painting's own variation. The pictures are borders.png.
"""

import argparse
from pathlib import Path

import numpy as np

import nst_jax as nst
from nst_jax.images.sheets import contact_sheet

RIM = 8  # pixels
FLAT = np.full((64, 64, 3), (0.7, 0.5, 0.3), np.float32)
CASES = {
    "flat": (FLAT, "content"),
    "vortex": ("vortex", "content"),
    "vortex from noise": ("vortex", "noise"),
    "woodcut from noise": ("woodcut", "noise"),
    "dabs from noise": ("dabs", "noise"),
}


def deviation(x: np.ndarray, depth: int) -> float:
    """How far the mean colour of a ring is from that of the inside, at most, for `RIM` rings from this depth on."""
    h, w = x.shape[:2]
    y, z = np.minimum(np.arange(h), np.arange(h)[::-1]), np.minimum(np.arange(w), np.arange(w)[::-1])
    ring = np.minimum.outer(y, z)
    inside = x[ring >= RIM].mean(0)
    return max(float(np.abs(x[ring == d].mean(0) - inside).mean()) for d in range(depth, depth + RIM))


def main() -> None:
    """Print a row for each network, padding and case, and save the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--networks", nargs="+", default=["vgg19-slim", "vgg19"])
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("-o", "--out", type=Path, default=Path("out-borders"))
    options = parser.parse_args()
    grey = np.full((options.size, options.size, 3), 0.5, np.float32)
    panels, rows = [], []
    print(f"{'':40}{'rim':>8}{'inside':>8}")
    for network in options.networks:
        for padding in ("zero", "reflect"):
            settings = {"network": network, "padding": padding, "size": options.size, "steps": options.steps}
            made = [nst.stylize(grey, style, init=init, scales=1, **settings).image for style, init in CASES.values()]
            for case, x in zip(CASES, made, strict=True):
                rim, inside = deviation(x, 0), deviation(x, options.size // 4)
                print(f"{f'{network}, {padding}, {case}':40}{rim:8.3f}{inside:8.3f}", flush=True)
            panels.append(made)
            rows.append(f"{network}, {padding}")
    nst.save_image(options.out / "borders.png", contact_sheet(panels, list(CASES), rows, width=options.size))


if __name__ == "__main__":
    main()
