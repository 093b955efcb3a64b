"""L_total = α L_content + β L_style (+ a penalty on the picture), as a sum of weighted terms over one network pass."""

import jax.numpy as jnp
import numpy as np
from flax import struct
from jax import Array
from jaxtyping import Float

from ..errors import SettingError
from ..networks.vgg import VGG19
from .terms import Term


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
    """

    network: VGG19
    terms: tuple[Term, ...]
    kept: Kept | None = None

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
            SettingError: if there is no term, or two share a name.
        """
        x = jnp.asarray(x) if self.kept is None else self.kept(jnp.asarray(x))
        F = self.network(x, {term.layer for term in self.terms if term.layer is not None})
        parts = {term.name: term(x, F) for term in self.terms}
        if not parts or len(parts) < len(self.terms):
            names = ", ".join(term.name for term in self.terms)
            raise SettingError(f"the terms are {names or 'none'}; give one or more, each under its own name")
        return parts
