"""L_total = α L_content + β L_style (+ a penalty on the picture), as a sum of weighted terms over one network pass."""

from collections.abc import Iterable
from dataclasses import replace

import jax.numpy as jnp
import numpy as np
from flax import struct
from jax import Array, lax
from jax.sharding import Mesh
from jaxtyping import Float

from ..errors import SettingError
from ..networks.mesh import by_rows
from ..networks.vgg import VGG19
from .terms import Term
from .tiled import check_sums, tiled_breakdown
from .tiling import Tiling, geometry_of, tiling_for


@struct.dataclass
class Kept:
    """A part of the picture that stays as it is: x ← p + T (x − p).

    Attributes:
        p: [h, w, 3], the picture.
        T: [h, w, 1] in [0, 1]: 1 where it is painted, 0 where it is kept.
    """

    p: Array
    T: Array

    def __call__(self, x: Array) -> Array:
        return self.p + self.T * (x - self.p)


@struct.dataclass
class Objective:
    """The sum of terms over one pass of a network.

    A pytree: weights and targets are leaves, so changing them compiles nothing. Pass it to jitted functions as an
    argument.

    Attributes:
        network: what computes the features.
        terms: one or more, each under its own name.
        kept: what of the picture stays as it is, whatever x is there; None for nothing.
        tiling: how the picture is cut into tiles, which need less memory; None for one pass over all of it.
        mesh: the devices that share the picture; None for one. `shared` makes such an objective.
    """

    network: VGG19
    terms: tuple[Term, ...]
    kept: Kept | None = None
    tiling: Tiling | None = struct.field(pytree_node=False, default=None)
    mesh: Mesh | None = struct.field(pytree_node=False, default=None)

    def __call__(self, x: Float[Array | np.ndarray, "h w 3"]) -> Float[Array, ""]:
        """L_total of the picture x.

        Args:
            x: [h, w, 3], RGB in [0, 1].

        Returns:
            The loss, a scalar.

        Raises:
            SettingError: if there is no term, or two share a name.
        """
        return jnp.asarray(sum(self.breakdown(x).values()))

    def breakdown(self, x: Float[Array | np.ndarray, "h w 3"]) -> dict[str, Float[Array, ""]]:
        """L_total of the picture x, term by term.

        Args:
            x: [h, w, 3], RGB in [0, 1].

        Returns:
            {"content/conv4_2": …, "style/conv1_1": …, "tv": …}, weights included: they sum to L_total.

        Raises:
            SettingError: if there is no term, two share a name, or devices cannot share the picture's rows.
        """
        y = jnp.asarray(x) if self.kept is None else self.kept(jnp.asarray(x))
        tiles = None if self.tiling is None else self.tiling.tiles(y.shape)
        if tiles is not None and tiles.number > 1:
            parts = tiled_breakdown(self.network, self.terms, y, tiles)
        else:
            if self.mesh is not None:
                check_rows(y.shape[0], self.layers, self.mesh.size)
                y = lax.with_sharding_constraint(y, by_rows(self.mesh))
            F = self.network(y, self.layers)
            parts = {term.name: term(y, F) for term in self.terms}
        if not parts or len(parts) < len(self.terms):
            names = ", ".join(term.name for term in self.terms)
            raise SettingError(f"the terms are {names or 'none'}; give one or more, each under its own name")
        return parts

    @property
    def layers(self) -> set[str]:
        """The layers that the terms measure."""
        return {term.layer for term in self.terms if term.layer is not None}


def check_rows(rows: int, layers: Iterable[str], devices: int) -> None:
    """Check that devices can share so many rows.

    Args:
        rows: of the picture.
        layers: that are measured.
        devices: their number.

    Raises:
        SettingError: if the rows of the deepest layer do not divide evenly.
    """
    unit = devices * geometry_of(layers)[0]
    if rows % unit:
        raise SettingError(f"{devices} devices cannot share {rows} rows; give a picture with a multiple of {unit} rows")


def tiled(objective: Objective, tile: int = 1024, halo: int | None = None) -> Objective:
    """The same objective, computed tile by tile: the same value and gradient, in memory that grows with the tile.

    It costs half as much again, and the halos besides.

    Args:
        objective: of terms that are sums over positions, or look at the picture alone.
        tile: side of a tile without its halo, about, in pixels.
        halo: in pixels; None for the reach of the deepest layer, with which everything is exact. Half of it is off by
            1e-4 of the gradient or so.

    Returns:
        The objective.

    Raises:
        SettingError: if a term is not a sum over positions, or a tile smaller than the stride of the deepest layer.
    """
    check_sums(objective.terms)
    return replace(objective, tiling=tiling_for(objective.layers, tile, halo))
