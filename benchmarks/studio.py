"""The studio: seconds from a slider's move to the preview and to the whole picture; a camera's frames a second.

    python -m benchmarks.studio [kernel] [browser] [--moves 30] [--size 512]

`kernel` measures the painting alone, in seconds and in CPU seconds, which other work on the machine hardly changes.
`browser` serves the studio as a user does, opens it in Chromium with a made-up camera, and measures what is seen there:
from the move of a slider, the whole picture being painted before it, to the preview, and to the whole; and the camera's
frames a second. Bars: the preview within a second; 4 frames a second at 256 pixels on 2 cores.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

import nst_jax as nst
from benchmarks.common import machine
from nst_jax.feedforward.composition import Composition, painted, with_style, with_weight
from nst_jax.feedforward.live import live
from nst_jax.images.picture import bytes8
from nst_jax.images.uploads import FRAME, read_upload
from nst_jax.notebook.studio import PREVIEW
from nst_jax.notebook.studio_sources import listed
from nst_jax.notebook.widgets import jpeg
from tests.support.jupyterlab import chromium, served_studio

PHOTO, STYLES = "coffee", ("vortex", "mosaic")
WATCHED = 10  # seconds of the camera
PAUSE = 100  # milliseconds between two looks at the page, which cost time, too
WATCH = """() => {
    const image = document.querySelector(".nst-mask-frame img");
    image.addEventListener("load", () => window.loads.push((performance.now() - window.began) / 1000));
}"""
MOVE = """(value) => {
    const slider = document.querySelector("input[aria-label='Share of vortex']");
    [window.began, window.loads] = [performance.now(), []];
    slider.value = value;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
}"""


def kernel(options: argparse.Namespace):
    """The painting alone."""
    c = Composition(listed(PHOTO))
    for name in STYLES:
        c = with_style(c, listed(name))
    moved = iter(with_weight(c, 0, share) for share in shares(options.moves + 1))
    told("preview, painting alone", *timed(lambda: painted(next(moved), PREVIEW, draft=True), options.moves))
    frame = jpeg(bytes8(nst.resize(nst.load_image("astronaut"), (192, 256))), quality=85)

    def painted_frame():
        jpeg(bytes8(live(c, read_upload("frame", frame, FRAME))), quality=80)

    seconds, cpu = timed(painted_frame, options.moves)
    told("a camera's frame, 256 × 192, from JPEG to JPEG", seconds, cpu)
    print(f"  {1 / np.median(seconds):.1f} frames a second; {1 / np.median(cpu):.1f} a CPU second")


def browser(options: argparse.Namespace):
    """What is seen in Chromium."""
    with (
        tempfile.TemporaryDirectory() as folder,
        served_studio(Path(folder), PHOTO, *STYLES, "--size", str(options.size)) as address,
        chromium("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream") as page,
    ):
        page.goto(address)
        page.get_by_role("status").filter(has_text=f"Painted, {options.size}").wait_for()
        page.evaluate(WATCH)
        times, cpu = [], []
        for share in shares(options.moves + 1):
            before = cpu_below()
            page.evaluate(MOVE, share)
            page.wait_for_function("window.loads.length > 0", polling=PAUSE)
            cpu.append(cpu_below() - before)
            page.wait_for_function("window.loads.length > 1", polling=PAUSE)
            times.append(page.evaluate("window.loads"))
        preview, whole = np.array(times[1:]).T
        told("from a slider's move to the preview", preview, cpu[1:])
        told(f"from a slider's move to the whole picture, {options.size} pixels", whole)
        page.get_by_role("button", name="Camera", exact=True).click()
        page.get_by_role("button", name="Start the camera").click()
        rate = page.locator(".nst-studio-rate")
        rate.filter(has_text="frames a second").wait_for()
        rates, before, began = [], cpu_below(), time.perf_counter()
        for _ in range(WATCHED):
            page.wait_for_timeout(1000)
            rates.append(float(rate.inner_text().split()[0]))
        frames = np.mean(rates) * (time.perf_counter() - began)
        print(f"the camera, 256 × 144: {np.median(rates):.1f} frames a second (each second: {rates})")
        print(f"  {(cpu_below() - before) / frames:.3f} CPU s a frame, server, kernel and browser together")


def cpu_below() -> float:
    """CPU seconds so far of all processes that this one has started, and that they have (Linux)."""
    parents, seconds = {}, {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        process = int(file.parent.name)
        parents[process], seconds[process] = int(fields[1]), int(fields[11]) + int(fields[12])

    def below(process: int) -> bool:
        return parents.get(process) == os.getpid() or (process in parents and below(parents[process]))

    return sum(seconds[each] for each in parents if below(each)) / os.sysconf("SC_CLK_TCK")


def shares(count: int) -> list[float]:
    """Places of a slider, each far from the last, in its steps of 0.02."""
    return [round(0.02 * (5 + 19 * i % 41), 2) for i in range(count)]


def timed(work: Callable[[], object], times: int) -> tuple[list[float], list[float]]:
    """Seconds and CPU seconds of each call, after one that compiles."""
    work()
    seconds, cpu = [], []
    for _ in range(times):
        began, before = time.perf_counter(), time.process_time()
        work()
        seconds.append(time.perf_counter() - began)
        cpu.append(time.process_time() - before)
    return seconds, cpu


def told(what: str, seconds, cpu=None):
    """Median, and what 95 % stay below."""
    for unit, each in (("s", seconds), ("CPU s", cpu)):
        if each is not None:
            print(f"{what}: median {np.median(each):.3f} {unit}, 95 % below {np.quantile(each, 0.95):.3f} {unit}")


def main():
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help="kernel, browser [both]")
    parser.add_argument("--moves", type=int, default=30)
    parser.add_argument("--size", type=int, default=512, choices=(512, 768, 1024))
    options = parser.parse_args()
    if unknown := set(options.parts) - {"kernel", "browser"}:
        parser.error(f"{unknown.pop()}: the parts are kernel and browser")
    print(f"{machine()}; load {os.getloadavg()[0]:.1f}")
    for part in options.parts or ("kernel", "browser"):
        {"kernel": kernel, "browser": browser}[part](options)
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
