"""Every method of the package on the same photos and paintings: a sheet, a table, and what the table says.

    python -m benchmarks.grand_comparison [--size 256] [--pairs PHOTO PAINTING …] [--methods …] [--others TABLE]
        [-o out-grand]

The methods are those of `nst_jax.research.picture_makers`: textures, patches, strokes and filters, the optimiser with
four statistics, one pass, hybrids, and the photo itself, untouched and recoloured. Pairs are files or names of known
pictures; all are cut to 4 : 3 and resized to one size, so that what is compiled for the first pair serves the others.
Each picture is kept in its run folder under OUT/runs: what was made is not made again, so a comparison that was stopped
resumes, and a new method adds its own pictures alone. The scores are computed afresh in every call, but for rows of
other methods, which are taken from the table of `--others`. On a busy machine set OPENBLAS_NUM_THREADS=1.

`many styles` learns each painting first, as it is compared: γ and β of the bundled network, in OUT/networks, on the
photos of `--pictures`. Where they are missing, its rows are left out, and this is said.

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
from nst_jax.research.side_by_side import BASELINE, conclusions, row, summary
from nst_jax.training.folder import NETWORK
from nst_jax.transfer.result import PICTURE

REAL = (
    ("paper/tubingen_neckarfront.jpg", "paper/starry_night.jpg"),
    ("content/chelsea.png", "styles/vangogh_rhone.jpg"),
    ("content/kodim07.png", "styles/hokusai_wave.jpg"),
    ("content/astronaut.png", "styles/gauguin_tahiti.jpg"),
)
DRAWN = ("coffee", "woodcut")
ABOVE = 0.25  # share of what is cut away that is cut above: heads are there
PAINTERS = ("optimiser, gram", "one pass", "hybrid, 30 evaluations", "image-analogy")  # for a class
MANY = "many styles"
LEARNING = {"steps": 1000, "size": 96, "rate": 1e-2, "tv": 16.0}  # of a painting
PHOTOS = SHARED / "train" / "caltech101-160.zip"


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


def learned(painting: Path, size: int, pictures: Path, folder: Path) -> Path:
    """The bundled network of styles with one more: a painting, trained in the folder unless that is done."""
    recipe = "-".join(f"{value:g}" for value in LEARNING.values())  # another one has another path, and other pictures
    run = folder / "networks" / f"{painting.stem}-{recipe}"
    for snapshot in nst.train(painting, pictures, run, add_to="six-styles", style_size=size, **LEARNING):
        if snapshot.losses:
            print(f"{painting.stem}: learned in {snapshot.step} steps, {snapshot.seconds / 60:.1f} minutes", flush=True)
    return run / NETWORK


def made(name: str, photo: Path, painting: Path, size: int, pictures: Path, out: Path) -> Grid:
    """The run of a method, made unless it is there."""
    maker, settings = PICTURE_MAKERS[name], dict(PICTURE_MAKERS[name].settings)
    if name == MANY:
        settings["network"] = str(learned(painting, size, pictures, out))
    given = {"content": str(photo), "style": str(painting), "size": size}
    return nst.grid(maker.run, folder=out / "runs", **given, **settings)


def groups(out: Path) -> dict[str, Group]:
    """The pictures of a comparison, for `nst.ask`: those of `PAINTERS`, pair by pair."""
    table = pd.read_csv(out / "table.csv")
    found = {}
    painted = table["run"].map(lambda run: (out / "runs" / str(run) / PICTURE).is_file())  # not those of `--others`
    here = table[table["method"].isin(PAINTERS) & painted]
    for pair, rows in here.groupby("pair", sort=False):
        p, a = (out / "pictures" / file for file in rows.iloc[0][["photo_file", "painting_file"]])
        results = {str(each["method"]): out / "runs" / each["run"] / PICTURE for _, each in rows.iterrows()}
        found[str(pair)] = Group(results, p, a)
    return found


def main() -> None:
    """Make what is missing, score everything, and write sheet, table and conclusions."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--size", type=int, default=256, help="width in pixels, a multiple of 4")
    parser.add_argument("--pairs", nargs="+", help="photos and paintings in turn")
    parser.add_argument("--methods", nargs="+", default=list(PICTURE_MAKERS), choices=PICTURE_MAKERS)
    parser.add_argument("--referees", nargs="+", default=list(EYES), choices=EYES)
    parser.add_argument("--pictures", type=Path, default=PHOTOS, help=f"photos to train `{MANY}` on, a folder or ZIP")
    parser.add_argument("--others", type=Path, help="a table of the same pairs; its rows of other methods are kept")
    parser.add_argument("-o", "--out", type=Path, default=Path("out-grand"))
    options = parser.parse_args()
    given = options.pairs or [*(str(SHARED / "images" / each) for pair in REAL for each in pair), *DRAWN]
    pairs = prepared(list(zip(given[::2], given[1::2], strict=True)), options.size, options.out / "pictures")
    print(f"{machine()}; {options.size} × {options.size * 3 // 4} pixels")
    if MANY in options.methods and not options.pictures.exists():
        print(f"{MANY} is left out: {options.pictures} is missing, and it has to learn the paintings; see --pictures")
        options.methods.remove(MANY)
    others = None if options.others is None else pd.read_csv(options.others)
    if others is not None and (unknown := set(others["method"]) - set(PICTURE_MAKERS)):
        parser.error(f"{options.others}: {', '.join(sorted(unknown))} is none of the methods; take those rows out")
    eyes, rows, panels = {name: EYES[name]() for name in options.referees}, [], {}
    for pair, (photo, painting) in pairs.items():
        p, a = nst.load_image(photo), nst.load_image(painting)
        referees = {name: Referee(p, a, each) for name, each in eyes.items()}
        panels[pair] = [a]
        for name in options.methods:
            runs = made(name, photo, painting, options.size, options.pictures, options.out)
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
        if rows:
            save(whole(rows, others), panels, options.methods, options.size, options.out)
    if not rows:
        parser.exit(1, "nothing was made, so there is nothing to compare\n")
    table = whole(rows, others)
    print(summary(table).to_string(na_rep="", float_format="%.3f"))
    if BASELINE in set(table["method"]):
        print("", *conclusions(table), sep="\n")


def whole(rows: list[dict[str, Any]], others: pd.DataFrame | None) -> pd.DataFrame:
    """The table of these rows, and of those of another table that are not among them, in the order of the list."""
    table = pd.DataFrame(rows)
    if others is not None:
        table = pd.concat([table, others]).drop_duplicates(["pair", "method"])
        order = {"pair": list(table["pair"].unique()).index, "method": list(PICTURE_MAKERS).index}
        table = table.sort_values(list(order), key=lambda column: column.map(order[str(column.name)]))
    return table.astype({"year": "Int64"})


def save(table: pd.DataFrame, panels: dict[str, list[Picture | str]], methods: list[str], size: int, out: Path) -> None:
    """Write the table and the sheet of the pairs so far."""
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
