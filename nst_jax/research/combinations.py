"""The combinations of a grid, and the name of each one's run folder."""

import hashlib
import itertools
import json
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..described import from_names
from ..errors import RunError, SettingError
from ..feedforward.paint import paint
from ..feedforward.settings import PaintSettings
from ..feedforward.style_network_files import style_network_file
from ..files import sha256
from ..history.making import make, ready
from ..history.method import Method
from ..history.methods import method_named
from ..images.known import find
from ..networks.loading import weights_file
from ..transfer.manifest import plain
from ..transfer.painting import FlatColour, MaskLike, RegionLike, StyleLike, listed, styles_of
from ..transfer.result import Result
from ..transfer.run_folder import RunFolder
from ..transfer.settings import STARTS, settings_of
from ..transfer.stylize import stylize

Maker = Callable[..., Result]


@dataclass(frozen=True)
class GridRun:
    """One combination of a grid.

    Attributes:
        factors: name → value, as given.
        settings: all keywords that the function is called with, the factors among them.
        folder: of the run.
    """

    factors: dict[str, Any]
    settings: dict[str, Any]
    folder: RunFolder


def combinations(run: Maker, folder: Path, axes: Mapping[str, Any]) -> tuple[GridRun, ...]:
    """Every combination of the lists in `axes`, the last factor changing fastest.

    Args:
        run: `stylize`, or another function that returns a Result.
        folder: of the grid.
        axes: keywords of `run`; a list is a factor.

    Returns:
        One a combination; a value that is listed twice counts once.

    Raises:
        SettingError: if a list is empty, or a setting is invalid.
        RunError: if a file is missing.
    """
    empty = [name for name, value in axes.items() if isinstance(value, list) and not value]
    if empty:
        raise SettingError(f"{empty[0]}=[]: a factor needs one value or more")
    factors = {name: value for name, value in axes.items() if isinstance(value, list)}
    hashes: dict[str, str] = {}
    runs: dict[str, GridRun] = {}
    for values in itertools.product(*factors.values()):
        chosen = dict(zip(factors, values, strict=True))
        settings = {**axes, **chosen}
        if run is make:
            settings, chosen = _painted(settings, chosen)
        name = name_of(run, settings, hashes)
        runs[name] = GridRun(chosen, settings, RunFolder(folder / name))
    return tuple(runs.values())


def name_of(run: Maker, settings: Mapping[str, Any], hashes: MutableMapping[str, str]) -> str:
    """The name of a run's folder: a hash of the function and its settings; for `stylize`, `make` and `paint` of
    defaults too.

    Pictures and networks of these three count by their bytes, not by their paths.

    Args:
        run: `stylize`, `make`, `paint`, or another function that returns a Result.
        settings: its keywords.
        hashes: path → hash of the files read so far; extended here.

    Returns:
        16 hexadecimal digits.

    Raises:
        SettingError: for an invalid setting.
        RunError: if a file is missing.
    """
    describe = DESCRIBED.get(run)
    described = describe(dict(settings), hashes) if describe else settings
    function = "nst_jax.stylize.stylize" if run is stylize else f"{run.__module__}.{run.__qualname__}"
    text = json.dumps([function, plain(described)], sort_keys=True)  # stylize's is fixed: old folders keep their names
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _painted(settings: dict[str, Any], factors: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Settings and factors of a method of the history, without a painting if it takes none: others of a grid may."""
    if _method(settings).painting != "none":
        return settings, factors
    return settings | {"style": None}, factors | ({"style": None} if "style" in factors else {})


def _of_stylize(settings: dict[str, Any], hashes: MutableMapping[str, str]) -> dict[str, Any]:
    """Settings of `stylize`, checked: pictures and networks as hashes, defaults filled in."""
    missing = [name for name in ("content", "style") if name not in settings]
    if missing and ("content" in missing or not settings.get("regions")):
        raise SettingError(f"{' and '.join(missing)} is missing; give a picture, as a file, or a list of some")
    content, style, regions = (settings.pop(name, None) for name in ("content", "style", "regions"))
    described = vars(settings_of(settings))
    files = {"content": content}
    if described["init"] not in STARTS:
        files["init"] = described["init"]
    described |= {name: _hash(name, given, hashes) for name, given in files.items()}
    networks = described["network"]
    several = isinstance(networks, tuple)
    each = [_hash("network", network, hashes) for network in (networks if several else (networks,))]
    described["network"] = each if several else each[0]
    described["style"] = _styles(style, hashes)
    if regions:
        described["regions"] = [_region(each, hashes) for each in listed(regions)]
    for name in ("optimizer", "statistic"):
        if not isinstance(described[name], str | None):
            raise SettingError(f"{name}: give it by its name, since runs are resumed by names")
    return described


def _of_history(settings: dict[str, Any], hashes: MutableMapping[str, str]) -> dict[str, Any]:
    """Settings of `make`, checked: pictures as hashes, defaults filled in."""
    method, content, style = _method(settings), settings.pop("content", None), settings.pop("style", None)
    if content is None:
        raise SettingError("content is missing; give a picture, as a file, or a list of some")
    general = {name: settings.pop(name, value) for name, value in (("size", 512), ("seed", 0))}
    own = {name: value for name, value in settings.items() if name not in ("method", "progress")}
    pictures = {"content": _hash("content", content, hashes)}
    if style is not None:
        pictures["style"] = _hash("style", style, hashes)
    values = ready(method, style is not None, own)
    s = settings_of(general)
    return {"method": method.name, "size": s.size, "seed": s.seed, **pictures, "parameters": values}


def _of_paint(settings: dict[str, Any], hashes: MutableMapping[str, str]) -> dict[str, Any]:
    """Settings of `paint`, checked: pictures and networks as hashes, defaults filled in."""
    content, style, regions = (settings.pop(name, None) for name in ("content", "style", "regions"))
    settings.pop("progress", None)
    s = from_names(PaintSettings, settings)
    described = vars(s) | {"content": _hash("content", content, hashes)}
    if s.network is None:
        described["style"] = _styles(style, hashes)
        described["regions"] = [_region(each, hashes) for each in listed(regions)]
    else:  # styles by the names that the network has for them
        described["network"] = sha256(style_network_file(s.network))
        described["style"] = [(str(name), weight) for name, weight in styles_of(style)]
        described["regions"] = [
            [_mask(mask, hashes), *((str(name), weight) for name, weight in styles_of(of))]
            for mask, of, *_ in listed(regions)
        ]
    if not isinstance(s.strength, int | float):
        described["strength"] = _hash("strength", s.strength, hashes)
    return described


def _method(settings: Mapping[str, Any]) -> Method:
    name = settings.get("method")
    if not isinstance(name, str):
        raise SettingError("method: give it by its name, since runs are resumed by names; METHODS holds them")
    return method_named(name)


def _styles(style: StyleLike, hashes: MutableMapping[str, str]) -> Any:
    """The hash of a single style picture; of several, or of one with a weight, the hashes with their weights."""
    each = [(_hash("style", given, hashes), weight) for given, weight in styles_of(style)]
    return each[0][0] if len(each) == 1 else each


def _region(region: RegionLike, hashes: MutableMapping[str, str]) -> list[Any]:
    of, style, *of_style = region
    return [_mask(of, hashes), _styles(style, hashes), *(_mask(each, hashes) for each in of_style)]


def _mask(given: MaskLike, hashes: MutableMapping[str, str]) -> Any:
    if isinstance(given, FlatColour):
        return [_hash("map", given.map, hashes), given.colour, *given.legend]
    return _hash("mask", given, hashes)


def _hash(name: str, given: Any, hashes: MutableMapping[str, str]) -> str:
    if not isinstance(given, str | Path):
        raise SettingError(f"{name}: give it as a file or by its name, since runs are resumed from files")
    if str(given) not in hashes:
        path = weights_file(given) if name == "network" else find(given)
        if not path.is_file():
            raise RunError(f"{given}: there is no such {name}; give the path of a file")
        hashes[str(given)] = sha256(path)
    return hashes[str(given)]


DESCRIBED: dict[Maker, Callable[[dict[str, Any], MutableMapping[str, str]], dict[str, Any]]] = {
    stylize: _of_stylize,
    make: _of_history,
    paint: _of_paint,
}
