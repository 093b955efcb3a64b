"""What a run starts from: the content picture, the style picture, noise, one painted in one pass, or one given."""

from pkgutil import resolve_name
from typing import Any, cast

from ..images.picture import Picture
from ..images.resizing import fit, resize
from .inputs import PictureLike, read_picture
from .scene import Scene

# Offered by later rooms, and loaded when asked for: (content picture, regions) → picture.
PAINTERS = {"paint": "nst_jax.feedforward.start:painted_start"}


def start_of(init: Any, scene: Scene, size: int) -> tuple[Picture | None, dict[str, dict[str, Any]]]:
    """The picture that a run starts from.

    Args:
        init: the setting.
        scene: what the run is made from.
        size: longest side of the coarsest scale, in pixels.

    Returns:
        [h, w, 3] in [0, 1], or None for noise; and the inputs that it is made from.

    Raises:
        ImageError: if a picture that is given cannot be used.
    """
    if isinstance(init, str) and init in PAINTERS:
        p = resize(scene.content, fit(scene.content.shape[:2], size))
        return resolve_name(PAINTERS[init])(p, scene.regions), {}
    starts = {"content": scene.content, "style": scene.regions[0].styles[0].picture, "noise": None}
    if isinstance(init, str) and init in starts:
        return starts[init], {}
    given, _, described = read_picture(cast(PictureLike, init), "init")
    return given, {"init": described}
