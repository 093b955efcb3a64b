"""The scene: the photo at the size of the picture that is made, and what is painted how, and where."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..images.masks import Mask, resize_mask
from ..images.picture import Opacity, Picture, opaque
from ..images.recolouring import Matching
from ..images.resizing import fit, resize
from .colours import Colours, colours_of, recoloured
from .inputs import PictureLike, read_picture
from .painting import Region, Regions, StyleLike, painted_by, read_painting


@dataclass(frozen=True)
class Scene:
    """What a picture is made from.

    Attributes:
        photo: [h, w, 3], the content picture as given.
        content: [h, w, 3], the same as the network sees it.
        alpha: [h, w, 1], its opacity; None if it is opaque.
        regions: what is painted how, and where; masks and style pictures at their own sizes.
        painted: [H, W], how much of each pixel they paint, at the size of their masks; None if everything is painted.
        colours: what is done to the picture before it is shown.
        inputs: "content", "style", … → path, hash and shape, for the manifest.
    """

    photo: Picture
    content: Picture
    alpha: Opacity | None
    regions: tuple[Region, ...]
    painted: Mask | None
    colours: Colours
    inputs: dict[str, dict[str, Any]]

    def shown(self, x: Picture) -> Picture:
        """The picture that is shown of what was made: in its colours, with what is not painted as it was.

        Args:
            x: [h, w, 3].

        Returns:
            [h, w, 3] in [0, 1].
        """
        T = None if self.painted is None else resize_mask(self.painted, x.shape[:2])
        return shown(x, self.photo, self.colours, T)


def shown(x: Picture, p: Picture, colours: Colours, T: Mask | None) -> Picture:
    """p + T (c(x) − p): the picture in its colours where it is painted, the photo elsewhere.

    Args:
        x: [h, w, 3], what was made.
        p: [h, w, 3], the photo.
        colours: c, what is done to it.
        T: [h, w], how much of each pixel is painted; None for all.

    Returns:
        [h, w, 3] in [0, 1].
    """
    x = colours.after(x, p, T)
    return x if T is None else p + T[..., None] * (x - p)


def read_scene(
    content: PictureLike,
    style: StyleLike,
    regions: Regions | None,
    *,
    size: int,
    style_scale: float | Sequence[float],
    colour: str,
    colour_match: Matching,
) -> Scene:
    """Read the pictures of a run.

    Args:
        content: as in `stylize`; so are the others.
        style: pictures.
        regions: masks.
        size: longest side, in pixels.
        style_scale: of the style pictures.
        colour: whose colours the picture has.
        colour_match: how colours are matched.

    Returns:
        The scene.

    Raises:
        NSTError: if a picture cannot be used.
    """
    p, alpha, described = read_picture(content, "content")
    painting, inputs = read_painting(style, regions, p.shape[:2], alpha, style_scale)
    shape = fit(p.shape[:2], size)
    p = resize(opaque(p, alpha), shape)
    colours = colours_of(colour, colour_match)
    painting = recoloured(painting, p, colours)
    return Scene(
        photo=p,
        content=colours.content(p),
        alpha=None if alpha is None else resize_mask(alpha[..., 0], shape)[..., None],
        regions=painting,
        painted=painted_by(painting),
        colours=colours,
        inputs={"content": described, **inputs},
    )
