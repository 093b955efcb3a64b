"""Whether arrays fit together, checked before they are subtracted: NumPy's broadcasting would hide a mistake."""

from typing import Any

from jax import Array

from ..errors import ShapeError


def check_same_shape(**arrays: Array | Any) -> None:
    """Check that all arrays have one shape.

    Args:
        **arrays: the arrays under their names in the formula, for the message.

    Raises:
        ShapeError: if two shapes differ.
    """
    shapes = {name: tuple(array.shape) for name, array in arrays.items()}
    if len(set(shapes.values())) > 1:
        found = " and ".join(f"{name} {list(shape)}" for name, shape in shapes.items())
        raise ShapeError(f"{found} differ in shape; give features of one layer for pictures of one size")
