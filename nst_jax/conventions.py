"""What α, β and w_l multiply in four well-known codes, and the exact conversion between them.

The four have the same terms with other constants. With N filters and M positions at layer l, and the paper's terms
½ Σ (F − P)² and E_l = Σ (G − A)² / (4 N² M²):

| convention       | its content term         | its style term of layer l              |
|------------------|--------------------------|----------------------------------------|
| paper            | the paper's              | E_l                                    |
| author           | mean (F − P)² = 2/(NM) · | mean (G/M − A/M)² = 4 ·                |
| jcjohnson        | mean (F − P)² = 2/(NM) · | mean (G/(NM) − A/(NM))² = 4/N² ·       |
| pytorch_tutorial | as jcjohnson's           | as jcjohnson's                         |

What is converted is the constants. The tutorial also takes its features before ReLU, where the others take them after.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from .errors import SettingError
from .layers import CONTENT_LAYERS, STYLE_LAYERS

Shapes = Mapping[str, tuple[int, int, int]]  # layer → (h_l, w_l, N_l), as `VGG19.shapes` gives


@dataclass(frozen=True)
class Weights:
    """The factor of each layer's content term and of each layer's style term, in some convention's terms."""

    content: Mapping[str, float]
    style: Mapping[str, float]


@dataclass(frozen=True)
class Convention:
    """content(N, M) and style(N): this convention's term divided by the paper's; published(widths): the weights that
    its source uses by default, for a network with these widths (layer → N_l); source: where they are written."""

    name: str
    content: Callable[[int, int], float]
    style: Callable[[int], float]
    published: Callable[[Mapping[str, int]], Weights]
    source: str


CONVENTIONS = {
    convention.name: convention
    for convention in (
        Convention(
            "paper",
            content=lambda N, M: 1.0,
            style=lambda N: 1.0,
            published=lambda widths: Weights({"conv4_2": 1.0}, {layer: 1e3 / 5 for layer in STYLE_LAYERS}),
            source="arXiv 1508.06576, eq. 1, 4, 5 and 7, α/β = 1e-3",
        ),
        Convention(
            "author",
            content=lambda N, M: 2 / (N * M),
            style=lambda N: 4.0,
            published=lambda widths: Weights(
                {"conv4_2": 1.0}, {layer: 1e3 / widths[layer] ** 2 for layer in STYLE_LAYERS}
            ),
            source="github.com/leongatys/PytorchNeuralStyleTransfer, for VGG-19 without normalisation",
        ),
        Convention(
            "jcjohnson",
            content=lambda N, M: 2 / (N * M),
            style=lambda N: 4 / N**2,
            published=lambda widths: Weights({"conv4_2": 5.0}, {layer: 1e2 for layer in STYLE_LAYERS}),
            source="github.com/jcjohnson/neural-style, its defaults",
        ),
        Convention(
            "pytorch_tutorial",
            content=lambda N, M: 2 / (N * M),
            style=lambda N: 4 / N**2,
            published=lambda widths: Weights(
                {"conv2_2": 1.0}, {layer: 1e6 for layer in ("conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1")}
            ),
            source="PyTorch tutorials, Neural Transfer Using PyTorch: its defaults",
        ),
    )
}


def weights_of(alpha: float, beta: float, content_layers=CONTENT_LAYERS, style_layers=STYLE_LAYERS) -> Weights:
    """α v_l and β w_l per layer. Layers come as names, which share a weight of 1 (the paper's w_l = 1/5), or as a
    mapping from names to v_l or w_l."""
    return Weights(
        {layer: alpha * v for layer, v in shares(content_layers).items()},
        {layer: beta * w for layer, w in shares(style_layers).items()},
    )


def convert(weights: Weights, source: str, target: str, shapes: Shapes) -> Weights:
    """The weights that state in the terms of `target` what `weights` state in those of `source`.

    shapes: layer → (h_l, w_l, N_l) of the generated picture, at least for the layers weighted.
    Every layer's contribution to L_total stays the same, whatever the pictures. Raises SettingError for a convention
    that is not known.
    """
    a, b = _convention(source), _convention(target)

    def content(layer):
        h, w, N = shapes[layer]
        return a.content(N, h * w) / b.content(N, h * w)

    def style(layer):
        N = shapes[layer][2]
        return a.style(N) / b.style(N)

    return Weights(
        {layer: v * content(layer) for layer, v in weights.content.items()},
        {layer: w * style(layer) for layer, w in weights.style.items()},
    )


def _convention(name: str) -> Convention:
    if name not in CONVENTIONS:
        raise SettingError(f"convention {name!r} is not known; use one of {', '.join(CONVENTIONS)}")
    return CONVENTIONS[name]


def shares(layers: Mapping[str, float] | Iterable[str]) -> dict[str, float]:
    """layer → v_l or w_l: as given, or equal parts of 1 where only names are given."""
    if isinstance(layers, Mapping):
        return dict(layers)
    layers = (layers,) if isinstance(layers, str) else tuple(layers)
    return {layer: 1 / len(layers) for layer in layers}
