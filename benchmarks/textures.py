"""Texture synthesis before and with networks: how far each method's textures are from the sample.

    python -m benchmarks.textures [--size 128] [--side 192] [--textures NAME …] [--methods NAME …] [-o OUT.png]

Samples are periodic (bricks, which this program draws), stochastic (dabs; grass and gravel, if shared pictures are
there) and structured (julesz, woodcut, mosaic, vortex; brick and caustics, if shared pictures are there). For each
texture and method the table gives seconds, and distances to the sample. Each but the last column is divided by that of
white noise with the sample's mean and covariance of colours, so that 0 is the sample's and 1 is noise:

    histogram  earth mover's distance of each uncorrelated channel's values.
    period     root mean square difference of the autocorrelations of luminance, up to a quarter of the sample's side.
    joint      Portilla and Simoncelli's statistics: the square root of their loss.
    gram       Gram matrices of vgg19-slim, conv1_1 to conv5_1: mean of ‖G − A‖ / ‖A‖.
    copied     share of the texture's windows of 9 × 9 pixels that are in the sample as they are.

A method that matches one column and fails in another shows what its statistic does not see: what stands far apart, for
most; and what patches do not see is that the sample is repeated.
"""

import argparse
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import jax
import numpy as np
from scipy.stats import wasserstein_distance

import nst_jax as nst
from benchmarks.common import SHARED, machine
from nst_jax.history.julesz import julesz
from nst_jax.history.pca import colour_axes
from nst_jax.history.periodic import periodic_component
from nst_jax.history.portilla_simoncelli import RANGE, JointStatistics
from nst_jax.images.luminance import luminance
from nst_jax.images.picture import Picture, bytes8
from nst_jax.images.sheets import contact_sheet

LAYERS = ("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1")
FILES = {"grass": "grass_cc0_gray.png", "gravel": "gravel_cc0_gray.png", "brick": "brick_cc0_gray.png",
         "caustics": "embark_1.jpg"}  # fmt: skip
COLUMNS = ("seconds", "histogram", "period", "joint", "gram", "copied")
WINDOW = 9  # pixels
evaluate = jax.jit(lambda objective, u: objective.breakdown(u))


def bricks(size: int) -> Picture:
    """Bricks of 8 × 16 pixels in two shades of red, with joints of 2 pixels: the period is 16 × 32."""
    y, x = np.mgrid[:size, :size]
    row = y // 8 % 2
    shifted = x + 8 * row
    joint = (y % 8 < 2) | (shifted % 16 < 2)
    shade = np.where(shifted // 16 % 2, 0.55, 0.4)[..., None] * (1, 0.5, 0.4)
    return np.where(joint[..., None], 0.8, shade).astype(np.float32)


def samples(size: int) -> dict[str, Picture]:
    """Name → square sample of this side."""
    found = {"bricks": bricks(size), "julesz": julesz((size, size), parity="odd")}
    for name in ("dabs", "woodcut", "mosaic", "vortex"):
        found[name] = square(nst.load_image(name, 2 * size), size)
    for name, file in FILES.items():
        if (SHARED / "images" / "textures" / file).is_file():
            found[name] = square(nst.load_image(SHARED / "images" / "textures" / file, 2 * size), size)
    return found


def square(x: Picture, size: int) -> Picture:
    """The middle of a picture."""
    top, left = ((side - size) // 2 for side in x.shape[:2])
    return np.ascontiguousarray(x[top : top + size, left : left + size])


def on_paper(x: Picture, side: int) -> Picture:
    """A sample on white, at the scale of the textures."""
    paper = np.ones((max(side, len(x)), max(side, len(x)), 3), np.float32)
    paper[: len(x), : len(x)] = x
    return paper


def gram_texture(p: Picture, a: Picture, *, seed: int = 0) -> Picture:
    """The texture of Gatys and others (2015), from noise."""
    return nst.stylize(p, a, network="vgg19-slim", size=max(p.shape), alpha=0, init="noise", seed=seed).image


def noise(p: Picture, a: Picture, *, seed: int = 0) -> Picture:
    """White noise with the mean and covariance of the sample's colours."""
    axes = colour_axes(a)
    z = np.random.default_rng(seed).standard_normal((len(axes.spread), *p.shape[:2])).astype(np.float32)
    return axes.colours(z)


TEXTURES = ("heeger-bergen", "portilla-simoncelli", "efros-leung", "ashikhmin", "quilting-texture")
METHODS: dict[str, Callable[..., Picture]] = {
    "noise": noise,
    **{name: nst.METHODS[name].function for name in TEXTURES},
    "gram": gram_texture,
}


def autocorrelation(x: Picture, reach: int) -> np.ndarray:
    """Of luminance, at shifts up to `reach` along both axes."""
    Y = periodic_component(luminance(x)[..., None])[..., 0]
    power = np.abs(np.fft.fft2(Y - Y.mean())) ** 2
    R = np.fft.fftshift(np.fft.ifft2(power).real)
    i, j = np.array(R.shape) // 2
    return R[i - reach : i + reach + 1, j - reach : j + reach + 1] / max(R[i, j], 1e-12)


@cache
def network():
    vgg = nst.load_network("vgg19-slim")
    return jax.jit(lambda x: {layer: nst.gram(F) / F[..., 0].size for layer, F in vgg(x, LAYERS).items()})


def windows(x: Picture) -> np.ndarray:
    """All windows of a picture as rows of bytes."""
    views = np.lib.stride_tricks.sliding_window_view(bytes8(x), (WINDOW, WINDOW), (0, 1))
    return np.ascontiguousarray(views).reshape(views.shape[0] * views.shape[1], -1)


class Measures:
    """How far pictures are from a sample."""

    def __init__(self, a: Picture):
        self.axes = colour_axes(a)
        z = self.axes.channels(a)
        self.values, self.reach = z.reshape(len(z), -1), len(a) // 4
        self.objective = JointStatistics.of(z)
        self.R, self.grams = autocorrelation(a, self.reach), network()(a)
        self.windows = {row.tobytes() for row in windows(a)}

    def __call__(self, x: Picture) -> dict[str, float]:
        z = self.axes.channels(x)
        pairs = zip(z.reshape(len(z), -1), self.values, strict=True)
        losses = evaluate(self.objective, self.objective.places(z))
        grams = network()(x)
        far = [np.linalg.norm(grams[layer] - A) / np.linalg.norm(A) for layer, A in self.grams.items()]
        return {
            "histogram": float(np.mean([wasserstein_distance(*pair) for pair in pairs])),
            "period": float(np.sqrt(np.mean((autocorrelation(x, self.reach) - self.R) ** 2))),
            "joint": float(np.sqrt(sum(float(loss) for name, loss in losses.items() if name != RANGE))),
            "gram": float(np.mean(far)),
            "copied": float(np.mean([row.tobytes() in self.windows for row in windows(x)])),
        }


def main() -> None:
    """Print the table, a row as soon as it is known, and save the sheet."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=128, help="side of the samples, a multiple of 16")
    parser.add_argument("--side", type=int, default=192, help="side of the textures, a multiple of 16")
    parser.add_argument("--textures", nargs="+")
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=list(METHODS))
    parser.add_argument("-o", "--out", type=Path, default=Path("out-textures.png"))
    options = parser.parse_args()
    found = samples(options.size)
    chosen = options.textures or list(found)
    p = np.full((options.side, options.side, 3), 0.5, np.float32)
    print(f"samples of {options.size} px, textures of {options.side} px; {machine()}\n")
    print(f"{'':32}" + "".join(f"{column:>11}" for column in COLUMNS))
    rows = []
    for name in chosen:
        a = found[name]
        measures, made = Measures(a), []
        unit = measures(noise(p, a)) | {"copied": 1.0}
        for method in options.methods:
            began = time.perf_counter()
            x = METHODS[method](p, a, seed=0)
            seconds = time.perf_counter() - began
            distances = {column: value / unit[column] for column, value in measures(x).items()}
            made.append(x)
            cells = "".join(f"{distances[column]:11.2f}" for column in COLUMNS[1:])
            print(f"{name + ', ' + method:32}{seconds:11.1f}{cells}", flush=True)
        rows.append([on_paper(a, options.side), *made])
        sheet = contact_sheet(rows, ["sample", *options.methods], chosen[: len(rows)], width=options.side)
        nst.save_image(options.out, sheet)


if __name__ == "__main__":
    main()
