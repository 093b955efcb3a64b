"""The referee on pictures whose order is known, in each of its pairs of eyes.

    python -m benchmarks.referee_ladder [--size 192] [--eyes random lite0] [--pairs 0 1 2]

Content: the photo < slightly blurred, in grey, recoloured, in other hues (all near 0) < painted in one pass, stylised <
another photo ≤ noise (both at 1). Style: the painting < another crop of it < stylised < the recoloured photo < the
photo; beside them, without a demand, a painting by the same painter and one painted in one pass. Prints the distances
pair by pair, their means, what is out of order, and the rank correlation of the referees over the pictures made.
"""

import argparse

import numpy as np
from scipy.stats import spearmanr

import nst_jax as nst
from benchmarks.common import SHARED, machine
from benchmarks.referees import EYES
from nst_jax.research.referee import Referee
from tests.support.ladder import ZOOM, content_faults, content_rungs, style_faults, style_rungs

PHOTOS = ("content/chelsea.png", "content/coffee.png", "content/kodim07.png", "content/kodim23.png",
          "paper/tubingen_neckarfront.jpg")  # fmt: skip
PAINTINGS = (
    "paper/starry_night.jpg",
    "styles/vangogh_rhone.jpg",
    "styles/hokusai_wave.jpg",
    "styles/gauguin_tahiti.jpg",
)
SAME_PAINTER = {PAINTINGS[0]: PAINTINGS[1], PAINTINGS[1]: PAINTINGS[0]}
PAIRS = [(photo, painting) for photo in PHOTOS for painting in PAINTINGS]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=192)
    parser.add_argument("--eyes", nargs="+", default=list(EYES), choices=EYES)
    parser.add_argument("--pairs", type=int, nargs="+", default=range(len(PAIRS)), help="numbers of pairs, from 0")
    options = parser.parse_args()
    size, images = options.size, SHARED / "images"
    eyes = {name: EYES[name]() for name in options.eyes}
    print(f"{size} pixels; {machine()}")
    found = {name: [] for name in eyes}
    for k in options.pairs:
        photo, painting = PAIRS[k]
        p, a = nst.load_image(images / photo, size), nst.load_image(images / painting, size)
        other = nst.load_image(images / PHOTOS[(PHOTOS.index(photo) + 2) % len(PHOTOS)], size)
        made = {"painted": nst.paint(p, a).image, "stylised": nst.stylize(p, a, size=size).image}
        contents, styles = (
            content_rungs(p, a, other),
            style_rungs(p, a, nst.load_image(images / painting, round(ZOOM * size))),
        )
        if painting in SAME_PAINTER:
            styles["same painter"] = nst.load_image(images / SAME_PAINTER[painting], size)
        for name, each in eyes.items():
            referee = Referee(p, a, each)
            scored = {rung: referee(x) for rung, x in made.items()}
            content = {rung: referee(x)["content"] for rung, x in contents.items()}
            style = {rung: referee(x)["style"] for rung, x in styles.items()}
            between = {kind: {rung: s[kind] for rung, s in scored.items()} for kind in ("content", "style")}
            faults = content_faults(content, list(between["content"].values()))
            faults += style_faults(style, [between["style"]["stylised"]])
            found[name].append((content | between["content"], style | between["style"], faults))
            print(f"{name:8}{photo} in the style of {painting}: {'; '.join(faults) or 'in order'}", flush=True)
    for name, rows in found.items():
        print(f"{name}: {sum(not faults for *_, faults in rows)} of {len(rows)} pairs in order")
        for kind, column in (("content", 0), ("style", 1)):
            rungs = {
                rung: [row[column][rung] for row in rows if rung in row[column]] for row in rows for rung in row[column]
            }
            for rung, values in sorted(rungs.items(), key=lambda each: np.mean(each[1])):
                print(f"  {kind:8} {rung:17} {np.mean(values):6.3f}  from {min(values):.3f} to {max(values):.3f}")
    if len(eyes) > 1:
        for kind, column in (("content", 0), ("style", 1)):
            each = [[row[column][rung] for row in rows for rung in ("painted", "stylised")] for rows in found.values()]
            print(f"rank correlation of {kind}, pictures made: {spearmanr(*each[:2]).statistic:.2f}")


if __name__ == "__main__":
    main()
