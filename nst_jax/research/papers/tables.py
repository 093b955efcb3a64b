"""A figure's settings as a table for people."""

from math import inf
from typing import Any

import pandas as pd

from ..labels import label
from .presets import FigurePreset, power


def settings_table(preset: FigurePreset, **changed: Any) -> pd.DataFrame:
    """What each setting of a figure is, and where it comes from; several values if its panels differ.

    Args:
        preset: of the figure.
        **changed: settings that are made with other values.

    Returns:
        A row for each setting, columns "value", "source", "changed here to".
    """
    panels = [panel for row in preset.panels for panel in row]
    rows = {}
    for setting in panels[0].settings:
        given = [panel.settings[setting] for panel in panels]
        values = "; ".join(dict.fromkeys(words(each.value) for each in given))
        sources = ", ".join(dict.fromkeys(each.source for each in given))
        rows[setting] = [values, sources, changed.get(setting, "")]
    return pd.DataFrame.from_dict(rows, "index", columns=pd.Index(["value", "source", "changed here to"]))


def words(value: Any) -> str:
    """A setting's value: ratios as powers of ten, others as labels."""
    ratio = isinstance(value, float) and 0 < value < inf
    return power(value) if ratio else label(value).replace("inf", "∞")
