"""Draws the style pictures: `python -m nst_jax.images.drawn [NAME …] [--size 768] [-o FOLDER]`."""

import argparse
import time
from pathlib import Path

from ...files import atomic_write
from .programs import PROGRAMS, draw, jpeg


def main() -> None:
    """Draw the pictures named, or all, and say how large their files are."""
    parser = argparse.ArgumentParser(prog="python -m nst_jax.images.drawn", description="Draws the style pictures.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(PROGRAMS)}; all by default")
    parser.add_argument("--size", type=int, default=768, help="longest side, in pixels [768]")
    parser.add_argument("-o", "--out", type=Path, default=Path("."), help="folder for the pictures [this folder]")
    options = parser.parse_args()
    if unknown := set(options.names) - set(PROGRAMS):
        parser.error(f"there is no picture {', '.join(sorted(unknown))}; there are {', '.join(PROGRAMS)}")
    if options.size < 16:
        parser.error(f"--size {options.size}: give 16 pixels or more")
    for name in options.names or PROGRAMS:
        began = time.process_time()
        data, quality = jpeg(draw(name, options.size))
        path = options.out / f"{name}.jpg"
        with atomic_write(path) as file:
            file.write(data)
        print(f"{path}: {len(data) / 1000:.0f} kB, quality {quality}, {time.process_time() - began:.0f} s of one core")


if __name__ == "__main__":
    main()
