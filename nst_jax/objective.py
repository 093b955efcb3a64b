"""L_total = α L_content + β L_style (+ a penalty on the picture), as a sum of weighted terms over one network pass."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
from jax import Array

from .errors import SettingError
from .losses import content_loss, gram, style_loss, total_variation
from .vgg import VGG19


def _term(*, static=()):
    """A frozen dataclass whose fields are leaves of a pytree, but for the static ones."""

    def decorate(cls):
        cls = dataclass(frozen=True)(cls)
        data = [field for field in cls.__dataclass_fields__ if field not in static]
        return jax.tree_util.register_dataclass(cls, data_fields=data, meta_fields=list(static))

    return decorate


# A term names itself and the layers it needs, and maps the picture x and its features F to a scalar, weight included.


@_term(static=("layer",))
class Content:
    """weight · ½ Σ (F^l − P^l)² at one layer; P: the photo's features there."""

    layer: str
    P: Array  # [h_l, w_l, N_l]
    weight: Array | float = 1.0

    @property
    def name(self) -> str:
        return f"content/{self.layer}"

    @property
    def layers(self) -> tuple[str, ...]:
        return (self.layer,)

    def __call__(self, x: Array, F: Mapping[str, Array]) -> Array:
        return self.weight * content_loss(F[self.layer], self.P)


@_term(static=("layer",))
class Style:
    """weight · E_l at one layer; A: the painting's Gram matrix there, divided by its number of positions.

    Departs from the paper: A is kept per position, so that a painting of another size than the photo serves as it is.
    """

    layer: str
    A: Array  # [N_l, N_l]
    weight: Array | float = 1.0

    @property
    def name(self) -> str:
        return f"style/{self.layer}"

    @property
    def layers(self) -> tuple[str, ...]:
        return (self.layer,)

    def __call__(self, x: Array, F: Mapping[str, Array]) -> Array:
        F_l = F[self.layer]
        M = F_l.shape[0] * F_l.shape[1]
        return self.weight * style_loss(gram(F_l), M * self.A, positions=M)


@_term()
class TotalVariation:
    """weight · V(x), the sum of squared differences between neighbouring pixels."""

    weight: Array | float = 1.0

    name = "tv"
    layers = ()

    def __call__(self, x: Array, F: Mapping[str, Array]) -> Array:
        return self.weight * total_variation(x)


@_term()
class Objective:
    """The sum of `terms` over one pass of `network`.

    A pytree: weights and targets are leaves, so that changing them compiles nothing. Pass it to jitted functions as an
    argument. Raises SettingError, when called, where there is no term or two have one name.
    """

    network: VGG19
    terms: tuple

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the terms, in order."""
        return tuple(term.name for term in self.terms)

    def __call__(self, x: Array) -> Array:
        """L_total of the picture x [h, w, 3]: a scalar."""
        return sum(self.breakdown(x).values())

    def breakdown(self, x: Array) -> dict[str, Array]:
        """Term by term, weights included, {"content/conv4_2": …, "style/conv1_1": …, "tv": …}: they sum to L_total."""
        layers = {layer for term in self.terms for layer in term.layers}
        F = self.network(x, layers)
        parts = {term.name: term(x, F) for term in self.terms}
        if not parts or len(parts) < len(self.terms):
            raise SettingError(
                f"the terms are {', '.join(self.names) or 'none'}; give one or more, each of its own name"
            )
        return parts


def build_objective(
    network: VGG19,
    content: Array | None,
    style: Array | None,
    content_weights: Mapping[str, float],
    style_weights: Mapping[str, float],
    tv: float = 0.0,
) -> Objective:
    """The paper's objective for a photo and a painting: one term per layer of positive weight.

    content, style: [h, w, 3] in [0, 1], not needed where they have no layer; *_weights: layer → the factor of the
    paper's own ½ Σ (F − P)² and E_l (`conventions` translates other conventions'); tv: the factor of V(x).
    Raises SettingError where no term is left, or a weight is negative or not finite.
    """
    for name, weight in [*content_weights.items(), *style_weights.items(), ("tv", tv)]:
        if not 0 <= weight < float("inf"):
            raise SettingError(f"the weight of {name} is {weight}; weights are finite and not negative")
    content_weights = {layer: w for layer, w in content_weights.items() if w > 0}
    style_weights = {layer: w for layer, w in style_weights.items() if w > 0}
    P, A = {}, {}
    if content_weights:
        P = _features(network, jnp.asarray(content), tuple(content_weights))
    if style_weights:
        A = _grams(network, jnp.asarray(style), tuple(style_weights))
    terms = [Content(layer, P[layer], _leaf(w)) for layer, w in content_weights.items()]
    terms += [Style(layer, A[layer], _leaf(w)) for layer, w in style_weights.items()]
    if tv > 0:
        terms.append(TotalVariation(_leaf(tv)))
    if not terms:
        raise SettingError("every weight is zero: give alpha, beta or tv a positive value")
    return Objective(network, tuple(terms))


def _leaf(weight):
    return jnp.asarray(weight, jnp.float32)


@partial(jax.jit, static_argnames="layers")
def _features(network, image, layers):
    return network(image, layers)


@partial(jax.jit, static_argnames="layers")
def _grams(network, image, layers):
    F = network(image, layers)
    return {layer: gram(f) / (f.shape[0] * f.shape[1]) for layer, f in F.items()}
