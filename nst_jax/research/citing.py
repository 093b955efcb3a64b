"""What to cite for a result: BibTeX of the works behind it, by its settings."""

from collections.abc import Iterable, Mapping
from typing import Any

from .. import __version__
from ..feedforward.settings import PaintSettings
from ..losses.style.catalogue import STATISTICS
from ..transfer.one_pass import METHODS as ONE_PASS
from ..transfer.one_pass import one_pass_named
from ..transfer.result import Result
from ..transfer.run_folder import RunFolder
from ..video.result import VideoResult
from .works import WORKS

PAPER = ("gatys2015neural", "gatys2016image")
NETWORK = "simonyan2015very"  # also of vgg19-slim, which was trained to respond as it does
BEHIND_STATISTIC = {
    "gram": ("gatys2015texture",),
    "mean": ("li2017demystifying",),
    "mean-spread": ("li2017demystifying", "huang2017arbitrary"),
    "covariance": (),  # ours: the Gram matrix less the means
    "wasserstein": ("olkin1982distance",),
    "raw-moments": ("kalischek2021light",),
    "central-moments": ("kalischek2021light",),
    "histogram": ("risser2017stable",),
    "sliced": ("heitz2021sliced",),
    "shifted-gram": ("berger2017incorporating",),
    "spectrum": ("liu2016texture",),
    "patches": ("li2016combining",),
    "nearest": ("kolkin2022neural",),
    "contextual": ("mechrez2018contextual",),
    "relaxed-emd": ("kolkin2019style",),
}
BEHIND_METHOD = {
    "haeberli": ("haeberli1990paint",),
    "litwinowicz": ("litwinowicz1997processing",),
    "hertzmann": ("hertzmann1998painterly",),
    "mosaic": ("hausner2001simulating",),
    "stippling": ("secord2002weighted",),
    "hatching": ("winkenbach1994computer",),
    "cartoon": ("winnemoller2006real",),
    "kuwahara": ("kyprianidis2009image",),
    "xdog": ("winnemoller2012xdog",),
    "kotovenko": ("kotovenko2021rethinking", *PAPER, NETWORK),  # it moves its strokes under the paper's objective
    "quilting-transfer": ("efros2001image",),
    "image-analogy": ("hertzmann2001image",),
    "nearest-patches": ("barnes2009patchmatch",),
    "texture-transfer": ("elad2017style",),
    "julesz": ("julesz1978visual",),
    "heeger-bergen": ("heeger1995pyramid",),
    "efros-leung": ("efros1999texture",),
    "portilla-simoncelli": ("portilla2000parametric",),
    "ashikhmin": ("ashikhmin2001synthesizing",),
    "quilting-texture": ("efros2001image",),
}

BEHIND_CLIP = {  # beside the works behind its pictures
    "optimise": ("ruder2016artistic",),
    "alone": (),
    "paint": (),  # what is held over the clip, and blended in, is ours
    "network": (),
}


def bibtex(*results: Result | RunFolder | VideoResult) -> str:
    """BibTeX of the works behind results, each once, and of this package.

    Args:
        *results: of `stylize`, `paint`, `make` or `stylize_video`, or the folders of runs of pictures.

    Returns:
        Entries, those of the paper first.

    Example:
        >>> import nst_jax as nst
        >>> result = nst.make("cartoon", "chelsea", size=64)
        >>> print(nst.bibtex(result).splitlines()[0])
        @article{winnemoller2006real,
    """
    keys = dict.fromkeys(key for each in results for key in works_of(each))
    own = f"@software{{nst_jax,\n  title = {{nst\\_jax}},\n  version = {{{__version__}}},\n}}"
    return "\n\n".join([*map(entry, keys), own]) + "\n"


def works_of(result: Result | RunFolder | VideoResult) -> Iterable[str]:
    """The keys of the works behind a result, a clip, or a run in its folder."""
    if isinstance(result, Result):
        return behind(result.settings, result.inputs)
    if isinstance(result, VideoResult):
        return behind_clip(**{name: result.manifest[name] for name in ("settings", "video", "inputs")})
    return behind(result.manifest["settings"], result.manifest["inputs"])


def behind_clip(
    settings: Mapping[str, Any], video: Mapping[str, Any], inputs: Mapping[str, Mapping[str, Any]]
) -> Iterable[str]:
    """The keys of the works behind a clip.

    Args:
        settings: of its pictures.
        video: its own.
        inputs: of both.

    Yields:
        Keys of `WORKS`; none for a method that is a function, whose works are its author's to cite.
    """
    method = video["method"]
    if method not in BEHIND_CLIP:
        return
    if method in ONE_PASS:
        used = {name: settings[name] for name in one_pass_named(method).uses}
        settings = {**used, "transform": PaintSettings().transform}
    yield from behind(settings, inputs)
    yield from BEHIND_CLIP[method]


def behind(settings: Mapping[str, Any], inputs: Mapping[str, Mapping[str, Any]] | None = None) -> Iterable[str]:
    """The keys of the works behind a picture.

    Args:
        settings: of its result: with "method" it is one of the history's or a baseline, with "transform" painted in
            one pass.
        inputs: likewise; a mask among them makes a region.

    Yields:
        Keys of `WORKS`.
    """
    if "method" in settings:
        yield from BEHIND_METHOD.get(settings["method"], ())  # the baselines have no work behind them
    elif "transform" in settings:
        yield from _one_pass(settings)
    else:
        yield from _optimised(settings)
    if settings.get("colour", "style") != "style":
        yield "gatys2016preserving"
    masked = any(each.get("kind") == "mask" for each in (inputs or {}).values())
    if masked or settings.get("style_scale", 1.0) != 1.0:
        yield "gatys2017controlling"


def _one_pass(settings: Mapping[str, Any]) -> Iterable[str]:
    if settings.get("network"):
        yield from ("johnson2016perceptual", "dumoulin2017learned")
    else:
        yield "huang2017arbitrary" if settings["transform"] == "mean-spread" else "li2017universal"
    yield NETWORK


def _optimised(settings: Mapping[str, Any]) -> Iterable[str]:
    yield from (*PAPER, NETWORK)
    statistic = str(settings.get("statistic", "gram"))
    yield from BEHIND_STATISTIC.get(statistic, ())  # a statistic of the user's own is the user's to cite
    chosen = settings.get("optimizer")
    smooth = (statistic not in STATISTICS or STATISTICS[statistic].smooth) and not settings.get("self_similarity")
    kind = str(chosen) if chosen else "lbfgs" if smooth else "adam"
    yield from {"lbfgs": ("liu1989limited",), "adam": ("kingma2015adam",)}.get(kind, ())
    if settings.get("tv"):
        yield "mahendran2015understanding"
    if settings.get("laplacian"):
        yield "li2017laplacian"
    if settings.get("self_similarity"):
        yield "kolkin2019style"
    if settings.get("memory"):  # a large picture is then computed in tiles
        yield "galerne2022scaling"
    if settings.get("init") == "paint":
        yield "li2017universal"


def entry(key: str) -> str:
    """A work as an entry of BibTeX."""
    work = WORKS[key]
    place = {"article": "journal", "inproceedings": "booktitle"}.get(work.kind, "howpublished")
    fields = {
        "author": work.author,
        "title": work.title,
        place: work.where,
        "year": str(work.year),
        "volume": work.volume,
        "pages": work.pages,
        "eprint": work.arxiv,
        "archiveprefix": "arXiv" if work.arxiv else "",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{work.kind}{{{key},", *lines, "}"])
