"""Devices of one machine that share a picture: each holds an equal part of its rows, and of everything as long."""

from functools import cache
from typing import Any

import jax
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from ..described import counted, whole
from ..errors import SettingError

ROWS = "rows"  # the axis of the mesh


@cache
def mesh_of(devices: int) -> Mesh:
    """The first devices of this machine, in a row.

    Args:
        devices: their number.

    Returns:
        The mesh.

    Raises:
        SettingError: if the machine has fewer.
    """
    check_devices(devices)
    return Mesh(np.array(jax.local_devices()[:devices]), (ROWS,))


def device_count() -> int:
    """Devices of this machine that JAX sees."""
    return len(jax.local_devices())


def check_devices(devices: int) -> None:
    """Check that this machine has so many devices.

    Args:
        devices: their number.

    Raises:
        SettingError: if not, or for less than one.
    """
    here = jax.local_devices()
    devices = whole("devices", devices, 1)
    if devices > len(here):
        known = f"JAX sees {counted(len(here), 'device')} here ({here[0].device_kind})"
        raise SettingError(f"devices={devices}: {known}; give {len(here)} at most")


def by_rows(mesh: Mesh, axis: int = 0) -> NamedSharding:
    """How an array lies whose axis of this number is shared, the others being whole on every device."""
    return NamedSharding(mesh, PartitionSpec(*(None,) * axis, ROWS))


def shardings(tree: Any, shape: tuple[int, ...], mesh: Mesh) -> Any:
    """How the leaves of a pytree lie: what is as long as the picture is shared, all else is whole on every device.

    Args:
        tree: of arrays: pictures [h, w, 3], rows [n] or [memory, n] with n = 3hw, and any others.
        shape: (h, w, 3) of the picture, h a multiple of the number of devices.
        mesh: the devices.

    Returns:
        A pytree of shardings.
    """

    def of(leaf: Any) -> NamedSharding:
        if leaf.shape == shape:
            return by_rows(mesh)
        if leaf.shape[-1:] == (int(np.prod(shape)),):
            return by_rows(mesh, leaf.ndim - 1)
        return NamedSharding(mesh, PartitionSpec())

    return jax.tree.map(of, tree)
