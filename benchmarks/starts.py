"""Three starts of the optimiser: the photo, a picture painted in any style, and one by a network of that style.

    python -m benchmarks.starts [--size 256] [--steps 50] [-o out-starts] [--referees random lite0]

The same objective, one scale, L-BFGS, the default weights; pairs of photos and styles that `six-styles` knows. Losses
are the least so far, and style distances those of the picture at that moment (version 2 of the referee), as parts of
what the run from the photo has at its end; means over the pairs, of losses geometric. Seconds are of the run, without
the start, which takes less than one evaluation.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

import nst_jax as nst
from benchmarks.common import SHARED, machine
from benchmarks.referees import EYES
from nst_jax.images.sheets import contact_sheet
from nst_jax.research.referee import Referee
from nst_jax.transfer.job import prepare
from nst_jax.transfer.run import run

PAIRS = (
    ("chelsea", "vortex"),
    ("coffee", "mosaic"),
    ("astronaut", "dabs"),
    (SHARED / "images" / "content" / "kodim19.png", "woodcut"),
)
LOOKS = (5, 10, 20, 30, 50)  # evaluations


def main():
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--steps", type=int, default=LOOKS[-1])
    parser.add_argument("--referees", nargs="+", default=list(EYES), choices=EYES)
    parser.add_argument("-o", "--out", type=Path, default=Path("out-starts"))
    options = parser.parse_args()
    size, looks, rows, panels = options.size, [n for n in LOOKS if n <= options.steps], [], []
    eyes = {name: EYES[name]() for name in options.referees}
    print(f"{machine()}; {size} pixels, one scale")
    for photo, style in PAIRS:
        p, a = nst.load_image(photo, size), nst.load_image(style, size)
        referees = {name: Referee(p, a, each) for name, each in eyes.items()}
        starts = {
            "photo": p,
            "any style": nst.paint(p, a, size=size, strength=1).image,
            "network": nst.paint(p, style, network="six-styles", size=size).image,
        }
        found = []
        for name, x0 in starts.items():
            least, left = np.inf, list(looks)
            for snapshot in run(prepare(p, a, size=size, scales=1, steps=options.steps, init=x0), every=5):
                least = min(least, float(np.min(snapshot.losses["total"])))
                if left and snapshot.evaluations >= left[0]:
                    scores = {f"style {by}": judge(snapshot.image)["style"] for by, judge in referees.items()}
                    pair = f"{Path(photo).stem} + {style}"
                    row = {"pair": pair, "start": name, "evaluations": left.pop(0), "loss": least}
                    found.append(row | {"seconds": snapshot.seconds} | scores)
                    if row["evaluations"] == 10:
                        panels.append(snapshot.image)
        last = next(row for row in found[::-1] if row["start"] == "photo")
        for row in found:
            relative = {key: row[key] / last[key] for key in ("loss", *(f"style {by}" for by in eyes))}
            rows.append(row | relative)
            print(
                {key: value if isinstance(value, str) else round(value, 3) for key, value in rows[-1].items()},
                flush=True,
            )
    sheet = contact_sheet([panels[i : i + 3] for i in range(0, len(panels), 3)], list(starts), width=256)
    nst.save_image(options.out / "sheet.jpg", sheet)
    table = pd.DataFrame(rows)
    table["loss"] = np.log(table["loss"])
    means = table.groupby(["evaluations", "start"], sort=False).mean(numeric_only=True)
    means["loss"] = np.exp(means["loss"])
    print(means.to_string(float_format="%.3f"))
    means.to_csv(options.out / "table.csv")


if __name__ == "__main__":
    main()
