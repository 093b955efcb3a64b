"""The command line: `python -m nst_jax COMMAND`. JAX is imported only by what needs it."""

import argparse
import io
import os
import sys
from dataclasses import fields
from pathlib import Path

from .conventions import CONVENTIONS
from .errors import NSTError
from .recipe import Recipe
from .settings import Settings, settings_of

DEFAULTS = Settings()
CONTENT, STYLE = "chelsea", "vortex"  # what a first look paints, and how
NAMES = [field.name for field in fields(Settings)]


def main(arguments: list[str] | None = None) -> int:
    """Run a command. Returns the exit status: 0, 2 for a fault in the input, 130 for Ctrl-C."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that lacks a sign shows another, rather than stop the run
    options = _parser().parse_args(arguments)
    try:
        return options.command(options)
    except NSTError as error:
        return _fault(str(error).splitlines()[0])  # JAX appends lines to what passes through it
    except MemoryError:
        return _fault("there is not enough memory; choose a smaller --size")
    except KeyboardInterrupt:
        print("nst_jax: stopped", file=sys.stderr)
        return 130


def _fault(message):
    print(f"nst_jax: {message}", file=sys.stderr)
    return 2


def _parser():
    parser = argparse.ArgumentParser(prog="python -m nst_jax", description="Neural style transfer.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    stylize = commands.add_parser("stylize", help="paint a photo in the style of a painting")
    stylize.set_defaults(command=_stylize)
    known = "a file, or the name of a known picture (see fetch)"
    stylize.add_argument(
        "content", metavar="CONTENT", nargs="?", default=CONTENT, help=f"the photo: {known} [{CONTENT}]"
    )
    stylize.add_argument("style", metavar="STYLE", nargs="?", default=STYLE, help=f"the painting, likewise [{STYLE}]")
    stylize.add_argument("-o", "--out", type=Path, metavar="OUT", help="picture to write: .png or .jpg")
    stylize.add_argument("--run", type=Path, metavar="FOLDER", help="keep everything of the run there, to resume it")
    stylize.add_argument("--save-every", type=_count, metavar="N", help="with --run: a picture each N evaluations")
    every = "with --run: seconds between checkpoints [10]"
    stylize.add_argument("--checkpoint-every", type=_seconds, default=10.0, metavar="S", help=every)
    _add_settings(stylize)

    resume = commands.add_parser("resume", help="go on with a run that was stopped")
    resume.set_defaults(command=_resume)
    resume.add_argument("folder", type=Path, metavar="FOLDER")
    resume.add_argument("--checkpoint-every", type=_seconds, default=10.0, metavar="S", help=every)

    figure = commands.add_parser("figure", help="list the papers' figures, or make one")
    figure.set_defaults(command=_figure)
    figure.add_argument("name", metavar="NAME", nargs="?", help="such as arxiv-3; without a name: list them")
    figure.add_argument(
        "-o", "--out", type=Path, metavar="FOLDER", help="panels and sheet; it goes on where it stopped"
    )
    figure.add_argument("--network", help="vgg19 where it is in the cache, else vgg19-slim, unless given")
    figure.add_argument("--size", type=_count, help="longest side of a panel, in pixels, in the place of the figure's")
    figure.add_argument("--steps", type=_count, help="evaluations, in the place of the figure's")
    figure.add_argument("--fast", action="store_true", help="128 pixels and 50 evaluations: to see what comes")
    more = "what α/β multiplies: the means of the author's code, or the paper's sums to the letter [author]"
    figure.add_argument("--reading", choices=("author", "paper", "both"), default="author", help=more)
    more = "multiply every ratio α/β, for a network whose features are of another scale than the paper's [1]"
    figure.add_argument("--times", type=float, default=1.0, metavar="FACTOR", help=more)
    more = "files in the place of the figure's pictures: neckarfront=photo.jpg"
    figure.add_argument("--pictures", nargs="+", default=[], metavar="NAME=FILE", help=more)
    figure.add_argument("--stand-ins", action="store_true", help="pictures of ours in the place of the paper's")

    compare = commands.add_parser("compare", help="put saved runs side by side")
    compare.set_defaults(command=_compare)
    compare.add_argument("folders", nargs="+", type=Path, metavar="RUN", help="a folder of stylize --run, or of a grid")
    compare.add_argument("-o", "--out", type=Path, metavar="SHEET", help="picture to write: .png or .jpg")

    distill = commands.add_parser("distill", help="train a small network to answer as a large one")
    distill.set_defaults(command=_distill)
    distill.add_argument("--teacher", required=True, metavar="NETWORK", help="a name, or a file of weights")
    more = "folders and ZIP archives of photos to train on"
    distill.add_argument("--pictures", required=True, nargs="+", type=Path, metavar="ZIP_OR_FOLDER", help=more)
    more = "checkpoints, log and network go there; a training that was stopped goes on from there"
    distill.add_argument("--run", required=True, type=Path, metavar="FOLDER", help=more)
    for field in fields(Recipe):
        default, many = field.default, isinstance(field.default, tuple)
        shown = " ".join(map(str, default)) if many else default
        distill.add_argument(
            f"--{field.name}",
            type=float if isinstance(default, float) else int,
            nargs=len(default) if many else None,
            default=default,
            help=f"{field.metadata['meaning']} [{shown}]",
        )

    fetch = commands.add_parser("fetch", help="list, or download, known pictures and networks")
    fetch.set_defaults(command=_fetch)
    fetch.add_argument("names", nargs="*", metavar="NAME", help="without a name: list them")
    fetch.add_argument("--all", action="store_true", help="all but the pictures in copyright")
    fetch.add_argument("--accept-copyright", action="store_true", help="fetch a picture in copyright all the same")

    doctor = commands.add_parser("doctor", help="report versions, devices and known faults")
    doctor.set_defaults(command=_doctor)
    return parser


def _add_settings(parser):
    def add(name, help, **options):
        default = getattr(DEFAULTS, name)
        shown = " ".join(default) if isinstance(default, tuple) else default
        shown = "" if default is None else f" [{shown:g}]" if isinstance(default, float) else f" [{shown}]"
        parser.add_argument(f"--{name.replace('_', '-')}", default=default, help=help + shown, **options)

    add("network", "vgg19-slim, vgg19, vgg19-torchvision, or a file of weights")
    add("size", "longest side of the picture, in pixels", type=int)
    add("steps", "evaluations at each scale, or a number for each", type=int, nargs="+")
    add("alpha", "weight of the content", type=float)
    add("beta", "weight of the style", type=float)
    add("tv", "weight of the total variation", type=float)
    add("content_layers", "layers, or layer=weight", nargs="*", metavar="LAYER")
    add("style_layers", "layers, or layer=weight", nargs="*", metavar="LAYER")
    add("optimizer", "how to minimise", choices=("lbfgs", "adam"))
    add("init", "start from content, style, noise, or a picture's file")
    add("convention", "what alpha and beta multiply", choices=tuple(CONVENTIONS))
    add("seed", "of the noise", type=int)
    add("scales", "how many, coarse to fine; by default from 128 pixels up", type=int)
    add("ratio", "of one scale to the one before", type=float)
    add("pool", "avg or max; by default the network's own", choices=("avg", "max"))
    add("padding", "zero or reflect; by default the network's own", choices=("zero", "reflect"))
    add("normalize", "rescale filters to a mean activation of 1", action=argparse.BooleanOptionalAction)


def _stylize(options) -> int:
    if options.out is None and options.run is None:
        raise NSTError("where should the picture go? Give -o OUT, or --run FOLDER")
    settings = {name: getattr(options, name) for name in NAMES}
    settings["steps"] = settings["steps"][0] if _single(settings["steps"]) else settings["steps"]
    for name in ("content_layers", "style_layers"):
        settings[name] = _layers(settings[name])
    settings_of(settings)  # all that can be found wrong before a download, and without JAX
    _check_places(options)
    content, style = _picture(options.content), _picture(options.style)
    pictures = [content, style]
    if settings["init"] not in ("content", "style", "noise"):
        settings["init"] = _picture(settings["init"])
        pictures.append(settings["init"])
    _check_files(pictures, settings["network"])

    from . import runs
    from .stylize import prepare

    if options.run is None:
        job = prepare(content, style, **settings)
    else:
        job = runs.begin(options.run, content, style, save_every=options.save_every, out=options.out, **settings)
    return _go(job, options.run, options.out, options.checkpoint_every)


def _resume(options) -> int:
    from . import runs
    from .results import environment, read_manifest

    manifest = read_manifest(options.folder)
    job = runs.reopen(options.folder)
    if manifest.get("began_with", environment()) != environment():
        print("note: the run began with other versions or on another device; its bytes may come out different")
    return _go(job, options.folder, manifest.get("out"), options.checkpoint_every)


def _go(job, folder, out, checkpoint_every) -> int:
    """Say what is coming, run the job, write the picture, say what came."""
    import jax

    from . import runs
    from .errors import DivergedError
    from .estimate import estimate
    from .images import save_image
    from .stylize import finish

    network, device = job.inputs["network"], jax.devices()[0]
    h, w = job.shape(-1)
    print(
        f"network {network['name']}, {network['pool']} pooling; {w} × {h} pixels, "
        f"scales {' → '.join(map(str, job.sizes))}, {sum(job.steps)} evaluations; "
        + (f"on the CPU, {os.cpu_count()} cores" if device.platform == "cpu" else f"on {device.device_kind}")
    )
    try:
        coming = estimate(job, runs.read_checkpoint(folder) if folder else None)
        print(f"estimate: {_duration(coming.seconds)}, {coming.bytes / 2**30:.1f} GiB of memory", flush=True)
        made = runs.follow(folder, job, checkpoint_every=checkpoint_every) if folder else finish(job, progress=True)
    except DivergedError as error:
        if out and not folder and error.result:  # a run in a folder has written both
            save_image(out, error.result.image)
        raise
    except jax.errors.JaxRuntimeError as error:
        if "RESOURCE_EXHAUSTED" in str(error):
            raise MemoryError from None
        raise
    if out and not folder:
        save_image(out, made.image)
    where = " and ".join(str(place) for place in (out, folder) if place)
    print(
        f"{where}: made with {network['name']} in {_duration(made.seconds)}, {made.evaluations} evaluations, "
        f"loss {made.loss:.4g}" + (f", {made.failures} line searches failed" if made.failures else "")
    )
    if made.stopped:
        more = f"; go on with: python -m nst_jax resume {folder}" if folder else ""
        print(f"{made.stopped} before its end{more}", file=sys.stderr)
        return 130
    return 0


def _distill(options) -> int:
    from tqdm.auto import tqdm

    from .layers import STYLE_LAYERS
    from .training import GENERATION, NETWORK, generations, train

    recipe = Recipe(**{field.name: getattr(options, field.name) for field in fields(Recipe)})
    path, look = options.run / NETWORK, None
    with tqdm(total=generations(recipe) * GENERATION, unit="step", dynamic_ncols=True, delay=2) as bar:
        for look in train(options.teacher, options.pictures, options.run, recipe):
            if bar.n == 0:  # what a training that goes on has behind it says nothing of the time to come
                bar.initial = (look.generation - 1) * GENERATION
            bar.n = look.generation * GENERATION
            bar.set_postfix_str(", ".join(f"{layer} {look.errors[layer][0]:.2f}" for layer in STYLE_LAYERS))
            if look.measured:
                bar.write(f"step {bar.n}: errors on pictures held out " + bar.postfix)
    if look is None:
        raise NSTError(f"{options.run}: this training is finished; its network is {path}")
    print(f"{path}: trained in {_duration(look.seconds)}; use it with --network {path}")
    return 0


def _fetch(options) -> int:
    from . import bundled
    from .collection import PICTURES, picture, picture_file
    from .weights import SOURCES, cached, weights_file

    names = options.names
    if options.all:
        names = [*SOURCES, *(name for name, known in PICTURES.items() if not known.restricted)]
    if not names:
        for name in bundled.NETWORKS:
            print(f"{name:20} here    network, comes with the package; {bundled.LICENCE}")
        for name, known in bundled.PICTURES.items():
            print(f"{name:20} here    {known.title}, {known.credit}; {known.licence}")
        for name, source in SOURCES.items():
            print(
                f"{name:20} {_have(cached(name))}  network, {source.bytes / 1e6:.0f} MB; {source.licence}; {source.url}"
            )
        for name, known in PICTURES.items():
            have = _have(picture_file(name).is_file())
            print(f"{name:20} {have}  {known.title}, {known.credit}; {known.licence}; {known.url}")
        return 0
    failed = 0
    for name in names:
        try:
            network = name in SOURCES or name in bundled.NETWORKS
            path = weights_file(name) if network else picture(name, accept_copyright=options.accept_copyright)
        except NSTError as error:
            _fault(str(error).splitlines()[0])
            failed += 1
            continue
        if network:
            print(f"{name}: {path}; {SOURCES[name].licence if name in SOURCES else bundled.LICENCE}")
            continue
        known = bundled.PICTURES.get(name) or PICTURES[name]
        print(f"{name}: {path}; {known.credit}; {known.licence}")
        if name in PICTURES and known.restricted:
            print(f"{name}: note that {known.restricted}")
    return 2 if failed else 0


def _figure(options) -> int:
    from .figures import FIGURES, READINGS, named

    if options.name is None:
        for name, known in FIGURES.items():
            print(f"{name:8} {sum(map(len, known.panels)):2} panels  {known.title}")
        return 0
    named(options.name)
    if options.out is None:
        raise NSTError("where should the figure go? Give -o FOLDER; it goes on there where it was stopped")
    if unpaired := [given for given in options.pictures if "=" not in given]:
        raise NSTError(f"--pictures {unpaired[0]}: give NAME=FILE, such as neckarfront=photo.jpg")
    files = dict(given.split("=", 1) for given in options.pictures)

    from .panels import figure as make_figure
    from .panels import network_at_hand

    network = options.network or network_at_hand()
    for reading in READINGS if options.reading == "both" else (options.reading,):
        print(f"{options.name} with {network}; {READINGS.get(reading, reading)}", flush=True)
        changes = {name: getattr(options, name) for name in ("size", "steps", "fast", "times", "stand_ins")}
        make_figure(options.name, options.out, network=network, reading=reading, pictures=files, **changes)
    print(f"{options.out}: its sheets are made; every number and its source are beside them")
    return 0


def _compare(options) -> int:
    from .images import check_format, save_image
    from .saved import side_by_side

    if options.out:
        check_format(options.out)
    table, sheet = side_by_side(options.folders)
    print(table.to_string(float_format="{:.4g}".format))
    if options.out:
        save_image(options.out, sheet)
    return 0


def _doctor(options) -> int:
    from .doctor import diagnose

    facts, faults = diagnose()
    print(*facts, *(f"FAULT        {fault}" for fault in faults), sep="\n")
    print("no known fault" if not faults else f"{len(faults)} known faults")
    return 2 if faults else 0


def _check_places(options) -> None:
    """Refuse, before anything is computed, what could not be written at the end."""
    from .images import check_format
    from .results import MANIFEST

    if options.out:
        check_format(options.out)
        if options.out.is_dir():
            raise NSTError(f"{options.out}: is a folder; name the picture to write in it")
    for place in filter(None, (options.out and options.out.absolute().parent, options.run)):
        there = next(folder for folder in (place.absolute(), *place.absolute().parents) if folder.exists())
        if not there.is_dir() or not os.access(there, os.W_OK):
            raise NSTError(f"{place}: cannot be written; choose another folder")
    if options.run and (options.run / MANIFEST).exists():
        raise NSTError(f"{options.run}: holds a run already; resume it, or choose another folder")


def _check_files(pictures, network) -> None:
    """Read the pictures once before JAX is imported, which takes longer: a fault in them is answered at once."""
    from .images import load_image
    from .weights import SOURCES, weights_file

    for path in pictures:
        load_image(path)
    if network not in SOURCES:
        weights_file(network)


def _picture(given: str) -> str | Path:
    """A file, or else the file of a known picture."""
    if not Path(given).exists():
        from . import bundled, collection

        if given in bundled.PICTURES or given in collection.PICTURES:
            return collection.picture(given)
    return given


def _layers(given):
    """["conv1_1", "conv2_1=0.5"] → a tuple of names, or a mapping where there are weights."""
    if not any("=" in layer for layer in given):
        return tuple(given)
    try:
        return {name: float(weight or 1) for name, _, weight in (layer.partition("=") for layer in given)}
    except ValueError:
        raise NSTError(f"layers {' '.join(given)}: give names, or name=weight with a number") from None


def _single(steps):
    return not isinstance(steps, int) and len(steps) == 1


def _count(text):
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 up")
    return int(text)


def _seconds(text):
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return seconds


def _duration(seconds):
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def _have(it):
    return "here  " if it else "remote"


if __name__ == "__main__":
    sys.exit(main())
