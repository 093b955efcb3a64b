"""Every method of the package on the same photos and paintings: a sheet, a table, and what the table says.

    python -m benchmarks.grand_comparison [--size 256] [--pairs PHOTO PAINTING …] [--methods …] [-o out-grand]

The methods are those of `nst_jax.research.picture_makers`: textures, patches, strokes and filters, the optimiser with
three statistics, one pass, hybrids, and the photo itself, untouched and recoloured. Pairs are files or names of known
pictures; all are cut to 4 : 3 and resized to one size, so that what is compiled for the first pair serves the others.
Each picture is kept in its run folder under OUT/runs: what was made is not made again, so a comparison that was stopped
resumes, and a new method adds its own pictures alone. The scores are computed afresh in every call. On a busy machine
set OPENBLAS_NUM_THREADS=1, and leave out `efros-leung`, which takes longer than all others together.

    seconds    of the manifest: wall time, of the machine as busy as it is; the median over the pairs leaves out what is
               compiled for the first.
    style      distance to the painting, in two referees that nothing optimised; empty for methods without a painting.
    content    distance to the photo, likewise; empty for textures, which know of the photo only its size.
    structure  1 − SSIM of the grey picture and the grey photo.

What these numbers do not see: whether a picture is good. A style distance is one of means of products of features; it
has no places, and so does not see composition, whether strokes follow forms, or whether a face is still one. Patches
that are copied have the painting's statistics by construction, seams or not. Content distances reward what changes
little: doing nothing is the best of all. And a drawing without a painting has no style distance, which says nothing
about its style. For all that, ask people: `nst.ask(groups(OUT))`.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import nst_jax as nst
from benchmarks.common import SHARED, machine
from benchmarks.referees import EYES
from nst_jax.files import atomic_write
from nst_jax.images.picture import Picture
from nst_jax.images.sheets import contact_sheet
from nst_jax.research.forced_choice import Group
from nst_jax.research.grid import Grid
from nst_jax.research.picture_makers import PICTURE_MAKERS
from nst_jax.research.referee import Referee
from nst_jax.research.side_by_side import conclusions, row, summary

REAL = (
    ("paper/tubingen_neckarfront.jpg", "paper/starry_night.jpg"),
    ("content/chelsea.png", "styles/vangogh_rhone.jpg"),
    ("content/kodim07.png", "styles/hokusai_wave.jpg"),
    ("content/astronaut.png", "styles/gauguin_tahiti.jpg"),
)
DRAWN = ("coffee", "woodcut")
ABOVE = 0.25  # share of what is cut away that is cut above: heads are there
PAINTERS = ("optimiser, gram", "one pass", "hybrid, 30 evaluations", "image-analogy")  # for a class


def cut(x: Picture, size: int) -> Picture:
    """A picture cut to 4 : 3, of this width."""
    h, w = min(x.shape[0], x.shape[1] * 3 // 4), min(x.shape[1], x.shape[0] * 4 // 3)
    top, left = int(ABOVE * (x.shape[0] - h)), (x.shape[1] - w) // 2
    return nst.resize(np.ascontiguousarray(x[top : top + h, left : left + w]), (size * 3 // 4, size))


def prepared(pairs: Sequence[tuple[str, str]], size: int, folder: Path) -> dict[str, tuple[Path, Path]]:
    """Name of a pair → its files, cut, in the folder."""
    found = {}
    for pair in pairs:
        files = []
        for given in pair:
            files.append(folder / f"{Path(given).stem}-{size}.png")
            if not files[-1].is_file():
                nst.save_image(files[-1], cut(nst.load_image(given), size))
        found[" + ".join(Path(given).stem for given in pair)] = (files[0], files[1])
    return found


def made(name: str, photo: Path, painting: Path, size: int, folder: Path) -> Grid:
    """The run of a method, made unless it is there."""
    maker = PICTURE_MAKERS[name]
    return nst.grid(maker.run, folder=folder, content=str(photo), style=str(painting), size=size, **maker.settings)


def groups(out: Path) -> dict[str, Group]:
    """The pictures of a comparison, for `nst.ask`: those of `PAINTERS`, pair by pair."""
    table = pd.read_csv(out / "table.csv")
    found = {}
    for pair, rows in table[table["method"].isin(PAINTERS)].groupby("pair", sort=False):
        p, a = (out / "pictures" / file for file in rows.iloc[0][["photo_file", "painting_file"]])
        results = {str(each["method"]): out / "runs" / each["run"] / "result.png" for _, each in rows.iterrows()}
        found[str(pair)] = Group(results, p, a)
    return found


def main() -> None:
    """Make what is missing, score everything, and write sheet, table and conclusions."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--size", type=int, default=256, help="width in pixels, a multiple of 4")
    parser.add_argument("--pairs", nargs="+", help="photos and paintings in turn")
    parser.add_argument("--methods", nargs="+", default=list(PICTURE_MAKERS), choices=PICTURE_MAKERS)
    parser.add_argument("--referees", nargs="+", default=list(EYES), choices=EYES)
    parser.add_argument("-o", "--out", type=Path, default=Path("out-grand"))
    options = parser.parse_args()
    given = options.pairs or [*(str(SHARED / "images" / each) for pair in REAL for each in pair), *DRAWN]
    pairs = prepared(list(zip(given[::2], given[1::2], strict=True)), options.size, options.out / "pictures")
    print(f"{machine()}; {options.size} × {options.size * 3 // 4} pixels")
    eyes, rows, panels = {name: EYES[name]() for name in options.referees}, [], {}
    for pair, (photo, painting) in pairs.items():
        p, a = nst.load_image(photo), nst.load_image(painting)
        referees = {name: Referee(p, a, each) for name, each in eyes.items()}
        panels[pair] = [a]
        for name in options.methods:
            runs = made(name, photo, painting, options.size, options.out / "runs")
            for error in runs.errors.values():
                print(f"{pair}, {name}: {error}", flush=True)
            if runs.errors:
                panels[pair].append("failed")
                continue
            folder = runs[0].folder
            seconds = folder.manifest.get("seconds", float("nan"))
            scored = row(PICTURE_MAKERS[name], pair, folder.image, seconds, referees)
            rows.append(scored | {"run": folder.path.name, "photo_file": photo.name, "painting_file": painting.name})
            panels[pair].append(folder.image)
            print(f"{pair}, {name}: {seconds:.1f} s", flush=True)
        save(rows, panels, options.methods, options.size, options.out)
    table = pd.DataFrame(rows).astype({"year": "Int64"})
    print(summary(table).to_string(na_rep="", float_format="%.3f"))
    if "recoloured photo" in options.methods:
        print("", *conclusions(table), sep="\n")


def save(
    rows: list[dict[str, Any]], panels: dict[str, list[Picture | str]], methods: list[str], size: int, out: Path
) -> None:
    """Write the table and the sheet of the pairs so far."""
    table = pd.DataFrame(rows).astype({"year": "Int64"})
    with atomic_write(out / "table.csv", "w") as file:
        file.write(table.to_csv(index=False, float_format="%.4f", lineterminator="\n"))
    sides = ["painting", *(label(name) for name in methods)]
    sheet = [list(each) for each in zip(*panels.values(), strict=True)]
    nst.save_image(out / "sheet.jpg", contact_sheet(sheet, list(panels), sides, width=size))


def label(name: str) -> str:
    """A method's name, and what it knows."""
    maker = PICTURE_MAKERS[name]
    without = [what for what, has in (("photo", maker.photo), ("painting", maker.painting)) if not has]
    lines = [name.replace(", ", "\n"), str(maker.year or ""), *(f"no {what}" for what in without)]
    return "\n".join(line for line in lines if line)


if __name__ == "__main__":
    main()
