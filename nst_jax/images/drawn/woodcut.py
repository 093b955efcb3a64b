"""Sun, mountains and a rolling sea as a woodcut: carved lines that swell and taper, in two inks on cream paper."""

import numpy as np
from scipy import ndimage

from .grain import blurred_noise, fractal, paper, rgb, smoothstep, wood

PAPER, BLUE, RED = rgb("#f2e4c4"), rgb("#12395c"), rgb("#d4452a")
SUN = (0.93, 0.275, 0.165)  # x, y, radius; the unit is the picture's height
# x and y of the summit, steepness, from far to near
PEAKS = [(0.20, 0.400, 0.42), (1.27, 0.385, 0.45), (0.98, 0.440, 0.40), (0.42, 0.345, 0.62), (0.70, 0.430, 0.50),
         (0.08, 0.450, 0.50), (1.16, 0.475, 0.45)]  # fmt: skip
HORIZON = 0.575


def carve(rng: np.random.Generator, phase: np.ndarray, position: np.ndarray, tone: np.ndarray) -> np.ndarray:
    """Ink [h, w] in [0, 1] in lines, one for each unit of `phase`, that cover the part `tone` of their distance.

    Each line swells and tapers for itself along `position`, whose unit is about one swelling.
    """
    table = blurred_noise(rng, (97, 512), (0, 4))
    index = np.floor(phase)
    swell = ndimage.map_coordinates(table, [index % 97, position * 8 % 511], order=1, mode="nearest")
    gap = np.abs(2 * (phase - index) - 1)
    gy, gx = np.gradient(phase)
    soft = 2 * np.hypot(gx, gy) + 1e-6
    # where lines run closer than pixels they turn grey, but no edge is softer than half their distance
    return np.clip((tone * (1 + 0.28 * swell) - (1 - gap)) / np.minimum(soft, 0.5) + 0.5, 0, 1)


def sky(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Blue and red ink of the sky: wind in long lines around the sun, heavy above, and a red glow at the horizon."""
    sx, sy, radius = SUN
    bend = 0.030 * np.sin(3.1 * x + 0.6) + 0.018 * np.sin(7.3 * x + 9 * y) + 0.012 * fractal(rng, x.shape, x.shape[0])
    r = np.hypot(x - sx, y - sy)
    # the wind parts around the sun as water around a stone
    parted = (y - sy) * (1 - np.clip(radius * 1.12 / (r + 1e-6), 0, 1) ** 2)
    flow = sy + parted + bend * smoothstep(1.0, 2.6, r / radius)
    clouds = 0.5 + 0.5 * np.sin(9 * flow + 2.2 * np.sin(2.6 * x + 1) + 1.2 * np.sin(5 * x))
    tone = 0.92 - 1.45 * flow + 0.85 * (clouds - 0.55)
    blue = carve(rng, flow * 62, 3.5 * x + 4 * y, np.clip(tone, 0, 0.93))
    blue *= r > radius * 1.06
    disc = smoothstep(radius + 0.001, radius - 0.001, r)
    glow = carve(rng, flow * 62 + 0.5, 3 * x + 2, np.clip(2.6 * (y - 0.30), 0, 0.62)) * (r > radius * 1.06)
    return blue, np.maximum(disc, 0.9 * glow)


def mountain(
    rng: np.random.Generator, x: np.ndarray, y: np.ndarray, peak: tuple[float, float, float]
) -> tuple[np.ndarray, np.ndarray]:
    """Its mask and its blue ink: lines that run down from the summit, close on the side away from the sun."""
    px, py, steep = peak
    rough = 0.010 * fractal(rng, x.shape, x.shape[0] / 4, 0.6)
    side = x - px
    silhouette = py + steep * np.abs(side) * (1 - 0.45 * np.tanh(1.6 * np.abs(side))) + 0.5 * rough
    down = np.clip(y - py, 1e-3, None)
    zigzag = 0.30 * down * np.sin(42 * down + 9 * px) + 0.10 * down * np.sin(95 * down) + rough
    shaded = smoothstep(-0.004, 0.004, np.where(SUN[0] > px, 1, -1) * (zigzag - side))
    # lines fan out from the summit and break at spurs
    fan = side / (0.05 + 0.75 * down) + 0.16 * np.sin(30 * down + 14 * side) * np.sqrt(down)
    tone = np.where(shaded > 0.5, 0.80, 0.17) + 0.12 * np.sin(26 * down + 8 * fan) - 0.5 * smoothstep(0.08, 0.22, down)
    ink = carve(rng, fan * 17, 22 * down, np.clip(tone, 0.03, 0.95))
    outline = smoothstep(0.0052, 0.003, y - silhouette)
    return y > silhouette, np.maximum(ink, outline)


def sea(rng: np.random.Generator, x: np.ndarray, y: np.ndarray, blue: np.ndarray, red: np.ndarray) -> None:
    """Draws waves over both inks, in place, from the horizon to the front."""
    for i, near in enumerate(np.linspace(0, 1, 12)):
        base = HORIZON + 0.50 * near**1.6
        size = 0.006 + 0.080 * near**1.1
        theta = x * (24 - 17 * near) + 2.4 * i + 0.9 * np.sin(2.3 * x + 1.7 * i)
        # crests lean over to one side, and are not all of one height
        lean = np.sin(theta + 0.7 * np.sin(theta + 0.9))
        swell = (0.5 + 0.5 * lean) ** 1.6 * (0.75 + 0.45 * np.sin(0.37 * theta + i))
        lift = -size * swell
        depth = y - base - lift
        # lines follow the crest near it, and calm down below: solve y = base + lift exp(-q / s) + q for q
        below = np.clip(depth, 0, None)
        for _ in range(6):
            below = np.clip(y - base - lift * np.exp(-below / (1.5 * size)), 0, None)
        reach = 0.020 + 0.14 * near
        lines = (below / reach) ** 0.85 * (5 + 5 * near)
        falling = np.gradient(swell, axis=1) * x.shape[0] / (24 - 17 * near)
        trough = smoothstep(0.05, 0.75, below / (0.012 + 0.085 * near))
        tone = 0.26 + 0.68 * trough + 0.55 * falling
        glitter = np.exp(-(((x - SUN[0]) / (0.09 + 0.14 * near)) ** 2))
        ink = carve(rng, lines, theta * 0.7, np.clip(tone - 0.2 * glitter, 0.14, 0.97))
        # foam: cream fingers that hang from the crest over the dark
        fingers = 0.5 + 0.5 * np.sin(theta * 8 + 2.6 * np.sin(theta * 3.1) + 14 * lines)
        foam = depth < size * (0.07 + 0.42 * fingers * smoothstep(0.35, 1.0, swell))
        edge = smoothstep(0.0022 + 0.0022 * near, 0.0012, depth)
        mask = depth > 0
        blue[mask] = np.where(foam, edge, ink)[mask]
        warm = carve(rng, lines + 0.5, theta, 0.8 * glitter * (0.4 + 0.6 * smoothstep(-0.3, 0.3, -falling)))
        red[mask] = (warm * ~foam)[mask]
        if i == 4:
            boat(x, y, blue, red)


def boat(x: np.ndarray, y: np.ndarray, blue: np.ndarray, red: np.ndarray) -> None:
    """A fishing boat with one red sail, in place; the next wave hides its keel."""
    u, v = (x - 0.33) / 0.10, (y - 0.690) / 0.10
    hull = (np.abs(u) < 0.62 - 0.5 * np.clip(v, 0, 1)) & (v > -0.10 * u**2 * 4 + 0.02) & (v < 0.26)
    mast = (np.abs(u) < 0.022) & (v < 0.05) & (v > -1.12)
    sail = (u > 0.03) & (u < 0.52 * np.sqrt(np.clip(v + 1.08, 0, None)) * (1 - 0.15 * v)) & (v > -1.05) & (v < -0.10)
    jib = (u < -0.03) & (u > -0.40 * np.clip(v + 0.95, 0, None)) & (v > -0.95) & (v < -0.12)
    seam = np.abs(np.sin(15 * (v + 0.12 * u))) < 0.10
    white: np.ndarray = ndimage.binary_dilation(hull | mast | sail | jib, iterations=max(1, x.shape[0] // 380))
    blue[white], red[white] = 0, 0
    blue[hull | mast] = 1
    blue[hull & (np.abs(v - 0.10 + 0.3 * u**2) < 0.022)] = 0
    red[(sail | jib) & ~seam] = 1
    blue[jib & seam] = 1


def printed(rng: np.random.Generator, ink: np.ndarray, grain: np.ndarray, strength: float) -> np.ndarray:
    """What of the flat `ink` [h, w] reaches the paper: less along the wood's grain and where the paper is rough."""
    speckle = blurred_noise(rng, ink.shape, 1.1) + 0.7 * fractal(rng, ink.shape, ink.shape[0] / 6)
    worn = smoothstep(1.8, 2.8, speckle + 1.2 * grain)
    return ndimage.gaussian_filter(ink, 0.6) * (1 - strength * grain) * (1 - 0.7 * worn)


def draw(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """The picture [height, width, 3] in [0, 1]."""
    y, x = (np.mgrid[:height, :width] + 0.5) / height
    hand = [0.0020 * fractal(rng, x.shape, height / 14, 1.1) for _ in range(2)]  # no knife runs quite straight
    x, y = x + hand[0], y + hand[1]
    blue, red = sky(rng, x, y)
    for peak in PEAKS:
        mask, ink = mountain(rng, x, y, peak)
        blue[mask], red[mask] = ink[mask], 0
    sea(rng, x, y, blue, red)
    unit = height / 1152
    knots = [(0.28 * width, 0.16 * height, 22 * unit), (0.86 * width, 0.72 * height, 30 * unit)]
    grain = wood(rng, x.shape, 15 * unit, knots)
    red_grain = wood(rng, x.shape, 19 * unit, [(0.62 * width, 0.24 * height, 26 * unit)])
    sheet = PAPER * paper(rng, x.shape, 2 * unit)[..., None]
    red = printed(rng, np.roll(red, (2, -2), (0, 1)), red_grain, 0.38)[..., None]  # blocks never meet exactly
    blue = printed(rng, blue, grain, 0.30)[..., None]
    print_ = sheet * (1 - red + red * RED)
    return print_ * (1 - blue) + blue * (BLUE * 0.93 + 0.07 * print_)
