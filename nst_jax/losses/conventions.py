r"""What α, β and w_l multiply in the paper and three well-known codes, and the exact conversion between them.

The four have the same terms with other constants. With N filters and M positions at layer l, and the paper's terms
½ Σ (F − P)² and E_l = Σ (G − A)² / (4 N² M²):

| convention       | its content term         | its style term of layer l              |
|------------------|--------------------------|----------------------------------------|
| paper            | the paper's              | E_l                                    |
| author           | mean (F − P)² = 2/(NM) · | mean (G/M − A/M)² = 4 ·                |
| jcjohnson        | mean (F − P)² = 2/(NM) · | mean (G/(NM) − A/(NM))² = 4/N² ·       |
| pytorch_tutorial | as jcjohnson's           | as jcjohnson's                         |

Only the constants are converted. The tutorial also takes its features before ReLU, the others after.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ..errors import SettingError
from ..networks.geometry import CONTENT_LAYERS, STYLE_LAYERS

Shapes = Mapping[str, tuple[int, int, int]]  # layer → (h_l, w_l, N_l), as `VGG19.shapes` gives


@dataclass(frozen=True)
class LossWeights:
    """The factor of each layer's content term and of each layer's style term, as some convention counts them.

    Attributes:
        content: layer → α v_l.
        style: layer → β w_l.
    """

    content: Mapping[str, float]
    style: Mapping[str, float]


@dataclass(frozen=True)
class Convention:
    """How a code writes the two losses.

    Attributes:
        name: what settings call it.
        content: (N, M) → its content term divided by the paper's.
        style: N → its style term divided by the paper's.
        content_formula: its content term at layer l, as LaTeX.
        style_formula: its style term at layer l, as LaTeX.
        published: widths (layer → N_l) → the loss weights that its source uses by default.
        source: where they are written.
    """

    name: str
    content: Callable[[int, int], float]
    style: Callable[[int], float]
    content_formula: str
    style_formula: str
    published: Callable[[Mapping[str, int]], LossWeights]
    source: str


_FEATURES = r"\sum_{i,j} \left(F^l_{ij} - P^l_{ij}\right)^2"
_GRAMS = r"\sum_{i,j} \left(G^l_{ij} - A^l_{ij}\right)^2"
_MEAN = r"\frac{1}{N_l M_l} " + _FEATURES
TUTORIAL_LAYERS = ("conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1")

CONVENTIONS = {
    convention.name: convention
    for convention in (
        Convention(
            "paper",
            content=lambda N, M: 1.0,
            style=lambda N: 1.0,
            content_formula=r"\tfrac{1}{2} " + _FEATURES,
            style_formula=r"\frac{1}{4 N_l^2 M_l^2} " + _GRAMS,
            published=lambda widths: LossWeights({"conv4_2": 1.0}, {layer: 1e3 / 5 for layer in STYLE_LAYERS}),
            source="arXiv 1508.06576, eq. 1, 4, 5 and 7, α/β = 1e-3",
        ),
        Convention(
            "author",
            content=lambda N, M: 2 / (N * M),
            style=lambda N: 4.0,
            content_formula=_MEAN,
            style_formula=r"\frac{1}{N_l^2 M_l^2} " + _GRAMS,
            published=lambda widths: LossWeights(
                {"conv4_2": 1.0}, {layer: 1e3 / widths[layer] ** 2 for layer in STYLE_LAYERS}
            ),
            source="github.com/leongatys/PytorchNeuralStyleTransfer, for VGG-19 without normalisation",
        ),
        Convention(
            "jcjohnson",
            content=lambda N, M: 2 / (N * M),
            style=lambda N: 4 / N**2,
            content_formula=_MEAN,
            style_formula=r"\frac{1}{N_l^4 M_l^2} " + _GRAMS,
            published=lambda widths: LossWeights({"conv4_2": 5.0}, {layer: 1e2 for layer in STYLE_LAYERS}),
            source="github.com/jcjohnson/neural-style, its defaults",
        ),
        Convention(
            "pytorch_tutorial",
            content=lambda N, M: 2 / (N * M),
            style=lambda N: 4 / N**2,
            content_formula=_MEAN,
            style_formula=r"\frac{1}{N_l^4 M_l^2} " + _GRAMS,
            published=lambda widths: LossWeights({"conv2_2": 1.0}, {layer: 1e6 for layer in TUTORIAL_LAYERS}),
            source="PyTorch tutorials, Neural Transfer Using PyTorch: its defaults",
        ),
    )
}


def loss_weights(
    alpha: float,
    beta: float,
    content_layers: Mapping[str, float] | Iterable[str] = CONTENT_LAYERS,
    style_layers: Mapping[str, float] | Iterable[str] = STYLE_LAYERS,
) -> LossWeights:
    """α v_l and β w_l of each layer.

    Args:
        alpha: weight of the content.
        beta: weight of the style.
        content_layers: names, which share a weight of 1 equally (the paper's w_l = 1/5), or layer → v_l.
        style_layers: names, likewise, or layer → w_l.

    Returns:
        The loss weights.
    """
    return LossWeights(
        {layer: alpha * v for layer, v in shares(content_layers).items()},
        {layer: beta * w for layer, w in shares(style_layers).items()},
    )


def convert(weights: LossWeights, source: str, target: str, shapes: Shapes) -> LossWeights:
    """The loss weights with which the convention `target` minimises what `weights` minimise in `source`.

    Every layer's contribution to L_total stays the same, whatever the pictures.

    Args:
        weights: as `source` counts them.
        source: name of a convention.
        target: name of a convention.
        shapes: layer → (h_l, w_l, N_l) of the generated picture, at least for the layers weighted.

    Returns:
        The loss weights as `target` counts them.

    Raises:
        SettingError: for an unknown convention, or a layer that is weighted and has no shape.

    Example:
        >>> import nst_jax as nst
        >>> weights = nst.loss_weights(alpha=1, beta=1000, style_layers=["conv1_1"])
        >>> shapes = {"conv4_2": (48, 64, 512), "conv1_1": (384, 512, 64)}
        >>> nst.convert(weights, "paper", "author", shapes)
        LossWeights(content={'conv4_2': 786432.0}, style={'conv1_1': 250.0})
    """
    a, b = convention_named(source), convention_named(target)
    if missing := [layer for layer in (*weights.content, *weights.style) if layer not in shapes]:
        raise SettingError(f"{missing[0]} is weighted, but `shapes` has no shape for it; give (h, w, N) of every layer")

    def content(layer: str) -> float:
        h, w, N = shapes[layer]
        return a.content(N, h * w) / b.content(N, h * w)

    def style(layer: str) -> float:
        N = shapes[layer][2]
        return a.style(N) / b.style(N)

    return LossWeights(
        {layer: v * content(layer) for layer, v in weights.content.items()},
        {layer: w * style(layer) for layer, w in weights.style.items()},
    )


def convention_named(name: str) -> Convention:
    """The convention of that name.

    Raises:
        SettingError: for an unknown name.
    """
    if not isinstance(name, str) or name not in CONVENTIONS:
        raise SettingError(f"convention {name!r} is not known; use one of {', '.join(CONVENTIONS)}")
    return CONVENTIONS[name]


def shares(layers: Mapping[str, float] | Iterable[str]) -> dict[str, float]:
    """layer → v_l or w_l: as given, or equal parts of 1 if only names are given."""
    if isinstance(layers, Mapping):
        return dict(layers)
    layers = (layers,) if isinstance(layers, str) else tuple(layers)
    return {layer: 1 / len(layers) for layer in layers}
