"""The papers' figures made: each panel a run in a folder that goes on where it was stopped, and a sheet of all."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from .collection import picture
from .errors import DownloadError, NSTError, SettingError
from .figures import READINGS, STAND_INS, Panel, Sourced, named
from .files import atomic_write
from .grid import make, name_of
from .images import save_image
from .progress import bar
from .results import plain
from .saved import Saved, label
from .show import contact_sheet
from .stylize import stylize
from .weights import cached

FAST = {"size": 128, "steps": 50}


def network_at_hand() -> str:
    """The paper's network where its weights are in the cache, else the one that comes with the package."""
    return "vgg19" if cached("vgg19") else "vgg19-slim"


def figure(
    name: str,
    folder,
    *,
    network: str | None = None,
    size: int | None = None,
    steps: int | None = None,
    fast: bool = False,
    reading: str = "author",
    times: float = 1.0,
    pictures: Mapping[str, str] | None = None,
    stand_ins: bool = False,
    width: int = 256,
) -> np.ndarray:
    """Make a figure of `figures.FIGURES` and return its sheet [h, w, 3]; what is done already is not made again.

    network: `network_at_hand()` unless given; size, steps: in the place of the figure's; fast: 128 pixels, 50
    evaluations; reading: what the ratio α/β multiplies, "author" or "paper"; times: a factor for every ratio, for a
    network whose features are of another scale than the paper's; pictures: name → file, in the place of those by that
    name; stand_ins: pictures of ours for all of the paper's; width: pixels of a panel.
    Writes into `folder`: one folder a panel, sheet-NAME-READING.jpg (with a factor, sheet-NAME-READING-xFACTOR.jpg),
    and beside it figure-….json with every setting of every panel and its source. A picture that is not at hand leaves
    a gap that says so.
    Raises SettingError for a name, a reading or a setting that means nothing.
    """
    figure, folder = named(name), Path(folder)
    if not 0 < times < float("inf"):
        raise SettingError(f"times={times}: give a factor above 0")
    if reading not in READINGS:
        raise SettingError(f"reading {reading!r} is not known; use {' or '.join(READINGS)}")
    changes = {"network": network or network_at_hand()} | (FAST if fast else {})
    changes |= {key: value for key, value in (("size", size), ("steps", steps)) if value is not None}
    files = dict(pictures or {}) | ({known: picture(ours) for known, ours in STAND_INS.items()} if stand_ins else {})
    sheet, described = [], []
    with bar(total=sum(map(len, figure.panels)), unit="panel", desc=name) as shown:
        for row in figure.panels:
            sheet.append([])
            for panel in row:
                made, facts = _make(_times(panel, times), folder, reading, changes, files)
                sheet[-1].append(made)
                described.append(facts)
                shown.update()
    image = contact_sheet(sheet, figure.columns, figure.rows, width=width)
    stem = f"{name}-{reading}" + (f"-x{times:g}" if times != 1 else "")
    save_image(folder / f"sheet-{stem}.jpg", image)
    facts = {"figure": name, "title": figure.title, "reading": reading, "times": times, "panels": described}
    with atomic_write(folder / f"figure-{stem}.json", "w") as file:
        file.write(json.dumps(facts, indent=1, ensure_ascii=False, default=str) + "\n")
    return image


def _times(panel, factor):
    ratio = panel.settings["ratio"]
    if factor == 1 or ratio.value in (0, float("inf")):
        return panel
    changed = Sourced(factor * ratio.value, f"{ratio.source}, times {factor:g}")
    return replace(panel, settings=dict(panel.settings) | {"ratio": changed})


def _make(panel: Panel, folder, reading, changes, files):
    """The picture of a panel, or the words for its gap; and what it was made with, number by number."""
    sources = {name: each.source for name, each in panel.settings.items()} | dict.fromkeys(changes, "changed here")
    settings = panel.stylize(reading) | changes
    facts = {"content": panel.content, "style": panel.style, "settings": plain(settings), "sources": sources}
    try:
        content, style = (files.get(name) or picture(name) for name in (panel.content, panel.style))
    except (SettingError, DownloadError) as error:
        words = f"{panel.content} with {panel.style}: not at hand"
        return words, facts | {"gap": str(error)}
    settings |= {"content": content, "style": style}
    saved = Saved(folder / name_of(stylize, settings, {}))
    try:
        make(stylize, saved.folder, settings)
    except NSTError as error:  # such as a layer that a narrow network ends before
        return str(error), facts | {"gap": str(error)}
    facts |= {"run": saved.folder.name, "pictures": [label(content), label(style)]}
    return (saved.image if saved.state == "done" else "diverged"), facts
