"""`make`: a picture by a method of the history, in one call."""

import time
from typing import Any

from ..errors import SettingError
from ..images.masks import resize_mask
from ..images.picture import as_picture, opaque
from ..images.resizing import fit, resize
from ..transfer.inputs import PictureLike, read_picture
from ..transfer.manifest import plain
from ..transfer.result import Result
from ..transfer.scales import style_shape
from ..transfer.settings import settings_of
from .method import Method
from .methods import method_named
from .parameters import checked, takes_progress


def make(
    method: str | Method,
    content: PictureLike,
    style: PictureLike | None = None,
    *,
    size: int = 512,
    seed: int = 0,
    progress: bool = False,
    **parameters: Any,
) -> Result:
    """Make a picture by a method of the history: `nst.make("hertzmann", "chelsea", manner="pointillist")`.

    The style picture is resized to the same longest side, but never enlarged, as in `stylize`. The same call on the
    same machine gives the same picture, byte for byte, on the CPU.

    Args:
        method: one of `METHODS` by its name, or a `Method`.
        content: the photo: a file, the name of a known picture, or an array [h, w, 3], RGB in [0, 1]; where it is
            transparent, it stays so.
        style: the painting, likewise; None where the method takes none.
        size: longest side of the photo, in pixels.
        seed: of what is random.
        progress: show a progress bar, if the method has one.
        **parameters: of the method; `help(nst.METHODS[name].function)` says which it has.

    Returns:
        The picture, with what it was made from; it has no loss.

    Raises:
        SettingError: for an unknown method or parameter, an invalid value, or a painting too many or too few.
        ImageError: if a picture cannot be used.

    Example:
        >>> import nst_jax as nst
        >>> nst.make("mosaic", "chelsea", size=48).image.shape
        (32, 48, 3)
    """
    method = method_named(method) if isinstance(method, str) else method
    values = ready(method, style is not None, parameters)
    s = settings_of({"size": size, "seed": seed})
    p, alpha, described = read_picture(content, "content")
    inputs = {"content": described}
    shape = fit(p.shape[:2], s.size)
    p = resize(opaque(p, alpha), shape)
    a = None
    if style is not None:
        a, a_alpha, described = read_picture(style, "style")
        a = resize(opaque(a, a_alpha), style_shape(a.shape[:2], s.size))
        inputs["style"] = described | {"kind": "style"}
    began = time.perf_counter()
    shown = {"progress": progress} if takes_progress(method) else {}
    x = as_picture(method.function(p, a, seed=s.seed, **values, **shown), f"what {method.name} made")
    seconds = time.perf_counter() - began
    if alpha is not None:
        alpha = resize_mask(alpha[..., 0], shape)[..., None] if x.shape[:2] == shape else None
    settings = plain({"method": method.name, "size": s.size, "seed": s.seed, **values})
    return Result.computed(x, settings, inputs, seconds, alpha=alpha)


def ready(method: Method, painting: bool, parameters: dict[str, Any]) -> dict[str, Any]:
    """Check what a method is asked for, before anything is read.

    Args:
        method: the method.
        painting: whether one is given.
        parameters: some of its own.

    Returns:
        All of its parameters, defaults filled in.

    Raises:
        SettingError: if there is a painting too many or too few, or a parameter is wrong.
    """
    if method.painting == "needed" and not painting:
        raise SettingError(f"{method.name} needs a painting; give one after the photo")
    if method.painting == "none" and painting:
        raise SettingError(f"{method.name} takes no painting; leave it out, or choose a method that takes one")
    return checked(method, parameters)
