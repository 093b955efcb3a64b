"""`stylize PHOTOS… --style … -o FOLDER`: a folder of photos in one command."""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import NSTError
from .painting import painting_of
from .places import check_folder, keep_inputs

FAULT, STOPPED = 2, 130  # exit statuses


def into_folder(options: argparse.Namespace) -> bool:
    """Whether photos are to be painted into a folder: OUT has no ending of a file, and the style is an option.

    Raises:
        NSTError: if there are several photos, and no style or folder.
    """
    folder = options.out is not None and not options.out.suffix and bool(options.styles)
    if options.more and not folder:
        raise NSTError("several photos: give the painting with --style, and a folder with -o FOLDER")
    return folder


def paint_photos(options: argparse.Namespace, settings: dict[str, Any], style: str) -> int:
    """Paint each photo into the folder, under its own name; those that are there already are left as they are.

    A photo that fails is reported in one line, and the others are made.

    Args:
        options: parsed.
        settings: of each run.
        style: the style if nothing is said of it.

    Returns:
        The exit status: 0, 2 if a photo failed, 130 for Ctrl-C.

    Raises:
        NSTError: if nothing can be painted: no style, two photos of one name, or a folder where nothing can be written.
    """
    if options.run is not None or options.map or options.region:
        raise NSTError("a folder of photos has neither --run nor regions; leave them out, or paint one photo")
    photos = [name for name in (options.content, options.style, *options.more) if name is not None]
    options.style = None
    given, _, paintings = painting_of(options, style)
    places = _places(photos, options.out)
    for place in places.values():
        keep_inputs(place, paintings)
    check_folder(options.out)
    todo = {photo: place for photo, place in places.items() if not place.exists()}
    if len(todo) < len(places):
        print(f"note: {len(places) - len(todo)} of {len(places)} pictures are there already, and are left as they are")
    failed, stopped = _paint_each(todo, given, settings)
    made = len(todo) - len(failed) - stopped
    print(f"{options.out}: {made} pictures made" + (f", {len(failed)} photos failed" if failed else ""))
    if stopped:
        print("stopped before the end; the same command makes the rest", file=sys.stderr)
    return STOPPED if stopped else FAULT if failed else 0


def _places(photos: Sequence[str], folder: Path) -> dict[str, Path]:
    """photo → where its picture goes."""
    from ..images.known import find

    places = {}
    for photo in photos:
        try:
            name = find(photo).name
        except NSTError:  # reported when its turn comes
            name = Path(photo).name
        kept = Path(name).suffix.lower() in (".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff")
        places[photo] = folder / (name if kept else f"{Path(name).stem}.png")
    twice = [place for place, n in Counter(places.values()).items() if n > 1]
    if twice or len(places) < len(photos):
        raise NSTError(f"two photos would be written to {(twice or list(places.values()))[0]}; give each a name")
    return places


def _paint_each(todo: dict[str, Path], style: Any, settings: dict[str, Any]) -> tuple[list[str], int]:
    """The photos that failed, and how many were not made because of Ctrl-C."""
    from ..images.known import find
    from ..images.writing import save_image
    from ..progress import bar
    from ..transfer.compiled import forget_programs
    from ..transfer.interrupt import interruptible
    from ..transfer.job import prepare
    from ..transfer.run import ended, run

    failed, shape = [], None
    layout = "{percentage:3.0f}%|{bar:24}| {n:.1f} of {total} photos, {elapsed}<{remaining} {postfix}"
    with interruptible() as interrupted, bar(total=len(todo), bar_format=layout) as shown:
        for i, photo in enumerate(_by_shape(todo)):
            try:
                source = find(photo)
                keep_inputs(todo[photo], [source])
                job = prepare(source, style, **settings)
                if shape not in (None, job.shape(-1)):
                    forget_programs()  # of the shape before, which does not come again
                shape, snapshot = job.shape(-1), None
                shown.set_postfix_str(Path(photo).name)
                work = sum(n * h * w for n, (h, w) in zip(job.steps, job.shapes, strict=True))
                for snapshot in run(job):
                    snapshot.release()
                    if interrupted() and not ended(job, snapshot):
                        return failed, len(todo) - i
                    before = zip(job.steps[: snapshot.scale], job.shapes, strict=False)
                    done = sum(n * h * w for n, (h, w) in before)
                    h, w = job.shape(snapshot.scale)
                    shown.n = i + (done + snapshot.spent_here * h * w) / work
                    shown.refresh()
                assert snapshot is not None  # a run has a last snapshot
                save_image(todo[photo], snapshot.image, job.alpha)
            except NSTError as error:
                failed.append(photo)
                shown.write(f"nst_jax: {photo}: {str(error).splitlines()[0]}", file=sys.stderr)
            shown.n = i + 1
    return failed, 0


def _by_shape(photos: dict[str, Path]) -> list[str]:
    """The photos, those of one shape together, since each shape is compiled for itself."""
    from PIL import Image

    from ..images.known import find

    def proportions(photo: str) -> tuple[float, str]:
        try:
            with Image.open(find(photo)) as image:
                return image.width / image.height, photo
        except (NSTError, OSError, ValueError):  # reported when its turn comes
            return 0.0, photo

    return sorted(photos, key=proportions)
