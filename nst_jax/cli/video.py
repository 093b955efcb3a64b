"""`video`: paint a clip in the style of a painting."""

import argparse
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

from ..errors import NSTError
from ..transfer.settings import Settings, settings_of, without_effect
from ..video.settings import VideoSettings
from ..video.settings import without_effect as without_effect_on_clip
from .options import add_settings, layers, networks, one_or_many
from .painting import add_painting, painting_of
from .places import check_folder, keep_from_run

STYLE = "vortex"


def add_to(commands: Any) -> None:
    """Add the command to a parser's commands."""
    parser = commands.add_parser("video", help="paint a clip in the style of a painting")
    parser.set_defaults(command=run)
    kinds = "a folder of numbered frames, a GIF, WebP or APNG, a video file, or a drawn clip: pan, zoom, ball, still"
    parser.add_argument("clip", metavar="CLIP", help=kinds)
    known = f"the painting: a file, or the name of a known picture (see fetch) [{STYLE}]"
    parser.add_argument("style", metavar="STYLE", nargs="?", help=known)
    add_painting(parser)
    places = "clip to write: a new folder, .gif, .webp, .apng, .mp4, .m4v, .mov or .mkv"
    parser.add_argument("-o", "--out", type=Path, metavar="OUT", help=places)
    more = "keep everything of the run there; the same command resumes it"
    parser.add_argument("--run", type=Path, metavar="FOLDER", help=more)
    more = "with --run: stop after three frames, for a look; the same command without it continues"
    parser.add_argument("--preview", action="store_true", help=more)
    for cls in (VideoSettings, Settings):
        add_settings(parser, cls)


def run(options: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    if options.out is None and options.run is None:
        raise NSTError("where should the clip go? Give -o OUT, or --run FOLDER")
    if options.preview and options.run is None:
        raise NSTError("a preview is kept in the folder of the run; give --run FOLDER")
    of_clip = {each.name: getattr(options, each.name) for each in fields(VideoSettings)}
    settings = {each.name: getattr(options, each.name) for each in fields(Settings)}
    settings["network"] = networks(options.network)
    for name in ("steps", "style_scale"):
        settings[name] = one_or_many(settings[name])
    for name in ("content_layers", "style_layers"):
        settings[name] = None if settings[name] is None else layers(settings[name])
    v = VideoSettings(**of_clip)
    s = settings_of(settings)
    for note in (*without_effect_on_clip(v), *(without_effect(s) if v.method in ("optimise", "alone") else ())):
        print(f"note: {note}")
    for place in (options.run, options.out.absolute().parent if options.out else None):
        if place:
            check_folder(place)
    style, regions, pictures = painting_of(options, STYLE, named=v.method == "network")
    keep_from_run(options.run, pictures)

    from ..video.job import prepare_video
    from ..video.stylize_video import finish

    how: dict[str, Any] = {**settings, **vars(v)}
    job = prepare_video(options.clip, style, folder=options.run, out=options.out, regions=regions, **how)
    h, w = job.photos[0].shape[:2]
    print(f"{options.clip}: {len(job.photos)} frames of {w} × {h} pixels, {job.clip.rate:g} a second")
    for note in job.notes:
        print(f"note: {note}")
    made = finish(job, preview=options.preview, progress=True)
    if made.stopped == "preview":
        print(f"{made.folder / 'preview.png'}: the first frames; the same command without --preview continues")
        return 0
    if made.stopped:
        again = f"; the same command resumes it: {len(made.frames)} frames are done" if options.run else ""
        print(f"stopped before its end{again}", file=sys.stderr)
        return 130
    for span, each in made.summary.items():
        floor = f"{each['ratio']:.1f} × the clip's own {each['photo']:.2e}"
        print(f"frames {span} apart: warping error {each['painted']:.2e}, {floor}")
    print(f"{' and '.join(str(place) for place in (options.out, options.run) if place)}: {len(made.frames)} frames")
    return 0
