"""Optical flow against true flow: how far each estimator is off, what its masks trust, and what it costs.

    python -m benchmarks.flow [--size 1024]

On the true pairs, where the folder of shared flow is there (Middlebury; Sintel), and on two frames of each clip that
the package draws. Prints, pair by pair and estimator by estimator: the mean end-point error in pixels, over all pixels
whose flow is known, over those that the other frame shows too (drawn clips alone: it is not known of the others), and
over those that `visible` trusts; the share that it trusts; the error of no flow at all; and CPU seconds, the least of
three calls. DIS needs OpenCV (the extra `video`).
"""

import argparse
import time
from importlib.util import find_spec

import numpy as np

import nst_jax as nst
from benchmarks.common import SHARED, machine
from nst_jax.video.flow import dis, end_point_error, ilk
from nst_jax.video.flow_files import read_flow
from nst_jax.video.masks import visible
from nst_jax.video.synthetic import CLIPS

ESTIMATORS = {**({"DIS": dis} if find_spec("cv2") else {}), "ILK": ilk}
PAIRS = ("middlebury_Dimetrodon", "middlebury_RubberWhale", "sintel_alley_1")


def true_pair(name: str, size: int):
    """Two frames, at `size` pixels at most, the true flow from the first to the second, and None."""
    folder = SHARED / "flow" / name
    true, a, b = read_flow(folder / "flow.flo"), *(nst.load_image(folder / f"frame{n}.png") for n in (1, 2))
    n = -(-max(a.shape) // size)
    true = true[n // 2 :: n, n // 2 :: n] / n
    return nst.resize(a, true.shape[:2]), nst.resize(b, true.shape[:2]), true, None


def drawn_pair(name: str):
    """The first frames of a drawn clip, the true flow, and what both show."""
    clip = CLIPS[name]()
    return clip.frame(0), clip.frame(1), clip.flow(0, 1), clip.shown(0, 1)


def seconds_of(estimate, a, b) -> float:
    """CPU seconds of the fastest of three calls."""
    times = []
    for _ in range(3):
        began = time.process_time()
        estimate(a, b)
        times.append(time.process_time() - began)
    return min(times)


def main():
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--size", type=int, default=1024, help="longest side of true pairs, which may be made smaller")
    options = parser.parse_args()
    print(f"{machine()}\n")
    print("| pair | pixels | no flow | estimator | all | shown by both | trusted | share trusted | CPU s |")
    print("|---|---|---|---|---|---|---|---|---|")
    there = [name for name in PAIRS if (SHARED / "flow" / name).is_dir()]
    for name in (*there, *CLIPS):
        a, b, true, shown = true_pair(name, options.size) if name in PAIRS else drawn_pair(name)
        h, w, _ = a.shape
        nothing = end_point_error(np.zeros_like(true), true)
        for each, estimate in ESTIMATORS.items():
            flow = estimate(a, b)
            c = visible(flow, estimate(b, a))
            both = "" if shown is None else f"{end_point_error(flow, true, shown):.2f}"
            print(
                f"| {name} | {w} × {h} | {nothing:.2f} | {each} | {end_point_error(flow, true):.2f} | {both} | "
                f"{end_point_error(flow, true, c > 0.5):.2f} | {c.mean():.2f} | {seconds_of(estimate, a, b):.3f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
