"""An objective of a picture that several devices share, row by row, with the value and gradient of one device.

Under plain `jit`, the compiler splits every operation along the rows. A convolution takes the rows beyond its part
from the neighbouring devices, a style statistic that is a sum over positions adds up the devices' sums, and nothing as
large as the picture is ever whole on one device (the Laplacian needs 32 rows of a neighbour, and gathers if a part has
fewer). So no loss needs to know of it. Two things are needed of the shape:
the rows of the deepest layer divide evenly, since the compiler would otherwise gather features before a pooling; and
positions are rows first, since it would gather features whose columns are shared before they become a matrix. A picture
whose columns divide evenly, but not its rows, is therefore turned: the objective of the transposed picture, with
transposed kernels and targets, has the transposed gradient.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array
from jax.sharding import NamedSharding, PartitionSpec

from ..errors import SettingError
from ..networks.mesh import by_rows, mesh_of
from ..networks.vgg import VGG19
from .objective import Kept, Objective
from .terms import Absent, Content, Laplacian, Style, Temporal, Term, TotalVariation
from .tiled import check_sums
from .tiling import geometry_of

T = TypeVar("T")


def unit(layers: Iterable[str]) -> int:
    """Rows that a device needs at least, and has a multiple of: those of one row of the deepest layer; 1 for none."""
    return geometry_of(layers)[0]


def divides(shape: tuple[int, ...], layers: Iterable[str], devices: int) -> bool:
    """Whether devices can share a picture of this (height, width, …), as it is or turned."""
    rows = unit(layers) * devices
    return any(side > 0 and side % rows == 0 for side in shape[:2])


def devices_for(devices: int, shape: tuple[int, ...], layers: Iterable[str]) -> int:
    """The most devices, of this number, that can share a picture; 1 if no two can."""
    layers = tuple(layers)
    return next((n for n in range(devices, 1, -1) if divides(shape, layers, n)), 1)


def is_turned(shape: tuple[int, ...], layers: Iterable[str], devices: int) -> bool:
    """Whether a picture that devices can share has to be turned: its rows do not divide, but its columns do."""
    return shape[0] % (unit(layers) * devices) != 0


def shared(objective: Objective, devices: int) -> Objective:
    """The same objective for a picture whose rows several devices of this machine share.

    Give it a picture with a number of rows that is a multiple of the devices times the stride of the deepest layer (see
    `turned`), under `jax.jit`; what is computed from it is shared likewise.

    Args:
        objective: of terms that are sums over positions, or look at the picture alone.
        devices: their number; the first of the machine.

    Returns:
        The objective, its targets placed on the devices.

    Raises:
        SettingError: if a term is not a sum over positions, or the machine has fewer devices.
    """
    if devices == 1:
        return objective
    check_sums(objective.terms, "shared by devices; give devices=1")
    mesh = mesh_of(devices)

    def place(leaf: Array) -> Array:
        features = leaf.ndim >= 2 and leaf.shape[0] % devices == 0
        return jax.device_put(leaf, by_rows(mesh) if features else NamedSharding(mesh, PartitionSpec()))

    def whole(tree: T) -> T:
        return jax.device_put(tree, NamedSharding(mesh, PartitionSpec()))

    def placed(term: Term) -> Term:
        match term:
            case Content():
                return replace(whole(replace(term, P=jnp.zeros(()))), P=place(term.P))
            case Style() if term.guide is not None:
                return replace(whole(replace(term, guide=None)), guide=place(term.guide))
            case Laplacian():
                return replace(whole(replace(term, p=jnp.zeros(()))), p=place(term.p))
            case Temporal():
                small = whole(replace(term, y=jnp.zeros(()), c=jnp.zeros(())))
                return replace(small, y=place(term.y), c=place(term.c))
        return whole(term)

    kept = objective.kept
    return Objective(
        network=whole(objective.network),
        terms=tuple(map(placed, objective.terms)),
        kept=None if kept is None else Kept(place(kept.p), place(kept.T)),
        mesh=mesh,
    )


def turned(objective: Objective) -> Objective:
    """The objective of the transposed picture: L(xᵀ) here is L(x) there, and its gradient the transposed gradient.

    Args:
        objective: of terms that the package has and that are sums over positions, or look at the picture alone.

    Returns:
        The objective, with transposed kernels, targets and guides.
    """
    kept = objective.kept
    return replace(
        objective,
        network=_turned_network(objective.network),
        terms=tuple(map(_turned, objective.terms)),
        kept=None if kept is None else Kept(kept.p.swapaxes(0, 1), kept.T.swapaxes(0, 1)),
    )


def _turned_network(network: VGG19) -> VGG19:
    """The network whose features of the transposed picture are the transposed features."""
    graph, leaves = nnx.split(network)
    return nnx.merge(graph, jax.tree.map(lambda leaf: leaf.swapaxes(0, 1) if leaf.ndim == 4 else leaf, leaves))


def _turned(term: Term) -> Term:
    match term:
        case Content():
            return replace(term, P=term.P.swapaxes(0, 1))
        case Style():
            return term if term.guide is None else replace(term, guide=term.guide.T)
        case Laplacian():
            return replace(term, p=term.p.swapaxes(0, 1))
        case Temporal():
            return replace(term, y=term.y.swapaxes(0, 1), c=term.c.T)
        case TotalVariation() | Absent():
            return term
    raise SettingError(f"the term {term.name} is not known to have a transposed form; give devices=1")
