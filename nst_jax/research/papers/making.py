"""The papers' figures made: each panel a run in a folder, resumed where it was stopped, and a sheet of all."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from ...errors import DownloadError, NSTError, SettingError
from ...files import atomic_write
from ...images.known import picture
from ...images.picture import Picture
from ...images.sheets import Sheet, contact_sheet
from ...images.strips import Strip
from ...images.writing import save_image
from ...losses.style.catalogue import statistic_named
from ...losses.style.gram import GRAM
from ...networks.loading import cached
from ...progress import bar
from ...transfer.manifest import plain
from ...transfer.run_folder import RunFolder
from ...transfer.stylize import stylize
from ..combinations import name_of
from ..execution import make
from ..labels import label
from ..scores import row_of
from .presets import READINGS, STAND_INS, FigurePreset, PanelPreset, Sourced, named

FAST = {"size": 128, "steps": 50}


def network_at_hand() -> str:
    """The paper's network if its weights are in the cache, else the one that comes with the package."""
    return "vgg19" if cached("vgg19") else "vgg19-slim"


@dataclass(frozen=True)
class MadePanel:
    """One picture of a figure, made or not.

    Attributes:
        preset: what it was made from.
        settings: name → value and source, as it was made.
        given: the settings as `stylize` takes them: alpha, beta and convention instead of the ratio.
        run: its folder; None if it could not be made.
        pictures: labels of the content and style picture.
        gap: what the sheet says instead of a picture.
        fault: why it could not be made.
    """

    preset: PanelPreset
    settings: Mapping[str, Sourced]
    given: Mapping[str, Any]
    run: RunFolder | None = None
    pictures: tuple[str, str] = ("", "")
    gap: str = ""
    fault: str = ""

    def described(self) -> dict[str, Any]:
        """What figure-….json says about it."""
        return {
            "content": self.preset.content,
            "style": self.preset.style,
            "settings": plain(self.given),
            "sources": {name: each.source for name, each in self.settings.items()},
            **({"run": self.run.path.name, "pictures": list(self.pictures)} if self.run else {"gap": self.fault}),
        }


@dataclass(frozen=True)
class MadeFigure:
    """A figure that was made.

    Attributes:
        preset: what it was made from.
        reading: what the ratio α/β multiplies, "author" or "paper".
        times: the factor of every ratio.
        statistic: what of the style is matched.
        panels: rows of them.
    """

    preset: FigurePreset
    reading: str
    times: float
    statistic: str
    panels: tuple[tuple[MadePanel, ...], ...]

    @property
    def runs(self) -> list[RunFolder]:
        """The folders of the panels that have one, row by row."""
        return [panel.run for row in self.panels for panel in row if panel.run]

    def sheet(self, width: int = 256) -> Sheet:
        """The figure as one picture; a panel that could not be made leaves a gap that says so.

        Args:
            width: of a panel, in pixels.

        Returns:
            The sheet.
        """
        rows = [[_shown(panel) for panel in row] for row in self.panels]
        strip = Strip(rows, self.preset.labels(self.times), self.preset.rows)
        image = contact_sheet(strip.panels, strip.columns, strip.rows, width=width)
        text = f"{self.preset.title} ({self.preset.name}, {self.reading}, × {self.times:g})"
        return Sheet(image, text, strips=(strip,))

    def scores(self) -> pd.DataFrame:
        """One row a panel that has a run: the paper's pictures, ratio, layers, and the referee's distances."""
        rows = []
        for panel in (panel for row in self.panels for panel in row):
            if panel.run:
                facts = {name: label(panel.settings[name].value) for name in ("content_layers", "style_layers", "init")}
                pair = {"content": panel.preset.content, "style": panel.preset.style}
                rows.append(pair | {"ratio": panel.settings["ratio"].value} | facts | row_of(panel.run))
        return pd.DataFrame(rows)

    def distances(self) -> pd.DataFrame:
        """The referee's distances alone: a row for each panel that has a run, named by its style picture.

        Returns:
            Columns "content", "style", "colour", "structure".
        """
        table: Any = self.scores().set_index("style").filter(like="_distance")
        return table.rename(columns=lambda name: name.removesuffix("_distance")).rename_axis(None)

    def settings(self) -> pd.DataFrame:
        """Every number of every panel: columns panel, setting, value, source."""
        numbered = enumerate((panel for row in self.panels for panel in row), 1)
        return pd.DataFrame(
            [
                {"panel": i, "setting": name, "value": label(each.value), "source": each.source}
                for i, panel in numbered
                for name, each in panel.settings.items()
            ]
        )

    @property
    def stem(self) -> str:
        """What its files are called: see `stem_of`."""
        return stem_of(self.preset.name, self.reading, self.times, self.statistic)

    def save(self, folder: str | Path, width: int = 256) -> None:
        """Write sheet-STEM.jpg, and beside it figure-STEM.json with every setting of every panel and its source.

        Args:
            folder: made if it does not exist.
            width: of a panel, in pixels.

        Raises:
            NSTError: if the folder cannot be written.
        """
        folder = Path(folder)
        save_image(folder / f"sheet-{self.stem}.jpg", self.sheet(width).image)
        facts = {"figure": self.preset.name, "title": self.preset.title, "reading": self.reading, "times": self.times}
        facts |= {"statistic": self.statistic}
        panels = [panel.described() for row in self.panels for panel in row]
        with atomic_write(folder / f"figure-{self.stem}.json", "w") as file:
            file.write(json.dumps(facts | {"panels": panels}, indent=1, ensure_ascii=False, default=str) + "\n")


def stem_of(name: str, reading: str, times: float, statistic: str) -> str:
    """What a figure's files are called: NAME-READING, with a factor and a statistic NAME-READING-xFACTOR-STATISTIC."""
    return (
        f"{name}-{reading}"
        + (f"-x{times:g}" if times != 1 else "")
        + (f"-{statistic}" if statistic != GRAM.name else "")
    )


def figure(
    preset: str | FigurePreset,
    folder: str | Path,
    *,
    network: str | None = None,
    size: int | None = None,
    steps: int | None = None,
    fast: bool = False,
    reading: str = "author",
    times: float = 1.0,
    statistic: str = GRAM.name,
    pictures: Mapping[str, str | Path] | None = None,
    stand_ins: bool = False,
    width: int = 256,
    progress: bool = False,
) -> MadeFigure:
    """Make a figure, or what is missing of it, and write its sheet and its settings into a folder.

    A picture that is missing leaves a gap that says so.

    Args:
        preset: a figure, or the name of one of `FIGURES`.
        folder: gets one folder a panel, and what `MadeFigure.save` writes.
        network: None for `network_at_hand()`.
        size: longest side of a panel, in pixels; None for the figure's.
        steps: evaluations; None for the figure's.
        fast: 128 pixels and 50 evaluations, unless given.
        reading: what the ratio α/β multiplies: "author" or "paper" (see `READINGS`).
        times: a factor for every ratio, for a network whose features are of another scale than the paper's.
        statistic: what of the style is matched, by its name, instead of the Gram matrix.
        pictures: name → file, instead of the pictures by that name.
        stand_ins: use pictures of ours instead of the paper's.
        width: of a panel on the sheet, in pixels.
        progress: show a progress bar.

    Returns:
        The figure: sheet, runs, scores, settings with their sources.

    Raises:
        SettingError: for an unknown name or reading, or an invalid setting.
    """
    preset, folder = named(preset) if isinstance(preset, str) else preset, Path(folder)
    if not 0 < times < float("inf"):
        raise SettingError(f"times={times}: give a factor above 0")
    if reading not in READINGS:
        raise SettingError(f"reading {reading!r} is not known; use {' or '.join(READINGS)}")
    changes = {"network": network or network_at_hand()} | (FAST if fast else {})
    changes |= {key: value for key, value in (("size", size), ("steps", steps)) if value is not None}
    changes |= {} if statistic_named(statistic) is GRAM else {"statistic": statistic}
    files = dict(pictures or {}) | ({known: picture(ours) for known, ours in STAND_INS.items()} if stand_ins else {})
    rows: list[tuple[MadePanel, ...]] = []
    with bar(total=sum(map(len, preset.panels)), unit="panel", desc=preset.name, visible=progress) as shown:
        for row in preset.panels:
            panels = []
            for panel in row:
                panels.append(_make(_multiplied(panel, times), folder, reading, changes, files))
                shown.update()
            rows.append(tuple(panels))
    made = MadeFigure(preset, reading, times, statistic, tuple(rows))
    made.save(folder, width)
    return made


def _multiplied(panel: PanelPreset, factor: float) -> PanelPreset:
    """The panel with its ratio times the factor; the style alone and the content alone stay what they are."""
    ratio = panel.settings["ratio"]
    if factor == 1 or ratio.value in (0, float("inf")):
        return panel
    changed = Sourced(factor * ratio.value, f"{ratio.source}, times {factor:g}")
    return replace(panel, settings=dict(panel.settings) | {"ratio": changed})


def _make(
    panel: PanelPreset,
    folder: Path,
    reading: str,
    changes: Mapping[str, Any],
    files: Mapping[str, str | Path],
) -> MadePanel:
    given = panel.given(reading) | dict(changes)
    sourced = {name: each for name, each in panel.settings.items() if name not in changes}
    sourced |= {name: Sourced(value, "changed here") for name, value in changes.items()}
    try:
        content, style = (files.get(name) or picture(name) for name in (panel.content, panel.style))
    except (SettingError, DownloadError) as error:
        gap = f"{panel.content} with {panel.style}: not at hand"
        return MadePanel(panel, sourced, given, gap=gap, fault=str(error))
    settings = {**given, "content": content, "style": style}
    run = RunFolder(folder / name_of(stylize, settings, {}))
    try:
        make(stylize, run.path, settings)
    except NSTError as error:  # such as a layer that a narrow network ends before
        return MadePanel(panel, sourced, given, gap=str(error), fault=str(error))
    return MadePanel(panel, sourced, given, run, (label(content), label(style)))


def _shown(panel: MadePanel) -> Picture | str:
    """The picture of a panel, or the words in its gap."""
    if panel.run is None:
        return panel.gap
    return panel.run.image if panel.run.state == "done" else "diverged"
