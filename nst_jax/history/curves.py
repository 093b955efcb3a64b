"""Strokes as parameters: quadratic Bézier curves with widths and colours, and a picture of them that has gradients."""

import jax
import jax.numpy as jnp
import numpy as np
from flax import struct
from jax import Array
from jaxtyping import Float, Int
from skimage.measure import regionprops
from skimage.segmentation import slic

from ..images.picture import Picture

UNITS = 256.0  # the longest side of the picture, whatever its pixels
CELL = 8.0  # side of a cell, whose pixels look at the same strokes, in units
PARTS = 6  # straight parts of a curve
SOFT = 0.5  # how soft edges are, in pixels
SHORTEST = 1e-6  # what is added to squared lengths, so that they have gradients at 0


@struct.dataclass
class Curves:
    """Strokes: B(t) = place + (1 − t)² start + 2 t (1 − t) control + t² end, in units of a 256th of the longest side.

    A pytree: everything is a leaf.

    Attributes:
        place: [n, 2], (x, y).
        start: [n, 2], relative to the place.
        control: [n, 2], likewise.
        end: [n, 2], likewise.
        width: [n], half the width of the stroke.
        colour: [n, 3] in [0, 1].
        ground: [3] in [0, 1], the colour between the strokes.
    """

    place: Float[Array, "n 2"]
    start: Float[Array, "n 2"]
    control: Float[Array, "n 2"]
    end: Float[Array, "n 2"]
    width: Float[Array, "n"]
    colour: Float[Array, "n 3"]
    ground: Float[Array, "3"]


def curves_of(p: Picture, n: int, rng: np.random.Generator) -> Curves:
    """Strokes that paint a photo roughly: one a superpixel, along its longer axis, of its mean colour.

    Args:
        p: [h, w, 3] in [0, 1].
        n: number of superpixels asked for; SLIC finds about as many.
        rng: bends the strokes a little, since a straight one does not know which way to bend.

    Returns:
        The strokes.
    """
    labels = slic(p, n_segments=n, compactness=2.0, start_label=1, channel_axis=-1)
    found, unit = regionprops(labels, intensity_image=p), UNITS / max(p.shape[:2])
    place = np.array([each.centroid[::-1] for each in found]) + 0.5
    axis = np.array([[np.sin(each.orientation), np.cos(each.orientation)] for each in found])
    long = np.maximum([each.axis_major_length for each in found], 1.0)
    short = np.maximum([each.axis_minor_length for each in found], 1.0)
    reach = 0.45 * long[:, None] * axis
    bend = 0.05 * long[:, None] * rng.standard_normal((len(found), 2))
    leaves = (unit * place, -unit * reach, unit * bend, unit * reach, unit * 0.55 * short)
    colour = np.array([each.intensity_mean for each in found])
    return Curves(*(jnp.asarray(leaf, jnp.float32) for leaf in (*leaves, colour, p.mean((0, 1)))))


def points_of(curves: Curves) -> Float[Array, "n k 2"]:
    """Points along each curve, from its start to its end, in units: the corners of its straight parts."""
    t = jnp.linspace(0, 1, PARTS + 1)[:, None]
    parts = ((1 - t) ** 2, 2 * t * (1 - t), t**2)
    ways = (curves.start, curves.control, curves.end)
    return curves.place[:, None] + sum(b * way[:, None] for b, way in zip(parts, ways, strict=True))


def distances(x: Float[Array, "m 2"], points: Float[Array, "k s 2"]) -> Float[Array, "m k"]:
    """The distance of places from curves of straight parts.

    Args:
        x: [m, 2].
        points: [k, s, 2], the corners of each curve.

    Returns:
        [m, k], √(d² + 10⁻⁶).
    """
    a, way = points[:, :-1], jnp.diff(points, axis=1)
    from_a = x[:, None, None] - a
    t = (from_a * way).sum(-1) / ((way**2).sum(-1) + SHORTEST)
    rest = from_a - jnp.clip(t, 0, 1)[..., None] * way
    return jnp.sqrt((rest**2).sum(-1).min(-1) + SHORTEST)


def render(curves: Curves, shape: tuple[int, int], nearest: int = 10) -> Float[Array, "h w 3"]:
    """The picture of the strokes: x = g + Σ_k softmax_k(−d_k / ε) σ((w_k − d_k) / ε) (c_k − g), ε half a pixel.

    d_k is the distance of a pixel from curve k, w_k and c_k its width and colour, g the ground. So each pixel belongs
    to the nearest curve, if it is within its width. Each cell of pixels looks at the strokes nearest to its middle.

    Args:
        curves: n strokes.
        shape: (height, width), in pixels: the strokes have no resolution.
        nearest: K, how many strokes a cell looks at.

    Returns:
        [h, w, 3].
    """
    h, w = shape
    pixel = UNITS / max(h, w)  # in units
    side = max(1, round(CELL / pixel))  # of a cell, in pixels
    rows, columns = -(-h // side), -(-w // side)
    points = points_of(curves)
    within = (jnp.stack(jnp.meshgrid(jnp.arange(side), jnp.arange(side)), -1).reshape(-1, 2) + 0.5) * pixel

    @jax.checkpoint  # distances are computed again for the gradient instead of kept
    def row(i: Int[Array, ""]) -> Array:
        corners = jnp.stack([jnp.arange(columns), jnp.full(columns, i)], -1) * (side * pixel)
        middles = corners + side * pixel / 2
        far = ((middles[:, None, None] - points) ** 2).sum(-1).min(-1)  # [columns, n]
        far = jax.lax.stop_gradient(jnp.sqrt(far) - jnp.abs(curves.width))
        _, chosen = jax.lax.top_k(-far, min(nearest, far.shape[1]))

        def cell(corner: Array, k: Array) -> Array:
            d = distances(corner + within, points[k])
            soft = SOFT * pixel
            share = jax.nn.softmax(-d / soft, axis=-1) * jax.nn.sigmoid((curves.width[k] - d) / soft)
            return curves.ground + share @ (curves.colour[k] - curves.ground)

        return jax.vmap(cell)(corners, chosen)  # [columns, side², 3]

    cells = jax.lax.map(row, jnp.arange(rows)).reshape(rows, columns, side, side, 3)
    return cells.swapaxes(1, 2).reshape(rows * side, columns * side, 3)[:h, :w]


def bend(curves: Curves) -> Float[Array, ""]:
    """How bent the strokes are: the mean of |start − 2 control + end|² / (|end − start|² + 1); 0 for straight ones."""
    second = ((curves.start - 2 * curves.control + curves.end) ** 2).sum(-1)
    return (second / (((curves.end - curves.start) ** 2).sum(-1) + 1)).mean()
