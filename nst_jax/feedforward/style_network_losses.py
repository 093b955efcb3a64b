"""What a network of styles is trained for: the objective of `stylize`, of every picture that it paints."""

from collections.abc import Mapping, Sequence

import jax
import jax.numpy as jnp
from flax import struct
from jax import Array
from jaxtyping import Float

from ..images.picture import Picture
from ..losses.building import Example, as_strong_as_gram, features, leaf, style_terms
from ..losses.conventions import convert, loss_weights
from ..losses.objective import Objective
from ..losses.style.gram import GRAM
from ..losses.style.statistic import Statistic
from ..losses.terms import Content, Style, TotalVariation
from ..networks.vgg import VGG19
from .steadiness import Moved, unsteadiness_of_all
from .style_network import StyleNetwork, everywhere
from .style_network_settings import TrainSettings


@struct.dataclass
class Goals:
    """The objectives of all styles, for any content picture of one size.

    Attributes:
        loss_network: what measures pictures.
        styles: the style terms; their leaves have one row a style.
        content: layer → factor of ½ Σ (F − P)² there.
        tv: factor of V(x).
        steadiness: factor of ‖f(T p + n) − T f(p)‖².
    """

    loss_network: VGG19
    styles: tuple[Style, ...]
    content: dict[str, Array]
    tv: Array
    steadiness: Array

    def objective(self, p: Float[Array, "h w 3"], s: Array) -> Objective:
        """The objective of one picture.

        Args:
            p: [h, w, 3], the content picture.
            s: number of its style.

        Returns:
            The objective.
        """
        P = jax.lax.stop_gradient(self.loss_network(p, tuple(self.content)))
        content = tuple(Content(layer, P[layer], weight) for layer, weight in self.content.items())
        styled: tuple[Style, ...] = jax.tree.map(lambda rows: rows[s], self.styles)
        return Objective(self.loss_network, (*content, *styled, TotalVariation(self.tv)))


def goals(
    loss_network: VGG19, paintings: Sequence[Picture], photo: Picture, statistic: Statistic, settings: TrainSettings
) -> Goals:
    """The objectives that `stylize` would have, at the size of the crops.

    Args:
        loss_network: normalised.
        paintings: [H, W, 3], one a style, of one size.
        photo: [size, size, 3], a crop that statistics other than the Gram matrix are weighted on.
        statistic: what of the style is matched.
        settings: of the training.

    Returns:
        The goals.
    """
    s = settings
    given = loss_weights(s.alpha, s.beta, s.content_layers, s.style_layers)
    weights = convert(given, s.convention, "paper", loss_network.shapes(*photo.shape[:2]))
    terms = []
    for a in paintings:
        example = [Example(jnp.asarray(a))]
        found = style_terms(loss_network, example, weights.style, GRAM)
        if statistic is not GRAM:
            own = style_terms(loss_network, example, weights.style, statistic)
            F = features(loss_network, jnp.asarray(photo), tuple(term.layer for term in own))
            found = as_strong_as_gram(own, found, F)
        terms.append(tuple(found))
    styled = jax.tree.map(lambda *rows: jnp.stack([jnp.asarray(row) for row in rows]), *terms)
    content = {layer: leaf(weight) for layer, weight in weights.content.items() if weight > 0}
    return Goals(loss_network, styled, content, leaf(s.tv / photo.size), leaf(s.steadiness))


def losses(
    network: StyleNetwork, goals: Goals, x: Float[Array, "B h w 3"], s: Array, moved: Moved | None = None
) -> dict[str, Float[Array, " B"]]:
    """Content, style and total variation of pictures that the network paints, and steadiness, weights included.

    Args:
        network: the network.
        goals: of its styles.
        x: [B, h, w, 3], photos.
        s: [B], numbers of styles.
        moved: the frames after them; None if steadiness does not count.

    Returns:
        kind of term → [B].
    """
    y = painted_in(network, x, s)

    def of_one(x, y, s):
        objective, found = goals.objective(x, s), {}
        kinds = {term.name: term.kind for term in objective.terms}
        for name, loss in objective.breakdown(y).items():
            found[kinds[name]] = found.get(kinds[name], 0.0) + loss
        return found

    found = jax.vmap(of_one)(x, y, s)
    if moved is not None:
        after = painted_in(network, moved.x, s)
        found["steadiness"] = goals.steadiness * unsteadiness_of_all(y, after, moved.shift)
    return found


def log_loss(
    network: StyleNetwork, goals: Goals, x: Float[Array, "B h w 3"], s: Array, moved: Moved | None = None
) -> Float[Array, ""]:
    """The mean of log L_total over pictures.

    Losses of styles differ a hundredfold, and fall a hundredfold. In the logarithm all count alike, and each picture's
    minimum stays where it is.

    Args:
        network: the network.
        goals: of its styles.
        x: [B, h, w, 3], photos.
        s: [B], numbers of styles.
        moved: as in `losses`.

    Returns:
        The loss, a scalar.
    """
    return log_total(losses(network, goals, x, s, moved))


def log_total(found: Mapping[str, Float[Array, " B"]]) -> Float[Array, ""]:
    """The mean of log L_total over pictures, from their losses by kind of term."""
    return jnp.mean(jnp.log(sum(found.values()) + 1e-6))


def painted_in(network: StyleNetwork, x: Float[Array, "B h w 3"], s: Array) -> Float[Array, "B h w 3"]:
    """Photos, each painted in the style of its number s [B]."""
    return network(x, everywhere(jax.nn.one_hot(s, len(network.gamma))))


def shared_shape(paintings: Sequence[Picture]) -> list[Picture]:
    """Pictures cropped in the middle to the largest size that fits into all, so that their targets have one shape."""
    h, w = (min(a.shape[axis] for a in paintings) for axis in (0, 1))
    return [a[(top := (a.shape[0] - h) // 2) : top + h, (left := (a.shape[1] - w) // 2) : left + w] for a in paintings]
