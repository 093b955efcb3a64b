"""K^½, which damps the high frequencies of a picture: on one device, or on several that share its rows."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jax.sharding import Mesh, PartitionSpec

from ..networks.mesh import ROWS


def half_filter(shape: tuple[int, ...], cutoff: float | None, mesh: Mesh | None = None) -> Callable[[Array], Array]:
    """K^½ on pictures: each frequency f times (1 + (f / cutoff)²)^−¼, periodic at the borders.

    Args:
        shape: [h, w, 3] of the pictures.
        cutoff: in cycles per pixel; None for the identity.
        mesh: the devices that share the rows of the pictures; None for one device.

    Returns:
        picture → picture.
    """
    if cutoff is None:
        return lambda x: x
    h, w, _ = shape
    f2 = np.fft.fftfreq(h)[:, None] ** 2 + np.fft.rfftfreq(w) ** 2  # [h, w // 2 + 1]
    K_half = ((1 + f2 / cutoff**2) ** -0.25).astype(np.float32)
    if mesh is not None:
        return _shared(K_half, w, mesh)

    def apply(x):
        X = jnp.fft.rfft2(jnp.moveaxis(x, -1, 0))  # [3, h, w // 2 + 1]
        return jnp.moveaxis(jnp.fft.irfft2(K_half * X, s=(h, w)), 0, -1)

    return apply


def _shared(K_half: np.ndarray, w: int, mesh: Mesh) -> Callable[[Array], Array]:
    """The same with a device's part of the rows on each: transformed by rows, exchanged, then by columns.

    The compiler would bring the whole picture to every device instead.
    """
    frequencies, more = K_half.shape[1], -K_half.shape[1] % mesh.size
    K_half = np.pad(K_half, ((0, 0), (0, more)))

    def part(x, K_half):  # [h / devices, w, 3], [h, columns / devices]
        X = jnp.fft.rfft(jnp.moveaxis(x, -1, 0))  # [3, h / devices, w // 2 + 1]
        X = jnp.pad(X, ((0, 0), (0, 0), (0, more)))
        X = lax.all_to_all(X, ROWS, 2, 1, tiled=True)  # [3, h, columns / devices]
        X = jnp.fft.ifft(K_half * jnp.fft.fft(X, axis=1), axis=1)
        X = lax.all_to_all(X, ROWS, 1, 2, tiled=True)[..., :frequencies]
        return jnp.moveaxis(jnp.fft.irfft(X, w), 0, -1)

    rows, columns = PartitionSpec(ROWS), PartitionSpec(None, ROWS)
    return lambda x: jax.shard_map(part, mesh=mesh, in_specs=(rows, columns), out_specs=rows)(x, K_half)
