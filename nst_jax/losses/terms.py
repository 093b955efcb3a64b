"""Terms of the objective: each maps a picture and its features to a scalar, weight included."""

from collections.abc import Mapping
from typing import Protocol

from flax import struct
from jax import Array

from .content import content_loss
from .laplacian import laplacian_loss
from .self_similarity import self_similarity, self_similarity_loss
from .style.statistic import Measurement, Statistic
from .temporal import temporal_loss
from .total_variation import total_variation


class Term(Protocol):
    """What the objective asks of a term: any frozen pytree with these fields is one.

    Attributes:
        kind: "content", "style", "tv", …: what the term is for. Losses are summed by it, knobs and colours chosen by
            it.
        layer: the layer it measures; None if it looks at the picture alone.
        weight: its factor in the objective, a leaf of the pytree.
        name: its name in tables, unique in the objective.
    """

    @property
    def kind(self) -> str: ...
    @property
    def layer(self) -> str | None: ...
    @property
    def weight(self) -> Array | float: ...
    @property
    def name(self) -> str: ...

    def __call__(self, x: Array, F: Mapping[str, Array]) -> Array:
        """weight · loss of the picture x [h, w, 3] with features F: layer → [h_l, w_l, N_l]."""
        ...


@struct.dataclass
class Content:
    """weight · ½ Σ (F^l − P^l)² at one layer.

    Attributes:
        layer: its name.
        P: [h_l, w_l, N_l], features of the content picture there.
        weight: ≥ 0.
        kind: "content".
    """

    layer: str = struct.field(pytree_node=False)
    P: Array
    weight: Array | float = 1.0
    kind: str = struct.field(pytree_node=False, default="content")

    @property
    def name(self) -> str:
        return f"content/{self.layer}"

    def __call__(self, x: Array, F: Mapping[str, Array]) -> Array:
        return self.weight * content_loss(F[self.layer], self.P)


@struct.dataclass
class SelfSimilarity:
    """weight · Σ_ij |S_ij − S*_ij| / n at one layer.

    Attributes:
        layer: its name.
        target: [n, n], `self_similarity` of the content picture's features there.
        weight: ≥ 0.
        kind: "self_similarity".
    """

    layer: str = struct.field(pytree_node=False)
    target: Array
    weight: Array | float = 1.0
    kind: str = struct.field(pytree_node=False, default="self_similarity")

    @property
    def name(self) -> str:
        return f"self_similarity/{self.layer}"

    def __call__(self, x: Array, F: Mapping[str, Array]) -> Array:
        return self.weight * self_similarity_loss(self_similarity(F[self.layer]), self.target)


@struct.dataclass
class Laplacian:
    """weight · Σ_s mean (Lap(pool_s x) − Lap(pool_s p))².

    Attributes:
        p: [h, w, 3], the content picture.
        weight: ≥ 0.
        layer: None.
        kind: "laplacian".
    """

    p: Array
    weight: Array | float = 1.0
    layer: None = struct.field(pytree_node=False, default=None)
    kind: str = struct.field(pytree_node=False, default="laplacian")

    @property
    def name(self) -> str:
        return "laplacian"

    def __call__(self, x: Array, F: Mapping[str, Array]) -> Array:
        return self.weight * laplacian_loss(x, self.p)


@struct.dataclass
class Style:
    """weight · distance(S^l, target) of a style statistic S at one layer; E_l if the statistic is `GRAM`.

    Attributes:
        layer: its name.
        statistic: what is measured there, and how two measurements differ.
        target: `statistic.target` of the style picture's features there.
        weight: ≥ 0.
        guide: [h_l, w_l], the weight of each position of the generated picture; None for 1 everywhere.
        label: the first part of the term's name; give another if two style terms measure one layer.
        kind: "style".

    Departs from the paper: the Gram matrix of the style picture is kept per position, so that a style picture of
    another size than the content picture serves as it is.
    """

    layer: str = struct.field(pytree_node=False)
    statistic: Statistic = struct.field(pytree_node=False)
    target: Measurement
    weight: Array | float = 1.0
    guide: Array | None = None
    label: str = struct.field(pytree_node=False, default="style")
    kind: str = struct.field(pytree_node=False, default="style")

    @property
    def name(self) -> str:
        return f"{self.label}/{self.layer}"

    def __call__(self, x: Array, F: Mapping[str, Array]) -> Array:
        S = self.statistic.measure(F[self.layer], self.guide)
        return self.weight * self.statistic.distance(S, self.target)


@struct.dataclass
class Absent:
    """0, standing for a style term whose region is too small to be measured, so that tables keep its column.

    Attributes:
        name: of the term.
        weight: 0.
        layer: None.
        kind: "style".
    """

    name: str = struct.field(pytree_node=False)
    weight: Array | float = 0.0
    layer: None = struct.field(pytree_node=False, default=None)
    kind: str = struct.field(pytree_node=False, default="style")

    def __call__(self, x: Array, F: Mapping[str, Array]) -> Array:
        return 0 * x[0, 0, 0]


@struct.dataclass
class TotalVariation:
    """weight · V(x), the sum of squared differences between neighbouring pixels.

    Attributes:
        weight: ≥ 0.
        layer: None.
        kind: "tv".
    """

    weight: Array | float = 1.0
    layer: None = struct.field(pytree_node=False, default=None)
    kind: str = struct.field(pytree_node=False, default="tv")

    @property
    def name(self) -> str:
        return "tv"

    def __call__(self, x: Array, F: Mapping[str, Array]) -> Array:
        return self.weight * total_variation(x)


@struct.dataclass
class Temporal:
    """weight · mean c (x − y)²: what earlier frames of a clip show stays as it was painted there.

    Attributes:
        y: [h, w, 3], the pictures of earlier frames, moved along with what they show.
        c: [h, w], how much each pixel of it can be trusted.
        weight: ≥ 0.
        layer: None.
        kind: "temporal".
    """

    y: Array
    c: Array
    weight: Array | float = 1.0
    layer: None = struct.field(pytree_node=False, default=None)
    kind: str = struct.field(pytree_node=False, default="temporal")

    @property
    def name(self) -> str:
        return "temporal"

    def __call__(self, x: Array, F: Mapping[str, Array]) -> Array:
        return self.weight * temporal_loss(x, self.y, self.c)
