"""The figures of the two papers as data: what each panel is made with, and where each number comes from.

Sources: "paper", printed in it; "code", the author's released code; "derived", from these by algebra or by what the
paper says in words; "open", published nowhere, chosen here.

arXiv: "A Neural Algorithm of Artistic Style", arXiv 1508.06576. CVPR: "Image Style Transfer Using Convolutional Neural
Networks", CVPR 2016.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from ...errors import SettingError
from ...networks.geometry import STYLE_LAYERS

READINGS = {
    "author": "the ratio multiplies the means of the author's code",
    "paper": "the ratio multiplies the paper's sums, eq. 1 and 4, to the letter",
}


class Sourced(NamedTuple):
    """A setting's value and its source: "paper", "code", "derived" or "open"."""

    value: Any
    source: str


@dataclass(frozen=True)
class PanelPreset:
    """One picture of a figure, as the paper made it.

    Attributes:
        content: name of the content picture.
        style: name of the style picture.
        settings: name → value and source; among them "ratio", α/β: 0 for the style alone, infinite for the content
            alone.
    """

    content: str
    style: str
    settings: Mapping[str, Sourced]

    def given(self, reading: str) -> dict[str, Any]:
        """The settings as `stylize` takes them, the ratio as this reading counts it."""
        given = {name: each.value for name, each in self.settings.items()}
        ratio = given.pop("ratio")
        alpha, beta = (0.0, 1.0) if ratio == 0 else (1.0, 1 / ratio)
        return given | {"alpha": alpha, "beta": beta, "convention": reading}


@dataclass(frozen=True)
class FigurePreset:
    """A figure, as the paper made it.

    Attributes:
        name: used in names of files.
        title: ours.
        shows: what the paper's figure shows, in our words.
        panels: rows of them.
        columns: a label for each.
        rows: a label for each.
        by_ratio: whether the columns' labels end with a ratio, which a factor stands beside.
    """

    name: str
    title: str
    shows: str
    panels: tuple[tuple[PanelPreset, ...], ...]
    columns: tuple[str, ...]
    rows: tuple[str, ...] = ()
    by_ratio: bool = False

    def labels(self, times: float = 1.0) -> tuple[str, ...]:
        """The labels of the columns; a figure whose ratios are multiplied by `times` says so in each of them.

        Args:
            times: the factor; it has no effect on a panel of the content alone or of the style alone.

        Returns:
            One label a column.
        """
        ratios = {panel.settings["ratio"].value for row in self.panels for panel in row}
        if times == 1 or ratios <= {0.0, float("inf")}:
            return self.columns
        return tuple(f"{label} × {times:g}" if self.by_ratio else f"{label}\nα/β × {times:g}" for label in self.columns)


def _paper(value):
    return Sourced(value, "paper")


def _open(value):
    return Sourced(value, "open")


# What holds for all panels unless they say otherwise.
BOTH = {
    "content_layers": _paper(("conv4_2",)),
    "style_layers": _paper(STYLE_LAYERS),
    "pool": _paper("avg"),
    "normalize": _paper(True),
    "init": _paper("noise"),
    "seed": _open(0),
    "tv": _paper(0.0),
    "scales": _paper(1),
    "steps": Sourced(500, "code"),
    "size": _open(512),
}
ARXIV = BOTH | {
    "optimizer": Sourced("lbfgs", "code"),  # the text says gradient descent
    "normalize": _open(True),  # the text does not mention it; the CVPR paper's does
}
CVPR = BOTH | {"optimizer": _paper("lbfgs")}

PHOTO = "neckarfront"
PAINTINGS = {
    "B": ("shipwreck", "The Shipwreck of the Minotaur"),
    "C": ("starry_night", "The Starry Night"),
    "D": ("scream", "The Scream"),
    "E": ("femme_nue_assise", "Femme nue assise"),
    "F": ("composition_vii", "Composition VII"),
}
# For classes without a network connection: pictures of ours, marked as what they are.
STAND_INS = {
    "neckarfront": "coffee",
    "shipwreck": "hatching",
    "starry_night": "vortex",
    "scream": "woodcut",
    "femme_nue_assise": "mosaic",
    "composition_vii": "cutout",
    "jesuiten_iii": "dabs",
    "city_by_day": "rocket",
    "city_by_night": "hubble_deep_field",
}


def cumulative() -> tuple[tuple[str, ...], ...]:
    """conv1_1; conv1_1, conv2_1; … up to all five style layers."""
    return tuple(STYLE_LAYERS[:n] for n in range(1, len(STYLE_LAYERS) + 1))


def power(ratio: float) -> str:
    """A ratio for a label: 1e-3 → "10⁻³", 8e-4 → "8·10⁻⁴"."""
    digits, exponent = f"{ratio:.0e}".split("e")
    raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"10{raised}" if digits == "1" else f"{digits}·10{raised}"


def _reconstructions(name, common, content_layers):
    original = common | {"ratio": _paper(float("inf")), "normalize": _paper(False)}  # "of the original VGG-Network"
    content = [PanelPreset(PHOTO, PHOTO, original | {"content_layers": _paper((layer,))}) for layer in content_layers]
    style = [
        PanelPreset(PHOTO, "starry_night", common | {"ratio": _paper(0.0), "style_layers": _paper(layers)})
        for layers in cumulative()
    ]
    return FigurePreset(
        name,
        "Content and style reconstructions",
        "Above, the photo from its features at one layer: nearly the same from the lower layers, while the higher ones "
        "keep objects and their places and lose the exact pixels. Below, the painting from the Gram matrices of more "
        "and more layers: its structures grow with depth, and their places in the picture are lost.",
        (tuple(content), tuple(style)),
        tuple(
            f"{'abcde'[i]}\n{layer}\n{'' if i == 0 else '… '}{STYLE_LAYERS[i]}"
            for i, layer in enumerate(content_layers)
        ),
        ("content", "style"),
    )


def _paintings(name, common, ratios):
    panels = [
        PanelPreset(PHOTO, PAINTINGS[letter][0], common | {"ratio": _paper(ratio)}) for letter, ratio in ratios.items()
    ]
    return FigurePreset(
        name,
        "One photo in the style of five paintings",
        "The riverside keeps its houses, tower and water, while colours and local structures are those of each "
        "painting: a storm's haze, swirls, long waving bands, facets, coloured patches.",
        (tuple(panels),),
        tuple(f"{letter}\n{PAINTINGS[letter][1]}\nα/β = {power(ratio)}" for letter, ratio in ratios.items()),
        by_ratio=True,
    )


RATIOS_ARXIV, RATIOS_CVPR = (1e-5, 1e-4, 1e-3, 1e-2), (1e-4, 1e-3, 1e-2, 1e-1)

_ALL = (
    _reconstructions("arxiv-1", ARXIV, STYLE_LAYERS),
    _paintings("arxiv-2", ARXIV, {"B": 1e-3, "C": 1e-3, "D": 1e-3, "E": 1e-4, "F": 1e-4}),
    FigurePreset(
        "arxiv-3",
        "Style layers and the ratio α/β",
        "Down the rows more style layers are matched, and the structures of the painting grow from grain to large "
        "shapes; along the columns the photo comes in, from hardly visible to hardly painted.",
        tuple(
            tuple(
                PanelPreset(PHOTO, "composition_vii", ARXIV | {"ratio": _paper(ratio), "style_layers": _paper(layers)})
                for ratio in RATIOS_ARXIV
            )
            for layers in cumulative()
        ),
        tuple(f"α/β = {power(ratio)}" for ratio in RATIOS_ARXIV),
        tuple(f"{'' if len(layers) == 1 else '… '}{layers[-1]}" for layers in cumulative()),
        by_ratio=True,
    ),
    _reconstructions("cvpr-1", CVPR, ("conv1_2", "conv2_2", "conv3_2", "conv4_2", "conv5_2")),
    _paintings("cvpr-3", CVPR, {"B": 1e-3, "C": 8e-4, "D": 5e-3, "E": 5e-4, "F": 5e-4}),
    FigurePreset(
        "cvpr-4",
        "The ratio α/β",
        "From left to right the photo comes in, from a texture of the painting to a photo with its colours.",
        (
            tuple(
                PanelPreset(PHOTO, "composition_vii", CVPR | {"ratio": _open(ratio)}) for ratio in RATIOS_CVPR
            ),
        ),
        tuple(f"α/β = {power(ratio)}" for ratio in RATIOS_CVPR),
        by_ratio=True,
    ),
    FigurePreset(
        "cvpr-5",
        "The layer of the content",
        "Matched at conv2_2 the photo's details stay and the paint looks laid over them; at conv4_2 shapes give way to "
        "those of the painting.",
        (
            tuple(
                PanelPreset(PHOTO, "jesuiten_iii", CVPR | {"ratio": _paper(1e-3), "content_layers": _paper((layer,))})
                for layer in ("conv2_2", "conv4_2")
            ),
        ),
        ("conv2_2", "conv4_2"),
    ),
    FigurePreset(
        "cvpr-6",
        "The start",
        "Started from photo, painting or noise the pictures differ in detail; noise gives another picture for each "
        "seed.",
        (
            tuple(
                PanelPreset(
                    PHOTO, "starry_night", CVPR | {"ratio": _paper(1e-3), "init": _paper(init), "seed": _open(seed)}
                )
                for init, seed in (("content", 0), ("style", 0), *(("noise", seed) for seed in range(4)))
            ),
        ),
        ("photo", "painting", *(f"noise, seed {seed}" for seed in range(4))),
    ),
    FigurePreset(
        "cvpr-7",
        "Photo to photo",
        "A city by day takes the light of a city by night.",
        (
            (
                PanelPreset("city_by_day", "city_by_night", CVPR | {"ratio": _open(1e-2), "init": _paper("content")}),
            ),
        ),
        ("α/β = 10⁻²",),
        by_ratio=True,
    ),
)  # fmt: skip
FIGURES: Mapping[str, FigurePreset] = MappingProxyType({preset.name: preset for preset in _ALL})


def named(name: str) -> FigurePreset:
    """The figure of that name.

    Raises:
        SettingError: for an unknown name.
    """
    if name not in FIGURES:
        raise SettingError(f"there is no figure {name!r}; there are {', '.join(FIGURES)}")
    return FIGURES[name]
