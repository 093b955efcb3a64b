"""L_total = α L_content + β L_style (+ a penalty on the picture), as a sum of weighted terms over one network pass."""

from collections.abc import Mapping
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from flax import struct
from jax import Array
from jaxtyping import Float

from ..errors import SettingError
from ..networks.vgg import VGG19
from .style.gram import GRAM
from .style.statistic import Measurement, Statistic
from .terms import Content, Style, Term, TotalVariation


@struct.dataclass
class Objective:
    """The sum of terms over one pass of a network.

    A pytree: weights and targets are leaves, so that changing them compiles nothing. Pass it to jitted functions as an
    argument.

    Attributes:
        network: what computes the features.
        terms: one or more, each with a name of its own.
    """

    network: VGG19
    terms: tuple[Term, ...]

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
        x = jnp.asarray(x)
        F = self.network(x, {term.layer for term in self.terms if term.layer is not None})
        parts = {term.name: term(x, F) for term in self.terms}
        if not parts or len(parts) < len(self.terms):
            names = ", ".join(term.name for term in self.terms)
            raise SettingError(f"the terms are {names or 'none'}; give one or more, each under its own name")
        return parts


def build_objective(
    network: VGG19,
    content: Float[Array | np.ndarray, "h w 3"] | None,
    style: Float[Array | np.ndarray, "H W 3"] | None,
    content_weights: Mapping[str, float],
    style_weights: Mapping[str, float],
    tv: float = 0.0,
    statistic: Statistic = GRAM,
) -> Objective:
    """The paper's objective for a content and a style picture: one term per layer of positive weight.

    Args:
        network: what computes the features.
        content: [h, w, 3] in [0, 1]; None if no content layer has a weight.
        style: [H, W, 3] in [0, 1], of any size; None if no style layer has a weight.
        content_weights: layer → factor of the paper's ½ Σ (F − P)² there (`convert` translates other conventions).
        style_weights: layer → factor of the statistic's distance there: the paper's E_l for `GRAM`.
        tv: factor of V(x).
        statistic: what of the style is matched.

    Returns:
        The objective, with targets computed.

    Raises:
        SettingError: if no term is left, or a weight is negative or not finite.
    """
    for name, weight in [*content_weights.items(), *style_weights.items(), ("tv", tv)]:
        if not 0 <= weight < float("inf"):
            raise SettingError(f"the weight of {name} is {weight}; weights are finite and not negative")
    content_weights = {layer: w for layer, w in content_weights.items() if w > 0}
    style_weights = {layer: w for layer, w in style_weights.items() if w > 0}
    terms: list[Term] = []
    if content_weights:
        P = _features(network, jnp.asarray(content), tuple(content_weights))
        terms.extend(Content(layer, P[layer], _leaf(w)) for layer, w in content_weights.items())
    if style_weights:
        A = _targets(network, jnp.asarray(style), tuple(style_weights), statistic)
        terms.extend(Style(layer, statistic, A[layer], _leaf(w)) for layer, w in style_weights.items())
    if tv > 0:
        terms.append(TotalVariation(_leaf(tv)))
    if not terms:
        raise SettingError("every weight is zero: give alpha, beta or tv a positive value")
    return Objective(network, tuple(terms))


def _leaf(weight: float) -> Array:
    return jnp.asarray(weight, jnp.float32)


@partial(jax.jit, static_argnames="layers")
def _features(network: VGG19, image: Array, layers: tuple[str, ...]) -> dict[str, Array]:
    return network(image, layers)


@partial(jax.jit, static_argnames=("layers", "statistic"))
def _targets(network: VGG19, image: Array, layers: tuple[str, ...], statistic: Statistic) -> dict[str, Measurement]:
    F = network(image, layers)
    return {layer: statistic.target(F[layer]) for layer in layers}
