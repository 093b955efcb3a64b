"""The network normalised, so that α/β means the same for every network."""

from ..images.bundled import PHOTOS
from ..images.picture import Picture
from ..images.reading import load_image
from ..images.resizing import resize
from ..networks.vgg import VGG19

SIDE = 256  # of the squares that mean activations are taken over, in pixels
RARE = 2.0  # see VGG19.normalized; chosen by looking: from 5 on, a few filters spoil the picture


def normalized_for(network: VGG19, *pictures: Picture) -> VGG19:
    """The network normalised over many photographs; if its means are not known, the bundled ones and the run's own.

    With the run's own pictures alone, a filter that responds only in one corner would be scaled up without bound.

    Args:
        network: what to normalise.
        *pictures: [h, w, 3] in [0, 1], the content picture first.

    Returns:
        The same function up to one factor per filter.
    """
    if network.means is not None:
        return network.normalized()
    photographs = (load_image(known.path) for known in PHOTOS.values())
    return network.normalized([resize(x, (SIDE, SIDE)) for x in (*pictures, *photographs)], rare=RARE)
