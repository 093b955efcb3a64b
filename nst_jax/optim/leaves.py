"""Leaves of a pytree under their paths, as checkpoints name them."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .. import __version__
from ..errors import RunError


def named_leaves(tree: Any, root: str) -> dict[str, Any]:
    """The leaves by their paths: "carry/x", "carry/state/point/g", …

    Args:
        tree: a pytree.
        root: the first part of every name.

    Returns:
        name → leaf, in the order of the tree.
    """
    leaves, _ = jax.tree_util.tree_flatten_with_path(tree)
    return {f"{root}/{jax.tree_util.keystr(path, simple=True, separator='/')}": leaf for path, leaf in leaves}


def copied_leaves(tree: Any, root: str) -> dict[str, np.ndarray]:
    """Copies of the leaves by their paths, and the version that wrote them, as "version"."""
    copies = {name: np.array(leaf) for name, leaf in named_leaves(tree, root).items()}
    return {"version": np.asarray(__version__), **copies}


def restored(tree: Any, checkpoint: dict[str, np.ndarray], root: str) -> Any:
    """A pytree like `tree`, with the leaves of a checkpoint.

    Args:
        tree: of the same structure and shapes.
        checkpoint: of `copied_leaves`, and other arrays.
        root: as in `copied_leaves`.

    Returns:
        The pytree.

    Raises:
        RunError: if the checkpoint has other leaves or other shapes.
    """
    named = named_leaves(tree, root)
    if set(named) != {name for name in checkpoint if name.startswith(f"{root}/")}:
        written = str(checkpoint.get("version", "0.1"))
        raise RunError(
            f"the checkpoint was written by nst_jax {written} with another optimiser or in another layout than this "
            f"version's ({__version__}); resume with the optimiser and version that wrote it, or start the run again"
        )
    for name, leaf in named.items():
        if checkpoint[name].shape != leaf.shape or checkpoint[name].dtype != leaf.dtype:
            raise RunError("the checkpoint is of another size of picture; resume with the settings of its run")
    return jax.tree.unflatten(jax.tree.structure(tree), [_like(leaf, checkpoint[name]) for name, leaf in named.items()])


def _like(leaf: Any, array: np.ndarray) -> jax.Array:
    """The array, on several devices if the leaf is."""
    shared = isinstance(leaf, jax.Array) and len(leaf.devices()) > 1
    return jax.device_put(array, leaf.sharding) if shared else jnp.array(array)
