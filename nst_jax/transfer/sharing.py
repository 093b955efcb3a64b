"""A scale of a run on several devices, which share its picture: what `optimize` does, turned there and back."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from ..errors import DivergedError, ImageError, SettingError
from ..images.picture import Picture
from ..images.resizing import fit
from ..losses.objective import Objective
from ..losses.shared import devices_for, divides, is_turned, shared, turned, unit
from ..networks.mesh import check_devices, mesh_of
from ..optim.loop import optimize
from ..optim.optimizer import Optimizer
from ..optim.snapshot import Arrays, Snapshot


def optimize_on(
    devices: int,
    objective: Objective,
    x0: Picture,
    optimizer: Optimizer,
    steps: int,
    *,
    resume: Arrays | None = None,
    **how: Any,
) -> Iterator[Snapshot]:
    """`optimize`, on several devices that share the picture.

    Args:
        devices: their number; 1 for plain `optimize`.
        objective: as for one device.
        x0: [h, w, 3], the start, of sides that the devices can share.
        optimizer: as in `optimize`.
        steps: evaluations to spend.
        resume: as in `optimize`; from a run on any number of devices.
        **how: as in `optimize`.

    Yields:
        Snapshots, as of a run on one device.

    Raises:
        DivergedError: as in `optimize`.
        RunError: as in `optimize`.
    """
    if devices == 1:
        yield from optimize(objective, x0, optimizer, steps, resume=resume, **how)
        return
    shape, turn = x0.shape, is_turned(x0.shape, objective.layers, devices)
    if turn:
        objective, x0 = turned(objective), x0.swapaxes(0, 1)
        resume = None if resume is None else _transposed(shape, resume)
    try:
        for here in optimize(
            shared(objective, devices), x0, optimizer, steps, resume=resume, mesh=mesh_of(devices), **how
        ):
            yield _turned_back(here) if turn else here
    except DivergedError as error:
        if turn and error.snapshot is not None:
            error.snapshot = _turned_back(error.snapshot)
        raise


def check_sharing(devices: int, shape: tuple[int, int], layers: Iterable[str]) -> None:
    """Check that the devices exist and can share a picture.

    Args:
        devices: their number.
        shape: (height, width) of the picture.
        layers: that are measured.

    Raises:
        SettingError: if not; it names a size that they can share, or the number of devices that can share this one.
    """
    if devices == 1:
        return
    check_devices(devices)
    layers = tuple(layers)
    if divides(shape, layers, devices):
        return
    size = max(shape)
    sizes = sorted(range(1, size + 2 * unit(layers) * devices), key=lambda other: abs(other - size))
    remedies = [f"size={other}" for other in sizes if _fits(shape, other, layers, devices)][:1]
    fewer = devices_for(devices, shape, layers)
    h, w = shape
    raise SettingError(
        f"devices={devices}: a picture of {w} × {h} cannot be cut into {devices} equal parts of whole rows of the "
        f"deepest layer, {unit(layers)} pixels each; give {' or '.join([*remedies, f'devices={fewer}'])}"
    )


def _fits(shape: tuple[int, int], size: int, layers: tuple[str, ...], devices: int) -> bool:
    try:
        return divides(fit(shape, size), layers, devices)
    except ImageError:
        return False


def _turned_back(here: Snapshot) -> Snapshot:
    """A snapshot of the transposed picture as one of the picture."""
    image, iterate = here.image.swapaxes(0, 1), here.iterate.swapaxes(0, 1)
    as_saved = partial(_transposed, here.image.shape)
    return replace(here, image=np.ascontiguousarray(image), iterate=np.ascontiguousarray(iterate), as_saved=as_saved)


def _transposed(shape: tuple[int, ...], arrays: Arrays) -> Arrays:
    """The arrays of a checkpoint, those of a picture of this shape transposed with it."""
    h, w, _ = shape

    def turn(array: np.ndarray) -> np.ndarray:
        if array.shape == (h, w, 3):
            return np.ascontiguousarray(array.swapaxes(0, 1))
        if array.shape[-1:] == (3 * h * w,):
            return array.reshape(*array.shape[:-1], h, w, 3).swapaxes(-3, -2).reshape(array.shape)
        return array

    return {name: turn(array) for name, array in arrays.items()}
