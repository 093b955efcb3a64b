"""Every method of the history on one photo and one painting: seconds, and a sheet.

    python -m benchmarks.history [--size 512] [--photo chelsea] [--painting dabs] [--methods …] [--width 256]
        [-o history.jpg]

Seconds are the processor's, all threads together, and compilation counts. Painting-free methods get none.
"""

import argparse
import time
from pathlib import Path

import nst_jax as nst
from benchmarks.common import machine
from nst_jax.images.sheets import contact_sheet


def main():
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--photo", default="chelsea")
    parser.add_argument("--painting", default="dabs")
    parser.add_argument("--methods", nargs="+", default=list(nst.METHODS), choices=nst.METHODS)
    parser.add_argument("--width", type=int, default=256, help="of a picture on the sheet")
    parser.add_argument("-o", "--out", type=Path, default=Path("history.jpg"))
    options = parser.parse_args()
    print(f"{machine()}; {options.photo}, {options.painting}, {options.size} pixels")
    panels = {}
    for name in options.methods:
        method = nst.METHODS[name]
        painting = () if method.painting == "none" else (options.painting,)
        began = time.process_time()
        panels[f"{name}, {method.year}"] = nst.make(name, options.photo, *painting, size=options.size).image
        print(f"{name:22}{time.process_time() - began:8.1f} s", flush=True)
    heads, pictures = list(panels), list(panels.values())
    rows = [pictures[i : i + 5] for i in range(0, len(pictures), 5)]
    if len(rows) == 1:
        nst.save_image(options.out, contact_sheet(rows, heads, width=options.width))
    else:
        for i, row in enumerate(rows, 1):
            sheet = contact_sheet([row], heads[5 * i - 5 : 5 * i], width=options.width)
            nst.save_image(options.out.with_stem(f"{options.out.stem}-{i}"), sheet)


if __name__ == "__main__":
    main()
