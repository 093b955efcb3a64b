"""Methods of patches beside the optimiser: processor seconds, and the referee's distances, on real pairs.

    python -m benchmarks.patches [--size 256] [--pairs chelsea dabs coffee vortex …] [-o out-patches]

Pairs are photos and paintings in turn, names or files. Every method runs with its defaults and seed 0. Seconds are
processor time, all threads together, compilation included. The referee's networks are random ones that nothing
optimised; 0 is a picture that it cannot tell from its model. The photo, recoloured or not, is there as the score of
doing next to nothing. The pictures are sheet.png.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

import nst_jax as nst
from nst_jax.images.recolouring import match_colours
from nst_jax.images.sheets import contact_sheet

PAIRS = ("chelsea", "dabs", "coffee", "vortex", "astronaut", "woodcut")
METHODS = ("quilting-transfer", "image-analogy", "nearest-patches", "texture-transfer")
SCORES = ("style", "content", "structure", "colour")


def methods(network: str) -> dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]]:
    """Name → (p, a) → picture."""
    return {
        "photo": lambda p, a: p,
        "recoloured photo": lambda p, a: np.clip(match_colours(p, a), 0, 1),
        **{name: nst.METHODS[name].function for name in METHODS},
        "stylize": lambda p, a: nst.stylize(p, a, network=network, size=max(p.shape)).image,
    }


def main() -> None:
    """Print a row for each pair and method, then each method's means, and save the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--pairs", nargs="+", default=PAIRS)
    parser.add_argument("--network", default="vgg19-slim")
    parser.add_argument("-o", "--out", type=Path, default=Path("out-patches"))
    options = parser.parse_args()
    pairs = list(zip(options.pairs[::2], options.pairs[1::2], strict=True))
    makers = methods(options.network)
    print(f"{'':44}{'CPU s':>8}" + "".join(f"{name:>11}" for name in SCORES))
    table, sheet = {name: [] for name in makers}, []
    for photo, painting in pairs:
        p, a = nst.load_image(photo, size=options.size), nst.load_image(painting, size=options.size)
        referee, made = nst.Referee(p, a), [a]
        for name, make in makers.items():
            began = time.process_time()
            made.append(make(p, a))
            seconds, scores = time.process_time() - began, referee(made[-1])
            row = [seconds, *(scores[score] for score in SCORES)]
            table[name].append(row)
            print(line(f"{Path(photo).stem} + {Path(painting).stem}, {name}", row), flush=True)
        sheet.append(made)
        rows = [f"{Path(photo).stem} + {Path(painting).stem}" for photo, painting in pairs[: len(sheet)]]
        nst.save_image(options.out / "sheet.png", contact_sheet(sheet, ["painting", *makers], rows, width=options.size))
    for name, rows in table.items():
        print(line(f"mean of {len(rows)} pairs, {name}", np.mean(rows, 0)))


def line(name: str, row: list[float]) -> str:
    """A row of the table."""
    return f"{name:44}{row[0]:8.1f}" + "".join(f"{score:11.3f}" for score in row[1:])


if __name__ == "__main__":
    main()
