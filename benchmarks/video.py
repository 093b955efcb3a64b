"""Clips: what each remedy against flicker buys, and what it costs.

    python -m benchmarks.video [--network vgg19-slim] [--size 160] [--frames 7] [--style vortex] [-o out-video]
    python -m benchmarks.video --speed [--size 256] [--frames 24] [--methods paint network]

Paints drawn clips, and real ones where the folder of shared clips is there, in several ways. By the optimiser:
- alone: every frame as a picture of its own, which is the ceiling;
- start: from the earlier picture, moved along;
- short: and held there by the temporal term, compared with the frame before;
- long: and with frames farther back, which is the default;
- twice: and a second pass, backwards.
In one pass:
- paint-alone: `nst.paint` frame by frame, which is the ceiling;
- held: with the photo's statistics measured over the clip;
- blended: with statistics measured in every frame, and the earlier picture blended in;
- paint: with both, which is method="paint".
With a network of styles, --styles-network:
- network-alone: `nst.paint` with it frame by frame, which is the ceiling;
- network-held: with each filter's mean and deviation measured over the clip;
- network: and the earlier picture blended in, which is method="network".
Prints, clip by clip and method by method: seconds a frame and evaluations a frame once warm, the warping error between
frames 1 and 5 apart, over that of the clip itself (the floor) and over that of the ceiling, and the referee's style and
content, means over frames; keeps the rows in video.csv in the folder. The clip `still` is a scene that does not move,
with noise of its own in every frame. What is in the folder already is not painted again. Writes consecutive pictures
side by side, a row a method: CLIP.png.

--speed times methods of one pass, on the first of the clips: seconds and CPU seconds a frame, files and flow included.
"""

import argparse
import csv
import shutil
import tempfile
import time
from pathlib import Path

import numpy as np

import nst_jax as nst
from benchmarks.common import SHARED, machine
from nst_jax.files import atomic_write
from nst_jax.video.job import prepare_video
from nst_jax.video.painting import paint_clip
from nst_jax.video.settings import BLEND
from nst_jax.video.stylize_video import finish
from nst_jax.video.writing import frame_path

METHODS = {
    "alone": {"method": "alone"},
    "start": {"temporal": 0.0},
    "short": {"offsets": (1,)},
    "long": {},
    "twice": {"passes": 2},
    "paint-alone": {},
    "held": {"method": "paint", "blend": 0.0},
    "blended": {"blend": BLEND},
    "paint": {"method": "paint"},
    "network-alone": {},
    "network-held": {"method": "network", "blend": 0.0},
    "network": {"method": "network"},
}
FUNCTIONS = ("paint-alone", "blended", "network-alone")
CEILINGS = {  # method → frames painted one by one in the same way
    **dict.fromkeys(("alone", "start", "short", "long", "twice"), "alone"),
    **dict.fromkeys(("paint-alone", "held", "blended", "paint"), "paint-alone"),
    **dict.fromkeys(("network-alone", "network-held", "network"), "network-alone"),
}
DRAWN = ("ball", "still")
REAL = {
    "bunny": "big_buck_bunny_adain_cut.mp4",
    "mountain": "sintel_mountain_2.mp4",
    "cave": "sintel_cave_mmflow.mp4",
    "cars": "intel_cars.mp4",
}
COLUMNS = (
    "clip", "method", "seconds", "evaluations", "error_1", "over_floor_1", "over_ceiling_1", "error_5", "over_floor_5",
    "style", "content",
)  # fmt: skip
HEADINGS = (
    "| clip | method | s a frame | evaluations | error 1 | / floor | / ceiling | error 5 "
    "| / floor | style | content |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|"
)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--network", default="vgg19-slim")
    parser.add_argument("--styles-network", default="six-styles", help="a network of styles, for method network")
    parser.add_argument("--size", type=int, default=160)
    parser.add_argument("--frames", type=int, default=7)
    parser.add_argument("--first", type=int, default=24, help="of the real clips' frames")
    parser.add_argument("--style", default="vortex")
    parser.add_argument("--clips", nargs="+", default=[*DRAWN, *REAL])
    parser.add_argument("--methods", nargs="+", default=list(METHODS), choices=list(METHODS))
    parser.add_argument("--temporal", type=float, help="weight, in place of the default")
    parser.add_argument("--speed", action="store_true", help="time methods of one pass")
    parser.add_argument("-o", "--out", type=Path, default=Path("out-video"))
    options = parser.parse_args()
    if options.speed:
        return speed(options)
    missing = [each for i, each in enumerate(options.methods) if CEILINGS[each] not in options.methods[: i + 1]]
    if missing:
        parser.error(f"{missing[0]} is compared with {CEILINGS[missing[0]]}; name that before it in --methods")
    print(f"{options.network}, {options.size} px, {options.frames} frames, style {options.style}; {machine()}\n")
    print(HEADINGS, flush=True)
    for name in options.clips:
        if name in REAL and not (SHARED / "video" / REAL[name]).is_file():
            print(f"| {name} | not there |")
            continue
        compare(name, options)


def compare(name, options):
    """One clip, painted in every way; the optimiser's first frame, which is the same in all, is painted once."""
    runs = {}
    for method in options.methods:
        job = prepare_video(folder=options.out / name / method, **asked(name, method, options))
        there = job.folder.pictures(1, job.video.passes, options.frames)
        before = next((made for each, made in runs.items() if CEILINGS[each] == "alone"), None)
        if before and CEILINGS[method] == "alone" and not there.has(0):
            there.path.mkdir(exist_ok=True)
            shutil.copy(frame_path(before.frames.path, 0), frame_path(there.path, 0))
        runs[method] = finish(job)
        report(name, method, runs, nst.load_image(options.style, options.size), options.out)
    nst.save_image(options.out / f"{name}.png", np.concatenate([made.strip(0, 4) for made in runs.values()]))


def asked(name, method, options):
    """What `stylize_video` is asked for."""
    drawn = name in DRAWN
    first = 0 if drawn else options.first
    how = {"clip": name if drawn else SHARED / "video" / REAL[name], "size": options.size}
    how |= {"frames": f"{first}:{first + options.frames}", **METHODS[method]}
    network = options.styles_network if CEILINGS[method] == "network-alone" else None
    if method in FUNCTIONS:
        return how | {"method": lambda p: nst.paint(p, options.style, network=network, size=max(p.shape)).image}
    how["style"] = options.style
    if CEILINGS[method] != "alone":
        return how | ({"network": network} if network else {})
    how["network"] = nst.load_network(options.network)
    return how | ({} if options.temporal is None else {"temporal": options.temporal})


def speed(options):
    """Seconds a frame of methods of one pass, once they are compiled."""
    for method in [each for each in options.methods if each in ("paint", "network")]:
        with tempfile.TemporaryDirectory() as folder:
            job = prepare_video(folder=folder, **asked(options.clips[0], method, options))
            frames = paint_clip(job.made_from, job.video, job.folder, job.photos, job.flow)
            seconds = []
            for _ in frames:
                seconds.append((time.perf_counter(), time.process_time()))
            wall, cpu = np.median(np.diff(seconds[2:], axis=0), axis=0)
            h, w, _ = job.photos[0].shape
            print(f"{method}, {options.clips[0]}, {w} × {h}: {wall:.3f} s a frame, {cpu:.3f} CPU seconds; {machine()}")


def report(name, method, runs, a, folder):
    made = runs[method]
    ceiling = runs[CEILINGS[method]].summary
    rows = np.loadtxt(made.folder / "seconds.csv", delimiter=",", skiprows=1, ndmin=2)
    warm = rows[rows[:, 1] > 1]
    found = made.summary
    scores = [nst.Referee(p, a)(x) for p, x in zip(made.photos, made.frames, strict=True)]
    means = {each: np.mean([score[each] for score in scores]) for each in ("style", "content")}
    far = (f"{found[5]['painted']:.2e}", f"{found[5]['ratio']:.1f}") if 5 in found else ("", "")
    row = (
        name, method, f"{np.median(warm[:, 3]):.2f}", f"{np.mean(warm[:, 2]):.0f}", f"{found[1]['painted']:.2e}",
        f"{found[1]['ratio']:.1f}", f"{found[1]['painted'] / ceiling[1]['painted']:.2f}", *far,
        f"{means['style']:.3f}", f"{means['content']:.3f}",
    )  # fmt: skip
    print(f"| {' | '.join(row)} |", flush=True)
    table = folder / "video.csv"
    rows = list(csv.reader(table.read_text(encoding="utf-8").splitlines())) if table.exists() else [COLUMNS]
    rows = [*(each for each in rows if tuple(each[:2]) != row[:2]), row]
    with atomic_write(table, "w") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    main()
