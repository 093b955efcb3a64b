"""An executor for the devices of one machine: one run at a time on each."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any

import jax

from ..networks.mesh import check_devices, device_count


@dataclass(frozen=True)
class DeviceExecutor:
    """Runs functions in threads, each of which has one device of this machine as JAX's default.

    Attributes:
        devices: their number.
        pool: of the threads, one a device.
    """

    devices: int
    pool: ThreadPoolExecutor = field(repr=False)

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future:
        """Call the function on the next device that is free, as in concurrent.futures."""
        return self.pool.submit(_call, function, *arguments)


_own = threading.local()  # device: of this thread


def device_executor(devices: int | None = None) -> DeviceExecutor:
    """An executor for `grid` that makes one run on each device of this machine at a time.

    A run that has begun ends, or is kept to be resumed, even if others are cancelled.

    Args:
        devices: how many; None for all that JAX sees.

    Returns:
        The executor.

    Raises:
        SettingError: if there are fewer.
    """
    number = device_count() if devices is None else devices
    check_devices(number)
    free: SimpleQueue = SimpleQueue()
    for device in jax.local_devices()[:number]:
        free.put(device)

    def begin():
        _own.device = free.get()

    return DeviceExecutor(number, ThreadPoolExecutor(number, "device", begin))


def _call(function: Callable[..., Any], *arguments: Any) -> Any:
    with jax.default_device(_own.device):
        return function(*arguments)
