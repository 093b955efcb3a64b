"""The pictures in data/gallery, made again.

    python -m benchmarks.gallery [opening first-picture …] [--keep out-gallery]

Each is what one command writes; data/gallery/README.md names them. The opening's nine pictures are kept in a folder, so
that a run that was stopped goes on.
"""

import argparse
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import nst_jax as nst
from nst_jax.images.picture import Picture
from nst_jax.images.sheets import Sheet, pictures

ROOT = Path(__file__).parents[1]
GALLERY = ROOT / "data" / "gallery"
PHOTO, PAINTINGS = "rocket", ("starry_night", "great_wave", "scream")
NETWORKS = ("vgg19", "vgg19-half", "vgg19-slim")
SIZE = 768  # of the opening's pictures, longest side in pixels
QUALITY = 80  # of the JPEG files, so that all of them have at most 2 MB
COMMANDS = {  # what is run in a folder, and the picture that it writes there
    "first-picture": ("nst_jax stylize -o picture.jpg", "picture.jpg"),
    "control": ("benchmarks.control -o .", "control.jpg"),
    "history": (
        "benchmarks.history --size 384 --methods hertzmann mosaic hatching image-analogy quilting-transfer -o made.jpg",
        "made.jpg",
    ),
    "network-quality": ("benchmarks.network_quality -o .", "sheet.jpg"),
}


def opening(keep: Path) -> Picture:
    """A photo in three paintings, by the paper's network and by those that come with the package."""
    runs = nst.grid(content=PHOTO, style=list(PAINTINGS), network=list(NETWORKS), size=SIZE, folder=keep, progress=True)
    made = {(run.factors["network"], run.factors["style"]): run.folder.image for run in runs.runs}
    photos = (None, nst.load_image(PHOTO, SIZE), None)
    rows = [[p, *(made[network, each] for each in PAINTINGS)] for p, network in zip(photos, NETWORKS, strict=True)]
    return pictures(rows, (PHOTO, *PAINTINGS), NETWORKS, width=SIZE).image


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    names = ("opening", *COMMANDS)
    parser.add_argument("names", nargs="*", default=names, choices=names)
    parser.add_argument("--keep", type=Path, default=Path("out-gallery"))
    options = parser.parse_args()
    for name in options.names:
        if name == "opening":
            x = opening(options.keep)
        else:
            command, picture = COMMANDS[name]
            with tempfile.TemporaryDirectory() as folder:
                found = os.environ | {"PYTHONPATH": str(ROOT)}  # the benchmarks, from any folder
                subprocess.run([sys.executable, "-m", *shlex.split(command)], cwd=folder, env=found, check=True)
                x = nst.load_image(Path(folder, picture))
        (GALLERY / f"{name}.jpg").write_bytes(Sheet(x, name, QUALITY).jpeg())


if __name__ == "__main__":
    main()
