"""Draws the project's style pictures: `python data/styles/draw.py [NAME ...] [--size 768] [-o FOLDER]`."""

import argparse
import importlib
import time
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

# width and height at the default size
PICTURES = {
    "vortex": (768, 608),
    "dabs": (768, 608),
    "woodcut": (768, 576),
    "cutout": (768, 608),
    "mosaic": (768, 608),
    "hatching": (768, 608),
}
OVERSAMPLING = 2
LARGEST_FILE = 200_000


def draw(name, size):
    """The picture `name` as a Pillow image, `size` pixels on its longest side; always the same, by a fixed seed."""
    w, h = (round(n * size / max(PICTURES[name])) for n in PICTURES[name])
    rng = np.random.default_rng([1998, *name.encode()])
    picture = importlib.import_module(name).draw(rng, OVERSAMPLING * w, OVERSAMPLING * h)
    large = Image.fromarray((255 * np.clip(picture, 0, 1)).round().astype(np.uint8))
    return large.resize((w, h), Image.Resampling.LANCZOS)


def jpeg(picture):
    """The bytes of a JPEG file of the best quality, 90 at most, whose size stays within the limit, and that quality."""
    for quality in range(90, 10, -2):
        buffer = BytesIO()
        picture.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
        if buffer.tell() <= LARGEST_FILE:
            break
    return buffer.getvalue(), quality


def main():
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(PICTURES)}; all by default")
    parser.add_argument("--size", type=int, default=768, help="pixels on the longest side")
    parser.add_argument("-o", "--output", type=Path, default=here, help="folder for the pictures")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(PICTURES):
        parser.error(f"no such picture: {', '.join(sorted(unknown))}")
    arguments.output.mkdir(parents=True, exist_ok=True)
    for name in arguments.names or PICTURES:
        began = time.process_time()
        data, quality = jpeg(draw(name, arguments.size))
        path = arguments.output / f"{name}.jpg"
        path.write_bytes(data)
        print(f"{path}: {len(data) / 1000:.0f} kB, quality {quality}, {time.process_time() - began:.0f} s of one core")


if __name__ == "__main__":
    main()
