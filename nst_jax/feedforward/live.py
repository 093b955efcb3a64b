"""A camera's frames in the styles of a composition, by the bundled network if it was trained for all of them."""

from functools import cache

from ..images.bundled import STYLES
from ..images.picture import Picture
from .composition import Composition, Source, painted, with_photo
from .paint import paint
from .style_network_files import read_style_network

NETWORK = "six-styles"


def live(c: Composition, frame: Picture) -> Picture:
    """Paint a frame in the mixture of styles; what is brushed and refined belongs to the photo.

    Args:
        c: the composition.
        frame: [h, w, 3], painted at its own size.

    Returns:
        [h, w, 3]; the frame itself if no style has a share.

    Raises:
        NSTError: if a picture cannot be used.
    """
    size, used = max(frame.shape[:2]), mixture(c)
    if used and not strange(c):
        return paint(frame, list(used.items()), network=NETWORK, size=size, colour=c.colour).image
    result = painted(with_photo(c, Source("camera", frame)), size, draft=True)
    return frame if result is None else result.image


def mixture(c: Composition) -> dict[str, float]:
    """The names of the styles that have a share, with their shares."""
    return {each.source.name: each.weight for each in c.styles if each.weight > 0}


def strange(c: Composition) -> list[str]:
    """The names of styles with a share that the network was not trained for; a picture of another file is another."""
    used = [each.source for each in c.styles if each.weight > 0]
    return [a.name for a in used if a.name not in _names() or a.path != STYLES[a.name].path]


@cache
def _names() -> frozenset[str]:
    """The bundled styles that the network was trained for."""
    return frozenset(read_style_network(NETWORK).names) & frozenset(STYLES)
