"""The pictures of the page "Why does my picture look bad?", each by the command that the page names.

`python docs/pictures.py` makes all of them, in docs/pictures; names given after it, those alone.
"""

import shlex
import sys
import tempfile
from pathlib import Path

import nst_jax as nst
from nst_jax.cli.main import main

FOLDER = Path(__file__).parent / "pictures"
COMMANDS = {
    "good": "stylize chelsea vortex --size 192",
    "mush": "stylize chelsea vortex --size 192 --scales 1 --init noise --steps 30 --tv 1000",
    "dots": "stylize chelsea vortex --size 192 --scales 1 --init noise --steps 20",
    "weave": "stylize chelsea vortex --size 192 --init noise --tv 0",
    "blur": "stylize chelsea vortex --size 192 --tv 300",
    "halos": "stylize chelsea vortex --size 192 --laplacian 1000",
    "weak": "stylize chelsea vortex --size 192 --beta 0.02",
    "colours-only": "stylize chelsea vortex --size 192 --scales 1 --tv 0 --style-layers conv1_1",
    "gone": "stylize chelsea vortex --size 192 --beta 5000",
    "strokes": "stylize chelsea vortex --size 192 --scales 1 --style-scale 0.4",
}


def make(name: str) -> None:
    """Run one command and keep its picture as a small JPEG."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "picture.png"
        if main([*shlex.split(COMMANDS[name]), "-o", str(out)]):
            raise SystemExit(f"{name}: {COMMANDS[name]} failed")
        nst.save_image(FOLDER / f"{name}.jpg", nst.load_image(out))


if __name__ == "__main__":
    for each in sys.argv[1:] or COMMANDS:
        make(each)
